# -HttpPipelinePrepend and -HttpPipelineAppend: the caller's steps around the request. Steps run on the pipeline thread, one inside
# the other; the innermost sender is the library.

# A chain is a hashtable that the senders share: Request (see Updates.ps1), Steps in their order, Uri, and Failure, the error record
# of the library's sender where it had no answer.

# Passes a message to the step at Index, or to the library after the last.
class StepSender : Microsoft.Graph.PowerShell.Runtime.ISendAsync {
    [hashtable] $Chain
    [int] $Index

    StepSender([hashtable] $chain, [int] $index) {
        $this.Chain = $chain
        $this.Index = $index
    }

    [System.Threading.Tasks.Task[System.Net.Http.HttpResponseMessage]] SendAsync(
        [System.Net.Http.HttpRequestMessage] $message, [Microsoft.Graph.PowerShell.Runtime.IEventListener] $callback) {
        if ($this.Index -lt $this.Chain.Steps.Count) {
            return $this.Chain.Steps[$this.Index].Invoke($message, $callback, [StepSender]::new($this.Chain, $this.Index + 1))
        }
        return Send-StepMessage $this.Chain $message
    }
}

# The first sender and its message, as something that a task can start.
class StepStart {
    [StepSender] $Sender
    [System.Net.Http.HttpRequestMessage] $Message

    [object] Run() {
        return $this.Sender.SendAsync($this.Message, $null)
    }
}

# Sends an update through steps. Answers the outcome, as Updates.Send does.
function script:Send-UpdateThroughStep([hashtable] $Request, $Prepend, $Append) {
    $steps = [System.Collections.Generic.List[object]]::new()
    foreach ($step in $Prepend) {
        $steps.Insert(0, $step)
    }
    foreach ($step in $Append) {
        $steps.Add($step)
    }
    if ($steps.Contains($null)) {
        return New-FailedOutcome (New-Failure 'InvalidArgument' 'HttpPipelinePrepend or HttpPipelineAppend holds a step that is null.' (New-FailureTarget $Request))
    }
    $chain = @{ Request = $Request; Steps = $steps; Uri = $null; Failure = $null }
    $message = New-StepMessage $chain
    if ($message -is [System.Management.Automation.ErrorRecord]) {
        return New-FailedOutcome $message
    }

    # A task takes what a step throws. Caught here, it would show in $Error beside the error record.
    $run = [StepStart] @{ Sender = [StepSender]::new($chain, 0); Message = $message }
    $start = [System.Threading.Tasks.Task[object]]::new([System.Func[object]] $run.Run)
    $start.RunSynchronously([System.Threading.Tasks.TaskScheduler]::Default)
    $task = $start
    if (-not $start.IsFaulted -and $start.Result -is [System.Threading.Tasks.Task]) {
        $task = $start.Result
        # In slices, since Ctrl+C takes effect between two calls only.
        while ([System.Threading.Tasks.Task]::WaitAny(@($task), 50) -lt 0) { }
    }
    if ($task.IsFaulted) {
        return New-FailedOutcome (ConvertFrom-StepException $chain $task.Exception)
    }
    $answer = if ($task.IsCompletedSuccessfully) { $task.Result }
    if ($answer -isnot [System.Net.Http.HttpResponseMessage]) {
        $problem = [System.InvalidOperationException]::new('A pipeline step gave no answer: it must return the task of $next.SendAsync($request, $callback), or one of its own.')
        return New-FailedOutcome (ConvertFrom-StepException $chain $problem)
    }
    return Read-StepAnswer $chain $answer
}

function script:New-FailedOutcome([System.Management.Automation.ErrorRecord] $Failure) {
    return $script:Updates::ReadOutcome(@{ Result = $Failure; Response = [System.IntPtr]::Zero })
}

# The request as the steps see it, or an error record.
function script:New-StepMessage([hashtable] $Chain) {
    $request = $Chain.Request
    $path = "/v1.0/deviceManagement/virtualEndpoint/deviceImages/$([uri]::EscapeDataString($request.Id))"
    $message = [System.Net.Http.HttpRequestMessage]::new('PATCH', $request.Session.Context.GraphEndpoint + $path)
    $message.Content = [System.Net.Http.StringContent]::new($request.Json, $script:Utf8)
    $message.Content.Headers.ContentType = [System.Net.Http.Headers.MediaTypeHeaderValue]::new('application/json')
    $Chain.Uri = $message.RequestUri
    if ($null -ne $request.Headers) {
        foreach ($entry in $request.Headers.GetEnumerator()) {
            $values = Get-HeaderValue $entry.Value
            $problem = Find-HeaderProblem ([string] $entry.Key) $values
            if ($problem) {
                return New-Failure 'InvalidHeader' $problem (New-FailureTarget $request)
            }
            if (-not $message.Headers.TryAddWithoutValidation([string] $entry.Key, [string[]] $values)) {
                return New-Failure 'InvalidHeader' "The header $($entry.Key) cannot be given." (New-FailureTarget $request)
            }
        }
    }
    if (-not $message.Headers.Contains('Accept')) {
        $message.Headers.Add('Accept', 'application/json')
    }
    if (-not $message.Headers.Contains('client-request-id')) {
        $message.Headers.Add('client-request-id', [guid]::NewGuid().ToString())
    }
    return $message
}

