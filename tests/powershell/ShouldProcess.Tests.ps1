# -WhatIf, -Confirm and the preference variables of the caller.

Describe '-WhatIf' {
    BeforeAll {
        . $PSScriptRoot/Emulator.ps1
        Import-Module $ModulePath -Force
        Start-Emulator
        Set-Alias Update-Image Update-MgDeviceManagementVirtualEndpointDeviceImage
    }
    BeforeEach {
        Reset-Emulator
        Connect-Emulator
    }
    AfterAll {
        Disconnect-MgDeviceImage
        Stop-Emulator
    }

    It 'says what would happen, with the parameter set as the action' {
        $run = Invoke-Pwsh @'
Import-Module $Module
Set-Alias Update-Image Update-MgDeviceManagementVirtualEndpointDeviceImage
Update-Image -CloudPcDeviceImageId img-1 -Version 1 -WhatIf
Update-Image -CloudPcDeviceImageId img-1 -BodyParameter @{} -WhatIf
@{ version = 1 } | Update-Image -CloudPcDeviceImageId img-1 -WhatIf
@{ Id = 'img-1' } | Update-Image -BodyParameter @{} -WhatIf
@{ Id = 'img-1' } | Update-Image -Version 1 -WhatIf
'@
        $expected = foreach ($set in 'UpdateExpanded', 'Update', 'Update', 'UpdateViaIdentity', 'UpdateViaIdentityExpanded') {
            "What if: Performing the operation `"Update-MgDeviceManagementVirtualEndpointDeviceImage_$set`" on target `"Call remote 'PATCH /deviceManagement/virtualEndpoint/deviceImages/{cloudPcDeviceImage-id}' operation`"."
        }
        ($run.Output -split '\r?\n') -join "`n" | Should -BeExactly ($expected -join "`n")
    }

    It 'sends nothing, writes nothing and sets no variable' {
        $global:headers = 'untouched'
        $written = Update-Image -CloudPcDeviceImageId img-1 -Version 1 -ResponseHeadersVariable headers -WhatIf
        $written | Should -BeNullOrEmpty
        $global:headers | Should -BeExactly 'untouched'
        Get-Request | Should -BeNullOrEmpty
    }

    It 'needs no session and no library' {
        $run = Invoke-Pwsh @'
Import-Module $Module
Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId img-1 -BodyParameter '{"version":1}' -WhatIf -Verbose
"errors: $($Error.Count)"
"loaded: $([System.Diagnostics.Process]::GetCurrentProcess().Modules.FileName -match 'mgdeviceimage')"
'@ @{ MGDI_LIBRARY = '/no/such/library' }
        $run.Error | Should -BeNullOrEmpty
        $run.Output | Should -BeLike '*VERBOSE: PATCH https://graph.microsoft.com/v1.0/deviceManagement/virtualEndpoint/deviceImages/img-1 {"version":"1"}*'
        $run.Output | Should -BeLike '*errors: 0*'
        $run.Output | Should -Match 'loaded: *$'
    }

    It 'shows with -Verbose the request that would go out, without secrets' {
        $verbose = Update-Image -CloudPcDeviceImageId 'a b/ü' -AdditionalProperties @{ password = 'hunter2' } -Version 1 -WhatIf -Verbose 4>&1
        @($verbose).Count | Should -Be 1 -Because 'what -WhatIf itself says is no verbose line'
        "$verbose" | Should -BeExactly "PATCH $($Emulator.Endpoint)/v1.0/deviceManagement/virtualEndpoint/deviceImages/a%20b%2F%C3%BC {`"password`":`"[redacted]`",`"version`":`"1`"}"
    }

    It 'shows with -Verbose why a request could not go out' {
        $verbose = Update-Image -CloudPcDeviceImageId img-1 -AdditionalProperties @{ x = [double]::NaN } -WhatIf -Verbose 4>&1
        "$verbose" | Should -BeLike '*x holds*'
    }
}

Describe '-Verbose' {
    BeforeAll {
        . $PSScriptRoot/Emulator.ps1
        Import-Module $ModulePath -Force
        Start-Emulator
        Connect-Emulator
    }
    AfterAll {
        Disconnect-MgDeviceImage
        Stop-Emulator
    }

    It 'says what happens' {
        $verbose = Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId img-1 -Version 1 -Verbose 4>&1 | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] }
        "$verbose" | Should -BeExactly "Performing the operation `"Update-MgDeviceManagementVirtualEndpointDeviceImage_UpdateExpanded`" on target `"Call remote 'PATCH /deviceManagement/virtualEndpoint/deviceImages/{cloudPcDeviceImage-id}' operation`"."
    }
}

