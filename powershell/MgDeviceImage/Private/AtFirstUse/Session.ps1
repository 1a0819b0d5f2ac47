# The session: a client of the native library and what is known of it. One for the process, so that every runspace uses it; it lives
# until Disconnect-MgDeviceImage, whatever happens to the module. A new session takes its place.
#
#   Client         a SafeHandle
#   TokenProvider  what gets tokens on the pipeline thread (HostTokens.ps1), or $null
#   Context        what Get-MgDeviceImageContext shows, but for what the token in use says

$script:SessionKey = 'MgDeviceImage.Session'
$script:GraphSessionKey = 'MgDeviceImage.GraphSession'

# The session, or $null.
function script:Get-Session {
    return [System.AppDomain]::CurrentDomain.GetData($script:SessionKey)
}

# The session to update with: that of Connect-MgDeviceImage, else of Connect-MgGraph, else $null. Or an error record (not thrown).
function script:Get-UsableSession {
    $session = Get-Session
    if ($session) {
        return $session
    }
    Import-OnDemand 'GraphSession'
    return Get-GraphSession
}

# Ends the session there is and puts another in its place, or none. Calls that run keep the old client alive until they end.
function script:Set-Session($Session, [string] $Key = $script:SessionKey) {
    $domain = [System.AppDomain]::CurrentDomain
    [System.Threading.Monitor]::Enter($domain)
    try {
        $old = $domain.GetData($Key)
        $domain.SetData($Key, $Session)
    }
    finally {
        [System.Threading.Monitor]::Exit($domain)
    }
    if ($old) {
        $old.Client.Dispose()
    }
}

# Forgets what was made of the session of Connect-MgGraph.
function script:Clear-GraphSession {
    Set-Session $null $script:GraphSessionKey
}

# What Get-MgDeviceImageContext writes.
function script:Show-Session {
    $session = Get-UsableSession
    if ($null -eq $session -or $session -is [System.Management.Automation.ErrorRecord]) {
        return
    }
    Import-OnDemand 'Identity'
    $identity = Get-HeldIdentity $session
    if (-not $identity) {
        return
    }
    # A copy, so that nobody changes the session's own.
    $context = $session.Context.PSObject.Copy()
    if ($context.AuthType) {
        # Where the caller or Connect-MgGraph brings the token, it says so.
        $identity.AuthType = $null
    }
    foreach ($name in $identity.Keys) {
        if ($null -ne $identity[$name]) {
            $context.$name = $identity[$name]
        }
    }
    $context
}
