# What the command writes for the answers of the service.

Describe 'The output' {
    BeforeAll {
        . $PSScriptRoot/Emulator.ps1
        Import-Module $ModulePath -Force
        Start-Emulator
        Connect-Emulator

        function Update-Image {
            Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId img-1 -Version 2
        }
    }
    BeforeEach {
        Reset-Emulator
    }
    AfterAll {
        Disconnect-MgDeviceImage
        Stop-Emulator
    }

    It 'is one typed object with the members of the answer' {
        Add-Answer 200 @'
{"@odata.context":"c","id":"img-1","displayName":"Gold","errorCode":null,"expirationDate":"2030-12-31","lastModifiedDateTime":"2026-01-02T03:04:05.1234567Z",
"operatingSystem":"Windows 11 Enterprise","osBuildNumber":"24H2","osStatus":"supported","sourceImageResourceId":"/s","status":"ready","version":"2"}
'@
        $image = @(Update-Image)
        $image.Count | Should -Be 1
        $image = $image[0]
        $image | Should -BeOfType 'Microsoft.Graph.PowerShell.Models.MicrosoftGraphCloudPcDeviceImage'
        $image -is [Microsoft.Graph.PowerShell.Models.IMicrosoftGraphCloudPcDeviceImage] | Should -BeTrue
        $image.Id | Should -BeExactly 'img-1'
        $image.DisplayName | Should -BeExactly 'Gold'
        $null -eq $image.ErrorCode | Should -BeTrue
        $image.OperatingSystem | Should -BeExactly 'Windows 11 Enterprise'
        $image.OSBuildNumber | Should -BeExactly '24H2'
        $image.OSStatus | Should -BeExactly 'supported'
        $image.SourceImageResourceId | Should -BeExactly '/s'
        $image.Status | Should -BeExactly 'ready'
        $image.Version | Should -BeExactly '2'
        $image.ExpirationDate | Should -Be ([datetime]::new(2030, 12, 31))
        $image.ExpirationDate.Kind | Should -Be 'Unspecified'
        $image.LastModifiedDateTime | Should -Be ([datetime]::new(2026, 1, 2, 3, 4, 5, [System.DateTimeKind]::Utc).AddTicks(1234567))
        $image.LastModifiedDateTime.Kind | Should -Be 'Utc'
        $image.AdditionalProperties | Should -BeOfType ([System.Collections.Generic.Dictionary[string, object]])
        $image.AdditionalProperties.Keys | Should -Be '@odata.context'
    }

    It 'knows the members in any case' {
        Add-Answer 200 '{"ID":"a","DisplayNAME":"b"}'
        $image = Update-Image
        $image.Id | Should -BeExactly 'a'
        $image.DisplayName | Should -BeExactly 'b'
        $image.AdditionalProperties.Count | Should -Be 0
    }

    It 'converts a date with an offset to UTC' {
        Add-Answer 200 '{"lastModifiedDateTime":"2026-01-02T03:04:05+02:00"}'
        $image = Update-Image
        $image.LastModifiedDateTime | Should -Be ([datetime]::new(2026, 1, 2, 1, 4, 5))
        $image.LastModifiedDateTime.Kind | Should -Be 'Utc'
    }

    It 'keeps what it does not know in AdditionalProperties: <Json> is a <Type>' -ForEach @(
        @{ Json = '5'; Type = 'System.Int64'; Value = { 5 } }
        @{ Json = '-9223372036854775808'; Type = 'System.Int64'; Value = { [long]::MinValue } }
        @{ Json = '1.5'; Type = 'System.Double'; Value = { 1.5 } }
        @{ Json = '1E2'; Type = 'System.Double'; Value = { 100.0 } }
        @{ Json = 'true'; Type = 'System.Boolean'; Value = { $true } }
        @{ Json = '"2030-01-01T00:00:00Z"'; Type = 'System.String'; Value = { '2030-01-01T00:00:00Z' } }
    ) {
        Add-Answer 200 "{`"x`":$Json}"
        $seen = (Update-Image).AdditionalProperties['x']
        $seen.GetType().FullName | Should -BeExactly $Type
        $seen | Should -Be (& $Value)
    }

    It 'keeps objects as dictionaries, lists as arrays, null as null' {
        Add-Answer 200 '{"x":{"a":[1,{"b":null},[]],"A":"2"},"n":null}'
        $additional = (Update-Image).AdditionalProperties
        $additional['x'] | Should -BeOfType ([System.Collections.Generic.Dictionary[string, object]])
        $additional['x']['a'].GetType().FullName | Should -BeExactly 'System.Object[]'
        $additional['x']['a'].Count | Should -Be 3
        $additional['x']['a'][1].ContainsKey('b') | Should -BeTrue
        $additional['x']['a'][2].Count | Should -Be 0
        $additional['x']['A'] | Should -BeExactly '2'
        $additional.ContainsKey('n') | Should -BeTrue
    }

    It 'does not lose a member of an unexpected kind: <Json>' -ForEach @(
        @{ Json = '{"displayName":5}'; Name = 'displayName'; Value = 5 }
        @{ Json = '{"expirationDate":"soon"}'; Name = 'expirationDate'; Value = 'soon' }
        @{ Json = '{"status":true}'; Name = 'status'; Value = $true }
    ) {
        Add-Answer 200 $Json
        $image = Update-Image
        $null -eq $image.$Name | Should -BeTrue
        $image.AdditionalProperties[$Name] | Should -BeExactly $Value
    }

    It 'is nothing for <Name>' -ForEach @(
        @{ Name = '204'; Answer = { Add-Answer 204 } }
        @{ Name = 'an empty 200'; Answer = { Add-Fault @{ kind = 'empty200' } } }
        @{ Name = '202 without a body'; Answer = { Add-Answer 202 '' } }
    ) {
        & $Answer
        $global:Error.Clear()
        Update-Image 2>&1 | Should -BeNullOrEmpty
        $global:Error.Count | Should -Be 0
    }

    It 'is nothing where only a minimal answer is wanted' {
        Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId img-1 -Version 2 -Headers @{ Prefer = 'return=minimal' } | Should -BeNullOrEmpty
    }

    It 'is an object for an empty object and for 201' {
        Add-Answer 201 '{}'
        @(Update-Image).Count | Should -Be 1
    }

    It 'is an error for <Name>: the update was accepted, but its answer cannot be read' -ForEach @(
        @{ Name = 'a list'; Answer = { Add-Answer 200 '[]' } }
        @{ Name = 'a text'; Answer = { Add-Answer 200 'OK' } }
        @{ Name = 'half an object'; Answer = { Add-Answer 200 '{"id":' } }
        @{ Name = 'half an answer'; Answer = { Add-Fault @{ kind = 'truncate' } } }
    ) {
        & $Answer
        $written = Update-Image 2>&1
        @($written).Count | Should -Be 1
        $written.FullyQualifiedErrorId | Should -BeLike 'InvalidResponse,*'
        $written.Exception.Message | Should -BeLike '*accepted*'
    }

    It 'reads answers that are nested 64 levels deep' {
        Add-Answer 200 ('{"x":' + '[' * 64 + ']' * 64 + '}')
        (Update-Image).AdditionalProperties.Count | Should -Be 1
    }

    It 'reads an answer of a megabyte' {
        $text = 'ü' * 500000
        Add-Answer 200 "{`"displayName`":`"$text`"}"
        (Update-Image).DisplayName -ceq $text | Should -BeTrue
    }

    It 'prints as a table' {
        $lines = (Update-Image | Out-String -Width 200).Trim() -split '\r?\n'
        $lines[0] | Should -Match '^Id +DisplayName +Version +Status +OSStatus +OperatingSystem$'
        $lines[2] | Should -Match '^img-1 .* 2 +ready +supported +Windows 11 Enterprise$'
    }

    It 'prints every property as a list' {
        $text = Update-Image | Format-List | Out-String
        foreach ($name in 'Id', 'DisplayName', 'Version', 'Status', 'ErrorCode', 'OperatingSystem', 'OSBuildNumber', 'OSStatus', 'ExpirationDate', 'LastModifiedDateTime', 'SourceImageResourceId', 'AdditionalProperties') {
            $text | Should -Match "(?m)^$name +:"
        }
    }

    It 'comes before the next object is asked for' {
        $first = @{ Id = 'img-1' }, @{ Id = 'img-2' } | Update-MgDeviceManagementVirtualEndpointDeviceImage -Version 3 | Select-Object -First 1
        $first.Id | Should -BeExactly 'img-1'
        @(Get-Request).Count | Should -Be 1
    }
}