Describe '-Confirm' {
    BeforeAll {
        . $PSScriptRoot/Emulator.ps1
        Import-Module $ModulePath -Force
        Start-Emulator
    }
    AfterAll {
        Stop-Emulator
    }

    It 'asks for each object, and goes by the answers' {
        Reset-Emulator
        $call = '$images | Update-MgDeviceManagementVirtualEndpointDeviceImage -Version $number -Confirm | ForEach-Object { $_.Id + $_.Version }'
        $run = Invoke-Pwsh @"
$ConnectScript
`$images = 'img-1', 'img-2', 'img-3' | ForEach-Object { @{ Id = `$_ } }
foreach (`$number in 1, 2, 3, 4) { $call }
"@ -Answers 'y', 'n', 'y', 'a', 'n', 'a', 'n', 'l'
        $run.Error | Should -BeNullOrEmpty
        $sent = Get-Request | ForEach-Object { $_.Target.Substring($_.Target.Length - 5) + ' ' + (ConvertFrom-Json $_.Body).version }
        $sent -join ', ' | Should -BeExactly 'img-1 1, img-3 1, img-1 2, img-2 2, img-3 2, img-2 3, img-3 3'
    }
}

Describe 'The preferences of the caller' {
    BeforeAll {
        . $PSScriptRoot/Emulator.ps1
        Import-Module $ModulePath -Force -Global
        Start-Emulator
        Connect-Emulator
        Set-Alias Update-Image Update-MgDeviceManagementVirtualEndpointDeviceImage

        $callingModule = New-Module -Name Caller -ScriptBlock {
            function Update-FromModule([hashtable] $Preferences, [hashtable] $Arguments = @{}) {
                foreach ($name in $Preferences.Keys) {
                    Set-Variable $name $Preferences[$name] -WhatIf:$false
                }
                Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId img-1 -Version 1 @Arguments
            }
            function Update-Supporting {
                [CmdletBinding(SupportsShouldProcess)]
                param()
                Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId img-1 -Version 1
            }
        }
        Import-Module $callingModule
    }
    BeforeEach {
        Reset-Emulator
    }
    AfterAll {
        Remove-Module Caller
        Disconnect-MgDeviceImage
        Stop-Emulator
    }

    It 'count in a function: WhatIf' {
        function Update-Here { $WhatIfPreference = $true; Update-Image -CloudPcDeviceImageId img-1 -Version 1 }
        Update-Here
        Get-Request | Should -BeNullOrEmpty
    }

    It 'count in another module: WhatIf' {
        Update-FromModule @{ WhatIfPreference = $true }
        Get-Request | Should -BeNullOrEmpty
    }

    It 'count in a function that got -WhatIf itself' {
        Update-Supporting -WhatIf
        Get-Request | Should -BeNullOrEmpty
        $null = Update-Supporting
        @(Get-Request).Count | Should -Be 1
    }

    It 'lose against the command line' {
        $null = Update-FromModule @{ WhatIfPreference = $true } @{ WhatIf = $false }
        @(Get-Request).Count | Should -Be 1
        Update-FromModule @{ VerbosePreference = 'Continue'; WhatIfPreference = $true } @{ Verbose = $false } 4>&1 | Should -BeNullOrEmpty
    }

    It 'count in another module: Verbose' {
        "$(Update-FromModule @{ VerbosePreference = 'Continue'; WhatIfPreference = $true } 4>&1)" | Should -BeLike 'PATCH *'
    }

    It 'count in another module: Debug' {
        @(Update-FromModule @{ DebugPreference = 'Continue' } 5>&1).Count | Should -Be 5
    }

    It 'count in another module: Warning' {
        Add-Answer 200 '{}' @{ Warning = '299 - "old"' }
        @(Update-FromModule @{ WarningPreference = 'SilentlyContinue' } 3>&1).Count | Should -Be 1
    }

    It 'count in another module: ErrorAction <_>' -ForEach 'SilentlyContinue', 'Ignore' {
        Add-Answer 404
        $global:Error.Clear()
        Update-FromModule @{ ErrorActionPreference = $_ } 2>&1 | Should -BeNullOrEmpty
        $global:Error.Count | Should -Be $(if ($_ -eq 'Ignore') { 0 } else { 1 })
    }

    It 'count in another module: ErrorAction Stop' {
        Add-Answer 404
        { Update-FromModule @{ ErrorActionPreference = 'Stop' } } | Should -Throw -ExceptionType ([System.Net.Http.HttpRequestException])
    }

    It 'count in a script, and at the prompt: <Name>' -ForEach @(
        @{ Name = 'the script''s own'; Script = '$WhatIfPreference = $true; & { Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId img-1 -Version 1 }' }
        @{ Name = 'the global one'; Script = '$global:WhatIfPreference = $true; function f { Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId img-1 -Version 1 }; f' }
    ) {
        $file = [System.IO.Path]::ChangeExtension([System.IO.Path]::GetTempFileName(), 'ps1')
        try {
            [System.IO.File]::WriteAllText($file, $Script)
            $run = Invoke-Pwsh "$ConnectScript; & '$file'"
            $run.Error | Should -BeNullOrEmpty
            $run.Output | Should -BeLike 'What if: *'
            Get-Request | Should -BeNullOrEmpty
        }
        finally {
            [System.IO.File]::Delete($file)
        }
    }

    It 'ask before the request where ConfirmPreference is Medium' {
        $run = Invoke-Pwsh "$ConnectScript; function f { `$ConfirmPreference = 'Medium'; Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId img-1 -Version 1 }; f" -Answers 'n'
        $run.Output | Should -BeLike '*Are you sure*'
        Get-Request | Should -BeNullOrEmpty
    }

    It 'do not let a mistake inside the module pass: an error stays the one error' {
        $ErrorActionPreference = 'SilentlyContinue'
        $global:Error.Clear()
        $problem = $null
        Update-Image -CloudPcDeviceImageId img-1 -AdditionalProperties @{ x = [double]::NaN } -ErrorVariable problem
        @($problem).Count | Should -Be 1
        $global:Error.Count | Should -Be 1
        Get-Request | Should -BeNullOrEmpty
    }
}
