function Connect-MgDeviceImage {
    <#
    .SYNOPSIS
        Connects this process to Microsoft Graph, for Update-MgDeviceManagementVirtualEndpointDeviceImage.

    .DESCRIPTION
        Signs in, so that what is wrong shows here and not at the first update, and keeps the connection in memory for every runspace of
        this process, until Disconnect-MgDeviceImage or the end of the process. Nothing is written to disk. A second call takes the place
        of the first, once it has succeeded. Tokens are renewed before they expire, and once when the service refuses one.

        Parameters have the names of Connect-MgGraph. The application or person needs the permission CloudPC.ReadWrite.All.

        Without this command, the session of Connect-MgGraph is used where there is one in this process.

    .PARAMETER AccessToken
        An access token for Microsoft Graph, as a SecureString, without "Bearer". It cannot be renewed; one that has expired is an error.

    .PARAMETER AccessTokenProvider
        A script block that gets an access token whenever one is needed: param($scope, $claims). It answers a SecureString or a text,
        or an object with Token and ExpiresOn. It runs on the thread of the command that needs the token, and cannot update through the
        session that it gets the token for. In another runspace than its own, such as one of ForEach-Object -Parallel, its text runs in
        the global scope of that runspace: it sees the functions and variables there, and not those where it was written.

    .PARAMETER ClientId
        The application's id. With -Identity, the client id of the user-assigned identity. With -UseDeviceCode, Microsoft Graph Command Line
        Tools unless given, as Connect-MgGraph has it.

    .PARAMETER TenantId
        The tenant: its id or one of its domains. -UseDeviceCode is for organizations unless given: the work or school accounts of any
        tenant. -AzureCli is for the tenant of az login unless given.

    .PARAMETER ClientSecretCredential
        The application's id as the user name, and its client secret as the password.

    .PARAMETER Certificate
        The application's certificate with its RSA private key, which must be exportable.

    .PARAMETER CertificatePath
        A file with the application's certificate and its RSA private key: PEM, or PFX.

    .PARAMETER CertificatePassword
        The password of the PFX file of -CertificatePath. It may be empty, but a PFX that was exported without any password is not
        supported: export it with one, or as PEM.

    .PARAMETER CertificateThumbprint
        The thumbprint of the application's certificate in the store My of the current user or the machine.

    .PARAMETER FederatedTokenFile
        A file with a token that the platform keeps fresh, for workload identity federation.

    .PARAMETER Identity
        Signs in with the managed identity of the Azure virtual machine or App Service that this runs on.

    .PARAMETER EnvironmentVariable
        Signs in as these variables say: AZURE_TENANT_ID, AZURE_CLIENT_ID, and AZURE_CLIENT_SECRET, AZURE_CLIENT_CERTIFICATE_PATH (with
        AZURE_CLIENT_CERTIFICATE_PASSWORD) or AZURE_FEDERATED_TOKEN_FILE. A path that is not absolute counts from the directory of the
        process ([System.Environment]::CurrentDirectory), as other programs read it, and not from $PWD. AZURE_AUTHORITY_HOST counts where
        neither -AzureADEndpoint nor -Environment is given.

    .PARAMETER UseDeviceCode
        Shows a code that you enter in a browser, on any device. The sign-in service says how long the code is good, usually 15 minutes.

    .PARAMETER AzureCli
        Signs in as the person or application that is signed in to the Azure CLI (az login).

    .PARAMETER Environment
        The cloud: Global, USGov, USGovDoD or China. Windows 365 is not offered in USGovDoD and China.

    .PARAMETER GraphEndpoint
        Another address of Microsoft Graph, such as https://graph.example: scheme, host and port. Plain http is accepted for this
        machine's own addresses only.

    .PARAMETER AzureADEndpoint
        Another address of the sign-in service, such as https://login.example. Without it, that of -Environment counts.

    .PARAMETER ClientTimeout
        The longest time, in seconds, for one update with its retries and the request for a token that it needs, and for the requests of
        signing in. 300 unless given. It does not limit how long you take to enter the code of -UseDeviceCode, and does not interrupt the
        script block of -AccessTokenProvider.

    .PARAMETER MaxRetry
        How often a request is tried again after 429, 503 or 504, or where there was no connection, at most 10. 3 unless given.

    .PARAMETER RetryDelay
        The delay before the first retry, in seconds, at most 180, where the service names none. It doubles with each retry. 3 unless
        given.

    .PARAMETER RetriesTimeLimit
        The time after the first try in which another may begin, in seconds. 0, unless given, for no limit but -ClientTimeout.

    .PARAMETER Proxy
        The proxy for all requests, such as http://proxy.example:8080, those for tokens too. Without it, that of the environment counts
        (HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY).

    .PARAMETER ProxyCredential
        User name and password for the proxy of -Proxy.

    .PARAMETER ProxyUseDefaultCredentials
        Not supported: answered with an error. Use -ProxyCredential.

    .PARAMETER NoWelcome
        Accepted for scripts written for Connect-MgGraph. There is no welcome message.

    .OUTPUTS
        Nothing.

    .EXAMPLE
        $secret = Get-Credential -UserName 6b1c6a4e-2f1d-4a8c-9d57-0c7f7b0b8e11 -Message 'Client secret'
        Connect-MgDeviceImage -TenantId contoso.onmicrosoft.com -ClientSecretCredential $secret

        Connects as an application with a client secret.

    .EXAMPLE
        Connect-MgDeviceImage -Identity

        Connects with the managed identity of the virtual machine, in an Automation runbook or a scheduled job.

    .EXAMPLE
        Connect-MgDeviceImage -UseDeviceCode -TenantId contoso.onmicrosoft.com

        Connects as yourself: enter the code that is shown in a browser.

    .EXAMPLE
        $token = ConvertTo-SecureString $env:GRAPH_TOKEN -AsPlainText -Force
        Connect-MgDeviceImage -AccessToken $token -Environment USGov -ClientTimeout 60

        Connects in a pipeline that has the token in a variable of the environment, to the US Government cloud.

    .EXAMPLE
        Connect-MgDeviceImage -AccessTokenProvider { param($scope) (Get-AzAccessToken -ResourceUrl $scope.Replace('/.default', '') -AsSecureString).Token }

        Gets its tokens from another module, whenever one is needed.

    .LINK
        https://learn.microsoft.com/powershell/module/microsoft.graph.authentication/connect-mggraph

    .LINK
        Disconnect-MgDeviceImage

    .LINK
        Get-MgDeviceImageContext
    #>
    [CmdletBinding(DefaultParameterSetName = 'AccessTokenParameterSet', PositionalBinding = $false,
        HelpUri = 'https://learn.microsoft.com/powershell/module/microsoft.graph.authentication/connect-mggraph')]
    param(
        [Parameter(ParameterSetName = 'AccessTokenParameterSet', Mandatory)]
        [securestring] $AccessToken,

        [Parameter(ParameterSetName = 'AccessTokenProviderParameterSet', Mandatory)]
        [scriptblock] $AccessTokenProvider,

        [Parameter(ParameterSetName = 'AppCertificateParameterSet', Mandatory)]
        [Parameter(ParameterSetName = 'AppCertificatePathParameterSet', Mandatory)]
        [Parameter(ParameterSetName = 'AppCertificateThumbprintParameterSet', Mandatory)]
        [Parameter(ParameterSetName = 'WorkloadIdentityParameterSet', Mandatory)]
        [Parameter(ParameterSetName = 'IdentityParameterSet')]
        [Parameter(ParameterSetName = 'UserParameterSet')]
        [Alias('AppId')]
        [string] $ClientId,

        [Parameter(ParameterSetName = 'AppSecretCredentialParameterSet', Mandatory)]
        [Parameter(ParameterSetName = 'AppCertificateParameterSet', Mandatory)]
        [Parameter(ParameterSetName = 'AppCertificatePathParameterSet', Mandatory)]
        [Parameter(ParameterSetName = 'AppCertificateThumbprintParameterSet', Mandatory)]
        [Parameter(ParameterSetName = 'WorkloadIdentityParameterSet', Mandatory)]
        [Parameter(ParameterSetName = 'UserParameterSet')]
        [Parameter(ParameterSetName = 'AzureCliParameterSet')]
        [Alias('Audience', 'Tenant')]
        [string] $TenantId,

        [Parameter(ParameterSetName = 'AppSecretCredentialParameterSet', Mandatory)]
        [Alias('SecretCredential', 'Credential')]
        [pscredential] $ClientSecretCredential,

        [Parameter(ParameterSetName = 'AppCertificateParameterSet', Mandatory)]
        [System.Security.Cryptography.X509Certificates.X509Certificate2] $Certificate,

        [Parameter(ParameterSetName = 'AppCertificatePathParameterSet', Mandatory)]
        [string] $CertificatePath,

        [Parameter(ParameterSetName = 'AppCertificatePathParameterSet')]
        [securestring] $CertificatePassword,

        [Parameter(ParameterSetName = 'AppCertificateThumbprintParameterSet', Mandatory)]
        [string] $CertificateThumbprint,

        [Parameter(ParameterSetName = 'WorkloadIdentityParameterSet', Mandatory)]
        [string] $FederatedTokenFile,

        [Parameter(ParameterSetName = 'IdentityParameterSet', Mandatory)]
        [Alias('ManagedIdentity', 'ManagedServiceIdentity', 'MSI')]
        [switch] $Identity,

        [Parameter(ParameterSetName = 'EnvironmentVariableParameterSet', Mandatory)]
        [switch] $EnvironmentVariable,

        [Parameter(ParameterSetName = 'UserParameterSet', Mandatory)]
        [Alias('UseDeviceAuthentication', 'DeviceCode', 'DeviceAuth', 'Device')]
        [switch] $UseDeviceCode,

        [Parameter(ParameterSetName = 'AzureCliParameterSet', Mandatory)]
        [switch] $AzureCli,

        [ValidateSet('Global', 'USGov', 'USGovDoD', 'China')]
        [Alias('EnvironmentName', 'NationalCloud')]
        [string] $Environment = 'Global',

        [ValidateNotNullOrEmpty()]
        [string] $GraphEndpoint,

        [ValidateNotNullOrEmpty()]
        [string] $AzureADEndpoint,

        [ValidateRange('Positive')]
        [int] $ClientTimeout,

        [ValidateRange('NonNegative')]
        [int] $MaxRetry,

        [ValidateRange('NonNegative')]
        [int] $RetryDelay,

        [ValidateRange('NonNegative')]
        [int] $RetriesTimeLimit,

        [uri] $Proxy,

        [pscredential] $ProxyCredential,

        [switch] $ProxyUseDefaultCredentials,

        [switch] $NoWelcome
    )

    $ErrorActionPreference = 'Stop'
    if ($script:isUninitialized) { Initialize-Command }
    Import-OnDemand 'Connect'
    Connect-Session $PSCmdlet $PSBoundParameters
}
