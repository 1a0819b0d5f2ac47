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
        @{ Phase = 'a connection is made'; Server = 'full'; Scheme = 'http' }
        @{ Phase = 'TLS is spoken'; Server = 'silent'; Scheme = 'https' }
        @{ Phase = 'the request is sent'; Server = 'silent'; Scheme = 'http' }
        @{ Phase = 'the next try is awaited'; Server = 'busy' }
    ) {
        # A server that accepts connections and neither reads nor writes. When too many wait to be accepted, another is not answered.
        $listener = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
        $listener.Start(1)
        $waiting = if ($Server -eq 'full') {
            foreach ($number in 1..4) {
                $client = [System.Net.Sockets.TcpClient]::new()
                $null = $client.ConnectAsync([System.Net.IPAddress]::Loopback, $listener.LocalEndpoint.Port)
                $client
            }
        }
        $script = $ConnectScript
        if ($Server -eq 'busy') {
            Add-Answer 503 '' @{ 'Retry-After' = '100' }
        }
        else {
            $script = $script.Replace('$Endpoint', "$($Scheme)://$($listener.LocalEndpoint)")
        }
        # More than the sockets' buffers take, where it is not to arrive.
        $length = if ($Server -eq 'busy') { 1 } else { 20000000 }
        $call = "Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId img-1 -Version ('1' * $length)"
        $process = Start-Pwsh "$script; [Console]::Out.WriteLine('calling'); try { $call } finally { [Console]::Out.WriteLine('finally') }"
        $process.StandardOutput.ReadLine() | Should -BeExactly 'calling'
        $null = Wait-Until { $Server -eq 'full' -or $listener.Pending() -or @(Get-Request).Where({ $_ }).Count -eq 1 }
        [System.Threading.Thread]::Sleep(1000)

        $watch = [System.Diagnostics.Stopwatch]::StartNew()
        $kill = [System.Diagnostics.Process]::Start('kill', "-INT $($process.Id)")
        $kill.WaitForExit()
        $process.StandardOutput.ReadLine() | Should -BeExactly 'finally'
        $watch.Elapsed.TotalSeconds | Should -BeLessThan 2
        $process.StandardInput.Close()
        if (-not $process.WaitForExit(10000)) {
            $process.Kill()
            throw 'The process did not end.'
        }
        $process.StandardError.ReadToEnd().Trim() | Should -BeNullOrEmpty
        foreach ($client in $waiting) { $client.Dispose() }
        $listener.Stop()
    }
}
