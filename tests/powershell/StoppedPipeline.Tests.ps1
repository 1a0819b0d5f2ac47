# What Ctrl+C leaves behind at a prompt: a runspace that goes on, over the same session, as if nothing had been asked.

Describe 'A stopped pipeline' {
    BeforeAll {
        . $PSScriptRoot/Emulator.ps1
        Import-Module $ModulePath -Force
        Start-Emulator
        Connect-Emulator

        # 0.2 s is what a quiet machine keeps to; a busy one may be late, but not by seconds.
        $limit = [timespan]::FromSeconds(2)

        # Waits until something is so. Answers how long it took.
        function Wait-Until([scriptblock] $Condition) {
            $watch = [System.Diagnostics.Stopwatch]::StartNew()
            while (-not (& $Condition)) {
                if ($watch.Elapsed.TotalSeconds -gt 30) {
                    throw "It did not become so: $Condition"
                }
                [System.Threading.Thread]::Sleep(5)
            }
            $watch.Elapsed
        }
    }
    BeforeEach {
        Reset-Emulator
        # A prompt of its own. What a console does at Ctrl+C is to stop the pipeline of its runspace.
        $runspace = [runspacefactory]::CreateRunspace([System.Management.Automation.Runspaces.InitialSessionState]::CreateDefault2())
        $runspace.Open()
        $shell = [powershell]::Create($runspace)
        $null = $shell.AddScript("Import-Module '$ModulePath'").Invoke()

        # Starts a script there. Answers its output, which grows.
        function Start-InShell([string] $Script) {
            $output = [System.Management.Automation.PSDataCollection[psobject]]::new()
            $shell.Commands.Clear()
            $null = $shell.AddScript($Script).BeginInvoke([System.Management.Automation.PSDataCollection[psobject]] $null, $output)
            , $output
        }
    }
    AfterEach {
        $shell.Dispose()
        $runspace.Dispose()
    }
    AfterAll {
        Disconnect-MgDeviceImage
        Stop-Emulator
    }

    It 'ends <Phase> at once, and the prompt goes on' -ForEach @(
        @{ Phase = 'the wait for an answer'; Fault = @{ kind = 'hang' }; IsDropped = $true }
        @{ Phase = 'the wait for a late head'; Fault = @{ kind = 'delayHeaders'; ms = 60000 }; IsDropped = $true }
        @{ Phase = 'the wait for a late body'; Fault = @{ kind = 'delayBody'; ms = 60000 }; IsDropped = $true }
        @{ Phase = 'the wait for a retry'; Fault = @{ kind = 'answer'; status = 429; headers = @(, @('Retry-After', '60')) }; IsDropped = $false }
    ) {
        Add-Fault $Fault
        $output = Start-InShell 'Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId img-1 -Version 1; "the rest"'
        $null = Wait-Until { @(Get-Request).Where({ $_ }).Count -eq 1 }
        [System.Threading.Thread]::Sleep(200)
        $shell.InvocationStateInfo.State | Should -Be 'Running'

        $watch = [System.Diagnostics.Stopwatch]::StartNew()
        $shell.Stop()
        $watch.Elapsed | Should -BeLessThan $limit
        if ($IsDropped) {
            Wait-Until { @(Get-Request)[0].ClientGone } | Should -BeLessThan $limit
        }
        $shell.InvocationStateInfo.State | Should -Be 'Stopped'
        $output.Count | Should -Be 0
        $shell.Streams.Error.Count | Should -Be 0

        $shell.Commands.Clear()
        $answer = $shell.AddScript('$Error.Count; (Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId img-1 -Version 2).Version').Invoke()
        $answer[0] | Should -Be 0
        $answer[1] | Should -BeExactly '2'
        @(Get-Request).Count | Should -Be 2 -Because 'the first is not tried again'
    }

    It 'sends nothing of what was still to come' {
        Add-Fault @{ kind = 'none' }, @{ kind = 'hang' }
        $output = Start-InShell '1..3 | ForEach-Object { @{ CloudPcDeviceImageId = "img-$_" } } | Update-MgDeviceManagementVirtualEndpointDeviceImage -Version 3'
        $null = Wait-Until { @(Get-Request).Where({ $_ }).Count -eq 2 }
        $shell.Stop()
        @($output).Id | Should -BeExactly 'img-1'
        [System.Threading.Thread]::Sleep(300)
        @(Get-Request).Count | Should -Be 2
    }
}
