@{
    RootModule           = 'MgDeviceImage.psm1'
    ModuleVersion        = '0.1.0'
    GUID                 = '7d0b5c1e-3b8a-4f0e-9a53-5c3f1d6b2e94'
    Author               = 'The mgdeviceimage contributors'
    Copyright            = '(c) The mgdeviceimage contributors. MIT license.'
    Description          = 'Updates Windows 365 Cloud PC device images through Microsoft Graph: Update-MgDeviceManagementVirtualEndpointDeviceImage on a native library, without the Microsoft Graph SDK.'
    PowerShellVersion    = '7.4'
    CompatiblePSEditions = @('Core')
    FormatsToProcess     = @('MgDeviceImage.Format.ps1xml')
    FunctionsToExport    = @(
        'Connect-MgDeviceImage'
        'Disconnect-MgDeviceImage'
        'Get-MgDeviceImageContext'
        'Update-MgDeviceManagementVirtualEndpointDeviceImage'
    )
    CmdletsToExport      = @()
    AliasesToExport      = @()
    VariablesToExport    = @()
    PrivateData          = @{
        PSData = @{
            Tags = @('MicrosoftGraph', 'Windows365', 'CloudPC', 'DeviceImage', 'PSEdition_Core', 'Windows', 'Linux', 'MacOS')
        }
    }
}
