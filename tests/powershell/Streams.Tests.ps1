# What -Debug and the warning stream show, and that no secret shows anywhere.

Describe '-Debug' {
    BeforeAll {
        . $PSScriptRoot/Emulator.ps1
        Import-Module $ModulePath -Force
        Start-Emulator
        Connect-Emulator
        Set-Alias Update-Image Update-MgDeviceManagementVirtualEndpointDeviceImage

        # The debug lines of a call.
        function Get-Debug([scriptblock] $Call) {
            & $Call 5>&1 2>$null | Where-Object { $_ -is [System.Management.Automation.DebugRecord] } | ForEach-Object { $_.Message.Replace("`r", '') }
        }
    }
    BeforeEach {
        Reset-Emulator
    }
    AfterAll {
        Disconnect-MgDeviceImage
        Stop-Emulator
    }

    It 'shows begin, request, response and end' {
        $messages = Get-Debug { Update-Image -CloudPcDeviceImageId img-1 -Version 2 -Headers @{ Prefer = 'x'; Authorization = 'Bearer planted' } -Debug }
        $messages.Count | Should -Be 4
        $messages[0] | Should -BeExactly "[CmdletBeginProcessing]: - Update-MgDeviceManagementVirtualEndpointDeviceImage begin processing with parameterSet 'UpdateExpanded'."
        $messages[3] | Should -BeLike '`[CmdletEndProcessing`]: - Update-MgDeviceManagementVirtualEndpointDeviceImage*'

        $request = $messages[1] -split "`n"
        $request[0] | Should -BeExactly '============================ HTTP REQUEST ============================'
        $messages[1] | Should -BeLike "*`nHTTP Method:`nPATCH`n*"
        $messages[1] | Should -BeLike "*`nAbsolute Uri:`n$($Emulator.Endpoint)/v1.0/deviceManagement/virtualEndpoint/deviceImages/img-1`n*"
        $messages[1] | Should -BeLike "*`nBody:`n{`"version`":`"2`"}`n*"
        $request | Should -Contain 'prefer                        : x'
        $request | Should -Contain 'content-type                  : application/json'
        $messages[1] | Should -Not -Match 'authorization'

        $messages[2] | Should -BeLike "============================ HTTP RESPONSE ============================`n*"
        $messages[2] | Should -BeLike "*`nStatus Code:`nOK`n*"
        $messages[2] | Should -Match "`nrequest-id                    : [0-9a-f-]{36}`n"
        $messages[2] | Should -BeLike "*`nBody:`n{`"@odata.context`":*"
    }

    It 'shows the client-request-id that goes out' {
        $messages = Get-Debug { Update-Image -CloudPcDeviceImageId img-1 -Version 2 -Debug }
        $shown = [regex]::Match($messages[1], 'client-request-id +: (\S+)').Groups[1].Value
        (Get-Request).Headers['client-request-id'] | Should -BeExactly $shown
    }

    It 'shows answers that are errors' {
        Add-Answer 404
        $messages = Get-Debug { Update-Image -CloudPcDeviceImageId img-1 -Version 2 -Debug }
        $messages[2] | Should -BeLike "*`nStatus Code:`nNotFound`n*"
    }

    It 'shows no response where none came' {
        Add-Fault @{ kind = 'reset' }
        (Get-Debug { Update-Image -CloudPcDeviceImageId img-1 -Version 2 -Debug }).Count | Should -Be 3
    }

    It 'cuts bodies over 10,240 characters, and says so' {
        $messages = Get-Debug { Update-Image -CloudPcDeviceImageId img-1 -DisplayName ('x' * 20000) -Debug }
        $messages[1].Length | Should -BeLessThan 11500
        $messages[1] | Should -BeLike '*(cut: the body has 20018 characters)*'
        (ConvertFrom-Json (Get-Request).Body).displayName.Length | Should -Be 20000
    }

    It 'cuts no character in two' {
        # In a body of {"displayName":"…"} one of these begins just before the limit.
        $offset = 10239 - '{"displayName":"'.Length
        foreach ($start in $offset, ($offset - 1)) {
            $messages = Get-Debug { Update-Image -CloudPcDeviceImageId img-1 -DisplayName ('x' * $start + "`u{1f600}" * 10) -Debug }
            $messages[1] | Should -Match '(?:x|\uD83D\uDE00)\.\.\. \(cut:'
        }
    }

    It 'never asks' {
        $run = Invoke-Pwsh "$ConnectScript; Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId nobody -Version 2 -Debug; 'end'" -Answers 'h'
        $run.Output | Should -BeLike '*end'
        $run.Output | Should -Not -BeLike '*`[Y`]*'
    }
}

Describe 'The warning stream' {
    BeforeAll {
        . $PSScriptRoot/Emulator.ps1
        Import-Module $ModulePath -Force
        Start-Emulator
        Connect-Emulator
    }
    BeforeEach {
        Reset-Emulator
    }
    AfterAll {
        Disconnect-MgDeviceImage
        Stop-Emulator
    }

    It 'has each Warning header of an answer with status <_>' -ForEach 200, 404 {
        Add-Answer $_ '{}' @{ Warning = '299 - "old"', '299 - "older"' }
        $written = Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId img-1 -Version 2 3>&1 2>$null
        $warnings = $written | Where-Object { $_ -is [System.Management.Automation.WarningRecord] }
        $warnings.Message -join '|' | Should -BeExactly '299 - "old"|299 - "older"'
    }
}

