<#
    The time of one update over a connection that is kept alive, as update_time.c measures it.
    Prints the median in nanoseconds.
#>
param([string] $Module, [string] $Endpoint)
$ErrorActionPreference = 'Stop'
. $PSScriptRoot/Connect.ps1

# Enough for .NET to compile what runs often.
$warmUp = 2000
$count = 2000
$times = [long[]]::new($count)
for ($i = -$warmUp; $i -lt $count; $i++) {
    $start = [System.Diagnostics.Stopwatch]::GetTimestamp()
    $null = Update-MgDeviceManagementVirtualEndpointDeviceImage @update
    $end = [System.Diagnostics.Stopwatch]::GetTimestamp()
    if ($i -ge 0) { $times[$i] = $end - $start }
}
[System.Array]::Sort($times)
$times[$count / 2] * 1e9 / [System.Diagnostics.Stopwatch]::Frequency
