# Loads the other files of this folder. They define their functions as script:, since they run in the scope of a function, and give
# their classes to the others as $script: variables, since a class is known by name in its own file alone.
foreach ($file in [System.IO.Directory]::GetFiles($PSScriptRoot, '*.ps1')) {
    if ($file -ne $PSCommandPath) {
        . $file
    }
}

# Loads what few callers need, once.
$script:onDemand = @{}
function script:Import-OnDemand([string] $Name) {
    if (-not $script:onDemand[$Name]) {
        . "$PSScriptRoot/../OnDemand/$Name.ps1"
        $script:onDemand[$Name] = $true
    }
}

# Types that were in the process before are used in place of those that Types.ps1 makes.
foreach ($type in [Microsoft.Graph.PowerShell.Models.MicrosoftGraphCloudPcDeviceImage],
    [Microsoft.Graph.PowerShell.Models.DeviceManagementAdministrationIdentity], [Microsoft.Graph.PowerShell.Runtime.SendAsyncStep]) {
    if ($type.Assembly -ne [MgDeviceImage.ConvertedBy].Assembly) {
        Import-OnDemand 'ForeignTypes'
        Assert-GraphType
        break
    }
}

$script:isUninitialized = $false