Describe 'A secret' {
    BeforeAll {
        . $PSScriptRoot/Emulator.ps1
        Import-Module $ModulePath -Force
        Start-Emulator
        $secrets = 'planted-token', 'planted-password', 'planted-client-secret', 'planted-refresh', 'planted-proxy-password', 'planted-header'
        Connect-MgDeviceImage -AccessToken (Get-Token 'planted-token') -GraphEndpoint $Emulator.Endpoint

        $script:arguments = @{
            CloudPcDeviceImageId = 'img-1'
            AdditionalProperties = @{
                password = 'planted-password'
                nested   = @{ client_secret = 'planted-client-secret'; list = @(@{ Refresh_Token = @('planted-refresh') }) }
                text     = '{"access_token":"planted-refresh"}'
            }
            Headers              = @{ Authorization = 'Bearer planted-header'; Cookie = 'a=planted-header' }
            ProxyCredential      = [pscredential]::new('user', (Get-Token 'planted-proxy-password'))
            Proxy                = $Emulator.Endpoint
            Verbose              = $true
            Debug                = $true
            ErrorAction          = 'Continue'
        }

        # Everything that a user could print of these objects.
        function Get-AllText($Objects) {
            foreach ($object in $Objects) {
                $object | Out-String -Width 4000
                $object | Format-List * -Force | Out-String -Width 4000
                if ($object -is [System.Management.Automation.ErrorRecord]) {
                    $object.Exception.ToString()
                    "$($object.ErrorDetails.Message) $($object.ErrorDetails.RecommendedAction)"
                    $object.TargetObject | ConvertTo-Json -Depth 8
                    $object.Exception.Data.Values | Out-String -Width 4000
                    $object.Exception.Data['InnerError'] | ConvertTo-Json -Depth 8
                }
            }
        }
    }
    BeforeEach {
        Reset-Emulator
        $global:Error.Clear()
    }
    AfterAll {
        Disconnect-MgDeviceImage
        Stop-Emulator
    }

    It 'shows nowhere: <Name>' -ForEach @(
        @{ Name = 'refused by the service'; Arrange = { } }
        @{ Name = 'echoed by the service'; Arrange = {
                Add-Answer 400 '{"error":{"code":"c","message":"m","innerError":{"password":"planted-password","deep":{"client_secret":["planted-client-secret"]}}},"access_token":"planted-token"}'
            } }
        @{ Name = 'echoed under a name with escapes'; Arrange = {
                Add-Answer 400 '{"error":{"code":"c","message":"m","innerError":{"pass\u0077ord":"planted-password","text":"{\"\\u0043lient\\u005fsecret\":\"planted-client-secret\"}"}},"\u0061ccess_token":"planted-token"}'
            } }
        @{ Name = 'echoed in JSON inside a JSON text'; Arrange = {
                Add-Answer 400 '{"error":{"code":"c","message":"m","innerError":{"text":"{\"password\":\"a\\\"planted-password\",\"client_secret\":[\"]planted-client-secret\"],\"access_token\":1}","left":1}}}'
            } }
        @{ Name = 'echoed by a gateway'; Arrange = { Add-Answer 502 'bad: password=planted-password&client_secret=planted-client-secret' @{ 'Set-Cookie' = 'planted-header' } } }
        @{ Name = 'in an answer that is read'; Arrange = { Add-Answer 200 '{"id":"x"}' } }
        @{ Name = 'no answer'; Arrange = { Add-Fault @{ kind = 'reset' } } }
        @{ Name = 'an answer that is not read'; Arrange = { Add-Answer 200 '{"password":"planted-password"' } }
    ) {
        & $Arrange
        $seen = Update-MgDeviceManagementVirtualEndpointDeviceImage @arguments *>&1
        @($seen).Count | Should -BeGreaterThan 2
        $text = (Get-AllText $seen) + (Get-AllText $global:Error) -join "`n"
        foreach ($secret in $secrets) {
            $text | Should -Not -Match $secret
        }
    }

    It 'shows nowhere with -WhatIf' {
        $seen = Update-MgDeviceManagementVirtualEndpointDeviceImage @arguments -WhatIf *>&1
        $text = (Get-AllText $seen) -join "`n"
        $text | Should -BeLike '*PATCH*redacted*'
        foreach ($secret in $secrets) {
            $text | Should -Not -Match $secret
        }
    }

    It 'is sent as it is' {
        $arguments.Remove('Proxy')
        $arguments.Remove('ProxyCredential')
        $null = Update-MgDeviceManagementVirtualEndpointDeviceImage @arguments *>&1
        $body = (Get-Request).Body
        $body | Should -BeLike '*"planted-password"*'
        $body | Should -BeLike '*"planted-client-secret"*'
    }

    It 'shows not in the context, nor in the session' {
        $text = (Get-AllText (Get-MgDeviceImageContext)) + (Get-AllText ([System.AppDomain]::CurrentDomain.GetData('MgDeviceImage.Session'))) -join "`n"
        $text | Should -BeLike '*UserProvidedAccessToken*'
        $text | Should -Not -Match 'planted'
    }
}
