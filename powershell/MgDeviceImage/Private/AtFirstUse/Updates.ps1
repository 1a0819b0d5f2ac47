# One update on its way to the service and back.
#
# A request is a hashtable:
#   Cmdlet                   the command that asks, for its streams
#   Session                  who sends it; Updates.Check puts it there
#   Id, Json, Headers        what is sent; Headers is a dictionary or $null, Json may be an exception
#   Proxy, ProxyCredential   or $null
#   UsesDefaultCredentials   -ProxyUseDefaultCredentials
#   HeadersVariable          -ResponseHeadersVariable
#   IsDebug, IsVerbose       whether these streams are seen
#   WithAnswer               whether the outcome shall tell the answer's status, headers and body
#
# An outcome is what became of it:
#   Failure                    the error record, or $null; Kind then has the name of the library's result
#   ImageJson                  the image that was answered, or $null
#   StatusCode, Headers, Body  of the answer, where they were asked for and one arrived; Headers is $null otherwise
#   Warnings                   the values of the answer's Warning header, or $null

# Results of mgdi_operation_wait.
$script:StillRunning = 1
$script:TokenWanted = 2

# The provider (HostTokens.ps1) that is getting a token in this runspace, or $null.
$script:AskedProvider = $null

$script:WarningHeader = [System.Text.Encoding]::UTF8.GetBytes("Warning`0")

