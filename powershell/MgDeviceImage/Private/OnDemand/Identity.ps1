# Who one is signed in as.

# Who one is with the token that a session got last, as a hashtable with the names of a context's properties; $null for what is not known.
# Nobody is asked for a token. Answers nothing where there is no session any more.
function script:Get-HeldIdentity($Session) {
    # The session may be of another runspace.
    $null = Initialize-Native
    $identity = [System.IntPtr[]]::new(1)
    try {
        $null = $script:Native::mgdi_client_identity($Session.Client, $identity, $null)
        return Read-Identity $identity[0]
    }
    catch [System.ObjectDisposedException] {
        # Disconnect-MgDeviceImage came in between, in another runspace.
        Clear-CaughtError (Get-InnerCause $_.Exception)
    }
    finally {
        $script:Native::mgdi_identity_free($identity[0])
    }
}

# By the number of mgdi_actor.
$script:AuthTypes = $null, 'Delegated', 'AppOnly'

function script:Read-Identity([System.IntPtr] $Identity) {
    $scopes = ConvertFrom-NativeString $script:Native::mgdi_identity_scopes($Identity)
    $expires = $script:Native::mgdi_identity_expires_on($Identity)
    return @{
        TenantId  = ConvertFrom-NativeString $script:Native::mgdi_identity_tenant_id($Identity)
        ClientId  = ConvertFrom-NativeString $script:Native::mgdi_identity_client_id($Identity)
        AuthType  = $script:AuthTypes[$script:Native::mgdi_identity_actor($Identity)]
        Account   = ConvertFrom-NativeString $script:Native::mgdi_identity_account($Identity)
        Scopes    = if ($scopes) { , [string[]] $scopes.Split(' ') }
        ExpiresOn = if ($expires) { ConvertTo-Moment $expires }
    }
}

# Seconds since 1970 as a DateTime in UTC; $null for a number that is none.
function script:ConvertTo-Moment([long] $Seconds) {
    if ($Seconds -gt 0 -and $Seconds -le [System.DateTimeOffset]::MaxValue.ToUnixTimeSeconds()) {
        return [System.DateTimeOffset]::FromUnixTimeSeconds($Seconds).UtcDateTime
    }
}
