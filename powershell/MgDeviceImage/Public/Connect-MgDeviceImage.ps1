function Connect-MgDeviceImage {
    <#
    .SYNOPSIS
        Connects this process to Microsoft Graph, for Update-MgDeviceManagementVirtualEndpointDeviceImage.

    .DESCRIPTION
        Keeps an access token in memory, for every runspace of this process, until Disconnect-MgDeviceImage or the end of the process.
        Nothing is sent yet, and nothing is written to disk. A second call takes the place of the first.

        The token must be for Microsoft Graph and have the permission CloudPC.ReadWrite.All.

    .PARAMETER AccessToken
        The access token, as a SecureString, without "Bearer".

    .PARAMETER Environment
        The cloud: Global, USGov, USGovDoD or China. Windows 365 is not offered in USGovDoD and China.

    .PARAMETER GraphEndpoint
        Another address of Microsoft Graph, such as https://graph.example: scheme, host and port. Plain http is accepted for this
        machine's own addresses only.

    .PARAMETER ClientTimeout
        The longest time for one update with its retries, in seconds. 300 unless given.

    .PARAMETER MaxRetry
        How often an update is tried again after 429, 503 or 504. 3 unless given.

    .PARAMETER RetryDelay
        The delay before the first retry, in seconds, where the service names none. It doubles with each retry. 3 unless given.

    .PARAMETER RetriesTimeLimit
        The time after the first try in which another may begin, in seconds. 0, unless given, for no limit but -ClientTimeout.

    .PARAMETER Proxy
        The proxy for all requests, such as http://proxy.example:8080. Without it, that of the environment counts (HTTPS_PROXY,
        HTTP_PROXY, ALL_PROXY, NO_PROXY).

    .PARAMETER ProxyCredential
        User name and password for the proxy of -Proxy.

    .PARAMETER NoWelcome
        Accepted for scripts written for Connect-MgGraph. There is no welcome message.

    .OUTPUTS
        Nothing.

    .EXAMPLE
        $token = Read-Host -AsSecureString 'Access token'
        Connect-MgDeviceImage -AccessToken $token

        Connects with a token that you paste.

    .EXAMPLE
        $token = ConvertTo-SecureString $env:GRAPH_TOKEN -AsPlainText -Force
        Connect-MgDeviceImage -AccessToken $token -Environment USGov -ClientTimeout 60

        Connects in a pipeline that has the token in a variable of the environment, to the US Government cloud.

    .LINK
        Disconnect-MgDeviceImage

    .LINK
        Get-MgDeviceImageContext
    #>
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
    if ($script:isUninitialized) { Initialize-Command }
    # In the order of mgdi_cloud. The argument may have any case; the context shows the name as it is written here.
    $clouds = 'Global', 'USGov', 'USGovDoD', 'China'
    $cloud = $clouds.ForEach('ToUpperInvariant').IndexOf($Environment.ToUpperInvariant())
    $settings = @{
        Token = $AccessToken
        Cloud = $cloud
    }
    if ($PSBoundParameters.ContainsKey('GraphEndpoint')) { $settings.Endpoint = $GraphEndpoint }
    if ($PSBoundParameters.ContainsKey('ClientTimeout')) { $settings.TimeoutSeconds = $ClientTimeout }
    if ($PSBoundParameters.ContainsKey('MaxRetry')) { $settings.MaxRetry = $MaxRetry }
    if ($PSBoundParameters.ContainsKey('RetryDelay')) { $settings.RetryDelaySeconds = $RetryDelay }
    if ($PSBoundParameters.ContainsKey('RetriesTimeLimit')) { $settings.RetriesTimeLimitSeconds = $RetriesTimeLimit }
    if ($null -ne $Proxy) { $settings.Proxy = $Proxy }
    if ($null -ne $ProxyCredential) { $settings.ProxyCredential = $ProxyCredential }
    if ($null -ne $ProxyCredential -and $null -eq $Proxy) {
        $PSCmdlet.ThrowTerminatingError((New-Failure 'InvalidArgument' 'ProxyCredential needs Proxy.' $null))
    }

    $client = New-Client $settings
    if ($client -is [System.Management.Automation.ErrorRecord]) {
        $PSCmdlet.ThrowTerminatingError($client)
    }
    if ($clouds[$cloud] -in 'USGovDoD', 'China') {
        $PSCmdlet.WriteWarning("Windows 365 is not offered in the cloud $($clouds[$cloud]), so there are no device images to update.")
    }
    Set-Session ([pscustomobject] @{
            Client  = $client
            Context = [pscustomobject] @{
                PSTypeName          = 'MgDeviceImage.Context'
                Environment         = if ($PSBoundParameters.ContainsKey('GraphEndpoint') -and -not $PSBoundParameters.ContainsKey('Environment')) { 'Custom' } else { $clouds[$cloud] }
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
