# Connect-MgDeviceImage with each credential, against stand-ins for Graph, Entra ID and managed identities. In fresh processes, since the
# test root and the environment are the process's.

BeforeDiscovery {
    $script:applications = @(
        @{ Way = 'a client secret'; Type = 'ClientSecret'; Connect = 'Connect-MgDeviceImage @common -TenantId $tenant -ClientSecretCredential $credential' }
        @{ Way = 'a certificate'; Type = 'ClientCertificate'; Connect = 'Connect-MgDeviceImage @common -TenantId $tenant -ClientId $client -Certificate (New-Certificate)' }
        @{ Way = 'a PEM file'; Type = 'ClientCertificate'; Connect = @'
$certificate = New-Certificate
[System.IO.File]::WriteAllText("$directory/a.pem", $certificate.ExportCertificatePem() + "`n" + $certificate.PrivateKey.ExportPkcs8PrivateKeyPem())
Connect-MgDeviceImage @common -TenantId $tenant -ClientId $client -CertificatePath "$directory/a.pem"
'@ }
        @{ Way = 'a PFX file'; Type = 'ClientCertificate'; Connect = @'
[System.IO.File]::WriteAllBytes("$directory/a.pfx", (New-Certificate).Export('Pfx', 'pä$$'))
Connect-MgDeviceImage @common -TenantId $tenant -ClientId $client -CertificatePath "$directory/a.pfx" -CertificatePassword (ConvertTo-SecureString 'pä$$' -AsPlainText -Force)
'@ }
        @{ Way = 'a thumbprint'; Type = 'ClientCertificate'; Connect = @'
$certificate = [System.Security.Cryptography.X509Certificates.X509Certificate2]::new((New-Certificate).Export('Pfx', 'x'), 'x', 'Exportable, PersistKeySet')
$store = [System.Security.Cryptography.X509Certificates.X509Store]::new('My', 'CurrentUser', 'ReadWrite')
$store.Add($certificate)
$store.Dispose()
Connect-MgDeviceImage @common -TenantId $tenant -ClientId $client -CertificateThumbprint $certificate.Thumbprint.ToLowerInvariant()
'@ }
        @{ Way = 'a federated token'; Type = 'WorkloadIdentity'; Connect = @'
[System.IO.File]::WriteAllText("$directory/token", 'federated-token')
Connect-MgDeviceImage @common -TenantId $tenant -ClientId $client -FederatedTokenFile "$directory/token"
'@ }
        @{ Way = 'the environment'; Type = 'EnvironmentVariable'; Connect = 'Connect-MgDeviceImage -GraphEndpoint $Endpoint -EnvironmentVariable'; Environment = 'client' }
        @{ Way = 'a managed identity'; Type = 'ManagedIdentity'; Connect = 'Connect-MgDeviceImage -GraphEndpoint $Endpoint -Identity'; Environment = 'managed' }
    )
    $script:mistakes = @(
        @{ Wrong = 'the secret'; Connect = 'Connect-MgDeviceImage @common -TenantId $tenant -ClientSecretCredential ([pscredential]::new($client, (ConvertTo-SecureString wr0ng -AsPlainText -Force)))'; Message = 'TokenUnavailable AuthenticationError: *AADSTS7000215*correlation id*' }
        @{ Wrong = 'the tenant'; Connect = "Connect-MgDeviceImage @common -TenantId 'no tenant' -ClientSecretCredential `$credential"; Message = 'InvalidArgument InvalidArgument: *"no tenant"*' }
        @{ Wrong = 'the client id'; Connect = "Connect-MgDeviceImage @common -TenantId `$tenant -ClientId me -Certificate (New-Certificate)"; Message = 'InvalidArgument InvalidArgument: *"me"*' }
        @{ Wrong = 'the authority'; Connect = "Connect-MgDeviceImage -GraphEndpoint `$Endpoint -AzureADEndpoint http://127.0.0.1:9 -TenantId `$tenant -ClientSecretCredential `$credential"; Message = 'InvalidArgument InvalidArgument: *must be https*' }
        @{ Wrong = 'a certificate without its key'; Connect = 'Connect-MgDeviceImage @common -TenantId $tenant -ClientId $client -Certificate ([System.Security.Cryptography.X509Certificates.X509Certificate2]::new((New-Certificate).RawData))'; Message = 'InvalidArgument InvalidArgument: *has no private key*' }
        @{ Wrong = 'a certificate that has expired'; Connect = 'Connect-MgDeviceImage @common -TenantId $tenant -ClientId $client -Certificate (New-Certificate ([datetime]::UtcNow.AddDays(-1)))'; Message = 'InvalidArgument InvalidArgument: *expired on*' }
        @{ Wrong = "a file's password"; Connect = '[System.IO.File]::WriteAllBytes("$directory/b.pfx", (New-Certificate).Export("Pfx", "right")); Connect-MgDeviceImage @common -TenantId $tenant -ClientId $client -CertificatePath "$directory/b.pfx" -CertificatePassword (ConvertTo-SecureString wr0ng -AsPlainText -Force)'; Message = 'InvalidArgument InvalidArgument: *password is wrong*' }
        @{ Wrong = 'a file without any password'; Connect = '[System.IO.File]::WriteAllBytes("$directory/c.pfx", (New-Certificate).Export("Pfx")); Connect-MgDeviceImage @common -TenantId $tenant -ClientId $client -CertificatePath "$directory/c.pfx"'; Message = 'InvalidArgument InvalidArgument: *Export it with a password, or give PEM.' }
        @{ Wrong = 'a file without the private key'; Connect = '[System.IO.File]::WriteAllBytes("$directory/a.cer", (New-Certificate).RawData); Connect-MgDeviceImage @common -TenantId $tenant -ClientId $client -CertificatePath "$directory/a.cer"'; Message = 'InvalidArgument InvalidArgument: *certificate without its private key*' }
        @{ Wrong = "a file's name"; Connect = 'Connect-MgDeviceImage @common -TenantId $tenant -ClientId $client -CertificatePath "$directory/none.pem"'; Message = 'InvalidArgument InvalidArgument: *none.pem*no file*' }
        @{ Wrong = 'the thumbprint'; Connect = 'Connect-MgDeviceImage @common -TenantId $tenant -ClientId $client -CertificateThumbprint ABC'; Message = "InvalidArgument InvalidArgument: *'ABC'*" }
        @{ Wrong = 'the token file'; Connect = '[System.IO.File]::WriteAllText("$directory/empty", ""); Connect-MgDeviceImage @common -TenantId $tenant -ClientId $client -FederatedTokenFile "$directory/empty"'; Message = 'InvalidArgument InvalidArgument: *empty*' }
        @{ Wrong = "a file's drive"; Connect = 'Connect-MgDeviceImage @common -TenantId $tenant -ClientId $client -CertificatePath nodrive:/a.pem'; Message = 'InvalidArgument InvalidArgument: CertificatePath names no file: *nodrive*' }
        @{ Wrong = "a file's provider"; Connect = 'Connect-MgDeviceImage @common -TenantId $tenant -ClientId $client -CertificatePath Env:/PATH'; Message = 'InvalidArgument InvalidArgument: CertificatePath names no file: *Environment*' }
        @{ Wrong = 'a file that is in use'; Connect = '$held = [System.IO.File]::Open("$directory/held.pem", "Create", "ReadWrite", "None"); Connect-MgDeviceImage @common -TenantId $tenant -ClientId $client -CertificatePath "$directory/held.pem"'; Message = 'InvalidArgument InvalidArgument: CertificatePath names a file that cannot be read: *held.pem*' }
        @{ Wrong = 'the drive of the token file'; Connect = 'Connect-MgDeviceImage @common -TenantId $tenant -ClientId $client -FederatedTokenFile nodrive:/token'; Message = 'InvalidArgument InvalidArgument: FederatedTokenFile names no file: *nodrive*' }
        @{ Wrong = 'the provider of the token file'; Connect = 'Connect-MgDeviceImage @common -TenantId $tenant -ClientId $client -FederatedTokenFile Env:/PATH'; Message = 'InvalidArgument InvalidArgument: FederatedTokenFile names no file: *Environment*' }
        @{ Wrong = 'the empty credential'; Connect = 'Connect-MgDeviceImage @common -TenantId $tenant -ClientSecretCredential ([pscredential]::Empty)'; Message = 'InvalidArgument InvalidArgument: ClientSecretCredential is empty*' }
        @{ Wrong = 'the environment'; Connect = 'Connect-MgDeviceImage @common -EnvironmentVariable'; Message = 'InvalidArgument InvalidArgument: *AZURE_TENANT_ID*' }
        @{ Wrong = 'no Azure CLI'; Connect = 'Connect-MgDeviceImage @common -AzureCli'; Message = 'InvalidArgument InvalidArgument: *Azure CLI*' }
    )
}

Describe 'Signing in' {
    BeforeAll {
        . $PSScriptRoot/Emulator.ps1
        $script:directory = [System.IO.Directory]::CreateTempSubdirectory('mgdi-').FullName
        Start-Emulator $directory
        $said = $Emulator.SignIn
        $script:entra = $said['Entra emulator']

        $script:environments = @{
            client  = @{
                AZURE_TENANT_ID      = $said['Tenant']
                AZURE_CLIENT_ID      = $said['Client']
                AZURE_CLIENT_SECRET  = $said['Client secret']
                AZURE_AUTHORITY_HOST = $entra
            }
            managed = @{
                IDENTITY_ENDPOINT = $said['IDENTITY_ENDPOINT']
                IDENTITY_HEADER   = $said['IDENTITY_HEADER']
            }
        }

        # Runs before each script, in a fresh process that trusts the test root.
        $script:trust = @{ SSL_CERT_FILE = "$directory/root.pem"; HOME = $directory }
        $script:prelude = @"
`$common = @{ GraphEndpoint = `$Endpoint; AzureADEndpoint = '$entra' }
`$tenant = '$($said['Tenant'])'
`$client = '$($said['Client'])'
`$directory = '$directory'
`$secret = ConvertTo-SecureString '$($said['Client secret'])' -AsPlainText -Force
`$credential = [pscredential]::new(`$client, `$secret)
"@ + @'

Import-Module $Module
function Update-Image { Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId img-1 @args }
function New-Certificate([datetime] $NotAfter = [datetime]::UtcNow.AddDays(1)) {
    $request = [System.Security.Cryptography.X509Certificates.CertificateRequest]::new('CN=a', [System.Security.Cryptography.RSA]::Create(2048), 'SHA256', [System.Security.Cryptography.RSASignaturePadding]::Pkcs1)
    $certificate = $request.CreateSelfSigned([datetime]::UtcNow.AddDays(-2), $NotAfter)
    $handler = [System.Net.Http.HttpClientHandler]::new()
    $handler.ServerCertificateCustomValidationCallback = [System.Net.Http.HttpClientHandler]::DangerousAcceptAnyServerCertificateValidator
    $content = [System.Net.Http.StringContent]::new($certificate.ExportCertificatePem())
    $null = [System.Net.Http.HttpClient]::new($handler).PostAsync("$($common.AzureADEndpoint)/emulator/certificates", $content).GetAwaiter().GetResult().EnsureSuccessStatusCode()
    $certificate
}
function Get-Caught([scriptblock] $Block) {
    try { & $Block; 'nothing' } catch { "$($_.FullyQualifiedErrorId.Split(',')[0]) $($_.CategoryInfo.Category): $($_.Exception.Message)" }
}

'@

        # The lines that a script writes.
        function Invoke-SignIn([string] $Script, [hashtable] $Environment = @{}) {
            $run = Invoke-Pwsh ($prelude + $Script) ($trust + $Environment)
            $run.Error | Should -BeNullOrEmpty
            $run.Output -split '\r?\n'
        }
    }
    BeforeEach {
        Reset-Emulator
        $null = Send-Control 'POST' 'reset' -Endpoint $entra
        $null = Send-Control 'POST' 'federated-tokens' 'federated-token' -Endpoint $entra
    }
    AfterAll {
        Stop-Emulator
        [System.IO.Directory]::Delete($directory, $true)
    }

    It 'as an application with <Way>' -ForEach $applications {
        $variables = if ($Environment) { $environments[$Environment] } else { @{} }
        $output = Invoke-SignIn "$Connect`n(Update-Image -Version 7).Version; `$context = Get-MgDeviceImageContext; `$context.AuthType; `$context.TokenCredentialType; `$context.Scopes; `$context.TenantId; `$context.ExpiresOn -gt [datetime]::UtcNow.AddMinutes(30)" $variables
        $output | Should -Be @('7', 'AppOnly', $Type, 'CloudPC.ReadWrite.All', $said['Tenant'], 'True')
    }

    It 'as variables say that were set in the session' {
        $output = Invoke-SignIn @'
$env:AZURE_TENANT_ID = $tenant
$env:AZURE_CLIENT_ID = $client
$env:AZURE_CLIENT_SECRET = $credential.GetNetworkCredential().Password
# What the command names counts.
$env:AZURE_AUTHORITY_HOST = 'https://127.0.0.1:1'
Connect-MgDeviceImage @common -EnvironmentVariable
(Update-Image -Version 7).Version
$env:HTTPS_PROXY = 'http://127.0.0.1:9'
Get-Caught { Connect-MgDeviceImage @common -EnvironmentVariable -MaxRetry 0 }
'@
        $output[0] | Should -BeExactly '7'
        $output[1] | Should -BeLike 'TokenUnavailable*127.0.0.1:9*'
    }

    It 'as whoever is signed in to the Azure CLI: <Whose>' -Skip:$IsWindows -ForEach @(
        @{ Whose = 'a person'; Claims = '{"scp":"CloudPC.ReadWrite.All"}'; AuthType = 'Delegated' }
        @{ Whose = 'an application'; Claims = '{"roles":["CloudPC.ReadWrite.All"],"upn":"x"}'; AuthType = 'AppOnly' }
        @{ Whose = 'someone whom the token does not tell'; Claims = $null; AuthType = '' }
    ) {
        $claims = if ($Claims) { [System.Convert]::ToBase64String([System.Text.Encoding]::UTF8.GetBytes($Claims)).TrimEnd('=') }
        $token = if ($claims) { "e30.$claims.c2ln" } else { 'emulator-token' }
        Add-Answer 403 '{}'
        $output = Invoke-SignIn ("`$token = '$token'" + @'

$answer = '{"accessToken":"' + $token + '","expires_on":' + [System.DateTimeOffset]::UtcNow.AddHours(1).ToUnixTimeSeconds() + '}'
[System.IO.File]::WriteAllText("$directory/az", "#!/bin/sh`necho '$answer'`n")
[System.IO.File]::SetUnixFileMode("$directory/az", 'UserRead, UserExecute')
$env:PATH = "$directory`:$env:PATH"
Connect-MgDeviceImage -GraphEndpoint $Endpoint -AzureCli
$context = Get-MgDeviceImageContext
"$($context.TokenCredentialType) $($context.AuthType) $($context.ExpiresOn -gt [datetime]::UtcNow)"
$null = Update-Image -Version 7 -ErrorAction SilentlyContinue
'@)
        $output | Should -Be "AzureCli $AuthType True"
        (Get-Request).Headers['authorization'] | Should -BeExactly "Bearer $token"
    }

    It 'as a person with a device code' {
        $null = Send-Control 'PUT' 'device-codes' '{"decision":"approved","interval":1}' -Endpoint $entra
        $output = Invoke-SignIn @'
Connect-MgDeviceImage @common -TenantId $tenant -ClientId $client -UseDeviceCode
$context = Get-MgDeviceImageContext
"$($context.AuthType) $($context.TokenCredentialType) $($context.Account)"
(Update-Image -Version 7).Version
'@
        $output[0] | Should -Match '^To sign in, use a web browser to open the page \S+ and enter the code [0-9A-F]{9} to authenticate\.$'
        $output[1] | Should -BeExactly 'Delegated DeviceCode megan@contoso.example'
        $output[2] | Should -BeExactly '7'
    }

    It 'as a person who declines is an error' {
        $null = Send-Control 'PUT' 'device-codes' '{"decision":"declined","interval":1}' -Endpoint $entra
        $output = Invoke-SignIn 'Get-Caught { Connect-MgDeviceImage @common -TenantId $tenant -ClientId $client -UseDeviceCode }; "connected: $([bool] (Get-MgDeviceImageContext))"'
        $output[1] | Should -BeLike 'TokenUnavailable AuthenticationError: *AADSTS70018*'
        $output[2] | Should -BeExactly 'connected: False'
    }

    It 'ends with Ctrl+C while a person is awaited' -Skip:$IsWindows {
        $process = Start-Pwsh ($prelude + "try { Connect-MgDeviceImage @common -TenantId `$tenant -ClientId `$client -UseDeviceCode } finally { 'finally' }") $trust
        $process.StandardOutput.ReadLine() | Should -BeLike 'To sign in*'
        $watch = [System.Diagnostics.Stopwatch]::StartNew()
        $kill = [System.Diagnostics.Process]::Start('kill', "-INT $($process.Id)")
        $kill.WaitForExit()
        $rest = $process.StandardOutput.ReadToEndAsync()
        $process.StandardInput.Close()
        if (-not $process.WaitForExit(10000)) {
            $process.Kill()
            throw 'The process did not end.'
        }
        $watch.Elapsed.TotalSeconds | Should -BeLessThan 4 -Because 'it was to wait for five seconds before the next question'
        $rest.GetAwaiter().GetResult().Trim() | Should -BeNullOrEmpty
        $process.StandardError.ReadToEnd().Trim() | Should -BeNullOrEmpty
    }

    Context 'with a mistake' -ForEach @{ Mistakes = $mistakes } {
        BeforeAll {
            # All in one process: a line for what was caught, and one for the number of records.
            $calls = $Mistakes.ForEach({ "Get-Caught { $($_.Connect) }; `$global:Error.Count; `$global:Error.Clear()`n" })
            $script:caught = @(Invoke-SignIn (-join $calls))
        }

        It 'shows at Connect what is wrong: <Wrong>' -ForEach $mistakes {
            $index = 2 * $Mistakes.Wrong.IndexOf($Wrong)
            $caught[$index] | Should -BeLike $Message
            $caught[$index] | Should -Not -BeLike '*wr0ng*'
            $caught[$index + 1] | Should -BeExactly '1' -Because 'one failure is one record'
        }
    }

    It 'keeps the session there was when it fails' {
        $output = Invoke-SignIn @'
Connect-MgDeviceImage @common -TenantId $tenant -ClientSecretCredential $credential
$null = Get-Caught { Connect-MgDeviceImage @common -TenantId $tenant -ClientSecretCredential ([pscredential]::new($client, (ConvertTo-SecureString x -AsPlainText -Force))) }
(Get-MgDeviceImageContext).TokenCredentialType
(Update-Image -Version 7).Version
'@
        $output | Should -Be @('ClientSecret', '7')
    }

    It 'is done again when the service refuses the token' {
        $output = Invoke-SignIn @'
Connect-MgDeviceImage @common -TenantId $tenant -ClientSecretCredential $credential
$handler = [System.Net.Http.HttpClientHandler]::new()
$handler.ServerCertificateCustomValidationCallback = [System.Net.Http.HttpClientHandler]::DangerousAcceptAnyServerCertificateValidator
$null = [System.Net.Http.HttpClient]::new($handler).PostAsync("$($common.AzureADEndpoint)/emulator/revoke", $null).GetAwaiter().GetResult().EnsureSuccessStatusCode()
(Update-Image -Version 7).Version
'@
        $output | Should -Be @('7')
        @(Get-Request).Count | Should -Be 2 -Because 'the first was refused'
    }

    It 'shows the token of the last renewal' {
        $null = Send-Control 'PUT' 'token-lifetime' '1800' -Endpoint $entra
        $output = Invoke-SignIn @'
Connect-MgDeviceImage @common -TenantId $tenant -ClientSecretCredential $credential
function Show-Minutes { [System.Math]::Round(((Get-MgDeviceImageContext).ExpiresOn - [datetime]::UtcNow).TotalMinutes) }
Show-Minutes
$handler = [System.Net.Http.HttpClientHandler]::new()
$handler.ServerCertificateCustomValidationCallback = [System.Net.Http.HttpClientHandler]::DangerousAcceptAnyServerCertificateValidator
$http = [System.Net.Http.HttpClient]::new($handler)
$control = "$($common.AzureADEndpoint)/emulator"
$null = $http.PutAsync("$control/token-lifetime", [System.Net.Http.StringContent]::new('7200')).GetAwaiter().GetResult().EnsureSuccessStatusCode()
$null = $http.PostAsync("$control/revoke", $null).GetAwaiter().GetResult().EnsureSuccessStatusCode()
(Update-Image -Version 7).Version
Show-Minutes
'@
        $output | Should -Be @('30', '7', '120')
    }

    It 'is not done for the context of a token near its end' {
        $null = Send-Control 'PUT' 'token-lifetime' '2' -Endpoint $entra
        $output = Invoke-SignIn @'
Connect-MgDeviceImage @common -TenantId $tenant -ClientSecretCredential $credential
[System.Threading.Thread]::Sleep(2100)
$context = Get-MgDeviceImageContext
"$($context.ExpiresOn -lt [datetime]::UtcNow) $($context.Scopes)"
'@
        $output | Should -Be @('True CloudPC.ReadWrite.All')
        @(ConvertFrom-Json (Send-Control 'GET' 'requests' -Endpoint $entra)) | Should -HaveCount 1 -Because 'that was Connect'
    }

    It 'is one sign-in for many runspaces' {
        $output = Invoke-SignIn @'
Connect-MgDeviceImage @common -TenantId $tenant -ClientSecretCredential $credential
$done = 1..8 | ForEach-Object -ThrottleLimit 8 -Parallel {
    Import-Module $using:Module
    (Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId img-1 -Version 7).Version
}
@($done).Count
'@
        $output | Should -Be @('8')
        @(Get-Request).ForEach({ $_.Headers['authorization'][0] } ) | Sort-Object -Unique | Should -HaveCount 1
    }

    It 'goes through the proxy of -Proxy' {
        $output = Invoke-SignIn 'Get-Caught { Connect-MgDeviceImage @common -TenantId $tenant -ClientSecretCredential $credential -Proxy http://127.0.0.1:9 -MaxRetry 0 }'
        $output | Should -BeLike 'TokenUnavailable AuthenticationError: *127.0.0.1:9*'
    }
}
