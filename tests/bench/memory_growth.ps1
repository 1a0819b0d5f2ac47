<#
    Whether memory grows with the number of updates.
    Prints the resident size of this process in bytes after 1,000 and after 10,000 updates.
#>
param([string] $Module, [string] $Endpoint)
$ErrorActionPreference = 'Stop'
. $PSScriptRoot/Connect.ps1

for ($count = 1; $count -le 10000; $count++) {
    $null = Update-MgDeviceManagementVirtualEndpointDeviceImage @update
    if ($count -eq 1000 -or $count -eq 10000) {
        # What .NET has not collected yet is no growth, nor what it keeps for later.
        [System.GC]::Collect()
        [System.GC]::WaitForPendingFinalizers()
        [System.GC]::Collect(2, [System.GCCollectionMode]::Aggressive, $true, $true)
        [System.Environment]::WorkingSet
    }
}
