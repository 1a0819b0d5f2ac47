# Exceptions of the caller's script blocks that this module catches. One failure is one record: the engine has put what a script block
# throws into $Error, once for each it passed through, and the record that is written shall be there alone.

# Takes the newest records of an exception out of $Error.
function script:Clear-CaughtError([System.Exception] $Cause) {
    while ($global:Error.Count -and $global:Error[0] -is [System.Management.Automation.ErrorRecord] -and
        [object]::ReferenceEquals((Get-InnerCause $global:Error[0].Exception), $Cause)) {
        $global:Error.RemoveAt(0)
    }
}

# The exception inside those that tasks and the engine wrap around it.
function script:Get-InnerCause([System.Exception] $Exception) {
    while ($null -ne $Exception.InnerException -and
        ($Exception -is [System.AggregateException] -or $Exception -is [System.Management.Automation.RuntimeException])) {
        $Exception = $Exception.InnerException
    }
    return $Exception
}
