# Ctrl+C: the call ends at once, the request is dropped, and nothing is written.

Describe 'Ctrl+C' {
    BeforeAll {
        . $PSScriptRoot/Emulator.ps1
        Import-Module $ModulePath -Force
        Start-Emulator
        Connect-Emulator

        # 0.2 s is what a quiet machine keeps to; a busy one may be late, but not by seconds.
        $limit = [timespan]::FromSeconds(2)

        # Waits until something is so. Answers how long it took; fails after 10 s.
        function Wait-Until([scriptblock] $Condition, [System.Diagnostics.Stopwatch] $Watch = [System.Diagnostics.Stopwatch]::StartNew()) {
            $end = $Watch.Elapsed + [timespan]::FromSeconds(10)
            while (-not (& $Condition)) {
                if ($Watch.Elapsed -gt $end) {
                    throw "It did not become so: $Condition"
                }
                [System.Threading.Thread]::Sleep(5)
            }
            $Watch.Elapsed
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

    It 'drops the request and ends the script' -Skip:$IsWindows {
        Add-Fault @{ kind = 'hang' }
        $process = Start-Pwsh ($ConnectScript + @'
; [System.Console]::WriteLine('connected')
try {
    Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId img-1 -Version 1
    [System.Console]::WriteLine('went on')
}
catch {
    [System.Console]::WriteLine("caught $_")
}
finally {
    [System.Console]::WriteLine("finally, $($Error.Count) errors")
}
[System.Console]::WriteLine('the rest')
'@)
        $process.StandardInput.Close()
        $null = Wait-Until { (Get-Request).Count -eq 1 }
        (Get-Request).ClientGone | Should -BeFalse

        $watch = [System.Diagnostics.Stopwatch]::StartNew()
        & kill -INT $process.Id
        $gone = Wait-Until { (Get-Request).ClientGone } $watch
        $output = $process.StandardOutput.ReadToEnd()
        $problem = $process.StandardError.ReadToEnd()
        $process.WaitForExit(10000) | Should -BeTrue
        $ended = $watch.Elapsed
        Write-Host ('    the request was dropped after {0:n0} ms, the process ended after {1:n0} ms' -f $gone.TotalMilliseconds, $ended.TotalMilliseconds)

        $gone | Should -BeLessThan $limit
        $output.Trim() -split '\r?\n' | Should -BeExactly @('connected', 'finally, 0 errors')
        $problem | Should -BeNullOrEmpty
        @(Get-Request).Count | Should -Be 1 -Because 'it is not tried again'
    }

    It 'ends <Phase>, and the session goes on' -ForEach @(
        @{ Phase = 'the wait for an answer'; Fault = @{ kind = 'hang' }; IsDropped = $true }
        @{ Phase = 'the wait for a late head'; Fault = @{ kind = 'delayHeaders'; ms = 60000 }; IsDropped = $true }
        @{ Phase = 'the wait for a late body'; Fault = @{ kind = 'delayBody'; ms = 60000 }; IsDropped = $true }
        @{ Phase = 'the wait for a retry'; Fault = @{ kind = 'answer'; status = 429; headers = @(, @('Retry-After', '60')) }; IsDropped = $false }
    ) {
        Add-Fault $Fault
        $output = Start-InShell 'Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId img-1 -Version 1; "the rest"'
        $null = Wait-Until { @(Get-Request).Count -eq 1 }
        [System.Threading.Thread]::Sleep(200)
        $shell.InvocationStateInfo.State | Should -Be 'Running'

        $watch = [System.Diagnostics.Stopwatch]::StartNew()
        $shell.Stop()
        $stopped = $watch.Elapsed
        Write-Host ('    stopped after {0:n0} ms' -f $stopped.TotalMilliseconds)
        $stopped | Should -BeLessThan $limit
        if ($IsDropped) {
            Wait-Until { (Get-Request).ClientGone } $watch | Should -BeLessThan $limit
        }
        $shell.InvocationStateInfo.State | Should -Be 'Stopped'
        $output.Count | Should -Be 0
        $shell.Streams.Error.Count | Should -Be 0

        # The same prompt, its errors, and another update over the same session.
        $shell.Commands.Clear()
        $answer = $shell.AddScript('$Error.Count; (Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId img-1 -Version 2).Version').Invoke()
        $answer[0] | Should -Be 0
        $answer[1] | Should -BeExactly '2'
        @(Get-Request).Count | Should -Be 2
    }

    It 'ends a pipeline of many, whose rest is not sent' {
        Add-Fault @{ kind = 'none' }, @{ kind = 'hang' }
        $output = Start-InShell '1..3 | ForEach-Object { @{ CloudPcDeviceImageId = "img-$_" } } | Update-MgDeviceManagementVirtualEndpointDeviceImage -Version 3'
        $null = Wait-Until { @(Get-Request).Count -eq 2 }
        $shell.Stop()
        @($output).Id | Should -BeExactly 'img-1'
        [System.Threading.Thread]::Sleep(300)
        @(Get-Request).Count | Should -Be 2
    }
}
