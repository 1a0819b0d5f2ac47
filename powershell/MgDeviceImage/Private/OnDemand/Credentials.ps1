# The credentials of Connect-MgDeviceImage, by its parameter sets.
#
#   Set       gives a builder its credential: a function that answers a result number, or an error record
#   Type      TokenCredentialType, as Get-MgContext names it
#   AuthType  as Get-MgContext names it; none where the token in use tells it
#   Switch    the switch that chooses it, where one does
$script:Credentials = @{
    AccessTokenParameterSet              = @{ Set = 'Set-TokenCredential'; AuthType = 'UserProvidedAccessToken'; Type = 'UserProvidedAccessToken' }
    AccessTokenProviderParameterSet      = @{ Set = 'Set-ProviderCredential'; AuthType = 'UserProvidedAccessToken'; Type = 'AccessTokenProvider' }
    AppSecretCredentialParameterSet      = @{ Set = 'Set-SecretCredential'; Type = 'ClientSecret' }
    AppCertificateParameterSet           = @{ Set = 'Set-CertificateCredential'; Type = 'ClientCertificate' }
    AppCertificatePathParameterSet       = @{ Set = 'Set-CertificateFileCredential'; Type = 'ClientCertificate' }
    AppCertificateThumbprintParameterSet = @{ Set = 'Set-ThumbprintCredential'; Type = 'ClientCertificate' }
    WorkloadIdentityParameterSet         = @{ Set = 'Set-WorkloadIdentityCredential'; Type = 'WorkloadIdentity' }
    IdentityParameterSet                 = @{ Set = 'Set-ManagedIdentityCredential'; Type = 'ManagedIdentity'; Switch = 'Identity' }
    EnvironmentVariableParameterSet      = @{ Set = 'Set-EnvironmentCredential'; Type = 'EnvironmentVariable'; Switch = 'EnvironmentVariable' }
    UserParameterSet                     = @{ Set = 'Set-DeviceCodeCredential'; Type = 'DeviceCode'; Switch = 'UseDeviceCode' }
    AzureCliParameterSet                 = @{ Set = 'Set-AzureCliCredential'; Type = 'AzureCli'; Switch = 'AzureCli' }
}

# Microsoft Graph Command Line Tools, which Connect-MgGraph signs a person in to.
$script:GraphCommandLineTools = '14d82eec-204b-4c2f-b7e8-296a70dab67e'

# Calls a function that sets a credential, with texts that end with a NUL. Answers a result number, or the error record of a text that
# cannot be given. A text that is $null is NULL.
#   Texts  by the names that errors have for them, in the order of the function's parameters
#   More   the arguments after the texts
function script:Set-NativeCredential([string] $Function, [System.IntPtr] $Builder, [System.Collections.Specialized.OrderedDictionary] $Texts, [object[]] $More) {
    $arguments = [System.Collections.Generic.List[object]]::new()
    $arguments.Add($Builder)
    foreach ($entry in $Texts.GetEnumerator()) {
        $text = $null
        if ($null -ne $entry.Value) {
            $text = ConvertTo-TerminatedText $entry.Value $entry.Key
            if ($text -is [System.ArgumentException]) {
                return New-Failure 'InvalidArgument' $text.Message $null
            }
        }
        $arguments.Add($text)
    }
    $arguments.AddRange($More)
    return $script:Native.GetMethod($Function).Invoke($null, $arguments.ToArray())
}

# The sign-in service: of -AzureADEndpoint, else of the cloud.
function script:Get-Authority([hashtable] $Settings) {
    if ($Settings.Bound['AzureADEndpoint']) {
        return $Settings.Bound['AzureADEndpoint']
    }
    return [System.Runtime.InteropServices.Marshal]::PtrToStringUTF8($script:Native::mgdi_cloud_authority($Settings.Cloud.Number))
}

# An application: authority, tenant, client id.
function script:Get-ApplicationText([hashtable] $Settings) {
    return [ordered] @{
        AzureADEndpoint = Get-Authority $Settings
        TenantId        = $Settings.Bound['TenantId']
        ClientId        = $Settings.Bound['ClientId']
    }
}

function script:Set-TokenCredential([System.IntPtr] $Builder, [hashtable] $Settings, [System.IntPtr[]] $Errors) {
    return Use-NativeSecret $Settings.Bound['AccessToken'] 'AccessToken' { param($token) $script:Native::mgdi_client_builder_set_token($Builder, $token, $Errors) }
}

function script:Set-ProviderCredential([System.IntPtr] $Builder, [hashtable] $Settings, [System.IntPtr[]] $Errors) {
    return $script:Native::mgdi_client_builder_set_host_token($Builder, $Errors)
}

