# Ctrl+C during a request.

Describe 'Ctrl+C' -Skip:$IsWindows {
    BeforeAll {
        . $PSScriptRoot/Emulator.ps1
        Start-Emulator

        function Wait-Until([scriptblock] $Condition) {
            $watch = [System.Diagnostics.Stopwatch]::StartNew()
            while (-not (& $Condition)) {
                if ($watch.Elapsed.TotalSeconds -gt 60) { throw "Waited too long for $Condition" }
                [System.Threading.Thread]::Sleep(5)
            }
            $watch.Elapsed.TotalSeconds
        }

        # Runs a script in a fresh process, interrupts it when its request has arrived, and answers the seconds until the request is
        # dropped, and the output.
        function Stop-Call([string] $Call, [string] $After) {
            $process = Start-Pwsh "$ConnectScript; try { $Call } finally { [Console]::Out.WriteLine('finally') }; $After"
            $null = Wait-Until { @(Get-Request).Where({ $_ }).Count -eq 1 }
            $kill = [System.Diagnostics.Process]::Start('kill', "-INT $($process.Id)")
            $kill.WaitForExit()
            $seconds = Wait-Until { @(Get-Request)[0].ClientGone }
            $output = $process.StandardOutput.ReadToEndAsync()
            $errorOutput = $process.StandardError.ReadToEndAsync()
            $process.StandardInput.Close()
            if (-not $process.WaitForExit(10000)) {
                $process.Kill()
                throw 'The process did not end.'
            }
            @{ Seconds = $seconds; Output = $output.GetAwaiter().GetResult(); Error = $errorOutput.GetAwaiter().GetResult() }
        }
    }
    BeforeEach {
        Reset-Emulator
    }
    AfterAll {
        Stop-Emulator
    }

    It 'drops the request within 0.2 s, without an error, while <Phase>' -ForEach @(
        @{ Phase = 'the answer is awaited'; Fault = @{ kind = 'hang' }; Call = 'Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId img-1 -Version 1' }
        @{ Phase = 'the body is read'; Fault = @{ kind = 'delayBody'; ms = 60000 }; Call = 'Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId img-1 -Version 1' }
        @{ Phase = 'a step is around it'; Fault = @{ kind = 'hang' }; Call = 'Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId img-1 -Version 1 -HttpPipelineAppend { param($r, $c, $n) $n.SendAsync($r, $c) }' }
    ) {
        # A busy machine may be late once; the command may not.
        for ($try = 1; $try -le 3; $try++) {
            Reset-Emulator
            Add-Fault $Fault
            $run = Stop-Call $Call
            if ($run.Seconds -lt 0.2) { break }
        }
        $run.Seconds | Should -BeLessThan 0.2
        $run.Output.Trim() | Should -BeExactly 'finally'
        $run.Error.Trim() | Should -BeNullOrEmpty
    }

    It 'ends the command at once, without an error, while <Phase>' -ForEach @(
        @{ Phase = 'TLS is spoken'; Listens = $true }
        @{ Phase = 'the next try is awaited'; Listens = $false }
    ) {
        # A server that accepts connections and says nothing.
        $silent = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
        $silent.Start()
        $script = $ConnectScript
        if ($Listens) {
            $script = $script.Replace('$Endpoint', "https://$($silent.LocalEndpoint)")
        }
        else {
            Add-Answer 503 '' @{ 'Retry-After' = '100' }
        }
        $process = Start-Pwsh "$script; try { Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId img-1 -Version 1 } finally { [Console]::Out.WriteLine('finally') }"
        $null = Wait-Until { if ($Listens) { $silent.Pending() } else { @(Get-Request).Where({ $_ }).Count -eq 1 } }
        # Until the answer has arrived too.
        [System.Threading.Thread]::Sleep(300)
        $watch = [System.Diagnostics.Stopwatch]::StartNew()
        $kill = [System.Diagnostics.Process]::Start('kill', "-INT $($process.Id)")
        $kill.WaitForExit()
        $output = $process.StandardOutput.ReadLine()
        $watch.Elapsed.TotalSeconds | Should -BeLessThan 2
        $output | Should -BeExactly 'finally'
        $process.StandardInput.Close()
        if (-not $process.WaitForExit(10000)) {
            $process.Kill()
            throw 'The process did not end.'
        }
        $process.StandardError.ReadToEnd().Trim() | Should -BeNullOrEmpty
        $silent.Stop()
    }
}
