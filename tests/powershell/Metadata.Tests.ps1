# The command's parameters, row by row as tests/data/parameters.json has them, and what the module exports.

$rows = ConvertFrom-Json ([System.IO.File]::ReadAllText("$PSScriptRoot/../data/parameters.json")) -AsHashtable

Describe 'The parameter' {
    BeforeAll {
        . $PSScriptRoot/Emulator.ps1
        Import-Module $ModulePath -Force
        $command = Get-Command Update-MgDeviceManagementVirtualEndpointDeviceImage
    }

    It '-<name> is as documented' -ForEach $rows {
        $parameter = $command.Parameters[$_.name]
        $parameter.Name | Should -BeExactly $_.name
        $parameter.ParameterType.FullName | Should -BeExactly $_.type
        $parameter.Aliases -join ' ' | Should -BeExactly ($_.aliases -join ' ')

        $attributes = @($parameter.Attributes | Where-Object { $_ -is [System.Management.Automation.ParameterAttribute] })
        $attributes.DontShow -contains $true | Should -Be $_.dontShow
        ($parameter.ParameterSets.Keys | Sort-Object) -join ' ' | Should -BeExactly (($_.sets.name | Sort-Object) -join ' ')
        foreach ($set in $_.sets) {
            $attribute = $attributes | Where-Object { $_.ParameterSetName -eq $set.name }
            $attribute.Mandatory | Should -Be $set.mandatory
            $attribute.ValueFromPipeline | Should -Be $set.valueFromPipeline
            $attribute.ValueFromPipelineByPropertyName | Should -Be $set.valueFromPipelineByPropertyName
            $attribute.ValueFromRemainingArguments | Should -Be $set.valueFromRemainingArguments
            $position = if ($attribute.Position -eq [int]::MinValue) { 'Named' } else { "$($attribute.Position)" }
            $position | Should -BeExactly $set.position
        }
    }

    It 'is none of its own: there are no others but the common ones' {
        $common = [System.Management.Automation.PSCmdlet]::CommonParameters
        $names = $command.Parameters.Keys | Where-Object { $_ -notin $common }
        $rows = ConvertFrom-Json ([System.IO.File]::ReadAllText("$PSScriptRoot/../data/parameters.json"))
        ($names | Sort-Object) -join ' ' | Should -BeExactly (($rows.name | Sort-Object) -join ' ')
    }
}

Describe 'The command' {
    BeforeAll {
        . $PSScriptRoot/Emulator.ps1
        Import-Module $ModulePath -Force
        $command = Get-Command Update-MgDeviceManagementVirtualEndpointDeviceImage
    }

    It 'has four parameter sets, UpdateExpanded by default' {
        @($command.ParameterSets.Name | Sort-Object) | Should -Be @('Update', 'UpdateExpanded', 'UpdateViaIdentity', 'UpdateViaIdentityExpanded')
        $command.DefaultParameterSet | Should -BeExactly 'UpdateExpanded'
    }

    It 'supports -WhatIf and -Confirm, with medium impact' {
        $binding = $command.ScriptBlock.Attributes | Where-Object { $_ -is [System.Management.Automation.CmdletBindingAttribute] }
        $binding.SupportsShouldProcess | Should -BeTrue
        $binding.ConfirmImpact | Should -Be 'Medium'
        $binding.PositionalBinding | Should -BeFalse
    }
}

Describe 'The module' {
    BeforeAll {
        . $PSScriptRoot/Emulator.ps1
        Import-Module $ModulePath -Force
        $module = Get-Module MgDeviceImage
        $directory = [System.IO.Path]::GetDirectoryName($ModulePath)
    }

    It 'exports four functions and nothing else' {
        @($module.ExportedCommands.Keys | Sort-Object) | Should -Be @(
            'Connect-MgDeviceImage', 'Disconnect-MgDeviceImage', 'Get-MgDeviceImageContext', 'Update-MgDeviceManagementVirtualEndpointDeviceImage')
        $module.ExportedVariables.Count | Should -Be 0
        $module.ExportedAliases.Count | Should -Be 0
    }

    It 'is for PowerShell 7.4 and later' {
        $module.PowerShellVersion | Should -Be ([version] '7.4')
        @($module.CompatiblePSEditions) | Should -Be @('Core')
    }

    It 'has no managed code but PowerShell' {
        $outsideLib = [System.IO.Directory]::GetFiles($directory, '*', 'AllDirectories') | Where-Object { $_ -notmatch '[\\/]lib[\\/]' }
        $outsideLib | Where-Object { $_ -notmatch '\.(ps1|psm1|psd1|ps1xml|help\.txt)$' } | Should -BeNullOrEmpty
        $text = foreach ($file in $outsideLib) { [System.IO.File]::ReadAllText($file) }
        $text -join "`n" | Should -Not -Match 'Add-Type'
    }

    It 'runs under the strictest mode' {
        & $module { Set-StrictMode -Version 3.0 }
        { Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId i -DisplayName x -AdditionalProperties @{ a = @(1, $null) } -WhatIf -Verbose 4>$null } | Should -Not -Throw
        { Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId i -ExpirationDate 12/31/30 -WhatIf -Verbose 4>$null } | Should -Not -Throw
        { Get-MgDeviceImageContext } | Should -Not -Throw
        Import-Module $ModulePath -Force
    }
}
