# The session of Connect-MgGraph, used where there is none of Connect-MgDeviceImage.

Import-OnDemand 'Client'
Import-OnDemand 'Credentials'

# A session that gets its tokens from Connect-MgGraph's, or $null where there is none, or an error record (not thrown).
function script:Get-GraphSession {
    # A module that is not loaded has no session, and loading it to find out would take a second.
    $PSModuleAutoLoadingPreference = if (Test-GraphAssembly) { 'All' } else { 'None' }
    $commands = $ExecutionContext.InvokeCommand
    if (-not $commands.GetCommand('Get-MgContext', 'Function, Cmdlet') -or -not $commands.GetCommand('Invoke-MgGraphRequest', 'Function, Cmdlet')) {
        return
    }
    try {
        $graph = Get-MgContext
    }
    catch {
        return New-GraphFailure $_.Exception
    }
    if (-not $graph) {
        Clear-GraphSession
        return
    }
    $key = Get-GraphKey $graph
    $domain = [System.AppDomain]::CurrentDomain
    [System.Threading.Monitor]::Enter($domain)
    try {
        $session = $domain.GetData($script:GraphSessionKey)
        # Connect-MgGraph makes a new context each time, so another object is another sign-in, with a token of its own.
        if (-not $session -or -not [object]::ReferenceEquals($session.Graph, $graph) -or $session.Key -cne $key) {
            $session = New-GraphSession $graph $key
            if ($session -isnot [System.Management.Automation.ErrorRecord]) {
                Set-Session $session $script:GraphSessionKey
            }
        }
        return $session
    }
    finally {
        [System.Threading.Monitor]::Exit($domain)
    }
}

# The error record of an exception of that module.
function script:New-GraphFailure([System.Exception] $Exception) {
    $cause = Get-InnerCause $Exception
    Clear-CaughtError $cause
    return New-Failure 'AuthenticationNeeded' (
        "The session of Connect-MgGraph cannot be used: $($cause.Message) Please call Connect-MgDeviceImage, or Connect-MgGraph again.") $null
}

# Who is signed in, how and for what. It tells a context that has changed since.
function script:Get-GraphKey($Graph) {
    $scopes = @($Graph.Scopes | Sort-Object) -join ' '
    return @($Graph.Environment, $Graph.TenantId, $Graph.ClientId, $Graph.Account, $Graph.CertificateThumbprint, $Graph.AuthType,
        $Graph.TokenCredentialType, $scopes) -join '|'
}

# Whether the module of Connect-MgGraph is in the process, perhaps through another runspace.
function script:Test-GraphAssembly {
    foreach ($assembly in [System.AppDomain]::CurrentDomain.GetAssemblies()) {
        if ($assembly.GetName().Name -eq 'Microsoft.Graph.Authentication') {
            return $true
        }
    }
    return $false
}

function script:New-GraphSession($Graph, [string] $Key) {
    $bound = @{}
    $cloud = Get-Cloud $Graph.Environment
    if (-not $cloud) {
        try {
            $environment = Get-MgEnvironment -Name $Graph.Environment
        }
        catch {
            return New-GraphFailure $_.Exception
        }
        $cloud = Get-Cloud 'Global'
        $bound.GraphEndpoint = ([string] $environment.GraphEndpoint).TrimEnd('/')
        # Without an endpoint, the token would go to the worldwide cloud.
        if (-not $bound.GraphEndpoint) {
            return New-Failure 'AuthenticationNeeded' ("The session of Connect-MgGraph is of the environment '$($Graph.Environment)', for which " +
                'Get-MgEnvironment knows no GraphEndpoint. Please call Connect-MgDeviceImage, or Connect-MgGraph with another environment.') $null
        }
    }
    $client = New-Client @{ Bound = $bound; Cloud = $cloud; SetCredential = $script:Credentials['AccessTokenProviderParameterSet'].Set }
    if ($client -is [System.Management.Automation.ErrorRecord]) {
        return $client
    }
    $endpoint = ConvertFrom-NativeString $script:Native::mgdi_client_endpoint($client)
    return [pscustomobject] @{
        Client        = $client
        Graph         = $Graph
        Key           = $Key
        TokenProvider = @{ GraphEndpoint = $endpoint }
        Context       = [pscustomobject] @{
            PSTypeName          = 'MgDeviceImage.Context'
            Environment         = $Graph.Environment
            GraphEndpoint       = $endpoint
            AuthType            = [string] $Graph.AuthType
            TokenCredentialType = [string] $Graph.TokenCredentialType
            TenantId            = $Graph.TenantId
            ClientId            = $Graph.ClientId
            Account             = $Graph.Account
            Scopes              = $Graph.Scopes
            ExpiresOn           = $null
        }
    }
}

# The token of a request to Graph, which Invoke-MgGraphRequest has signed: its module gives it in no other way. It renews it, too.
function script:Get-GraphToken([string] $Endpoint) {
    $response = Invoke-MgGraphRequest -Method GET -Uri "$Endpoint/v1.0/" -OutputType HttpResponseMessage -SkipHttpErrorCheck -ErrorAction Stop
    return $response.RequestMessage.Headers.Authorization.Parameter
}
