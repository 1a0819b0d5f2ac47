# When the command asks, and what the answers do. ShouldProcess.Tests.ps1 has the mixed answers over several objects.

Describe '-Confirm' {
    BeforeAll {
        . $PSScriptRoot/Emulator.ps1
        Import-Module $ModulePath -Force
        Start-Emulator

        # The versions that were sent. A call of these tests has its own.
        function Get-SentVersion {
            (Get-Request | ForEach-Object { (ConvertFrom-Json $_.Body).version }) -join ' '
        }
    }
    BeforeEach {
        Reset-Emulator
    }
    AfterAll {
        Stop-Emulator
    }

    It 'asks once for each object, and not again after Yes to All and No to All' {
        $run = Invoke-Pwsh @"
$ConnectScript
`$images = 'img-1', 'img-2', 'img-3' | ForEach-Object { @{ Id = `$_ } }
foreach (`$version in 'each', 'all', 'none') {
    `$written = @(`$images | Update-MgDeviceManagementVirtualEndpointDeviceImage -Version `$version -Confirm)
    "`$version wrote `$(`$written.Count)"
}
"@ -Answers 'n', 'y', 'n', 'a', 'l'
        $run.Error | Should -BeNullOrEmpty
        Get-SentVersion | Should -BeExactly 'each all all all'
        $run.Output | Should -Match 'each wrote 1'
        $run.Output | Should -Match 'all wrote 3'
        $run.Output | Should -Match 'none wrote 0'
        [regex]::Matches($run.Output, 'Are you sure').Count | Should -Be 5
        $run.Output | Should -BeLike "*`"Update-MgDeviceManagementVirtualEndpointDeviceImage_UpdateViaIdentityExpanded`" on target `"Call remote 'PATCH /deviceManagement/virtualEndpoint/deviceImages/{cloudPcDeviceImage-id}' operation`"*"
    }

    It 'is decided by $ConfirmPreference of the caller, unless it is given' {
        $run = Invoke-Pwsh @"
$ConnectScript
function Update-Version(`$Preference, `$Version, `$Arguments = @{}) {
    `$ConfirmPreference = `$Preference
    `$null = Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId img-1 -Version `$Version @Arguments
}
Update-Version 'High' 'high'
Update-Version 'None' 'none'
Update-Version 'Medium' 'medium'
Update-Version 'Low' 'low'
Update-Version 'Medium' 'given-false' @{ Confirm = `$false }
Update-Version 'None' 'given-true' @{ Confirm = `$true }
Update-Version 'Low' 'whatif' @{ WhatIf = `$true }
"@ -Answers 'n', 'y', 'n'
        Get-SentVersion | Should -BeExactly 'high none low given-false'
        [regex]::Matches($run.Output, 'Are you sure').Count | Should -Be 3
        $run.Output | Should -BeLike '*What if: *'
    }

    It 'is an error where nobody can be asked, and nothing is sent' {
        $run = Invoke-Pwsh @"
$ConnectScript
try { Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId img-1 -Version 1 -Confirm } catch { 'caught' }
"@
        $run.Output | Should -BeLike '*caught'
        Get-Request | Should -BeNullOrEmpty
    }
}