function script:Set-SecretCredential([System.IntPtr] $Builder, [hashtable] $Settings, [System.IntPtr[]] $Errors) {
    $texts = Get-ApplicationText $Settings
    $credential = $Settings.Bound['ClientSecretCredential']
    # That of [pscredential]::Empty has neither.
    if (-not $credential.UserName -or $null -eq $credential.Password) {
        return New-Failure 'InvalidArgument' "ClientSecretCredential is empty: its user name is to be the application's id, its password the secret." $null
    }
    $texts.ClientId = $credential.UserName
    return Use-NativeSecret $credential.Password 'ClientSecretCredential' {
        param($secret)
        Set-NativeCredential 'mgdi_client_builder_set_client_secret' $Builder $texts @($secret, $Errors)
    }
}

function script:Set-CertificateCredential([System.IntPtr] $Builder, [hashtable] $Settings, [System.IntPtr[]] $Errors) {
    return Set-X509Credential $Builder $Settings $Settings.Bound['Certificate'] $Errors
}

# With the certificate's private key as PEM, in memory that is cleared.
function script:Set-X509Credential([System.IntPtr] $Builder, [hashtable] $Settings, $Certificate, [System.IntPtr[]] $Errors) {
    $key = Export-PrivateKey $Certificate
    if ($key -is [string]) {
        return New-Failure 'InvalidArgument' "The certificate $($Certificate.Thumbprint) cannot be used: $key" $null
    }
    $head = $script:Utf8.GetBytes($Certificate.ExportCertificatePem() + "`n-----BEGIN PRIVATE KEY-----`n")
    $tail = $script:Utf8.GetBytes("`n-----END PRIVATE KEY-----`n")
    $pem = [System.GC]::AllocateArray[byte]($head.Length + $key.Length + $tail.Length, $true)
    try {
        $head.CopyTo($pem, 0)
        $key.CopyTo($pem, $head.Length)
        $tail.CopyTo($pem, $head.Length + $key.Length)
        return Set-NativeCredential 'mgdi_client_builder_set_client_certificate_pem' $Builder (Get-ApplicationText $Settings) @($pem, [long] $pem.Length, $Errors)
    }
    finally {
        [array]::Clear($pem)
        [array]::Clear($key)
    }
}

# The RSA private key as base64 of its PKCS #8 form, in bytes that the caller clears; or why there is none, a text.
function script:Export-PrivateKey($Certificate) {
    if (-not $Certificate.HasPrivateKey) {
        return 'it has no private key.'
    }
    $rsa = [System.Security.Cryptography.X509Certificates.RSACertificateExtensions]::GetRSAPrivateKey($Certificate)
    if (-not $rsa) {
        return 'its private key is no RSA key.'
    }
    $der = $null
    $characters = $null
    try {
        $der = $rsa.ExportPkcs8PrivateKey()
        $characters = [char[]]::new([System.Math]::Ceiling($der.Length / 3) * 4)
        $null = [System.Convert]::ToBase64CharArray($der, 0, $der.Length, $characters, 0)
        return , $script:Utf8.GetBytes($characters)
    }
    catch [System.Security.Cryptography.CryptographicException] {
        Clear-CaughtError (Get-InnerCause $_.Exception)
        return 'its private key is not exportable.'
    }
    finally {
        if ($der) { [array]::Clear($der) }
        if ($characters) { [array]::Clear($characters) }
        $rsa.Dispose()
    }
}

# A file with PEM, or else with PFX.
function script:Set-CertificateFileCredential([System.IntPtr] $Builder, [hashtable] $Settings, [System.IntPtr[]] $Errors) {
    $path = Resolve-FilePath $Settings.Bound['CertificatePath'] 'CertificatePath'
    if ($path -is [System.Management.Automation.ErrorRecord]) {
        return $path
    }
    if (-not [System.IO.File]::Exists($path)) {
        return New-Failure 'InvalidArgument' "CertificatePath names '$path', where there is no file." $null
    }
    try {
        $bytes = [System.IO.File]::ReadAllBytes($path)
    }
    catch {
        $cause = Get-InnerCause $_.Exception
        Clear-CaughtError $cause
        return New-Failure 'InvalidArgument' "CertificatePath names a file that cannot be read: $($cause.Message)" $null
    }
    $texts = Get-ApplicationText $Settings
    try {
        if (Test-Pem $bytes) {
            return Set-NativeCredential 'mgdi_client_builder_set_client_certificate_pem' $Builder $texts @($bytes, [long] $bytes.Length, $Errors)
        }
        $password = if ($Settings.Bound['CertificatePassword']) { $Settings.Bound['CertificatePassword'] } else { [securestring]::new() }
        return Use-NativeSecret $password 'CertificatePassword' {
            param($memory)
            Set-NativeCredential 'mgdi_client_builder_set_client_certificate_pfx' $Builder $texts @($bytes, [long] $bytes.Length, $memory, $Errors)
        }
    }
    finally {
        [array]::Clear($bytes)
    }
}

