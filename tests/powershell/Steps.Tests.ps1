# -HttpPipelinePrepend, -HttpPipelineAppend and -Break.

Describe 'A pipeline step' {
    BeforeAll {
        . $PSScriptRoot/Emulator.ps1
        Import-Module $ModulePath -Force
        Start-Emulator
        Connect-Emulator
        $script:base = @{ CloudPcDeviceImageId = 'img-1'; Version = '2' }
        Set-Alias Update-Image Update-MgDeviceManagementVirtualEndpointDeviceImage
    }
    BeforeEach {
        Reset-Emulator
        $global:steps = [System.Collections.Generic.List[string]]::new()
        $global:Error.Clear()
    }
    AfterAll {
        Disconnect-MgDeviceImage
        Stop-Emulator
    }

    It 'sees the request and the answer' {
        $step = {
            param($request, $callback, $next)
            $global:steps.Add("$($request.Method) $($request.RequestUri.AbsolutePath)")
            $global:steps.Add($request.Content.ReadAsStringAsync().Result)
            $global:steps.Add("$($request.Content.Headers.ContentType)")
            $global:steps.Add("$($request.Headers.GetValues('Prefer'))")
            $global:steps.Add("$($request.Headers.Contains('Authorization'))")
            $task = $next.SendAsync($request, $callback)
            $global:steps.Add("$([int] $task.Result.StatusCode) $($task.Result.Headers.Contains('request-id'))")
            $task
        }
        $image = Update-Image @base -Headers @{ Prefer = 'x'; Authorization = 'Bearer mine' } -HttpPipelineAppend $step
        $image.Version | Should -BeExactly '2'
        $steps[0] | Should -BeExactly 'PATCH /v1.0/deviceManagement/virtualEndpoint/deviceImages/img-1'
        $steps[1] | Should -BeExactly '{"version":"2"}'
        $steps[2] | Should -BeExactly 'application/json'
        $steps[3] | Should -BeExactly 'x'
        $steps[5] | Should -BeExactly '200 True'
        (Get-Request).Headers['authorization'] | Should -BeExactly 'Bearer emulator-token'
    }

    It 'runs on the pipeline thread' {
        $thread = [System.Environment]::CurrentManagedThreadId
        $null = Update-Image @base -HttpPipelineAppend { param($r, $c, $n) $global:steps.Add([System.Environment]::CurrentManagedThreadId); $n.SendAsync($r, $c) }
        $steps[0] | Should -Be $thread
    }

    It 'runs in order: those prepended in reverse, then those appended' {
        $make = { param($name) { param($r, $c, $n) $global:steps.Add($name); $n.SendAsync($r, $c) }.GetNewClosure() }
        $null = Update-Image @base -HttpPipelinePrepend (& $make 'p1'), (& $make 'p2') -HttpPipelineAppend (& $make 'a1'), (& $make 'a2')
        $steps -join ' ' | Should -BeExactly 'p2 p1 a1 a2'
    }

    It 'may be a delegate' {
        $step = [Microsoft.Graph.PowerShell.Runtime.SendAsyncStep] { param($r, $c, $n) $global:steps.Add('delegate'); $n.SendAsync($r, $c) }
        (Update-Image @base -HttpPipelinePrepend $step).Version | Should -BeExactly '2'
        $steps | Should -Be 'delegate'
    }

    It 'changes headers and the body' {
        $null = Update-Image @base -HttpPipelineAppend {
            param($r, $c, $n)
            $r.Headers.Add('x-ms-step', [string[]] @('1', '2'))
            $r.Headers.UserAgent.ParseAdd('mine/1.0 (test)')
            $r.Content = [System.Net.Http.StringContent]::new('{ "displayName" : "by the step" }')
            $n.SendAsync($r, $c)
        }
        $request = Get-Request
        $request.Headers['x-ms-step'] | Should -Be @('1', '2')
        $request.Headers['user-agent'] | Should -BeExactly 'mine/1.0 (test)'
        $request.Headers['content-type'] | Should -BeExactly 'application/json'
        $request.Body | Should -BeExactly '{"displayName":"by the step"}'
    }

    It 'changes the answer' {
        $image = Update-Image @base -ResponseHeadersVariable headers -HttpPipelineAppend {
            param($r, $c, $n)
            $answer = $n.SendAsync($r, $c).Result
            $answer.Headers.Add('X-Step', 'yes')
            $answer.Content = [System.Net.Http.StringContent]::new('{"id":"changed"}')
            [System.Threading.Tasks.Task]::FromResult($answer)
        }
        $image.Id | Should -BeExactly 'changed'
        $headers['X-Step'] | Should -Be 'yes'
        $headers.ContainsKey('request-id') | Should -BeTrue
    }

    It 'answers without sending: status <Status>' -ForEach @(
        @{ Status = 200; Body = '{"id":"mine"}'; Written = 'mine' }
        @{ Status = 204; Body = ''; Written = '' }
        @{ Status = 404; Body = '{"error":{"code":"Gone","message":"No."}}'; Written = '`[Gone`] : No.' }
        @{ Status = 200; Body = 'no object'; Written = '*could not be read*' }
        @{ Status = 302; Body = ''; Written = 'The server redirects (302) without saying where*' }
        @{ Status = 407; Body = ''; Written = '*proxy that wants credentials*' }
    ) {
        $step = {
            param($r, $c, $n)
            $answer = [System.Net.Http.HttpResponseMessage]::new([System.Net.HttpStatusCode] $Status)
            $answer.Content = [System.Net.Http.StringContent]::new($Body)
            [System.Threading.Tasks.Task]::FromResult($answer)
        }.GetNewClosure()
        $seen = Update-Image @base -HttpPipelineAppend $step 2>&1
        $text = if ($seen -is [System.Management.Automation.ErrorRecord]) { $seen.Exception.Message } elseif ($seen) { $seen.Id } else { '' }
        $text | Should -BeLike $Written
        Get-Request | Should -BeNullOrEmpty
    }

    It 'may send again' {
        Add-Answer 404
        $image = Update-Image @base -HttpPipelineAppend {
            param($r, $c, $n)
            $task = $n.SendAsync($r, $c)
            if (-not $task.Result.IsSuccessStatusCode) { $task = $n.SendAsync($r, $c) }
            $task
        }
        $image.Version | Should -BeExactly '2'
        @(Get-Request).Count | Should -Be 2
    }

    It 'lets errors of the service be what they are' {
        $written = Update-Image -CloudPcDeviceImageId nobody -Version 2 -HttpPipelineAppend { param($r, $c, $n) $n.SendAsync($r, $c) } 2>&1
        $written.FullyQualifiedErrorId | Should -BeLike 'ResourceNotFound,*'
        $written.Exception.Data['StatusCode'] | Should -Be 404
        $global:Error.Count | Should -Be 1
    }

    It 'lets a redirect be one that is refused' {
        Add-Fault @{ kind = 'redirect'; status = 302; location = '/elsewhere' }
        $record = Update-Image @base -HttpPipelineAppend { param($r, $c, $n) $n.SendAsync($r, $c) } 2>&1
        $record.FullyQualifiedErrorId | Should -BeLike 'RedirectRefused,*'
        $record.Exception.Message | Should -BeLike '*(302)*/elsewhere*'
    }

    It 'lets errors of the way be what they are' {
        Add-Fault @{ kind = 'reset' }
        $written = Update-Image @base -HttpPipelineAppend { param($r, $c, $n) $n.SendAsync($r, $c) } 2>&1
        $written.FullyQualifiedErrorId | Should -BeLike 'ConnectionFailed,*'
        $global:Error.Count | Should -Be 1
    }

    It 'is an error record with its own exception where it <Name>' -ForEach @(
        @{ Name = 'throws a text'; Step = { param($r, $c, $n) throw 'my reason' }; Type = 'System.Management.Automation.RuntimeException'; Message = 'my reason' }
        @{ Name = 'throws an exception'; Step = { param($r, $c, $n) throw [System.IO.IOException]::new('my reason') }; Type = 'System.IO.IOException'; Message = 'my reason' }
        @{ Name = 'gives a task that failed'; Step = { param($r, $c, $n) [System.Threading.Tasks.Task]::FromException[System.Net.Http.HttpResponseMessage]([System.IO.IOException]::new('my reason')) }; Type = 'System.IO.IOException'; Message = 'my reason' }
        @{ Name = 'gives nothing'; Step = { param($r, $c, $n) }; Type = 'System.InvalidOperationException'; Message = '*gave no answer*' }
        @{ Name = 'gives a cancelled task'; Step = { param($r, $c, $n) [System.Threading.Tasks.Task]::FromCanceled[System.Net.Http.HttpResponseMessage]([System.Threading.CancellationToken]::new($true)) }; Type = 'System.InvalidOperationException'; Message = '*gave no answer*' }
    ) {
        $written = Update-Image @base -HttpPipelineAppend $Step -ErrorVariable collected 2>&1
        @($written).Count | Should -Be 1
        $written.FullyQualifiedErrorId | Should -BeLike 'PipelineStepFailed,*'
        $written.CategoryInfo.Category | Should -Be 'InvalidOperation'
        $written.Exception.GetType().FullName | Should -BeExactly $Type
        $written.Exception.Message | Should -BeLike $Message
        @($collected).Count | Should -Be 1
        $global:Error.Count | Should -Be 1
        Get-Request | Should -BeNullOrEmpty
    }

    It 'cannot change where the request goes' {
        $written = Update-Image @base -HttpPipelineAppend { param($r, $c, $n) $r.RequestUri = 'http://127.0.0.1:9/'; $n.SendAsync($r, $c) } 2>&1
        $written.FullyQualifiedErrorId | Should -BeLike 'InvalidArgument,*'
        Get-Request | Should -BeNullOrEmpty
    }

    It 'cannot send a body that is no image, nor a header that is not its own' {
        (Update-Image @base -HttpPipelineAppend { param($r, $c, $n) $r.Content = [System.Net.Http.StringContent]::new('[1]'); $n.SendAsync($r, $c) } 2>&1).FullyQualifiedErrorId | Should -BeLike 'InvalidBody,*'
        (Update-Image @base -HttpPipelineAppend { param($r, $c, $n) $r.Headers.Host = 'elsewhere'; $n.SendAsync($r, $c) } 2>&1).FullyQualifiedErrorId | Should -BeLike 'InvalidHeader,*'
        Get-Request | Should -BeNullOrEmpty
    }

    It 'may say that its body is <_>' -ForEach 'application/json', 'application/json; charset=utf-8', 'Application/JSON;charset=utf-16' {
        $type = [System.Net.Http.Headers.MediaTypeHeaderValue]::Parse($_)
        $null = Update-Image @base -HttpPipelineAppend {
            param($r, $c, $n)
            $r.Content = [System.Net.Http.StringContent]::new('{"displayName":"ü"}', [System.Text.Encoding]::GetEncoding($(if ($type.CharSet) { $type.CharSet } else { 'utf-8' })))
            $r.Content.Headers.ContentType = $type
            $n.SendAsync($r, $c)
        }.GetNewClosure()
        (Get-Request).Headers['content-type'] | Should -BeExactly 'application/json'
        (Get-Request).Body | Should -BeExactly '{"displayName":"ü"}'
    }

    It 'cannot set the header <Name> of the content' -ForEach @(
        @{ Name = 'Content-Language'; Step = { param($r, $c, $n) $r.Content.Headers.ContentLanguage.Add('de'); $n.SendAsync($r, $c) } }
        @{ Name = 'Content-Encoding'; Step = { param($r, $c, $n) $r.Content.Headers.Add('Content-Encoding', 'gzip'); $n.SendAsync($r, $c) } }
        @{ Name = 'X-A'; Step = { param($r, $c, $n) $r.Content.Headers.Add('X-A', 'a'); $n.SendAsync($r, $c) } }
        @{ Name = 'Content-Type'; Step = { param($r, $c, $n) $r.Content.Headers.ContentType = 'application/xml'; $n.SendAsync($r, $c) } }
        @{ Name = 'Content-Type'; Step = { param($r, $c, $n) $null = $r.Content.Headers.Remove('Content-Type'); $null = $r.Content.Headers.TryAddWithoutValidation('Content-Type', 'no type'); $n.SendAsync($r, $c) } }
    ) {
        $written = Update-Image @base -HttpPipelineAppend $Step 2>&1
        $written.FullyQualifiedErrorId | Should -BeLike 'InvalidHeader,*'
        $written.Exception | Should -BeOfType ([System.ArgumentException])
        $written.Exception.Message | Should -BeLike "*the header $Name *"
        $global:Error.Count | Should -Be 1
        Get-Request | Should -BeNullOrEmpty
    }

    It 'is not called where the id cannot be sent: <_>' -ForEach '.', '..', '' {
        $written = Update-Image -InputObject @{ Id = $_ } -HttpPipelineAppend { param($r, $c, $n) $global:steps.Add('ran'); $n.SendAsync($r, $c) } 2>&1
        $written.FullyQualifiedErrorId | Should -BeLike 'InvalidArgument,*'
        $steps.Count | Should -Be 0
    }

    It 'is an error where it is null' {
        foreach ($list in @($null), @({ param($r, $c, $n) $global:steps.Add('ran'); $n.SendAsync($r, $c) }, $null)) {
            $written = Update-Image @base -HttpPipelinePrepend $list 2>&1
            $written.FullyQualifiedErrorId | Should -BeLike 'InvalidArgument,*'
            $written.Exception.Message | Should -BeLike '*HttpPipelinePrepend*null*'
        }
        $steps.Count | Should -Be 0
        Get-Request | Should -BeNullOrEmpty
    }

    It 'runs not at all with -WhatIf' {
        Update-Image @base -HttpPipelineAppend { param($r, $c, $n) $global:steps.Add('ran'); $n.SendAsync($r, $c) } -WhatIf
        $steps.Count | Should -Be 0
    }

    It 'goes with headers that are refused without steps too' {
        (Update-Image @base -Headers @{ 'Content-Length' = '1' } -HttpPipelineAppend { param($r, $c, $n) $n.SendAsync($r, $c) } 2>&1).FullyQualifiedErrorId | Should -BeLike 'InvalidHeader,*'
        (Update-Image @base -Headers @{ 'X-A' = [securestring]::new() } -HttpPipelineAppend { param($r, $c, $n) $n.SendAsync($r, $c) } 2>&1).FullyQualifiedErrorId | Should -BeLike 'InvalidHeader,*'
        (Update-Image @base -Headers @{ 'X-A' = $null } -HttpPipelineAppend { param($r, $c, $n) $n.SendAsync($r, $c) } 2>&1).FullyQualifiedErrorId | Should -BeLike 'InvalidHeader,*'
        Get-Request | Should -BeNullOrEmpty
    }
}

Describe '-Break' -Skip:$IsWindows {
    BeforeAll {
        . $PSScriptRoot/Emulator.ps1
        Start-Emulator
    }
    AfterAll {
        Stop-Emulator
    }

    It 'waits for a debugger until Ctrl+C' {
        $process = Start-Pwsh "$ConnectScript; Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId img-1 -Version 1 -Break"
        $process.StandardError.ReadLine() | Should -BeExactly "Waiting for debugger to attach to process $($process.Id)"
        $process.HasExited | Should -BeFalse
        [System.Diagnostics.Process]::Start('kill', "-INT $($process.Id)").WaitForExit()
        $process.StandardInput.Close()
        $process.WaitForExit(20000) | Should -BeTrue
        Get-Request | Should -BeNullOrEmpty
    }
}
