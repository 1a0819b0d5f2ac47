# Tokens that others get: a script block, and the session of Connect-MgGraph.

Describe 'An -AccessTokenProvider' {
    BeforeAll {
        . $PSScriptRoot/Emulator.ps1
        Import-Module $ModulePath -Force -Global
        Start-Emulator
        function Update-Image { Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId img-1 @args }
    }
    BeforeEach {
        Reset-Emulator
        $global:Error.Clear()
    }
    AfterAll {
        Disconnect-MgDeviceImage
        Stop-Emulator
    }

    It 'is asked for the scope of the endpoint, once for many updates' {
        $asked = [System.Collections.Generic.List[string]]::new()
        Connect-MgDeviceImage -GraphEndpoint $Emulator.Endpoint -AccessTokenProvider { param($scope, $claims) $asked.Add("$scope $claims"); 'emulator-token' }
        $null = Update-Image -Version 2
        $null = Update-Image -Version 3
        $asked | Should -Be @("$($Emulator.Endpoint)/.default ")
        (Get-MgDeviceImageContext).TokenCredentialType | Should -BeExactly 'AccessTokenProvider'
    }

    It 'answers <Kind>' -ForEach @(
        @{ Kind = 'a text'; Block = { 'emulator-token' } }
        @{ Kind = 'a SecureString'; Block = { ConvertTo-SecureString emulator-token -AsPlainText -Force } }
        @{ Kind = 'an object with Token and ExpiresOn'; Block = { [pscustomobject] @{ Token = 'emulator-token'; ExpiresOn = [datetimeoffset]::UtcNow.AddHours(1) } } }
        @{ Kind = 'a hashtable'; Block = { @{ Token = (ConvertTo-SecureString emulator-token -AsPlainText -Force) } } }
        @{ Kind = 'what it wrote last'; Block = { 'getting it'; 'emulator-token' } }
    ) {
        Connect-MgDeviceImage -GraphEndpoint $Emulator.Endpoint -AccessTokenProvider $Block
        (Update-Image -Version 2).Version | Should -BeExactly '2'
    }

    It 'is asked again for the claims of a refusal' {
        $asked = [System.Collections.Generic.List[string]]::new()
        Connect-MgDeviceImage -GraphEndpoint $Emulator.Endpoint -AccessTokenProvider { param($scope, $claims) $asked.Add($claims); if ($claims) { 'emulator-token' } else { 'too-weak' } }
        Add-Answer 401 '{}' @{ 'WWW-Authenticate' = 'Bearer error="insufficient_claims", claims="eyJhIjoxfQ=="' }
        (Update-Image -Version 2).Version | Should -BeExactly '2'
        $asked | Should -Be @('', '{"a":1}')
        $global:Error.Count | Should -Be 0
    }

    It 'is not asked for the context, which shows the token given last' {
        $state = @{ Asked = 0; Hours = 1 }
        Connect-MgDeviceImage -GraphEndpoint $Emulator.Endpoint -AccessTokenProvider { $state.Asked++; @{ Token = 'emulator-token'; ExpiresOn = [datetime]::UtcNow.AddHours($state.Hours) } }
        (Get-MgDeviceImageContext).ExpiresOn | Should -BeLessThan ([datetime]::UtcNow.AddHours(1.1))
        $state.Hours = 2
        Add-Answer 401 '{}'
        $null = Update-Image -Version 2
        $state.Asked | Should -Be 2
        (Get-MgDeviceImageContext).ExpiresOn | Should -BeGreaterThan ([datetime]::UtcNow.AddHours(1.9))
        $state.Asked | Should -Be 2
    }

    It 'is asked again before the token expires' {
        $count = @{ Asked = 0 }
        Connect-MgDeviceImage -GraphEndpoint $Emulator.Endpoint -AccessTokenProvider { $count.Asked++; @{ Token = 'emulator-token'; ExpiresOn = [datetime]::UtcNow } }
        $null = Update-Image -Version 2
        [System.Threading.Thread]::Sleep(1100)
        $null = Update-Image -Version 3
        $count.Asked | Should -BeGreaterThan 1
    }

    It 'that <Fails> is one error, at Connect, that says so' -ForEach @(
        @{ Fails = 'throws'; Block = { throw 'no token today' }; Message = '*no token today*' }
        @{ Fails = 'throws without a message'; Block = { throw [System.InvalidOperationException]::new('') }; Message = '*without a message*' }
        @{ Fails = 'answers nothing'; Block = { }; Message = '*gave no token*' }
        @{ Fails = 'runs continue'; Block = { continue }; Message = '*gave no token*' }
        @{ Fails = 'runs break'; Block = { break }; Message = '*gave no token*' }
        @{ Fails = 'answers a number'; Block = { 7 }; Message = '*gave no token*' }
        @{ Fails = 'answers what is no token'; Block = { 'a b' }; Message = '*no bearer token*' }
        @{ Fails = 'answers a wrong date'; Block = { @{ Token = 'a'; ExpiresOn = 'soon' } }; Message = '*ExpiresOn*' }
    ) {
        $caught = $null
        try { Connect-MgDeviceImage -GraphEndpoint $Emulator.Endpoint -AccessTokenProvider $Block } catch { $caught = $_ }
        $caught.FullyQualifiedErrorId | Should -BeLike 'TokenUnavailable,*'
        $caught.Exception.Message | Should -BeLike $Message
        $global:Error.Count | Should -Be 1
    }

    It 'that throws later is one error of the update, and nothing is sent' {
        $state = @{ Fails = $false }
        Connect-MgDeviceImage -GraphEndpoint $Emulator.Endpoint -AccessTokenProvider { if ($state.Fails) { throw 'no token today' }; @{ Token = 'emulator-token'; ExpiresOn = [datetime]::UtcNow } }
        [System.Threading.Thread]::Sleep(1100)
        $state.Fails = $true
        $global:Error.Clear()
        $record = Update-Image -Version 2 2>&1
        $record.FullyQualifiedErrorId | Should -BeLike 'TokenUnavailable,*'
        $record.CategoryInfo.Category | Should -Be 'AuthenticationError'
        $record.Exception.Message | Should -BeLike '*no token today*'
        $global:Error.Count | Should -Be 1
        Get-Request | Should -BeNullOrEmpty
    }

    It 'cannot update through the session that it gets the token for' {
        $state = @{ Updates = $false; Caught = $null }
        Connect-MgDeviceImage -GraphEndpoint $Emulator.Endpoint -ClientTimeout 5 -AccessTokenProvider {
            if ($state.Updates) {
                $state.Caught = Update-Image -Version 1 2>&1
                'emulator-token'
            }
            else {
                @{ Token = 'emulator-token'; ExpiresOn = [datetime]::UtcNow }
            }
        }
        [System.Threading.Thread]::Sleep(1100)
        $state.Updates = $true
        (Update-Image -Version 2).Version | Should -BeExactly '2'
        $state.Caught.FullyQualifiedErrorId | Should -BeLike 'TokenUnavailable,*'
        $state.Caught.Exception.Message | Should -BeLike '*cannot update through the session*'
        @(Get-Request) | Should -HaveCount 1
        (Update-Image -Version 3).Version | Should -BeExactly '3' -Because 'that was for the script block alone'
    }

    It 'runs in another runspace without the variables of its own' {
        $own = 'not seen there'
        Connect-MgDeviceImage -GraphEndpoint $Emulator.Endpoint -AccessTokenProvider { if ($own) { @{ Token = 'emulator-token'; ExpiresOn = [datetime]::UtcNow } } else { 'emulator-token' } }
        [System.Threading.Thread]::Sleep(1100)
        $module = $ModulePath
        $versions = 1..4 | ForEach-Object -Parallel {
            Import-Module $using:module
            (Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId img-1 -Version 9).Version
        }
        $versions | Should -Be @('9', '9', '9', '9')
    }

    It 'runs in another runspace as a part of that runspace, and not of this module' {
        # Its token tells what it sees there.
        Connect-MgDeviceImage -GraphEndpoint $Emulator.Endpoint -AccessTokenProvider {
            param($scope, $claims)
            $hidden = if ((Get-Command New-Failure -ErrorAction Ignore) -or $script:Native) { 'all' } else { 'nothing' }
            $seen = if (Get-Command Get-OwnToken -ErrorAction Ignore) { Get-OwnToken } else { 'nothing' }
            @{ Token = "$hidden.$seen.$ErrorActionPreference.$($scope.Split('/')[-1])"; ExpiresOn = [datetime]::UtcNow }
        }
        [System.Threading.Thread]::Sleep(1100)
        Reset-Emulator
        $module = $ModulePath
        $errors = 1..2 | ForEach-Object -Parallel {
            Import-Module $using:module
            function Get-OwnToken { 'own' }
            $hidden = 'mine'
            $null = Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId img-1 -Version 9 2>&1
            "$hidden $scope $($Error.Count)"
        }
        @(Get-Request).ForEach({ $_.Headers['authorization'] }) | Sort-Object -Unique | Should -BeExactly 'Bearer nothing.own.Continue..default'
        $errors | Should -Be @('mine  1', 'mine  1') -Because 'its variables stay in it, and the one error is that of the refused token'
    }
}

