function Connect-MgDeviceImage {
    [CmdletBinding(PositionalBinding = $false)]
    param(
        [Parameter(Mandatory)]
        [securestring] $AccessToken,

        [ValidateSet('Global', 'USGov', 'USGovDoD', 'China')]
        [string] $Environment = 'Global',

        [ValidateNotNullOrEmpty()]
        [string] $GraphEndpoint,

        [ValidateRange(1, 2147483)]
        [int] $ClientTimeout,

        [ValidateRange(0, 10)]
        [int] $MaxRetry,

        [ValidateRange(0, 180)]
        [int] $RetryDelay,

        [ValidateRange(0, 2147483)]
        [int] $RetriesTimeLimit,

        [uri] $Proxy,

        [pscredential] $ProxyCredential,

        [switch] $NoWelcome
    )

    $ErrorActionPreference = 'Stop'
    if (-not $script:isInitialized) { Initialize-Command }
    $settings = @{
        Token = $AccessToken
        Cloud = @{ Global = 0; USGov = 1; USGovDoD = 2; China = 3 }[$Environment]
    }
    if ($PSBoundParameters.ContainsKey('GraphEndpoint')) { $settings.Endpoint = $GraphEndpoint }
    if ($PSBoundParameters.ContainsKey('ClientTimeout')) { $settings.TimeoutSeconds = $ClientTimeout }
    if ($PSBoundParameters.ContainsKey('MaxRetry')) { $settings.MaxRetry = $MaxRetry }
    if ($PSBoundParameters.ContainsKey('RetryDelay')) { $settings.RetryDelaySeconds = $RetryDelay }
    if ($PSBoundParameters.ContainsKey('RetriesTimeLimit')) { $settings.RetriesTimeLimitSeconds = $RetriesTimeLimit }
    if ($null -ne $Proxy) { $settings.Proxy = $Proxy }
    if ($null -ne $ProxyCredential) { $settings.ProxyCredential = $ProxyCredential }

    $client = New-Client $settings
    if ($client -is [System.Management.Automation.ErrorRecord]) {
        $PSCmdlet.ThrowTerminatingError($client)
    }
    if ($Environment -in 'USGovDoD', 'China') {
        $PSCmdlet.WriteWarning("Windows 365 is not offered in the cloud $Environment, so there are no device images to update.")
    }
    Set-Session ([pscustomobject] @{
            Client  = $client
            Context = [pscustomobject] @{
                PSTypeName          = 'MgDeviceImage.Context'
                Environment         = if ($PSBoundParameters.ContainsKey('GraphEndpoint') -and -not $PSBoundParameters.ContainsKey('Environment')) { 'Custom' } else { $Environment }
                GraphEndpoint       = ConvertFrom-NativeString $script:Native::mgdi_client_endpoint($client)
                AuthType            = 'UserProvidedAccessToken'
                TokenCredentialType = 'UserProvidedAccessToken'
                TenantId            = $null
                ClientId            = $null
                Scopes              = $null
                ExpiresOn           = $null
            }
        })
}
