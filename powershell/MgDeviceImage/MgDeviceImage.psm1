# An import makes the types and commands known, no more: every statement here costs each session that imports the module, and so does
# each kind of statement in a command's body, which is parsed. What the commands do is loaded by the first of them (Initialize-Command).
$script:isUninitialized = $true

. $PSScriptRoot/Private/AtImport/Types.ps1
. $PSScriptRoot/Private/AtImport/Initialize-Command.ps1
. $PSScriptRoot/Public/Connect-MgDeviceImage.ps1
. $PSScriptRoot/Public/Disconnect-MgDeviceImage.ps1
. $PSScriptRoot/Public/Get-MgDeviceImageContext.ps1
. $PSScriptRoot/Public/Update-MgDeviceManagementVirtualEndpointDeviceImage.ps1
