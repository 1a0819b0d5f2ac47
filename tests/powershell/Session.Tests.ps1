# Connect-MgDeviceImage, Disconnect-MgDeviceImage, Get-MgDeviceImageContext.

Describe 'The session' {
    BeforeAll {
        . $PSScriptRoot/Emulator.ps1
        Import-Module $ModulePath -Force
        Start-Emulator
        Set-Alias Update-Image Update-MgDeviceManagementVirtualEndpointDeviceImage
    }
    BeforeEach {
        Reset-Emulator
        Disconnect-MgDeviceImage
    }
    AfterAll {
        Disconnect-MgDeviceImage
        Stop-Emulator
    }

    It 'is not there before Connect, nor after Disconnect' {
        Get-MgDeviceImageContext | Should -BeNullOrEmpty
        Connect-Emulator | Should -BeNullOrEmpty
        Get-MgDeviceImageContext | Should -Not -BeNullOrEmpty
        Disconnect-MgDeviceImage | Should -BeNullOrEmpty
        Get-MgDeviceImageContext | Should -BeNullOrEmpty
        (Update-Image -CloudPcDeviceImageId img-1 -Version 1 2>&1).FullyQualifiedErrorId | Should -BeLike 'AuthenticationNeeded,*'
    }

    It 'may be ended when there is none' {
        { Disconnect-MgDeviceImage } | Should -Not -Throw
    }

    It 'shows where and how, never the token' {
        Connect-Emulator
        $context = Get-MgDeviceImageContext
        ($context.PSObject.Properties.Name | Sort-Object) -join ' ' | Should -BeExactly 'Account AuthType ClientId Environment ExpiresOn GraphEndpoint Scopes TenantId TokenCredentialType'
        $context.GraphEndpoint | Should -BeExactly $Emulator.Endpoint
        $context.AuthType | Should -BeExactly 'UserProvidedAccessToken'
    }

    It 'has the endpoint of the cloud <Environment>' -ForEach @(
        @{ Environment = 'Global'; Endpoint = 'https://graph.microsoft.com'; Warnings = 0 }
        @{ Environment = 'USGov'; Endpoint = 'https://graph.microsoft.us'; Warnings = 0 }
        @{ Environment = 'USGovDoD'; Endpoint = 'https://dod-graph.microsoft.us'; Warnings = 1 }
        @{ Environment = 'China'; Endpoint = 'https://microsoftgraph.chinacloudapi.cn'; Warnings = 1 }
    ) {
        $written = Connect-MgDeviceImage -AccessToken (Get-Token) -Environment $Environment 3>&1
        @($written).Where({ $_ }).Count | Should -Be $Warnings
        (Get-MgDeviceImageContext).GraphEndpoint | Should -BeExactly $Endpoint
        (Get-MgDeviceImageContext).Environment | Should -BeExactly $Environment
    }

    It 'warns of the cloud of -GraphEndpoint <Endpoint>: <Told>' -ForEach @(
        @{ Endpoint = 'https://DoD-graph.microsoft.us:443/'; Told = 'USGovDoD' }
        @{ Endpoint = 'https://microsoftgraph.chinacloudapi.cn'; Told = 'China' }
        @{ Endpoint = 'https://graph.microsoft.us'; Told = $null }
        @{ Endpoint = 'https://graph.example'; Told = $null }
    ) {
        $written = Connect-MgDeviceImage -AccessToken (Get-Token) -GraphEndpoint $Endpoint 3>&1
        $expected = if ($Told) { "Windows 365 is not offered in the cloud $Told, so there are no device images to update." }
        [string] $written | Should -BeExactly ([string] $expected)
    }

    It 'warns of the cloud of -Environment with an endpoint of its own, too' {
        $written = Connect-MgDeviceImage -AccessToken (Get-Token) -Environment China -GraphEndpoint https://graph.example 3>&1
        [string] $written | Should -BeLike '*cloud China*'
    }

    It 'warns of a cloud as the caller wants it: $WarningPreference <Preference>, -WarningAction <Action>' -ForEach @(
        @{ Preference = 'SilentlyContinue'; Action = $null; Warnings = 0 }
        @{ Preference = 'Continue'; Action = $null; Warnings = 1 }
        @{ Preference = 'SilentlyContinue'; Action = 'Continue'; Warnings = 1 }
        @{ Preference = 'Continue'; Action = 'SilentlyContinue'; Warnings = 0 }
    ) {
        $WarningPreference = $Preference
        $arguments = if ($Action) { @{ WarningAction = $Action } } else { @{} }
        $written = Connect-MgDeviceImage -AccessToken (Get-Token) -Environment USGovDoD @arguments 3>&1
        @($written).Where({ $_ }).Count | Should -Be $Warnings
        (Get-MgDeviceImageContext).Environment | Should -BeExactly 'USGovDoD'
    }

    It 'stays as it was where a warning stops Connect' {
        Connect-Emulator
        $WarningPreference = 'Stop'
        { Connect-MgDeviceImage -AccessToken (Get-Token) -Environment USGovDoD 3>$null } | Should -Throw
        (Get-MgDeviceImageContext).GraphEndpoint | Should -BeExactly $Emulator.Endpoint
    }

    It 'shows the cloud by its name, however that was typed' {
        Connect-MgDeviceImage -AccessToken (Get-Token) -Environment usgov
        (Get-MgDeviceImageContext).Environment | Should -BeExactly 'USGov'
    }

    It 'cannot be changed through the context' {
        Connect-Emulator
        (Get-MgDeviceImageContext).GraphEndpoint = 'http://127.0.0.1:9'
        (Get-MgDeviceImageContext).GraphEndpoint | Should -BeExactly $Emulator.Endpoint
        (Update-Image -CloudPcDeviceImageId img-1 -Version 1).Id | Should -BeExactly 'img-1'
    }

    It 'outlives Import-Module -Force and Remove-Module' {
        Connect-Emulator
        Import-Module $ModulePath -Force
        (Update-Image -CloudPcDeviceImageId img-1 -Version 1).Id | Should -BeExactly 'img-1'
        Remove-Module MgDeviceImage
        Import-Module $ModulePath
        (Update-Image -CloudPcDeviceImageId img-1 -Version 1).Id | Should -BeExactly 'img-1'
    }

    It 'is replaced as a whole by the next Connect' {
        Connect-MgDeviceImage -AccessToken (Get-Token 'other') -GraphEndpoint $Emulator.Endpoint
        (Update-Image -CloudPcDeviceImageId img-1 -Version 1 2>&1).FullyQualifiedErrorId | Should -BeLike 'InvalidAuthenticationToken,*'
        Connect-Emulator
        (Update-Image -CloudPcDeviceImageId img-1 -Version 1).Id | Should -BeExactly 'img-1'
    }

    It 'stays as it was where Connect fails: <Name>' -ForEach @(
        @{ Name = 'an endpoint with a path'; Arguments = @{ GraphEndpoint = 'https://graph.example/v1.0' } }
        @{ Name = 'an endpoint without a scheme'; Arguments = @{ GraphEndpoint = 'graph.example' } }
        @{ Name = 'plain http to elsewhere'; Arguments = @{ GraphEndpoint = 'http://graph.example' } }
        @{ Name = 'an endpoint with a NUL'; Arguments = @{ GraphEndpoint = "https://graph.example`0.evil" } }
        @{ Name = 'an empty token'; Arguments = @{ AccessToken = [securestring]::new() } }
        @{ Name = 'a token with a blank'; Token = 'Bearer abc' }
        @{ Name = 'a token with a NUL'; Token = "abc`0def" }
        @{ Name = 'a token that is not ASCII'; Token = 'abcü' }
        @{ Name = 'a proxy that is no address'; Arguments = @{ Proxy = 'no/address' } }
        @{ Name = 'credentials without a proxy'; Arguments = @{ ProxyCredential = [pscredential]::new('u', [securestring]::new()) } }
    ) {
        Connect-Emulator
        $global:Error.Clear()
        $all = @{ AccessToken = Get-Token $(if ($Token) { $Token } else { 'abc' }) }
        foreach ($name in $Arguments.Keys) { $all[$name] = $Arguments[$name] }
        $caught = $null
        try { Connect-MgDeviceImage @all } catch { $caught = $_ }
        $caught.FullyQualifiedErrorId | Should -BeExactly 'InvalidArgument,Connect-MgDeviceImage'
        $caught.Exception | Should -BeOfType ([System.ArgumentException])
        $caught.Exception.Message | Should -Not -Match 'abc'
        $global:Error.Count | Should -Be 1
        (Get-MgDeviceImageContext).GraphEndpoint | Should -BeExactly $Emulator.Endpoint
    }

    It 'is not made with a token that has expired, and stays as it was' {
        Connect-Emulator
        $global:Error.Clear()
        $claims = [System.Convert]::ToBase64String([System.Text.Encoding]::UTF8.GetBytes('{"exp":1000000000}')).TrimEnd('=')
        $caught = $null
        try { Connect-MgDeviceImage -AccessToken (Get-Token "e30.$claims.c2ln") } catch { $caught = $_ }
        $caught.FullyQualifiedErrorId | Should -BeExactly 'TokenUnavailable,Connect-MgDeviceImage'
        $caught.Exception.Message | Should -BeExactly 'The access token expired on Sun, 09 Sep 2001 01:46:40 GMT, and there is no other one.'
        $global:Error.Count | Should -Be 1
        (Get-MgDeviceImageContext).GraphEndpoint | Should -BeExactly $Emulator.Endpoint
    }

    It 'is not made by -<Switch>:$false' -ForEach @(
        @{ Switch = 'Identity' }
        @{ Switch = 'EnvironmentVariable' }
        @{ Switch = 'UseDeviceCode' }
        @{ Switch = 'AzureCli' }
    ) {
        $global:Error.Clear()
        # No endpoint, so that no way to sign in could get anywhere.
        $arguments = @{ $Switch = $false; GraphEndpoint = 'graph.example' }
        $caught = $null
        try { Connect-MgDeviceImage @arguments } catch { $caught = $_ }
        $caught.FullyQualifiedErrorId | Should -BeExactly 'InvalidArgument,Connect-MgDeviceImage'
        $caught.Exception.Message | Should -BeLike "$Switch is `$false*"
        $global:Error.Count | Should -Be 1
    }

    It 'takes a token of thousands of characters' {
        Connect-MgDeviceImage -AccessToken (Get-Token ('a' * 8000)) -GraphEndpoint $Emulator.Endpoint
        $null = Update-Image -CloudPcDeviceImageId img-1 -Version 1 2>&1
        (Get-Request).Headers['authorization'] | Should -BeExactly ('Bearer ' + 'a' * 8000)
    }

    It 'sends through a proxy: that of the session, and that of one update' {
        Connect-MgDeviceImage -AccessToken (Get-Token) -GraphEndpoint 'http://127.0.0.1:9' -Proxy $Emulator.Endpoint -ProxyCredential ([pscredential]::new('ü', (Get-Token 'pä:ss')))
        $null = Update-Image -CloudPcDeviceImageId img-1 -Version 1 2>&1
        $first = @(Get-Request)[0]
        $first.Target | Should -BeLike 'http://127.0.0.1:9/*'
        $first.Headers['proxy-authorization'] | Should -BeExactly ('Basic ' + [System.Convert]::ToBase64String([System.Text.Encoding]::UTF8.GetBytes('ü:pä:ss')))

        Connect-MgDeviceImage -AccessToken (Get-Token) -GraphEndpoint 'http://127.0.0.1:9'
        $null = Update-Image -CloudPcDeviceImageId img-1 -Version 1 -Proxy $Emulator.Endpoint 2>&1
        @(Get-Request)[1].Target | Should -BeLike 'http://127.0.0.1:9/*'
    }

    It 'takes the empty credential for none' {
        $none = [pscredential]::Empty
        Connect-MgDeviceImage -AccessToken (Get-Token) -GraphEndpoint 'http://127.0.0.1:9' -Proxy $Emulator.Endpoint -ProxyCredential $none
        $null = Update-Image -CloudPcDeviceImageId img-1 -Version 1 2>&1
        $null = Update-Image -CloudPcDeviceImageId img-1 -Version 1 -Proxy $Emulator.Endpoint -ProxyCredential $none 2>&1
        $requests = @(Get-Request)
        $requests.Target | Should -BeLike 'http://127.0.0.1:9/*'
        $requests.Count | Should -Be 2
        $requests.Headers.Keys | Should -Not -Contain 'proxy-authorization'
        Connect-Emulator -ProxyCredential $none
        (Update-Image -CloudPcDeviceImageId img-1 -Version 1 -ProxyCredential $none).Id | Should -BeExactly 'img-1'
    }
}