# A stand-in for the module Microsoft.Graph.Authentication: the commands that the module uses, with their names and behaviour.
Describe 'The session of Connect-MgGraph' {
    BeforeAll {
        . $PSScriptRoot/Emulator.ps1
        Import-Module $ModulePath -Force -Global
        Start-Emulator
        function Update-Image { Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId img-1 @args }

        $global:graphState = @{ Context = $null; Token = 'emulator-token'; Asked = 0; Endpoint = $Emulator.Endpoint }
        $graphModule = New-Module -Name StandInForMicrosoftGraph -ScriptBlock {
            function Connect-MgGraph([string] $Account = 'megan@contoso.example', [string] $Environment = 'Emulator', [string[]] $Scopes = 'CloudPC.ReadWrite.All') {
                $global:graphState.Context = [pscustomobject] @{
                    ClientId = 'app'; TenantId = 'tenant'; Scopes = $Scopes; AuthType = 'Delegated'
                    TokenCredentialType = 'InteractiveBrowser'; CertificateThumbprint = $null; Account = $Account; Environment = $Environment
                }
            }
            function Disconnect-MgGraph { $global:graphState.Context = $null }
            function Get-MgContext {
                if ($global:graphState.Context -is [System.Exception]) { throw $global:graphState.Context }
                $global:graphState.Context
            }
            function Get-MgEnvironment {
                [CmdletBinding()]
                param([string] $Name)
                if ($Name -eq 'Unknown') { return }
                if ($Name -eq 'Unreadable') { throw 'The settings cannot be read.' }
                [pscustomobject] @{ Name = $Name; GraphEndpoint = "$($global:graphState.Endpoint)/" }
            }
            function Invoke-MgGraphRequest {
                [CmdletBinding()]
                param([string] $Method, [string] $Uri, [string] $OutputType, [switch] $SkipHttpErrorCheck)
                if ($OutputType -ne 'HttpResponseMessage') { throw 'only for its HttpResponseMessage' }
                $global:graphState.Asked++
                $message = [System.Net.Http.HttpRequestMessage]::new($Method, $Uri)
                $message.Headers.Authorization = [System.Net.Http.Headers.AuthenticationHeaderValue]::new('Bearer', $global:graphState.Token)
                $response = [System.Net.Http.HttpResponseMessage]::new('OK')
                $response.RequestMessage = $message
                $response
            }
        }
        Import-Module $graphModule -Global
    }
    BeforeEach {
        Reset-Emulator
        Disconnect-MgDeviceImage
        Disconnect-MgGraph
        $graphState.Asked = 0
        $graphState.Token = 'emulator-token'
        $global:Error.Clear()
    }
    AfterAll {
        Remove-Module StandInForMicrosoftGraph
        Remove-Variable graphState -Scope Global
        Disconnect-MgDeviceImage
        Stop-Emulator
    }

    It 'is used where there is none of Connect-MgDeviceImage' {
        Connect-MgGraph
        (Update-Image -Version 2).Version | Should -BeExactly '2'
        (Update-Image -Version 3).Version | Should -BeExactly '3'
        $graphState.Asked | Should -Be 1 -Because 'the token is kept'
        $context = Get-MgDeviceImageContext
        $context.Account | Should -BeExactly 'megan@contoso.example'
        $context.TokenCredentialType | Should -BeExactly 'InteractiveBrowser'
        $context.GraphEndpoint | Should -BeExactly $Emulator.Endpoint
        $global:Error.Count | Should -Be 0
    }

    It 'is not used where there is one' {
        Connect-MgGraph
        Connect-Emulator
        $null = Update-Image -Version 2
        $graphState.Asked | Should -Be 0
        (Get-MgDeviceImageContext).TokenCredentialType | Should -BeExactly 'UserProvidedAccessToken'
    }

    It 'renews the token that the service refuses' {
        Connect-MgGraph
        $graphState.Token = 'expired'
        Add-Fault @{ kind = 'answer'; status = 401; body = '{}' }
        $record = Update-Image -Version 2 2>&1
        $graphState.Asked | Should -Be 2
        $record.Exception.Data['StatusCode'] | Should -Be 401
        $graphState.Token = 'emulator-token'
        (Update-Image -Version 2).Version | Should -BeExactly '2'
    }

    It 'shows what the token in use says, and asks for none' {
        Connect-MgGraph
        (Get-MgDeviceImageContext).ExpiresOn | Should -BeNullOrEmpty
        $graphState.Asked | Should -Be 0
        $claims = [System.Convert]::ToBase64String([System.Text.Encoding]::UTF8.GetBytes('{"exp":4000000000,"scp":"CloudPC.ReadWrite.All openid"}')).TrimEnd('=')
        $graphState.Token = "e30.$claims.c2ln"
        Add-Fault @{ kind = 'answer'; status = 403; body = '{}' }
        $null = Update-Image -Version 2 2>&1
        $context = Get-MgDeviceImageContext
        $context.ExpiresOn | Should -Be ([System.DateTimeOffset]::FromUnixTimeSeconds(4000000000).UtcDateTime)
        $context.Scopes | Should -Be @('CloudPC.ReadWrite.All', 'openid')
        $context.Account | Should -BeExactly 'megan@contoso.example' -Because 'the token does not say it'
        $graphState.Asked | Should -Be 1
    }

    It 'ends with Disconnect-MgGraph' {
        Connect-MgGraph
        $null = Update-Image -Version 2
        Disconnect-MgGraph
        (Update-Image -Version 2 2>&1).FullyQualifiedErrorId | Should -BeLike 'AuthenticationNeeded,*'
        Get-MgDeviceImageContext | Should -BeNullOrEmpty
    }

    It 'of another person is another session' {
        Connect-MgGraph
        $null = Update-Image -Version 2
        Connect-MgGraph -Account alex@contoso.example
        $null = Update-Image -Version 2
        $graphState.Asked | Should -Be 2
        (Get-MgDeviceImageContext).Account | Should -BeExactly 'alex@contoso.example'
    }

    It 'is another session for the same person with other scopes' {
        $graphState.Token = 'without-the-scope'
        Connect-MgGraph -Scopes User.Read
        Add-Fault @{ kind = 'answer'; status = 403; body = '{}' }
        (Update-Image -Version 2 2>&1).Exception.Data['StatusCode'] | Should -Be 403
        $graphState.Token = 'emulator-token'
        Connect-MgGraph -Scopes User.Read, CloudPC.ReadWrite.All
        (Update-Image -Version 2).Version | Should -BeExactly '2'
        @(Get-Request).ForEach({ $_.Headers['authorization'] }) | Should -Be @('Bearer without-the-scope', 'Bearer emulator-token')
        (Get-MgDeviceImageContext).Scopes | Should -Be @('User.Read', 'CloudPC.ReadWrite.All')
    }

    It 'is another session after Connect-MgGraph was called again, even if nothing else has changed' {
        Connect-MgGraph
        $null = Update-Image -Version 2
        Connect-MgGraph
        $null = Update-Image -Version 2
        $graphState.Asked | Should -Be 2
    }

    It 'is another session when its context changes' {
        Connect-MgGraph
        $null = Update-Image -Version 2
        $graphState.Context.Scopes = @('User.Read')
        $null = Update-Image -Version 2
        $graphState.Asked | Should -Be 2
    }

    It 'of a cloud has the endpoint of that cloud' {
        Connect-MgGraph -Environment USGov
        (Get-MgDeviceImageContext).GraphEndpoint | Should -BeExactly 'https://graph.microsoft.us'
    }

    It 'of an environment without an endpoint is an error, and no token is asked for' {
        Connect-MgGraph -Environment Unknown
        $record = Update-Image -Version 2 2>&1
        $record.FullyQualifiedErrorId | Should -BeLike 'AuthenticationNeeded,*'
        $record.Exception.Message | Should -BeLike "*'Unknown'*"
        $graphState.Asked | Should -Be 0
        Get-MgDeviceImageContext | Should -BeNullOrEmpty
        $global:Error.Count | Should -Be 1
    }

    It 'that cannot be read is one error with the reason: <Where>' -ForEach @(
        @{ Where = 'its context'; Arrange = { $graphState.Context = [System.IO.FileLoadException]::new('The settings cannot be read.') } }
        @{ Where = 'its environment'; Arrange = { Connect-MgGraph -Environment Unreadable } }
    ) {
        & $Arrange
        $record = Update-Image -Version 2 2>&1
        $record.FullyQualifiedErrorId | Should -BeLike 'AuthenticationNeeded,*'
        $record.CategoryInfo.Category | Should -Be 'AuthenticationError'
        $record.Exception.Message | Should -BeLike '*The settings cannot be read.*'
        $global:Error.Count | Should -Be 1
        Get-MgDeviceImageContext | Should -BeNullOrEmpty
        $global:Error.Count | Should -Be 1
    }
}
