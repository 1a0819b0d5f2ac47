# Variables of the caller, for -ResponseHeadersVariable: in the caller's own scope, and in the global one.

function script:Set-CallerVariable($Cmdlet, [string] $Name, $Value) {
    $Cmdlet.SessionState.PSVariable.Set("global:$Name", $Value)
    $Cmdlet.SessionState.PSVariable.Set($Name, $Value)
}

# The engine's own in each function. They have types, but no attributes that tell.
$script:EngineVariables = 'args', 'MyInvocation', 'PSBoundParameters', 'PSCmdlet', 'PSCommandPath', 'PSScriptRoot', 'WhatIfPreference'

# Whether both can be set. Setting them to find out would leave an error behind.
function script:Test-CallerVariable($Cmdlet, [string] $Name) {
    if ($Name -in $script:EngineVariables) {
        return $false
    }
    $fixed = [System.Management.Automation.ScopedItemOptions] 'ReadOnly, Constant'
    foreach ($variable in $Cmdlet.SessionState.PSVariable.Get("global:$Name"), $Cmdlet.SessionState.PSVariable.Get($Name)) {
        if ($variable -and (($variable.Options -band $fixed) -or $variable.Attributes.Count)) {
            return $false
        }
    }
    return $true
}