# The path of a file for .NET, or an error record for a path that is not one of the file system.
function script:Resolve-FilePath([string] $Path, [string] $Name) {
    $provider = $null
    $drive = $null
    try {
        $resolved = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Path, [ref] $provider, [ref] $drive)
    }
    catch {
        # There is no such drive, for one.
        $cause = Get-InnerCause $_.Exception
        Clear-CaughtError $cause
        return New-Failure 'InvalidArgument' "$Name names no file: $($cause.Message)" $null
    }
    if ($provider.Name -ne 'FileSystem') {
        return New-Failure 'InvalidArgument' "$Name names no file: '$Path' is a path of the provider $($provider.Name)." $null
    }
    return $resolved
}

# Whether a file begins as PEM does, after white space and a byte order mark, or after other lines of text. PFX begins with a byte 0x30.
function script:Test-Pem([byte[]] $Bytes) {
    return $Bytes.Length -eq 0 -or $Bytes[0] -ne 0x30
}

function script:Set-ThumbprintCredential([System.IntPtr] $Builder, [hashtable] $Settings, [System.IntPtr[]] $Errors) {
    $thumbprint = $Settings.Bound['CertificateThumbprint']
    foreach ($location in 'CurrentUser', 'LocalMachine') {
        $certificate = Find-Certificate $location $thumbprint
        if ($certificate) {
            return Set-X509Credential $Builder $Settings $certificate $Errors
        }
    }
    return New-Failure 'InvalidArgument' "There is no certificate with the thumbprint '$thumbprint' in the store My of the current user or the machine." $null
}

function script:Find-Certificate([string] $Location, [string] $Thumbprint) {
    if ($Location -eq 'LocalMachine' -and -not $IsWindows) {
        # .NET has that store on Windows alone.
        return
    }
    $store = [System.Security.Cryptography.X509Certificates.X509Store]::new('My', $Location)
    try {
        $store.Open('ReadOnly')
        foreach ($certificate in $store.Certificates) {
            if ($certificate.Thumbprint -eq $Thumbprint) {
                return $certificate
            }
        }
    }
    finally {
        $store.Dispose()
    }
}

function script:Set-WorkloadIdentityCredential([System.IntPtr] $Builder, [hashtable] $Settings, [System.IntPtr[]] $Errors) {
    $path = Resolve-FilePath $Settings.Bound['FederatedTokenFile'] 'FederatedTokenFile'
    if ($path -is [System.Management.Automation.ErrorRecord]) {
        return $path
    }
    $texts = Get-ApplicationText $Settings
    $texts.FederatedTokenFile = $path
    return Set-NativeCredential 'mgdi_client_builder_set_workload_identity' $Builder $texts @(, $Errors)
}

function script:Set-ManagedIdentityCredential([System.IntPtr] $Builder, [hashtable] $Settings, [System.IntPtr[]] $Errors) {
    # Numbers of mgdi_managed_identity: the system-assigned identity, or one by its client id.
    $id = $Settings.Bound['ClientId']
    $kind = if ($id) { 1 } else { 0 }
    $text = $null
    if ($id) {
        $text = ConvertTo-TerminatedText $id 'ClientId'
        if ($text -is [System.ArgumentException]) {
            return New-Failure 'InvalidArgument' $text.Message $null
        }
    }
    return $script:Native::mgdi_client_builder_set_managed_identity($Builder, $kind, $text, $Errors)
}

function script:Set-EnvironmentCredential([System.IntPtr] $Builder, [hashtable] $Settings, [System.IntPtr[]] $Errors) {
    # Without a parameter that says which, the environment does.
    $isGiven = $Settings.Bound['AzureADEndpoint'] -or $Settings.Bound['Environment']
    $authority = if ($isGiven) { Get-Authority $Settings }
    return Set-NativeCredential 'mgdi_client_builder_set_environment_credential' $Builder ([ordered] @{ AzureADEndpoint = $authority }) @(, $Errors)
}

function script:Set-DeviceCodeCredential([System.IntPtr] $Builder, [hashtable] $Settings, [System.IntPtr[]] $Errors) {
    $texts = Get-ApplicationText $Settings
    if (-not $texts.TenantId) { $texts.TenantId = 'organizations' }
    if (-not $texts.ClientId) { $texts.ClientId = $script:GraphCommandLineTools }
    return Set-NativeCredential 'mgdi_client_builder_set_device_code' $Builder $texts @(, $Errors)
}

function script:Set-AzureCliCredential([System.IntPtr] $Builder, [hashtable] $Settings, [System.IntPtr[]] $Errors) {
    $tenant = $Settings.Bound['TenantId']
    return Set-NativeCredential 'mgdi_client_builder_set_azure_cli' $Builder ([ordered] @{ TenantId = if ($tenant) { $tenant } }) @(, $Errors)
}
