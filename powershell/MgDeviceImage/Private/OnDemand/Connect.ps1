# What Connect-MgDeviceImage does.

Import-OnDemand 'Client'
Import-OnDemand 'Credentials'
Import-OnDemand 'SignIn'

# Signs in, and only then takes the place of the session there was.
function script:Connect-Session([System.Management.Automation.PSCmdlet] $Cmdlet, $Bound) {
    $named = Get-Cloud $Bound['Environment']
    $session = New-Session $Cmdlet $Bound $named
    $failure = $session
    if ($session -isnot [System.Management.Automation.ErrorRecord]) {
        $isOver = $false
        try {
            $failure = Invoke-SignIn $session $Cmdlet
            $isOver = $true
        }
        finally {
            # Also where Ctrl+C has ended the sign-in.
            if ($failure -or -not $isOver) {
                $session.Client.Dispose()
            }
        }
    }
    if ($failure) {
        $Cmdlet.ThrowTerminatingError($failure)
    }
    $without = @($named, (Get-CloudAt $session.Context.GraphEndpoint)).Where({ $_ -and -not $_.HasWindows365 }, 'First')
    if ($without) {
        # A function of a module does not see the preference of a script that calls it. -WarningAction comes before it.
        $WarningPreference = $Cmdlet.SessionState.PSVariable.GetValue('WarningPreference')
        $Cmdlet.WriteWarning("Windows 365 is not offered in the cloud $($without.Name), so there are no device images to update.")
    }
    Set-Session $session
}

# A session that has not signed in yet, or an error record (not thrown).
function script:New-Session([System.Management.Automation.PSCmdlet] $Cmdlet, $Bound, $Cloud) {
    $credential = $script:Credentials[$Cmdlet.ParameterSetName]
    $name = $credential.Switch
    if ($name -and -not $Bound[$name]) {
        return New-Failure 'InvalidArgument' "$name is `$false, and nothing else says how to sign in. Leave -$name out and choose another way." $null
    }
    $client = New-Client @{ Bound = $Bound; Cloud = $Cloud; SetCredential = $credential.Set }
    if ($client -is [System.Management.Automation.ErrorRecord]) {
        return $client
    }
    $block = $Bound['AccessTokenProvider']
    return [pscustomobject] @{
        Client        = $client
        TokenProvider = if ($block) { @{ Block = $block; Runspace = [runspace]::DefaultRunspace.InstanceId } }
        Context       = [pscustomobject] @{
            PSTypeName          = 'MgDeviceImage.Context'
            Environment         = if ($Bound.ContainsKey('GraphEndpoint') -and -not $Bound.ContainsKey('Environment')) { 'Custom' } else { $Cloud.Name }
            GraphEndpoint       = ConvertFrom-NativeString $script:Native::mgdi_client_endpoint($client)
            AuthType            = $credential.AuthType
            TokenCredentialType = $credential.Type
            TenantId            = $null
            ClientId            = $null
            Account             = $null
            Scopes              = $null
            ExpiresOn           = $null
        }
    }
}
