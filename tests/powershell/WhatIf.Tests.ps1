# -WhatIf over several objects, secrets and steps. ShouldProcess.Tests.ps1 has the sentence itself and the preferences.

Describe '-WhatIf' {
    BeforeAll {
        . $PSScriptRoot/Emulator.ps1
        Import-Module $ModulePath -Force
        Start-Emulator
        Connect-Emulator
        Set-Alias Update-Image Update-MgDeviceManagementVirtualEndpointDeviceImage

        # The verbose lines of a call.
        function Get-Verbose([scriptblock] $Call) {
            & $Call 4>&1 | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] } | ForEach-Object Message
        }
    }
    BeforeEach {
        Reset-Emulator
    }
    AfterAll {
        Disconnect-MgDeviceImage
        Stop-Emulator
    }

    It 'speaks once for each object, before it looks at anything else' {
        $run = Invoke-Pwsh @'
Import-Module $Module
@{ Id = 'img-1' }, @{ Id = 'img-2' }, @{ Id = 'img-3' } | Update-MgDeviceManagementVirtualEndpointDeviceImage -Version 1 -WhatIf
# Each of these would be an error without -WhatIf.
Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId '..' -Version 1 -WhatIf
Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId img-1 -AdditionalProperties @{ x = [double]::NaN } -WhatIf
Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId img-1 -Headers @{ Host = 'x' } -WhatIf
"errors: $($Error.Count)"
'@ @{ MGDI_LIBRARY = '/no/such/library' }
        $lines = $run.Output -split '\r?\n'
        @($lines -like 'What if: *').Count | Should -Be 6
        $lines[-1] | Should -BeExactly 'errors: 0'
        $run.Error | Should -BeNullOrEmpty
    }

    It 'shows with -Verbose a line for each object' {
        $lines = Get-Verbose { @{ Id = 'img-1' }, @{ Id = 'img-2' } | Update-Image -Version 1 -WhatIf -Verbose }
        $address = "$($Emulator.Endpoint)/v1.0/deviceManagement/virtualEndpoint/deviceImages"
        $lines | Should -Be @("PATCH $address/img-1 {`"version`":`"1`"}", "PATCH $address/img-2 {`"version`":`"1`"}")
    }

    It 'shows the value of <_> nowhere' -ForEach 'access_token', 'client_secret', 'client_assertion', 'password', 'refresh_token' {
        $secret = $_
        $bodies = @(
            { Update-Image -CloudPcDeviceImageId img-1 -AdditionalProperties @{ $secret = 'planted' } -WhatIf -Verbose }
            { Update-Image -CloudPcDeviceImageId img-1 -AdditionalProperties @{ outer = @(@{ $secret = 'pl"anted' }) } -WhatIf -Verbose }
            { Update-Image -CloudPcDeviceImageId img-1 -BodyParameter "{`"$secret`":`"planted`",`"version`":`"2`"}" -WhatIf -Verbose }
            { Update-Image -CloudPcDeviceImageId img-1 -BodyParameter @{ $secret = 'planted' } -Headers @{ Authorization = 'planted' } -WhatIf -Verbose }
        )
        foreach ($body in $bodies) {
            $line = Get-Verbose $body
            $line | Should -BeLike "PATCH *$secret*"
            $line | Should -Not -Match 'anted'
        }
    }

    It 'says why there would be no request: <Names>' -ForEach @(
        @{ Call = { Update-Image -InputObject @{ Id = '' } -Version 1 -WhatIf -Verbose }; Names = 'id is empty' }
        @{ Call = { Update-Image -CloudPcDeviceImageId '.' -Version 1 -WhatIf -Verbose }; Names = 'id "." is refused' }
        @{ Call = { Update-Image -CloudPcDeviceImageId '..' -Version 1 -WhatIf -Verbose }; Names = 'id ".." is refused' }
        @{ Call = { Update-Image -CloudPcDeviceImageId "a`u{d800}" -Version 1 -WhatIf -Verbose }; Names = 'CloudPcDeviceImageId is not Unicode' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -AdditionalProperties @{ x = [double]::NaN } -WhatIf -Verbose }; Names = 'x holds' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -BodyParameter '{"x":[{"a":1,"a":2}]}' -WhatIf -Verbose }; Names = 'x`[0`] holds the name a twice' }
        @{ Call = { $null | Update-Image -CloudPcDeviceImageId img-1 -WhatIf -Verbose }; Names = 'piped' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -Headers @{ Host = 'x' } -WhatIf -Verbose }; Names = 'Host' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -Headers @{ 'X-A' = 'x', "y`n" } -WhatIf -Verbose }; Names = 'X-A' }
        @{ Call = { Update-Image -CloudPcDeviceImageId img-1 -Headers @{ 'X-A' = $null } -WhatIf -Verbose }; Names = 'X-A' }
    ) {
        $global:Error.Clear()
        $line = Get-Verbose $Call
        $line | Should -BeLike "The request cannot be sent: *$Names*"
        $global:Error.Count | Should -Be 0
        # The same call without -WhatIf is an error.
        $text = "$Call".Replace('-WhatIf -Verbose', '-ErrorAction SilentlyContinue -ErrorVariable problem; $problem')
        & ([scriptblock]::Create($text)) | Should -BeOfType ([System.Management.Automation.ErrorRecord])
        Get-Request | Should -BeNullOrEmpty
    }

    # The library refuses and accepts the same (tests/failures.rs).
    $table = [System.Text.Json.JsonDocument]::Parse([System.IO.File]::ReadAllText("$PSScriptRoot/../data/headers.json")).RootElement
    $refused, $accepted = foreach ($part in 'refused', 'accepted') {
        , @(foreach ($row in $table.GetProperty($part).EnumerateArray()) { @{ Row = $row.GetRawText(); Name = $row[0].GetString(); Value = $row[1].GetString() } })
    }

    It 'refuses the header <Row>' -ForEach $refused {
        Get-Verbose { Update-Image -CloudPcDeviceImageId img-1 -Headers @{ $Name = $Value } -WhatIf -Verbose } | Should -BeLike "The request cannot be sent: The header $Name *"
        (Update-Image -CloudPcDeviceImageId img-1 -Headers @{ $Name = $Value } 2>&1).FullyQualifiedErrorId | Should -BeLike 'InvalidHeader,*'
    }

    It 'accepts the header <Row>' -ForEach $accepted {
        Get-Verbose { Update-Image -CloudPcDeviceImageId img-1 -Headers @{ $Name = $Value } -WhatIf -Verbose } | Should -BeLike 'PATCH *'
    }

    It 'shows the request with headers of several values' {
        Get-Verbose { Update-Image -CloudPcDeviceImageId img-1 -Headers @{ 'x-ms-a' = 'ü', 'b'; Prefer = "a b" } -WhatIf -Verbose } | Should -BeLike 'PATCH *'
    }

    It 'calls no step' {
        $calls = [System.Collections.Generic.List[string]]::new()
        $step = { param($request, $callback, $next) $calls.Add('called'); $next.SendAsync($request, $callback) }.GetNewClosure()
        Update-Image -CloudPcDeviceImageId img-1 -Version 1 -HttpPipelinePrepend $step -HttpPipelineAppend $step -WhatIf
        $calls.Count | Should -Be 0
        $null = Update-Image -CloudPcDeviceImageId img-1 -Version 1 -HttpPipelineAppend $step
        $calls.Count | Should -Be 1
    }

    It 'is off with $false' {
        $null = Update-Image -CloudPcDeviceImageId img-1 -Version 1 -WhatIf:$false
        @(Get-Request).Count | Should -Be 1
    }
}
