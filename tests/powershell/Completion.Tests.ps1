# Tab completion.

Describe 'Completion of <Parameter>' -ForEach @(
    @{ Parameter = 'Status'; Values = 'pending', 'ready', 'failed', 'unknownFutureValue' }
    @{ Parameter = 'OSStatus'; Values = 'supported', 'supportedWithWarning', 'unknown', 'unknownFutureValue' }
    @{ Parameter = 'ErrorCode'; Values = 'internalServerError', 'sourceImageNotFound', 'osVersionNotSupported', 'sourceImageInvalid', 'sourceImageNotGeneralized',
        'unknownFutureValue', 'vmAlreadyAzureAdJoined', 'paidSourceImageNotSupport', 'sourceImageNotSupportCustomizeVMName', 'sourceImageSizeExceedsLimitation'
    }
) {
    BeforeAll {
        . $PSScriptRoot/Emulator.ps1
        Import-Module $ModulePath -Force -Global

        function Get-Completion([string] $Text) {
            [System.Management.Automation.CommandCompletion]::CompleteInput($Text, $Text.Length, $null).CompletionMatches.CompletionText
        }
    }

    It 'offers the known members' {
        $offered = Get-Completion "Update-MgDeviceManagementVirtualEndpointDeviceImage -$Parameter "
        ($offered | Sort-Object) -join ' ' | Should -BeExactly (($Values | Sort-Object) -join ' ')
    }

    It 'offers those that begin with what is typed, in any case' {
        $start = $Values[0].Substring(0, 4).ToUpperInvariant()
        Get-Completion "Update-MgDeviceManagementVirtualEndpointDeviceImage -$Parameter $start" | Should -Contain $Values[0]
    }

    It 'keeps the quote <_> that is typed' -ForEach "'", '"' {
        $offered = Get-Completion "Update-MgDeviceManagementVirtualEndpointDeviceImage -$Parameter $_$($Values[0].Substring(0, 4))"
        $offered | Should -Contain "$_$($Values[0])$_"
        @(Get-Completion "Update-MgDeviceManagementVirtualEndpointDeviceImage -$Parameter $_").Count | Should -Be $Values.Count
    }

    It 'does not limit to them' {
        $text = @{ $Parameter = 'not yet known' }
        { Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId img-1 @text -WhatIf } | Should -Not -Throw
    }
}