class Updates {
    # What is wrong with the body or the id of a request, as an error record, or $null.
    static [System.Management.Automation.ErrorRecord] FindProblem([hashtable] $Request) {
        if ($Request.Json -is [System.Exception]) {
            $problem = $Request.Json
            $Request.Json = $null
            $kind = if ($problem -is [System.FormatException]) { 'InvalidBody' } else { 'InvalidArgument' }
            return New-Failure $kind $problem.Message (New-FailureTarget $Request)
        }
        $id = $Request.Id
        # Not -eq, for which a text of control characters alone is empty.
        $problem = if ($id.Length -eq 0) {
            'The device image id is empty.'
        }
        elseif ($id.Equals('.') -or $id.Equals('..')) {
            # The library refuses it as well, but steps and -WhatIf come before.
            "The device image id `"$id`" is refused: a URL cannot carry it."
        }
        elseif ($script:LoneSurrogate.IsMatch($id)) {
            'CloudPcDeviceImageId is not Unicode (half of a surrogate pair).'
        }
        if ($problem) {
            return New-Failure 'InvalidArgument' $problem (New-FailureTarget $Request)
        }
        return $null
    }

    # Completes a request with the session and looks for what is wrong with it. Answers $null, or the error record.
    static [System.Management.Automation.ErrorRecord] Check([hashtable] $Request) {
        $problem = [Updates]::FindProblem($Request)
        if ($problem) {
            return $problem
        }
        # Without a call where there is nothing to find.
        if ($Request.UsesDefaultCredentials -or $null -ne $Request.ProxyCredential) {
            $problem = Find-ProxyProblem $Request.Proxy $Request.ProxyCredential $Request.UsesDefaultCredentials (New-FailureTarget $Request)
            if ($problem) {
                return $problem
            }
        }
        if ($Request.HeadersVariable -and -not (Test-CallerVariable $Request.Cmdlet $Request.HeadersVariable)) {
            return New-Failure 'InvalidArgument' (
                "The variable $($Request.HeadersVariable) cannot be set: it is read-only, or has a type.") (New-FailureTarget $Request)
        }
        $Request.Session = [System.AppDomain]::CurrentDomain.GetData($script:SessionKey)
        if (-not $Request.Session) {
            $Request.Session = Get-UsableSession
        }
        if ($Request.Session -is [System.Management.Automation.ErrorRecord]) {
            return $Request.Session
        }
        if (-not $Request.Session) {
            return New-NoSessionFailure $Request
        }
        if ($null -ne $script:AskedProvider -and [object]::ReferenceEquals($script:AskedProvider, $Request.Session.TokenProvider)) {
            return New-Failure 'TokenUnavailable' (
                'The script block of -AccessTokenProvider cannot update through the session that it is to get a token for.') (New-FailureTarget $Request)
        }
        if (-not $script:Native) {
            # The session is of another runspace.
            $problem = Initialize-Native
            if ($problem) {
                return New-Failure 'NativeLibraryUnavailable' $problem.Message (New-FailureTarget $Request)
            }
        }
        return $null
    }

    # Sends an update and waits for its end. Answers the outcome.
    static [hashtable] Send([hashtable] $Request) {
        $native = $script:Native
        $image = [System.IntPtr[]]::new(1)
        $update = [System.IntPtr[]]::new(1)
        $operation = [System.IntPtr[]]::new(1)
        $response = [System.IntPtr[]]::new(1)
        $errors = [System.IntPtr[]]::new(1)
        try {
            $id = $script:Utf8.GetBytes($Request.Id)
            $json = $script:Utf8.GetBytes($Request.Json)
            $result = $native::mgdi_image_from_json($json, $json.Length, $image, $errors)
            if ($result -eq 0) {
                $result = $native::mgdi_update_new($id, $id.Length, $image[0], $update, $errors)
            }
            if ($result -eq 0 -and $null -ne $Request.Headers) {
                $result = Add-UpdateHeader $update[0] $Request $errors
            }
            if ($result -eq 0 -and $null -ne $Request.Proxy) {
                $result = Set-NativeProxy 'mgdi_update_set_proxy' $update[0] $Request.Proxy $Request.ProxyCredential $errors
            }
            if ($result -eq 0 -and $Request.IsDebug) {
                $result = Write-RequestDebug $Request $update[0] $errors
            }
            if ($result -eq 0) {
                $result = $native::mgdi_update_start($Request.Session.Client, $update[0], $operation, $errors)
            }
            if ($result -eq 0) {
                [Updates]::Wait($Request, $operation[0])
                $result = $native::mgdi_operation_take_response($operation[0], $response, $errors)
            }
            return [Updates]::ReadOutcome(@{ Request = $Request; Result = $result; Response = $response[0]; Error = $errors[0] })
        }
        catch [System.ObjectDisposedException] {
            # Disconnect-MgDeviceImage came in between, in another runspace.
            return [Updates]::ReadOutcome(@{ Request = $Request; Result = New-NoSessionFailure $Request; Response = [System.IntPtr]::Zero })
        }
        finally {
            # An operation that still runs is cancelled by this.
            $native::mgdi_operation_free($operation[0])
            $native::mgdi_update_free($update[0])
            $native::mgdi_image_free($image[0])
            $native::mgdi_response_free($response[0])
            $native::mgdi_error_free($errors[0])
        }
    }

    # Waits for the end of an operation: in slices, since Ctrl+C takes effect between two calls only. Gives it the tokens that it wants,
    # and shows its retries, or what a person is to do. IsSignIn says that the operation is no update.
    static [void] Wait([hashtable] $Request, [System.IntPtr] $Operation) {
        $shown = 0
        $result = $script:Native::mgdi_operation_wait($Operation, 50)
        while ($result -eq $script:StillRunning -or $result -eq $script:TokenWanted) {
            if ($result -eq $script:TokenWanted) {
                Import-OnDemand 'HostTokens'
                Submit-HostToken $Request.Session.TokenProvider $Operation
            }
            elseif ($Request.IsSignIn) {
                Show-SignInPrompt $Request $Operation
            }
            elseif ($Request.IsVerbose) {
                $shown = Write-RetryVerbose $Request.Cmdlet $Operation $shown
            }
            $result = $script:Native::mgdi_operation_wait($Operation, 50)
        }
        if ($Request.IsVerbose) {
            $null = Write-RetryVerbose $Request.Cmdlet $Operation $shown
        }
    }

    # The outcome of a finished call: its Result, a number of the library's or an error record, and its native Response and Error.
    static [hashtable] ReadOutcome([hashtable] $Call) {
        $native = $script:Native
        $outcome = @{ Failure = $null; Kind = $null; ImageJson = $null; Headers = $null; Warnings = $null }
        $response = $Call.Response
        if ($Call.Result -eq 0) {
            $view = $native::mgdi_response_image_json($response)
            if ($view.len) {
                $outcome.ImageJson = [System.Runtime.InteropServices.Marshal]::PtrToStringUTF8($view.data, $view.len)
            }
        }
        elseif ($Call.Result -is [System.Management.Automation.ErrorRecord]) {
            $outcome.Failure = $Call.Result
        }
        else {
            $outcome.Kind = Get-ResultName $Call.Result
            $outcome.Failure = ConvertFrom-NativeError $Call.Result $Call.Error (New-FailureTarget $Call.Request)
            $response = $native::mgdi_error_response($Call.Error)
        }
        if ($response -eq [System.IntPtr]::Zero) {
            return $outcome
        }
        if ($native::mgdi_response_header_get($response, $script:WarningHeader).len) {
            $outcome.Warnings = (Read-ResponseHeader $response)['Warning']
        }
        if ($Call.Request.WithAnswer) {
            $outcome.StatusCode = [int] $native::mgdi_response_status($response)
            $outcome.Headers = Read-ResponseHeader $response
            $outcome.Body = ConvertFrom-NativeString $native::mgdi_response_body($response)
        }
        return $outcome
    }
}

$script:Updates = [Updates]

function script:New-NoSessionFailure([hashtable] $Request) {
    return New-Failure 'AuthenticationNeeded' 'Authentication needed. Please call Connect-MgDeviceImage or Connect-MgGraph.' (New-FailureTarget $Request)
}

# Adds the caller's headers. Answers a result number, or an error record for a header that has no text.
function script:Add-UpdateHeader([System.IntPtr] $Update, [hashtable] $Request, [System.IntPtr[]] $Errors) {
    foreach ($entry in $Request.Headers.GetEnumerator()) {
        $name = [string] $entry.Key
        $values = Get-HeaderValue $entry.Value
        $problem = Find-HeaderProblem $name $values
        if ($problem) {
            return New-Failure 'InvalidHeader' $problem (New-FailureTarget $Request)
        }
        foreach ($text in $values) {
            $key = $script:Utf8.GetBytes($name)
            $value = $script:Utf8.GetBytes($text)
            $result = $script:Native::mgdi_update_add_header($Update, $key, $key.Length, $value, $value.Length, $Errors)
            if ($result -ne 0) {
                return $result
            }
        }
    }
    return 0
}

# Why values of a header cannot be given (see Get-HeaderValue), or nothing.
function script:Find-HeaderProblem([string] $Name, [System.Collections.Generic.List[object]] $Values) {
    if ($Values.Count -eq 0 -or $Values.Contains($null)) {
        return "The header $Name has no value (null or an empty list)."
    }
    foreach ($text in $Values) {
        if ($text -isnot [string]) {
            return "The header $Name holds a secret ($($text.GetType().ToString())), which has no text."
        }
        if ($script:LoneSurrogate.IsMatch($Name + ' ' + $text)) {
            return "The header $Name holds a text that is not Unicode (half of a surrogate pair)."
        }
    }
}

# The values of a header: a list gives several, anything else its string form. Null stays null, a secret what it is.
function script:Get-HeaderValue($Value) {
    $values = [System.Collections.Generic.List[object]]::new()
    if ($Value -is [string] -or $Value -isnot [System.Collections.IEnumerable] -or $Value -is [System.Collections.IDictionary]) {
        $Value = , $Value
    }
    foreach ($item in $Value) {
        if ($item -is [System.DBNull]) {
            $item = $null
        }
        $hasText = $null -ne $item -and $item -isnot [securestring] -and $item -isnot [pscredential]
        $values.Add($(if ($hasText) { [string] $item } else { $item }))
    }
    return , $values
}

# A verbose line for each retry that began since the last look. Answers how many there are.
function script:Write-RetryVerbose($Cmdlet, [System.IntPtr] $Operation, [long] $Shown) {
    $count = $script:Native::mgdi_operation_retry_count($Operation)
    $status = [uint16[]]::new(1)
    $delay = [uint32[]]::new(1)
    for ($index = $Shown; $index -lt $count; $index++) {
        $null = $script:Native::mgdi_operation_retry_at($Operation, $index, $status, $delay)
        $reason = if ($status[0]) { "The service answered $($status[0]) ($(ConvertTo-StatusCode $status[0]))" } else { 'There was no connection' }
        $seconds = ($delay[0] / 1000).ToString('0.###', $script:Invariant)
        $Cmdlet.WriteVerbose("$reason; retry $($index + 1) follows in $seconds s.")
    }
    return $count
}
