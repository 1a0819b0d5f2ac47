# Which image is updated and with what: identities and bodies by name and from the pipeline, and the errors of the binder.

Describe 'Binding' {
    BeforeAll {
        . $PSScriptRoot/Emulator.ps1
        Import-Module $ModulePath -Force
        Start-Emulator
        Connect-Emulator
        Set-Alias Update-Image Update-MgDeviceManagementVirtualEndpointDeviceImage

        class ForeignIdentity {
            [string] $CloudPcDeviceImageId = 'img-1'
        }

        # What went out, a line for each request: the id and the body.
        function Get-Sent {
            (Get-Request | ForEach-Object { "$([System.IO.Path]::GetFileName($_.Target)) $($_.Body)" }) -join "`n"
        }
    }
    BeforeEach {
        Reset-Emulator
    }
    AfterAll {
        Disconnect-MgDeviceImage
        Stop-Emulator
    }

    It 'sends <Sent> for <Call>' -ForEach @(
        # Identities
        @{ Call = { Update-Image -InputObject @{ cloudpcdeviceimageid = 'img-1' } -DisplayName x }; Sent = 'img-1 {"displayName":"x"}' }
        @{ Call = { Update-Image -InputObject @{ Id = 'img-1' } -DisplayName x }; Sent = 'img-1 {"displayName":"x"}' }
        @{ Call = { Update-Image -InputObject @{ CloudPcDeviceImageId = $null; id = 'img-1' } -DisplayName x }; Sent = 'img-1 {"displayName":"x"}' }
        @{ Call = { Update-Image -InputObject @{ CloudPcDeviceImageId = [System.DBNull]::Value; Id = 'img-1' } -DisplayName x }; Sent = 'img-1 {"displayName":"x"}' }
        @{ Call = { Update-Image -InputObject @{ CloudPcDeviceImageId = 'img-1'; Id = 'img-2' } -DisplayName x }; Sent = 'img-1 {"displayName":"x"}' }
        @{ Call = { Update-Image -InputObject ([ordered] @{ Id = 'img-1' }) -DisplayName x }; Sent = 'img-1 {"displayName":"x"}' }
        @{ Call = { Update-Image -InputObject ([pscustomobject] @{ CloudPcDeviceImageId = 'img-1' }) -DisplayName x }; Sent = 'img-1 {"displayName":"x"}' }
        @{ Call = { Update-Image -InputObject ([ForeignIdentity]::new()) -DisplayName x }; Sent = 'img-1 {"displayName":"x"}' }
        @{ Call = { Update-Image -InputObject @{ Id = 5 } -DisplayName x -ErrorAction SilentlyContinue }; Sent = '5 {"displayName":"x"}' }
        @{ Call = { [pscustomobject] @{ CloudPcDeviceImageId = 'img-1' } | Update-Image -DisplayName x }; Sent = 'img-1 {"displayName":"x"}' }
        @{ Call = { [ordered] @{ CloudPcDeviceImageId = 'img-1' } | Update-Image -DisplayName x }; Sent = 'img-1 {"displayName":"x"}' }
        @{ Call = { $d = [System.Collections.Generic.Dictionary[string, object]]::new(); $d['ID'] = 'img-1'; , $d | Update-Image -DisplayName x }; Sent = 'img-1 {"displayName":"x"}' }
        @{ Call = { [ForeignIdentity]::new() | Update-Image -DisplayName x }; Sent = 'img-1 {"displayName":"x"}' }
        @{ Call = { [Microsoft.Graph.PowerShell.Models.DeviceManagementAdministrationIdentity] @{ CloudPcDeviceImageId = 'img-1' } | Update-Image -DisplayName x }; Sent = 'img-1 {"displayName":"x"}' }
        @{ Call = { [Microsoft.Graph.PowerShell.Models.DeviceManagementAdministrationIdentity] @{ CloudPcDeviceImageId = 'img-1' } | Update-Image }; Sent = 'img-1 {}' }
        @{ Call = { [Microsoft.Graph.PowerShell.Models.MicrosoftGraphCloudPcDeviceImage] @{ Id = 'img-1'; DisplayName = 'old' } | Update-Image -DisplayName new }; Sent = 'img-1 {"displayName":"new"}' }
        @{ Call = { '{"id":"img-1","displayName":"old"}' | ConvertFrom-Json | Update-Image -DisplayName new }; Sent = 'img-1 {"displayName":"new"}' }
        @{ Call = { @{ Id = 'img-1' }, [pscustomobject] @{ Id = 'img-2' }, @{ CloudPcDeviceImageId = 'img-3' } | Update-Image -Version 2 }; Sent = "img-1 {`"version`":`"2`"}`nimg-2 {`"version`":`"2`"}`nimg-3 {`"version`":`"2`"}" }
        @{ Call = { @() | Update-Image -Version 2 }; Sent = '' }

        # Bodies from the pipeline
        @{ Call = { @{ version = 1 }, $null, @{ version = 2 } | Update-Image -CloudPcDeviceImageId img-1 -ErrorAction SilentlyContinue }; Sent = "img-1 {`"version`":`"1`"}`nimg-1 {`"version`":`"2`"}" }
        @{ Call = { $null | Update-Image -CloudPcDeviceImageId img-1 -Version 1 }; Sent = 'img-1 {"version":"1"}' }
        @{ Call = { @{ version = 1 }, @{ version = 2 } | Update-Image -CloudPcDeviceImageId img-1 }; Sent = "img-1 {`"version`":`"1`"}`nimg-1 {`"version`":`"2`"}" }
        @{ Call = { '{"version":"1"}' | Update-Image -CloudPcDeviceImageId img-1 }; Sent = 'img-1 {"version":"1"}' }
        @{ Call = { [ordered] @{ version = 1 } | Update-Image -CloudPcDeviceImageId img-1 -Headers @{ 'x-ms-a' = 'b' } }; Sent = 'img-1 {"version":"1"}' }
        @{ Call = { [Microsoft.Graph.PowerShell.Models.MicrosoftGraphCloudPcDeviceImage] @{ Version = '1' } | Update-Image -CloudPcDeviceImageId img-1 }; Sent = 'img-1 {"version":"1"}' }
        @{ Call = { @{ version = 1 } | Update-Image -InputObject @{ Id = 'img-1' } }; Sent = 'img-1 {"version":"1"}' }
        @{ Call = { @{ Id = 'img-2' } | Update-Image -BodyParameter @{ version = 1 } }; Sent = 'img-2 {"version":"1"}' }

        # One object that is both
        @{ Call = { @{ CloudPcDeviceImageId = 'img-1'; version = 1 } | Update-Image }; Sent = 'img-1 {"version":"1"}' }
        @{ Call = { @{ CloudPcDeviceImageId = 'img-1' } | Update-Image }; Sent = 'img-1 {}' }
        @{ Call = { [pscustomobject] @{ Id = 'img-1'; Version = 1 } | Update-Image }; Sent = 'img-1 {"id":"img-1","version":"1"}' }

        # A piped dictionary is not the headers, and a named body wins
        @{ Call = { @{ version = 1 } | Update-Image -CloudPcDeviceImageId img-1 -DisplayName x }; Sent = 'img-1 {"displayName":"x"}' }
        @{ Call = { @{ version = 1 } | Update-Image -CloudPcDeviceImageId img-1 -AdditionalProperties @{ a = 1 } }; Sent = 'img-1 {"a":1}' }
        @{ Call = { @{ version = 1 } | Update-Image -CloudPcDeviceImageId img-1 -BodyParameter @{ version = 2 } }; Sent = 'img-1 {"version":"2"}' }
    ) {
        $null = & $Call
        Get-Sent | Should -BeExactly $Sent
        foreach ($request in Get-Request) {
            $request.Headers.Keys | Where-Object { $_ -in 'Id', 'CloudPcDeviceImageId', 'version' } | Should -BeNullOrEmpty -Because 'an object of the pipeline is no header'
        }
    }

    It 'refuses a body from the pipeline that is null' {
        $global:Error.Clear()
        $written = $null | Update-Image -CloudPcDeviceImageId img-1 2>&1
        $written.FullyQualifiedErrorId | Should -BeLike 'InvalidArgument,*'
        $written.Exception.Message | Should -BeLike '*piped*null*'
        $global:Error.Count | Should -Be 1
        Get-Request | Should -BeNullOrEmpty
    }

    It 'asks for each identity of a pipeline' {
        $asked = @{ Id = 'img-1' }, @{ Id = 'img-2' } | Update-Image -Version 2 -WhatIf -Verbose 4>&1
        @($asked).Count | Should -Be 2
    }

    It 'goes on with the next object where one fails' {
        $written = @{ Id = 'img-1' }, @{ Id = 'no-image' }, @{ Id = 'img-3' } | Update-Image -Version 2 2>&1
        $written[0].Id | Should -BeExactly 'img-1'
        $written[1].FullyQualifiedErrorId | Should -BeLike 'ResourceNotFound,*'
        $written[2].Id | Should -BeExactly 'img-3'
    }

    It 'ends with an error for <Call>' -ForEach @(
        @{ Call = { Update-Image -InputObject @{} -DisplayName x }; Id = 'InvalidArgument'; Message = 'InputObject has null value for InputObject.CloudPcDeviceImageId' }
        @{ Call = { Update-Image -InputObject ([Microsoft.Graph.PowerShell.Models.DeviceManagementAdministrationIdentity]::new()) -DisplayName x }; Id = 'InvalidArgument'; Message = 'InputObject has null value for InputObject.CloudPcDeviceImageId' }
        @{ Call = { [pscustomobject] @{ Name = 'x' } | Update-Image -DisplayName x }; Id = 'InvalidArgument'; Message = 'InputObject has null value for InputObject.CloudPcDeviceImageId' }
        @{ Call = { Update-Image -InputObject $null -DisplayName x }; Id = 'ParameterArgumentValidationErrorNullNotAllowed'; Message = "*'InputObject'*" }
        @{ Call = { Update-Image -InputObject 'img-1' -DisplayName x }; Id = 'ParameterArgumentTransformationError'; Message = "*'InputObject'*" }
        @{ Call = { Update-Image -InputObject @{ Id = @(1, 2) } -DisplayName x }; Id = 'ParameterArgumentTransformationError'; Message = '*Id*' }
        @{ Call = { Update-Image -CloudPcDeviceImageId '' -DisplayName x }; Id = 'ParameterArgumentValidationErrorEmptyStringNotAllowed'; Message = "*'CloudPcDeviceImageId'*" }
        @{ Call = { Update-Image -CloudPcDeviceImageId $null -DisplayName x }; Id = 'ParameterArgumentValidationErrorEmptyStringNotAllowed'; Message = "*'CloudPcDeviceImageId'*" }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -InputObject @{ Id = 'img-1' } }; Id = 'AmbiguousParameterSet'; Message = '*' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -DisplayName x -BodyParameter @{} }; Id = 'AmbiguousParameterSet'; Message = '*' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 x }; Id = 'PositionalParameterNotFound'; Message = '*' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -NoSuchParameter x }; Id = 'NamedParameterNotFound'; Message = '*NoSuchParameter*' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -ResponseHeadersVariable 'a:b' }; Id = 'ParameterArgumentValidationError'; Message = '*a:b*' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -RHV '$a' }; Id = 'ParameterArgumentValidationError'; Message = '*$a*' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -Headers 'a' }; Id = 'ParameterArgumentTransformationError', 'CannotConvertArgumentNoMessage'; Message = "*'Headers'*" }
    ) {
        $global:Error.Clear()
        $caught = $null
        try { & $Call } catch { $caught = $_ }
        $caught | Should -Not -BeNullOrEmpty
        $caught.FullyQualifiedErrorId.Split(',')[0] | Should -BeIn $Id
        $caught.Exception.Message | Should -BeLike $Message
        $caught.CategoryInfo.Category | Should -BeIn @('InvalidArgument', 'InvalidData')
        $global:Error.Count | Should -Be 1 -Because 'one failure is one record'
        Get-Request | Should -BeNullOrEmpty
    }

    It 'works in a function that the engine makes of it, with the conversions that the engine has' {
        $proxy = [scriptblock]::Create([System.Management.Automation.ProxyCommand]::Create((Get-Command Update-MgDeviceManagementVirtualEndpointDeviceImage)))
        $null = & $proxy -CloudPcDeviceImageId img-1 -DisplayName ([NullString]::Value) -Status $null -ExpirationDate 2030-12-31
        $null = @{ version = '1' } | & $proxy -CloudPcDeviceImageId img-1
        (Get-Request).Body | Should -Be @('{"displayName":null,"expirationDate":"2030-12-31","status":""}', '{"version":"1"}')
    }

    It 'leaves objects that fit nowhere to the engine' {
        $written = [pscustomobject] @{ a = 1 } | Update-Image -CloudPcDeviceImageId img-1 -DisplayName x 2>&1
        $written.FullyQualifiedErrorId | Should -BeLike 'InputObjectNotBound,*'
        Get-Request | Should -BeNullOrEmpty
    }

    It 'refuses the ids <_>, which would lead elsewhere' -ForEach '.', '..' {
        $written = Update-Image -CloudPcDeviceImageId $_ -DisplayName x 2>&1
        $written.FullyQualifiedErrorId | Should -BeLike 'InvalidArgument,*'
        Get-Request | Should -BeNullOrEmpty
    }

    It 'takes every id as one path segment' {
        $null = Update-Image -CloudPcDeviceImageId " ~a%2F/../`u{0}b" -DisplayName x 2>&1
        (Get-Request).Target | Should -BeExactly '/v1.0/deviceManagement/virtualEndpoint/deviceImages/%20~a%252F%2F..%2F%00b'
    }

    It 'takes an id of invisible characters for what it is: <_>' -ForEach '%C2%AD', '.%E2%80%8B', '%7F' {
        $null = Update-Image -CloudPcDeviceImageId ([uri]::UnescapeDataString($_)) -Version 1 -ErrorAction SilentlyContinue
        (Get-Request).Target | Should -BeLike "*/deviceImages/$_"
    }

    It 'refuses an id that is not Unicode' {
        $written = Update-Image -CloudPcDeviceImageId "a`u{d800}" -DisplayName x 2>&1
        $written.FullyQualifiedErrorId | Should -BeLike 'InvalidArgument,*'
        Get-Request | Should -BeNullOrEmpty
    }

    It 'sends headers by their string form, lists as several values' {
        $null = Update-Image -CloudPcDeviceImageId img-1 -Version 1 -Headers @{ 'x-ms-n' = 1.5; 'x-ms-l' = @('a', 2); 'x-ms-w' = (Write-Output w); 'x-ms-e' = ''; 'x-ms-u' = 'ü'; ConsistencyLevel = 'eventual' }
        $headers = (Get-Request).Headers
        $headers['x-ms-n'] | Should -BeExactly '1.5'
        $headers['x-ms-l'] | Should -Be @('a', '2')
        $headers['x-ms-w'] | Should -BeExactly 'w'
        $headers['x-ms-e'] | Should -BeExactly ''
        $headers['ConsistencyLevel'] | Should -BeExactly 'eventual'
    }

    It 'refuses the header <Name>, and sends nothing' -ForEach @(
        @{ Name = 'X-A'; Value = $null }
        @{ Name = 'X-A'; Value = [System.DBNull]::Value }
        @{ Name = 'X-A'; Value = @() }
        @{ Name = 'X-A'; Value = @('a', $null) }
        @{ Name = 'X-A'; Value = "a`u{0}b" }
        @{ Name = 'X-A'; Value = "a`u{d800}" }
        @{ Name = 'X A'; Value = 'a' }
        @{ Name = 'Content-Type'; Value = 'text/plain' }
        @{ Name = 'transfer-encoding'; Value = 'chunked' }
        @{ Name = 'Host'; Value = 'example.com' }
        @{ Name = 'Connection'; Value = 'close' }
        @{ Name = 'Proxy-Authorization'; Value = 'Basic x' }
    ) {
        $written = Update-Image -CloudPcDeviceImageId img-1 -Version 1 -Headers @{ $Name = $Value } 2>&1
        $written.FullyQualifiedErrorId | Should -BeLike 'InvalidHeader,*'
        $written.Exception.Message | Should -BeLike "*$Name*"
        Get-Request | Should -BeNullOrEmpty
    }
}
