<#
    The time of one update over a connection that is kept alive, as update_time.c measures it, and that of a command which does nothing but
    has the same parameters: the engine's part. The two take turns.
    Prints the median of each in nanoseconds.
#>
param([string] $Module, [string] $Endpoint)
$ErrorActionPreference = 'Stop'
. $PSScriptRoot/Connect.ps1

$parameters = (Get-Command Update-MgDeviceManagementVirtualEndpointDeviceImage).ScriptBlock.Ast.Body.ParamBlock
$attributes = $parameters.Attributes.Extent.Text -join "`n"
. ([scriptblock]::Create("function Invoke-Nothing { $attributes $($parameters.Extent.Text) begin {} process {} end {} }"))

# Enough for .NET to compile what runs often.
$warmUp = 2000
$count = 2000
$updates = [long[]]::new($count)
$nothings = [long[]]::new($count)
for ($i = -$warmUp; $i -lt $count; $i++) {
    $start = [System.Diagnostics.Stopwatch]::GetTimestamp()
    $null = Update-MgDeviceManagementVirtualEndpointDeviceImage @update
    $middle = [System.Diagnostics.Stopwatch]::GetTimestamp()
    $null = Invoke-Nothing @update
    $end = [System.Diagnostics.Stopwatch]::GetTimestamp()
    if ($i -ge 0) {
        $updates[$i] = $middle - $start
        $nothings[$i] = $end - $middle
    }
}
foreach ($times in $updates, $nothings) {
    [System.Array]::Sort($times)
    $times[$count / 2] * 1e9 / [System.Diagnostics.Stopwatch]::Frequency
}
