# What Tab offers.

Describe 'Tab completion' {
    BeforeAll {
        . $PSScriptRoot/Emulator.ps1
        Import-Module $ModulePath -Force
        Start-Emulator
        Connect-Emulator

        # What Tab offers after a line.
        function Get-Completion([string] $Line) {
            $result = [System.Management.Automation.CommandCompletion]::CompleteInput($Line, $Line.Length, $null)
            foreach ($match in $result.CompletionMatches) {
                $match.CompletionText
            }
        }
    }
    AfterAll {
        Disconnect-MgDeviceImage
        Stop-Emulator
    }

    It 'offers the known members of -<Name>' -ForEach @(
        @{ Name = 'Status'; Members = 'pending', 'ready', 'failed', 'unknownFutureValue' }
        @{ Name = 'OSStatus'; Members = 'supported', 'supportedWithWarning', 'unknown', 'unknownFutureValue' }
        @{ Name = 'ErrorCode'; Members = 'internalServerError', 'sourceImageNotFound', 'osVersionNotSupported', 'sourceImageInvalid', 'sourceImageNotGeneralized', 'unknownFutureValue', 'vmAlreadyAzureAdJoined', 'paidSourceImageNotSupport', 'sourceImageNotSupportCustomizeVMName', 'sourceImageSizeExceedsLimitation' }
    ) {
        $offered = @(Get-Completion "Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId img-1 -$Name ")
        $offered -join ' ' | Should -BeExactly ($Members -join ' ')
    }

    It 'offers <Offered> after <Line>' -ForEach @(
        @{ Line = '-Status re'; Offered = 'ready' }
        @{ Line = '-Status RE'; Offered = 'ready' }
        @{ Line = '-Status x'; Offered = '' }
        @{ Line = '-OSStatus s'; Offered = 'supported supportedWithWarning' }
        @{ Line = '-ErrorCode v'; Offered = 'vmAlreadyAzureAdJoined' }
        @{ Line = '-Status ready -OSStatus un'; Offered = 'unknown unknownFutureValue' }
        @{ Line = '-OSB'; Offered = '-OSBuildNumber' }
        @{ Line = '-HttpPipeline'; Offered = '-HttpPipelineAppend -HttpPipelinePrepend' }
    ) {
        $found = @(Get-Completion "Update-MgDeviceManagementVirtualEndpointDeviceImage $Line")
        # Where there is no completion, the engine may offer names of files.
        ($found | Where-Object { $_ -notlike '*/*' -and $_ -notlike '*\*' }) -join ' ' | Should -BeExactly $Offered
    }

    It 'offers the members in a pipeline, where the id is not named' {
        (Get-Completion '@{ Id = 1 } | Update-MgDeviceManagementVirtualEndpointDeviceImage -Status p') | Should -BeExactly 'pending'
    }

    It 'takes -<Name> <Value>, which is not among the members' -ForEach @(
        @{ Name = 'Status'; Value = 'archived'; Body = '{"status":"archived"}' }
        @{ Name = 'Status'; Value = 'READY'; Body = '{"status":"READY"}' }
        @{ Name = 'OSStatus'; Value = 'endOfLife'; Body = '{"osStatus":"endOfLife"}' }
        @{ Name = 'ErrorCode'; Value = ''; Body = '{"errorCode":""}' }
    ) {
        Reset-Emulator
        $arguments = @{ $Name = $Value }
        $null = Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId img-1 @arguments
        (Get-Request).Body | Should -BeExactly $Body
    }

    It 'offers every parameter' {
        $offered = @(Get-Completion 'Update-MgDeviceManagementVirtualEndpointDeviceImage -')
        $names = @((ConvertFrom-Json ([System.IO.File]::ReadAllText("$PSScriptRoot/../data/parameters.json"))).name)
        $names.Count | Should -BeGreaterOrEqual 25
        foreach ($name in $names) {
            $offered | Should -Contain "-$name"
        }
    }

    It 'offers every parameter of Connect-MgDeviceImage, and the clouds' {
        $offered = @(Get-Completion 'Connect-MgDeviceImage -')
        $common = [System.Management.Automation.Cmdlet]::CommonParameters
        foreach ($name in (Get-Command Connect-MgDeviceImage).Parameters.Keys.Where({ $_ -notin $common })) {
            $offered | Should -Contain "-$name"
        }
        @(Get-Completion 'Connect-MgDeviceImage -Environment ') | Sort-Object | Should -BeExactly @('China', 'Global', 'USGov', 'USGovDoD')
    }

    It 'offers the commands by their beginnings' {
        Get-Completion 'Update-MgDeviceManagementVirtualEndpointD' | Should -Contain 'Update-MgDeviceManagementVirtualEndpointDeviceImage'
        Get-Completion 'Connect-MgDeviceI' | Should -Contain 'Connect-MgDeviceImage'
    }
}
