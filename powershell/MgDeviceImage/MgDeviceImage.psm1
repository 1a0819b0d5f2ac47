# An import makes the types and commands known, no more: every statement here costs each session that imports the module. What the
# commands need is loaded by the first of them (Initialize-Command).
$script:isInitialized = $false
$script:onDemand = @{}

. $PSScriptRoot/Private/AtImport/GraphTypes.ps1
. $PSScriptRoot/Private/AtImport/ArgumentTransformations.ps1
. $PSScriptRoot/Private/AtImport/Initialize-Command.ps1
. $PSScriptRoot/Public/Connect-MgDeviceImage.ps1
. $PSScriptRoot/Public/Disconnect-MgDeviceImage.ps1
. $PSScriptRoot/Public/Get-MgDeviceImageContext.ps1
. $PSScriptRoot/Public/Update-MgDeviceManagementVirtualEndpointDeviceImage.ps1
