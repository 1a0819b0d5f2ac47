# Signing in before the first update, and who one is then.

# Who one is, as a hashtable with the names of a context's properties, or an error record (not thrown). Asks a person where the
# credential is for one.
function script:Get-SignedInIdentity($Session, [System.Management.Automation.PSCmdlet] $Cmdlet) {
    $operation = [System.IntPtr[]]::new(1)
    $identity = [System.IntPtr[]]::new(1)
    $errors = [System.IntPtr[]]::new(1)
    try {
        $result = $script:Native::mgdi_sign_in_start($Session.Client, $operation, $errors)
        if ($result -eq 0) {
            $script:Updates::Wait(@{ Session = $Session; Cmdlet = $Cmdlet; IsVerbose = $false; IsSignIn = $true }, $operation[0])
            $result = $script:Native::mgdi_operation_take_identity($operation[0], $identity, $errors)
        }
        if ($result -ne 0) {
            return ConvertFrom-NativeError $result $errors[0] $null
        }
        return Read-Identity $identity[0]
    }
    finally {
        $script:Native::mgdi_operation_free($operation[0])
        $script:Native::mgdi_identity_free($identity[0])
        $script:Native::mgdi_error_free($errors[0])
    }
}

# The identity of the token in use, or $null where that would take a new one.
function script:Get-HeldIdentity($Session) {
    $operation = [System.IntPtr[]]::new(1)
    $identity = [System.IntPtr[]]::new(1)
    try {
        $result = $script:Native::mgdi_sign_in_start($Session.Client, $operation, $null)
        if ($result -eq 0 -and $script:Native::mgdi_operation_wait($operation[0], 100) -eq 0) {
            $result = $script:Native::mgdi_operation_take_identity($operation[0], $identity, $null)
            if ($result -eq 0) {
                return Read-Identity $identity[0]
            }
        }
    }
    catch [System.ObjectDisposedException] {
        # Disconnect-MgDeviceImage came in between, in another runspace.
        return
    }
    finally {
        $script:Native::mgdi_operation_free($operation[0])
        $script:Native::mgdi_identity_free($identity[0])
    }
}

function script:Read-Identity([System.IntPtr] $Identity) {
    $scopes = ConvertFrom-NativeString $script:Native::mgdi_identity_scopes($Identity)
    $expires = $script:Native::mgdi_identity_expires_on($Identity)
    return @{
        TenantId  = ConvertFrom-NativeString $script:Native::mgdi_identity_tenant_id($Identity)
        ClientId  = ConvertFrom-NativeString $script:Native::mgdi_identity_client_id($Identity)
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

# Shows what a person is to do to sign in, once. Not as output: it is for whoever sits at the host.
function script:Show-SignInPrompt([hashtable] $Request, [System.IntPtr] $Operation) {
    if ($Request.IsPromptShown) {
        return
    }
    $prompt = ConvertFrom-NativeString $script:Native::mgdi_operation_prompt($Operation)
    if ($prompt) {
        $Request.IsPromptShown = $true
        $Request.Cmdlet.Host.UI.WriteLine($prompt)
    }
}
