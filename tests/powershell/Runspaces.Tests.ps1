# One connection, many runspaces.

Describe 'Runspaces' {
    BeforeAll {
        . $PSScriptRoot/Emulator.ps1
        Import-Module $ModulePath -Force -Global
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

    It 'use the connection without connecting again: 32 at once' {
        $answers = 1..32 | ForEach-Object -ThrottleLimit 32 -Parallel {
            Import-Module $using:ModulePath
            foreach ($count in 1..3) {
                $image = @{ version = "$_.$count"; n = $_ } | Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId "img-$($_ % 3 + 1)"
                $record = Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId nobody -Version $count 2>&1
                "$($image.Version -eq "$_.$count") $($record.FullyQualifiedErrorId.Split(',')[0])"
            }
        }
        @($answers).Count | Should -Be 96
        @($answers | Sort-Object -Unique) | Should -Be 'True ResourceNotFound'
        @(Get-Request).Count | Should -Be 192
    }

    It 'see the context before their first update' {
        $shown = 1 | ForEach-Object -Parallel {
            Import-Module $using:ModulePath
            (Get-MgDeviceImageContext).GraphEndpoint
        }
        $shown | Should -BeExactly $Emulator.Endpoint
    }

    It 'share the session: Disconnect in one ends it for all, and no call crashes' {
        $seen = 1..8 | ForEach-Object -ThrottleLimit 8 -Parallel {
            Import-Module $using:ModulePath
            foreach ($count in 1..40) {
                if ($_ -eq 8 -and $count -eq 20) { Disconnect-MgDeviceImage }
                $written = Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId img-1 -Version $count 2>&1
                if ($written -is [System.Management.Automation.ErrorRecord]) { $written.FullyQualifiedErrorId.Split(',')[0] } else { $written.Id }
            }
        }
        @($seen).Count | Should -Be 320
        @($seen | Sort-Object -Unique) -join ' ' | Should -BeExactly 'AuthenticationNeeded img-1'
        Connect-Emulator
    }

    It 'have one client: connections are used again' {
        1..20 | ForEach-Object { $null = Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId img-1 -Version $_ }
        @(Get-Request | ForEach-Object Connection | Sort-Object -Unique).Count | Should -Be 1
    }
}