# The innermost sender: sends what the steps made of the request. Answers a task.
function script:Send-StepMessage([hashtable] $Chain, [System.Net.Http.HttpRequestMessage] $Message) {
    $request = $Chain.Request.Clone()
    $request.WithAnswer = $true
    if ($Message.Method.Method -ne 'PATCH' -or $Message.RequestUri -ne $Chain.Uri) {
        $failure = New-Failure 'InvalidArgument' (
            "A pipeline step changed the request to $($Message.Method) $($Message.RequestUri). It may change headers and body only.") (New-FailureTarget $request)
    }
    elseif ($problem = Find-ContentProblem $Message.Content) {
        $failure = New-Failure 'InvalidHeader' $problem (New-FailureTarget $request)
    }
    else {
        $request.Json = if ($null -ne $Message.Content) { $Message.Content.ReadAsStringAsync().GetAwaiter().GetResult() } else { '' }
        $request.Headers = Get-MessageHeader $Message.Headers
        $outcome = $script:Updates::Send($request)
        $failure = $outcome.Failure
        # An answer that says no is an answer. One that could not be read to its end is none.
        if (-not $failure -or $outcome.Kind -in 'ServiceError', 'RedirectRefused') {
            return [System.Threading.Tasks.Task]::FromResult[System.Net.Http.HttpResponseMessage]((New-StepAnswer $outcome $Message))
        }
    }
    $Chain.Failure = $failure
    return [System.Threading.Tasks.Task]::FromException[System.Net.Http.HttpResponseMessage]($failure.Exception)
}

# Which header of the content cannot be sent, or nothing: Content-Type is always application/json, Content-Length the body's, and there
# are no others. text/plain is what .NET says of a text that it was told nothing of.
function script:Find-ContentProblem([System.Net.Http.HttpContent] $Content) {
    if ($null -eq $Content) {
        return
    }
    foreach ($header in $Content.Headers.NonValidated) {
        $isOurs = $header.Key -eq 'Content-Length' -or
        ($header.Key -eq 'Content-Type' -and $header.Value.ToString() -match '\A\s*(application/json|text/plain)\s*(;|\z)')
        if (-not $isOurs) {
            return "A pipeline step set the header $($header.Key) of the content, which cannot be given."
        }
    }
}

# Headers of a message with their values as they were given: .NET would split some at their commas and spaces.
function script:Get-MessageHeader([System.Net.Http.Headers.HttpHeaders] $Headers) {
    $values = [ordered] @{}
    foreach ($header in $Headers.NonValidated) {
        $values[$header.Key] = if ($header.Key -eq 'User-Agent') { $header.Value.ToString() } else { @($header.Value) }
    }
    return $values
}

function script:New-StepAnswer([hashtable] $Outcome, [System.Net.Http.HttpRequestMessage] $Message) {
    $answer = [System.Net.Http.HttpResponseMessage]::new((ConvertTo-StatusCode $Outcome.StatusCode))
    $answer.RequestMessage = $Message
    $answer.Content = [System.Net.Http.ByteArrayContent]::new($script:Utf8.GetBytes([string] $Outcome.Body))
    foreach ($header in $Outcome.Headers.GetEnumerator()) {
        if (-not $answer.Headers.TryAddWithoutValidation($header.Key, $header.Value)) {
            $null = $answer.Content.Headers.TryAddWithoutValidation($header.Key, $header.Value)
        }
    }
    return $answer
}

# The outcome of the steps' answer, sorted by the library as if the service had sent it.
function script:Read-StepAnswer([hashtable] $Chain, [System.Net.Http.HttpResponseMessage] $Answer) {
    $lines = foreach ($part in $Answer.Headers, $Answer.Content.Headers) {
        $headers = Get-MessageHeader $part
        foreach ($name in $headers.Keys) {
            foreach ($value in $headers[$name]) {
                "${name}: $value"
            }
        }
    }
    $head = $script:Utf8.GetBytes($lines -join "`n")
    $body = $Answer.Content.ReadAsByteArrayAsync().GetAwaiter().GetResult()
    $response = [System.IntPtr[]]::new(1)
    $errors = [System.IntPtr[]]::new(1)
    try {
        $result = $script:Native::mgdi_response_from_parts([int] $Answer.StatusCode, $head, $head.Length, $body, $body.Length, $response, $errors)
        return $script:Updates::ReadOutcome(@{ Request = $Chain.Request; Result = $result; Response = $response[0]; Error = $errors[0] })
    }
    finally {
        $script:Native::mgdi_response_free($response[0])
        $script:Native::mgdi_error_free($errors[0])
    }
}

# The error record of what the steps threw: the library's own where it was that, else with the step's own exception.
function script:ConvertFrom-StepException([hashtable] $Chain, [System.Exception] $Exception) {
    $cause = Get-InnerCause $Exception
    Clear-CaughtError $cause
    if ($Chain.Failure -and [object]::ReferenceEquals($cause, $Chain.Failure.Exception)) {
        return $Chain.Failure
    }
    return [System.Management.Automation.ErrorRecord]::new($cause, 'PipelineStepFailed', 'InvalidOperation', (New-FailureTarget $Chain.Request))
}
