# Prints how long Import-Module takes for the module $Module, in milliseconds.
param([string] $Module)
$ErrorActionPreference = 'Stop'
$watch = [System.Diagnostics.Stopwatch]::StartNew()
Import-Module $Module
$watch.Elapsed.TotalMilliseconds
