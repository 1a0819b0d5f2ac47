# The body that goes out, for parameters and for every form of -BodyParameter.

Describe 'The body' {
    BeforeAll {
        . $PSScriptRoot/Emulator.ps1
        Import-Module $ModulePath -Force
        Start-Emulator
        Connect-Emulator
        Set-Alias Update-Image Update-MgDeviceManagementVirtualEndpointDeviceImage

        # An object of another module that has the image's properties.
        class ForeignImage {
            [string] $Id = 'img-1'
            [string] $DisplayName = 'x'
            [string] $Version
            [System.Nullable[datetime]] $ExpirationDate = [datetime]::new(2030, 12, 31)
            [System.Collections.Generic.Dictionary[string, object]] $AdditionalProperties = @{}
            [object] $Irrelevant = 1
        }
    }
    BeforeEach {
        Reset-Emulator
    }
    AfterAll {
        Disconnect-MgDeviceImage
        Stop-Emulator
    }

    It 'of <Call> is <Body>' -ForEach @(
        # Texts, and what is no text
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -OSBuildNumber 19045 -Version 1.5 }; Body = '{"osBuildNumber":"19045","version":"1.5"}' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -DisplayName $true }; Body = '{"displayName":"True"}' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -Status notYetKnown }; Body = '{"status":"notYetKnown"}' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -DisplayName (Write-Output wrapped) }; Body = '{"displayName":"wrapped"}' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -Version nullarray -Status '' }; Body = '{"status":"","version":"nullarray"}' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -Id $null -ErrorCode $null -OSStatus $null -OperatingSystem $null -OSBuildNumber $null -SourceImageResourceId $null -Status $null -Version $null }
            Body = '{"id":null,"errorCode":null,"operatingSystem":null,"osBuildNumber":null,"osStatus":null,"sourceImageResourceId":null,"status":null,"version":null}' }

        # Dates
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -ExpirationDate '2024-03-01T23:59:59Z' }; Body = '{"expirationDate":"2024-03-01"}' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -ExpirationDate '2024-03-01T00:30:00+14:00' }; Body = '{"expirationDate":"2024-03-01"}' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -ExpirationDate '9999-12-31T23:59:59-05:00' }; Body = '{"expirationDate":"9999-12-31"}' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -ExpirationDate '0001-01-01T00:00:00+05:00' }; Body = '{"expirationDate":"0001-01-01"}' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -ExpirationDate '03/01/2024' }; Body = '{"expirationDate":"2024-03-01"}' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -ExpirationDate ([System.DateTimeOffset] '2024-03-01T23:00:00-11:00') }; Body = '{"expirationDate":"2024-03-01"}' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -ExpirationDate ([System.DateOnly]::new(2024, 3, 1)) }; Body = '{"expirationDate":"2024-03-01"}' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -ExpirationDate ([datetime]::new(2030, 12, 31).Ticks) }; Body = '{"expirationDate":"2030-12-31"}' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -ExpirationDate ([datetime]::new(1, 1, 1)) }; Body = '{"expirationDate":"0001-01-01"}' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -LastModifiedDateTime '2024-01-01T01:00:00+02:00' }; Body = '{"lastModifiedDateTime":"2023-12-31T23:00:00.0000000Z"}' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -LastModifiedDateTime ([System.DateTimeOffset] '2024-01-01T01:00:00+02:00') }; Body = '{"lastModifiedDateTime":"2023-12-31T23:00:00.0000000Z"}' }

        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -LastModifiedDateTime '2024-12-31T23:59:59.999999999Z' }; Body = '{"lastModifiedDateTime":"2024-12-31T23:59:59.9999999Z"}' }

        # Additional properties
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -AdditionalProperties ([ordered] @{ '@odata.type' = '#t'; b = 1; a = 2 }) -Version 1 }; Body = '{"@odata.type":"#t","b":1,"a":2,"version":"1"}' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -AdditionalProperties @{ ExpirationDate = $null } -Version 1 }; Body = '{"expirationDate":null,"version":"1"}' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -AdditionalProperties @{ '@odata.id' = 'x' } }; Body = '{"@odata.id":"x"}' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -AdditionalProperties @{} }; Body = '{}' }

        # -BodyParameter
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -BodyParameter @{} }; Body = '{}' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -BodyParameter '{}' }; Body = '{}' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -BodyParameter ([ordered] @{ z = 1; Status = 'ready'; a = 2 }) }; Body = '{"z":1,"a":2,"status":"ready"}' }
        @{ Call = { $d = [System.Collections.Generic.Dictionary[string, object]]::new(); $d['displayNAME'] = 'x'; Update-Image -CloudPcDeviceImageId img-1 -BodyParameter $d }; Body = '{"displayName":"x"}' }
        @{ Call = { $e = [System.Dynamic.ExpandoObject]::new(); $e.displayName = 'x'; Update-Image -CloudPcDeviceImageId img-1 -BodyParameter $e }; Body = '{"displayName":"x"}' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -BodyParameter ([pscustomobject] @{ displayName = $null; x = @{ y = 1 } }) }; Body = '{"x":{"y":1},"displayName":null}' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -BodyParameter ('{"displayName":"x","n":1.5,"l":[]}' | ConvertFrom-Json) }; Body = '{"n":1.5,"l":[],"displayName":"x"}' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -BodyParameter ' { "displayName" : "\u00fc\/" , "n" : 1.50, "o" : { "a" : [ ] } } ' }; Body = '{"n":1.50,"o":{"a":[]},"displayName":"ü/"}' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -BodyParameter '{"osBuildNumber":19045,"version":null,"displayName":true}' }; Body = '{"displayName":"True","osBuildNumber":"19045","version":null}' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -BodyParameter @{ osBuildNumber = 19045; displayName = $true } }; Body = '{"displayName":"True","osBuildNumber":"19045"}' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -BodyParameter ([ForeignImage]::new()) }; Body = '{"id":"img-1","displayName":"x","expirationDate":"2030-12-31"}' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -BodyParameter ([Microsoft.Graph.PowerShell.Models.MicrosoftGraphCloudPcDeviceImage] @{ Version = '1'; AdditionalProperties = @{ '@odata.context' = 'c'; '@odata.type' = '#t' } }) }; Body = '{"@odata.type":"#t","version":"1"}' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -BodyParameter ([Microsoft.Graph.PowerShell.Models.MicrosoftGraphCloudPcDeviceImage]::new()) }; Body = '{}' }
        @{ Call = { [Microsoft.Graph.PowerShell.Models.MicrosoftGraphCloudPcDeviceImage]::new() | Update-Image -CloudPcDeviceImageId img-1 }; Body = '{}' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -BodyParameter ([Microsoft.Graph.PowerShell.Models.MicrosoftGraphCloudPcDeviceImage] @{ AdditionalProperties = @{} }) }; Body = '{}' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -BodyParameter @{ '@odata.context' = 'c'; '@odata.etag' = 'e'; '@odata.type' = '#t' } }; Body = '{"@odata.type":"#t"}' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -BodyParameter @{ CloudPcDeviceImageId = 'i' } }; Body = '{"CloudPcDeviceImageId":"i"}' }

        @{ Call = { $c = [System.Collections.Specialized.NameValueCollection]::new(); $c.Add('x', '1'); $c.Add('displayName', 'n'); Update-Image -CloudPcDeviceImageId img-1 -BodyParameter $c }; Body = '{"x":"1","displayName":"n"}' }

        # AdditionalProperties in -BodyParameter: their entries are members
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -BodyParameter @{ displayName = 'x'; AdditionalProperties = @{ '@odata.type' = '#t'; '@odata.etag' = 'e' } } }; Body = '{"@odata.type":"#t","displayName":"x"}' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -BodyParameter ([pscustomobject] @{ AdditionalProperties = $null; Version = '1' }) }; Body = '{"version":"1"}' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -BodyParameter '{"additionalProperties":{"@odata.context":"c","a":[1]},"version":"1"}' }; Body = '{"a":[1],"version":"1"}' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -BodyParameter @{ x = @{ AdditionalProperties = @{ a = 1 } } } }; Body = '{"x":{"AdditionalProperties":{"a":1}}}' }

        # Names that differ in invisible characters alone
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -BodyParameter "{`"additionalProperties`u{ad}`":{},`"@odata.type`u{200b}`":1,`"displayName`u{ad}`":2}" }; Body = "{`"additionalProperties`u{ad}`":{},`"displayName`u{ad}`":2}" }
        @{ Call = { [ordered] @{ id = 'img-1'; "CloudPcDeviceImageId`u{ad}" = 'img-2' } | Update-Image }; Body = "{`"CloudPcDeviceImageId`u{ad}`":`"img-2`",`"id`":`"img-1`"}" }

        # JSON that .NET read or made
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -BodyParameter ([System.Text.Json.JsonDocument]::Parse('{"version":"1","x":1.50}')) }; Body = '{"x":1.50,"version":"1"}' }
        @{ Call = { $n = [System.Text.Json.Nodes.JsonNode]::Parse('{"status":null,"l":[1]}'); $n['displayName'] = [System.Text.Json.Nodes.JsonValue]::Create('x'); Update-Image -CloudPcDeviceImageId img-1 -BodyParameter $n }; Body = '{"l":[1],"displayName":"x","status":null}' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -AdditionalProperties @{ displayName = [System.Text.Json.Nodes.JsonValue]::Create('x') } }; Body = '{"displayName":"x"}' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -BodyParameter @{ displayName = [System.Text.Json.JsonDocument]::Parse('"x"') } }; Body = '{"displayName":"x"}' }
        @{ Call = { Update-Image -InputObject ([System.Text.Json.Nodes.JsonNode]::Parse('{"id":"img-1"}')) -Version 1 }; Body = '{"version":"1"}' }
        @{ Call = { Update-Image -InputObject ([System.Text.Json.JsonDocument]::Parse('{"CloudPcDeviceImageId":null,"id":"img-1"}')) -Version 1 }; Body = '{"version":"1"}' }

        # Dates in -BodyParameter
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -BodyParameter @{ lastModifiedDateTime = '2024-07-01T12:00:00' } }; Body = '{"lastModifiedDateTime":"2024-07-01T12:00:00.0000000Z"}' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -BodyParameter '{"lastModifiedDateTime":"2024-07-01T12:00:00"}' }; Body = '{"lastModifiedDateTime":"2024-07-01T12:00:00.0000000Z"}' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -BodyParameter '{"lastModifiedDateTime":"2024-07-01","expirationDate":"2024-07-01T23:00:00-11:00"}' }; Body = '{"expirationDate":"2024-07-01","lastModifiedDateTime":"2024-07-01T00:00:00.0000000Z"}' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -BodyParameter @{ expirationDate = '9999-12-31T23:59:59-05:00' } }; Body = '{"expirationDate":"9999-12-31"}' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -BodyParameter '{"expirationDate":"0001-01-01T00:00:00+05:00"}' }; Body = '{"expirationDate":"0001-01-01"}' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -BodyParameter @{ expirationDate = [System.DateOnly]::new(2024, 3, 1) } }; Body = '{"expirationDate":"2024-03-01"}' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -BodyParameter @{ lastModifiedDateTime = '2024-12-31T23:59:59.999999999Z' } }; Body = '{"lastModifiedDateTime":"2024-12-31T23:59:59.9999999Z"}' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -BodyParameter @{ expirationDate = [datetime]::new(2024, 3, 1, 23, 59, 59, [System.DateTimeKind]::Utc) } }; Body = '{"expirationDate":"2024-03-01"}' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -BodyParameter @{ lastModifiedDateTime = [datetime]::new(638400000001234567, [System.DateTimeKind]::Utc) } }; Body = '{"lastModifiedDateTime":"2024-01-04T21:20:00.1234567Z"}' }
    ) {
        $null = & $Call
        (Get-Request).Body | Should -BeExactly $Body
    }

    It 'is what the service answered before, when that is sent back' {
        $image = Update-Image -CloudPcDeviceImageId img-1 -Version 2
        Reset-Emulator
        $null = Update-Image -CloudPcDeviceImageId img-2 -BodyParameter $image
        $body = (Get-Request).Body | ConvertFrom-Json -AsHashtable
        $body.Contains('@odata.context') | Should -BeFalse
        $body.id | Should -BeExactly 'img-1'
        $body.version | Should -BeExactly '2'
        $body.expirationDate | Should -BeExactly $image.ExpirationDate.ToString('yyyy-MM-dd')
        $body.Contains('errorCode') | Should -BeFalse -Because 'an object cannot say that a member without a value is null'
    }

    It 'has the date that the text names, in the time zone <_>' -ForEach 'Pacific/Kiritimati', 'Europe/Berlin', 'Pacific/Pago_Pago' {
        $run = Invoke-Pwsh @"
$ConnectScript
foreach (`$text in '12/31/30 23:59:59Z', '12/31/30 00:00:01 +00:00', '31 Dec 30 11:59:59 PM GMT', '2030-12-31T23:59:59Z', '2030-12-31', '12/31/30') {
    `$null = Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId img-1 -ExpirationDate `$text
}
"@ @{ TZ = $_ }
        $run.Error | Should -BeNullOrEmpty
        (Get-Request).Body | Should -Be (@('{"expirationDate":"2030-12-31"}') * 6)
    }

    It 'has the moment at which a date begins here' {
        $run = Invoke-Pwsh @"
$ConnectScript
`$date = [System.DateOnly]::new(2024, 3, 1)
`$null = Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId img-1 -LastModifiedDateTime `$date
`$null = Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId img-1 -BodyParameter @{ lastModifiedDateTime = `$date }
`$null = Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId img-1 -LastModifiedDateTime `$date.ToDateTime([System.TimeOnly]::MinValue)
"@ @{ TZ = 'Europe/Berlin' }
        $run.Error | Should -BeNullOrEmpty
        (Get-Request).Body | Should -Be (@('{"lastModifiedDateTime":"2024-02-29T23:00:00.0000000Z"}') * 3)
    }

    It 'says nothing of what the answer said of itself, once that is <Name>' -ForEach @(
        @{ Name = 'sent back'; Convert = { $_ }; Body = '{"@odata.type":"#t","displayName":"x"}' }
        @{ Name = 'deserialized'; Convert = { [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($_)) }; Body = '{"@odata.type":"#t","displayName":"x"}' }
        @{ Name = 'selected'; Convert = { Select-Object -InputObject $_ DisplayName, AdditionalProperties }; Body = '{"@odata.type":"#t","displayName":"x"}' }
        @{ Name = 'JSON'; Convert = { Select-Object -InputObject $_ DisplayName, AdditionalProperties | ConvertTo-Json }; Body = '{"@odata.type":"#t","displayName":"x"}' }
    ) {
        Add-Answer 200 '{"@odata.context":"c","@odata.type":"#t","@microsoft.graph.tips":"t","displayName":"x"}'
        $sent = Update-Image -CloudPcDeviceImageId img-1 -Version 1 | ForEach-Object $Convert
        Reset-Emulator
        $null = Update-Image -CloudPcDeviceImageId img-1 -BodyParameter $sent
        (Get-Request).Body | Should -BeExactly $Body
    }

    It 'does not depend on the culture <_>' -ForEach 'de-DE', 'tr-TR', 'ar-SA', 'th-TH' {
        $before = [cultureinfo]::CurrentCulture
        try {
            [cultureinfo]::CurrentCulture = $_
            $null = Update-Image -CloudPcDeviceImageId img-1 -BodyParameter @{ ID = 1.5; EXPIRATIONDATE = [datetime]::new(2030, 12, 31); LASTMODIFIEDDATETIME = [datetime]::new(2024, 1, 2, 3, 4, 5, [System.DateTimeKind]::Utc); DISPLAYNAME = 'ıİ' }
            (Get-Request).Body | Should -BeExactly '{"id":"1.5","displayName":"ıİ","expirationDate":"2030-12-31","lastModifiedDateTime":"2024-01-02T03:04:05.0000000Z"}'
        }
        finally {
            [cultureinfo]::CurrentCulture = $before
        }
    }

    It 'holds a text of a million characters' {
        $text = "größe`n" * 160000
        $null = Update-Image -CloudPcDeviceImageId img-1 -DisplayName $text
        (ConvertFrom-Json (Get-Request).Body).displayName -ceq $text | Should -BeTrue
    }

    It 'is not sent: <Call> is an error that names <Names>' -ForEach @(
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -BodyParameter @{ displayName = @('a', 'b') } }; Names = 'displayName' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -BodyParameter @{ version = @{ a = 1 } } }; Names = 'version' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -BodyParameter @{ STATUS = [pscustomobject] @{} } }; Names = 'status' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -BodyParameter '{"status":{}}' }; Names = 'status' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -BodyParameter @{ expirationDate = 5 } }; Names = 'expirationDate' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -BodyParameter @{ expirationDate = '2024-02-30' } }; Names = 'expirationDate' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -BodyParameter @{ lastModifiedDateTime = '' } }; Names = 'lastModifiedDateTime' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -BodyParameter @{ lastModifiedDateTime = '1.5' } }; Names = 'lastModifiedDateTime' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -BodyParameter @{ lastModifiedDateTime = '9999-12-31T23:59:59-05:00' } }; Names = 'lastModifiedDateTime must be *UTC' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -BodyParameter '{"lastModifiedDateTime":"0001-01-01T00:00:00+05:00"}' }; Names = 'lastModifiedDateTime must be *UTC' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -LastModifiedDateTime '0001-01-01T00:00:00+05:00' }; Names = 'LastModifiedDateTime*must be *UTC' }
        @{ Call = { $d = [System.Text.Json.JsonDocument]::Parse('{}'); $d.Dispose(); Update-Image -InputObject $d -Version 1 }; Names = 'InputObject cannot be read' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -BodyParameter '{"displayName":"a","DISPLAYNAME":"b"}' }; Names = 'displayName' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -BodyParameter '{"x":1,"x":2}' }; Names = 'x' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -BodyParameter @{ 5 = 'a' } }; Names = '5' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -BodyParameter @{ AdditionalProperties = 'a' } }; Names = 'AdditionalProperties' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -BodyParameter @{ version = 1; AdditionalProperties = @{ Version = 2 } } }; Names = 'version' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -BodyParameter '{"\ud800":1}' }; Names = 'name of a member is not Unicode' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -BodyParameter '{"a":' }; Names = 'BodyParameter' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -BodyParameter '"text"' }; Names = 'BodyParameter' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -BodyParameter '' }; Names = 'BodyParameter' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -BodyParameter 5 }; Names = 'BodyParameter' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -BodyParameter $null }; Names = 'BodyParameter' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -ExpirationDate soon }; Names = 'ExpirationDate' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -ExpirationDate $null }; Names = 'Cannot*ExpirationDate*' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -ExpirationDate 20301231 }; Names = 'ExpirationDate*must be a date, like*' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -LastModifiedDateTime 20301231235959 }; Names = 'LastModifiedDateTime*must be a date and time*' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -DisplayName @('a', 'b') }; Names = 'DisplayName' }
    ) {
        $global:Error.Clear()
        $caught = $null
        try { & $Call } catch { $caught = $_ }
        $caught | Should -Not -BeNullOrEmpty
        $caught.Exception | Should -BeOfType ([System.Management.Automation.ParameterBindingException])
        $caught.Exception.Message | Should -BeLike "*$Names*"
        $global:Error.Count | Should -Be 1 -Because 'one failure is one record'
        Get-Request | Should -BeNullOrEmpty
    }

    It 'is not sent: <Call> is an error record that names <Names>' -ForEach @(
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -DisplayName "a`u{d800}b" }; Names = 'displayName' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -BodyParameter "{`"x`":[`"`u{d83d}`"]}" }; Names = 'x`[0`]' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -BodyParameter '{"displayName":"\ud83d!"}' }; Names = 'displayName' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -AdditionalProperties @{ expirationDate = 'soon' } }; Names = 'expirationDate' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -Version 1 -AdditionalProperties @{ VERSION = $null } }; Names = 'version' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -BodyParameter '{"x":{"\ud800":1}}' }; Names = 'x holds a name that is not Unicode' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -BodyParameter ([pscustomobject] @{ version = 1 } | Add-Member ScriptProperty displayName { throw 'my reason' } -PassThru) }; Names = 'displayName cannot be read: my reason' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -BodyParameter ([ForeignImage]::new() | Add-Member ScriptProperty Status { throw 'my reason' } -PassThru) }; Names = 'status cannot be read: my reason' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -AdditionalProperties @{ x = @(1, ([pscustomobject] @{} | Add-Member ScriptProperty y { throw 'my reason' } -PassThru)) } }; Names = 'x`[1`].y cannot be read: my reason' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -BodyParameter @{ x = [System.Linq.Enumerable]::Select[int, int]([int[]] (1, 2), [System.Func[int, int]] { throw 'my reason' }) } }; Names = 'x cannot be read: my reason' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -BodyParameter @{ x = @{ y = [System.Collections.Immutable.ImmutableArray[int]]::new() } } }; Names = 'x.y cannot be read' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -BodyParameter @{ x = [System.Text.Json.JsonElement]::new() } }; Names = 'x cannot be read' }
        @{ Call = { $n = [System.Text.Json.Nodes.JsonObject]::new(); $n['a'] = [System.Text.Json.Nodes.JsonValue]::Create([double]::NaN); Update-Image -CloudPcDeviceImageId img-1 -BodyParameter $n }; Names = 'The body cannot be read' }
        @{ Call = { $n = [System.Text.Json.Nodes.JsonArray]::new(); $n.Add[object]([System.IO.FileInfo]::new('/')); Update-Image -CloudPcDeviceImageId img-1 -BodyParameter $n[0] }; Names = 'The body cannot be read' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -AdditionalProperties @{ displayName = [System.Text.Json.Nodes.JsonValue]::Create([double]::NaN) } }; Names = 'displayName cannot be read' }
        @{ Call = { $d = [System.Text.Json.JsonDocument]::Parse('{}'); $d.Dispose(); Update-Image -CloudPcDeviceImageId img-1 -BodyParameter $d }; Names = 'The body cannot be read' }
        @{ Call = { $h = @{}; $h.a = @{ b = $h }; Update-Image -CloudPcDeviceImageId img-1 -BodyParameter $h }; Names = 'a.b' }
        @{ Call = { @{ expirationDate = 'soon' } | Update-Image -CloudPcDeviceImageId img-1 }; Names = 'expirationDate' }
    ) {
        $global:Error.Clear()
        $written = & $Call 2>&1
        @($written).Count | Should -Be 1
        $written.FullyQualifiedErrorId | Should -BeLike 'InvalidBody,*'
        $written.CategoryInfo.Category | Should -Be 'InvalidArgument'
        $written.Exception | Should -BeOfType ([System.ArgumentException])
        $written.Exception.Message | Should -BeLike "*$Names*"
        $global:Error.Count | Should -Be 1 -Because 'one failure is one record'
        Get-Request | Should -BeNullOrEmpty
    }
}
