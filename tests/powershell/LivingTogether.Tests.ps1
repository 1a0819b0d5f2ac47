# The module beside others, imported in every way, and used from many runspaces at once.

Describe 'The module' {
    BeforeAll {
        . $PSScriptRoot/Emulator.ps1
        Start-Emulator
        $folder = [System.IO.Path]::Combine([System.IO.Path]::GetTempPath(), "mgdi-together-$([guid]::NewGuid().ToString('N'))")
        $null = [System.IO.Directory]::CreateDirectory("$folder/Other")
        # A module of somebody else's with a command of the same name.
        [System.IO.File]::WriteAllText("$folder/Other/Other.psm1", @'
function Update-MgDeviceManagementVirtualEndpointDeviceImage { 'the other' }
'@)
        # What a process holds, and how much more than before: handles and threads, with a space between.
        $script:measureScript = @'
function Measure-Process {
    [gc]::Collect()
    [gc]::WaitForPendingFinalizers()
    [System.Threading.Thread]::Sleep(500)
    [pscustomobject] @{
        Handles = [System.IO.Directory]::GetFileSystemEntries('/proc/self/fd').Length
        Threads = [System.IO.Directory]::GetDirectories('/proc/self/task').Length
    }
}
function Get-Growth($Before, $After) {
    "$($After.Handles - $Before.Handles) $($After.Threads - $Before.Threads)"
}

'@
        # Runs a script in a fresh process, where $Other is the other module. Answers its lines; errors fail the test.
        function Invoke-Fresh([string] $Script) {
            $run = Invoke-Pwsh "`$Other = '$folder/Other/Other.psm1'; $Script"
            $run.Error | Should -BeNullOrEmpty
            $run.Output -split '\r?\n'
        }
    }
    BeforeEach {
        Reset-Emulator
    }
    AfterAll {
        Stop-Emulator
        [System.IO.Directory]::Delete($folder, $true)
    }

    It 'has its command, when it is imported after another module with that name' {
        $lines = Invoke-Fresh (@'
Import-Module $Other
'@ + "`n$ConnectScript`n" + @'
(Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId img-1 -Version 1).Version
Other\Update-MgDeviceManagementVirtualEndpointDeviceImage
'@)
        $lines | Should -BeExactly @('1', 'the other')
    }

    It 'has its command by its full name, when the other module is imported after it' {
        $lines = Invoke-Fresh ($ConnectScript + "`n" + @'
Import-Module $Other
Update-MgDeviceManagementVirtualEndpointDeviceImage
(@{ Id = 'img-1' } | MgDeviceImage\Update-MgDeviceManagementVirtualEndpointDeviceImage -Version 2).Version
Remove-Module Other
Import-Module $Module
(Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId img-1 -Version 3).Version
'@)
        $lines | Should -BeExactly @('the other', '2', '3')
    }

    It 'takes a prefix' {
        $lines = Invoke-Fresh ($ConnectScript.Replace('Import-Module $Module', 'Import-Module $Module -Prefix My').Replace('Connect-Mg', 'Connect-MyMg') + "`n" + @'
(Get-Command -Module MgDeviceImage).Name | Sort-Object
(Update-MyMgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId img-1 -DisplayName $null -Version 4).Version
(Get-MyMgDeviceImageContext).GraphEndpoint -eq $Endpoint
(Update-MyMgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId nobody -Version 4 2>&1).FullyQualifiedErrorId.Split(',')[0]
Disconnect-MyMgDeviceImage
'@)
        $lines | Should -BeExactly @(
            'Connect-MyMgDeviceImage', 'Disconnect-MyMgDeviceImage', 'Get-MyMgDeviceImageContext',
            'Update-MyMgDeviceManagementVirtualEndpointDeviceImage', '4', 'True',
            'ResourceNotFound')
        @(Get-Request)[0].Body | Should -BeExactly '{"displayName":null,"version":"4"}'
    }

    It 'can be imported twenty times more, keeps its session and types, and leaves no assemblies behind' {
        $lines = Invoke-Fresh ($ConnectScript + "`n" + @'
$before = Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId img-1 -Version 1
foreach ($round in 1..20) {
    Import-Module $Module -Force
    $image = Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId img-1 -Version 1.$round
    if ($image.Version -ne "1.$round" -or $image.GetType() -ne $before.GetType()) { "round $round" }
}
$null = Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId img-1 -AdditionalProperties ([ordered] @{ z = 1; a = 2 })
$null = Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId img-1 -Version 2 -HttpPipelineAppend { param($r, $c, $n) $n.SendAsync($r, $c) }
# An image of the first import is a body and an identity for the last one.
($before | Update-MgDeviceManagementVirtualEndpointDeviceImage -Version 5).Version
@([System.AppDomain]::CurrentDomain.GetAssemblies().Where({ $_.GetName().Name -like 'MgDeviceImage.*' })).Count
@(Get-Module MgDeviceImage).Count
$Error.Count
'@)
        $lines | Should -BeExactly @('5', '2', '1', '0')
        $bodies = @(Get-Request).Body
        $bodies.Count | Should -Be 24
        $bodies[-3] | Should -BeExactly '{"z":1,"a":2}'
    }

    It 'can be removed and imported again, and is connected still' {
        $lines = Invoke-Fresh ($ConnectScript + "`n" + @'
Remove-Module MgDeviceImage
$null -eq (Get-Command Update-MgDeviceManagementVirtualEndpointDeviceImage -ErrorAction Ignore)
Import-Module $Module
(Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId img-1 -Version 6).Version
Disconnect-MgDeviceImage
Remove-Module MgDeviceImage
Import-Module $Module
$null -eq (Get-MgDeviceImageContext)
'@)
        $lines | Should -BeExactly @('True', '6', 'True')
    }

    It 'leaves nothing but its commands in the session' {
        $lines = Invoke-Fresh @'
$before = @((Get-Variable).Name) + 'before' + 'after'
Import-Module $Module
$null = Get-MgDeviceImageContext
$after = (Get-Variable).Name
"functions: $((Get-Command Initialize-Command, New-Failure, Write-JsonValue -ErrorAction Ignore).Name)"
"variables: $($after.Where({ $_ -notin $before }) -join ' ')"
"commands: $(@(Get-Command -Module MgDeviceImage).Count)"
"errors: $($Error.Count)"
'@
        $lines | Should -BeExactly @('functions: ', 'variables: ', 'commands: 4', 'errors: 0')
    }

    It 'answers 32 runspaces at once, each with its own image, from a connection made in another' {
        foreach ($number in 1..32) {
            $null = Send-Control 'PUT' "images/par-$number" "{`"id`":`"par-$number`",`"version`":`"0`"}"
        }
        $lines = Invoke-Fresh ($ConnectScript + "`n" + @'
$answers = 1..32 | ForEach-Object -ThrottleLimit 32 -Parallel {
    Import-Module $using:Module
    foreach ($turn in 1..5) {
        $image = Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId "par-$_" -DisplayName $null -Version "$_.$turn" -AdditionalProperties @{ n = $_ }
        "$($image.Id) $($image.Version) $($image.AdditionalProperties['n'])"
    }
}
@($answers).Count
$expected = foreach ($number in 1..32) { foreach ($turn in 1..5) { "par-$number $number.$turn $number" } }
@(Compare-Object $expected $answers).Count
'@)
        $lines | Should -BeExactly @('160', '0')
        @(Get-Request).Count | Should -Be 160
    }

    It 'serves runspaces one after the other, whichever was the first' {
        $lines = Invoke-Fresh ($ConnectScript + "`n" + @'
foreach ($number in 1..3) {
    $runspace = [runspacefactory]::CreateRunspace([System.Management.Automation.Runspaces.InitialSessionState]::CreateDefault2())
    $runspace.Open()
    $shell = [powershell]::Create($runspace)
    $null = $shell.AddScript("Import-Module '$Module'; (Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId img-1 -BodyParameter @{ version = '7.$number' }).Version")
    $shell.Invoke()
    $shell.Streams.Error
    $shell.Dispose()
    $runspace.Dispose()
}
(Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId img-1 -Version 7.4).Version
'@)
        $lines | Should -BeExactly @('7.1', '7.2', '7.3', '7.4')
    }

    It 'leaks no handles and threads over 200 updates, half of which fail' -Skip:(-not $IsLinux) {
        $lines = Invoke-Fresh ($ConnectScript + "`n" + $measureScript + @'
function Update-Many([int] $Count) {
    foreach ($number in 1..$Count) {
        $id = if ($number % 2) { 'img-1' } else { 'missing' }
        $null = Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId $id -Version $number -ResponseHeadersVariable headers -ErrorAction SilentlyContinue
    }
}
Update-Many 20
$before = Measure-Process
Update-Many 200
$after = Measure-Process
"$(Get-Growth $before $after)"
$Error.Count
'@)
        @(Get-Request).Count | Should -Be 220
        # The runtime's own threads come and go.
        $handles, $threads = $lines[0] -split ' '
        [int] $handles | Should -BeLessOrEqual 2
        [int] $threads | Should -BeLessOrEqual 2
        $lines[1] | Should -Be '110'
    }

    It 'leaks no handles and threads over rounds of 32 runspaces' -Skip:(-not $IsLinux) {
        $lines = Invoke-Fresh ($ConnectScript + "`n" + $measureScript + @'
function Update-Rounds([int] $Count) {
    foreach ($round in 1..$Count) {
        Connect-MgDeviceImage -AccessToken $token -GraphEndpoint $Endpoint
        1..32 | ForEach-Object -ThrottleLimit 32 -Parallel {
            Import-Module $using:Module
            $null = Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId img-1 -Version $_
        }
        Disconnect-MgDeviceImage
    }
}
Update-Rounds 2
$before = Measure-Process
Update-Rounds 4
$after = Measure-Process
"$(Get-Growth $before $after)"
'@)
        @(Get-Request).Count | Should -Be 192
        # Four rounds would leak 128 of what a runspace leaks. The runtime's own threads come and go.
        $handles, $threads = $lines -split ' '
        [int] $handles | Should -BeLessOrEqual 16
        [int] $threads | Should -BeLessOrEqual 16
    }

    It 'leaks no handles over 50 connections' -Skip:(-not $IsLinux) {
        $lines = Invoke-Fresh ($ConnectScript + "`n" + $measureScript + @'
function Connect-Many([int] $Count) {
    foreach ($number in 1..$Count) {
        Connect-MgDeviceImage -AccessToken $token -GraphEndpoint $Endpoint
        $null = Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId img-1 -Version $number
    }
    Disconnect-MgDeviceImage
}
Connect-Many 5
$before = Measure-Process
Connect-Many 50
$after = Measure-Process
"$(Get-Growth $before $after)"
'@)
        @(Get-Request).Count | Should -Be 55
        $handles, $threads = $lines[0] -split ' '
        [int] $handles | Should -BeLessOrEqual 2
        [int] $threads | Should -BeLessOrEqual 2
    }
}
