# Error records: which exception and category a failure has, and what the record tells.

# By ErrorId. Http: HttpRequestException, Authentication: AuthenticationException, Argument: ArgumentException.
$script:FailureKinds = @{
    AuthenticationNeeded               = 'Authentication', 'AuthenticationError'
    TokenUnavailable                   = 'Authentication', 'AuthenticationError'
    InvalidArgument                    = 'Argument', 'InvalidArgument'
    InvalidBody                        = 'Argument', 'InvalidArgument'
    InvalidHeader                      = 'Argument', 'InvalidArgument'
    ConnectionFailed                   = 'Http', 'ConnectionError'
    OperationTimeout                   = 'Http', 'OperationTimeout'
    ProxyAuthenticationRequired        = 'Http', 'AuthenticationError'
    ServiceError                       = 'Http', 'InvalidOperation'
    InvalidResponse                    = 'Http', 'InvalidResult'
    ResponseTooLarge                   = 'Http', 'LimitsExceeded'
    RedirectRefused                    = 'Http', 'InvalidOperation'
    ProxyDefaultCredentialsUnavailable = 'NotSupported', 'NotImplemented'
    NativeLibraryUnavailable           = 'Library', 'ResourceUnavailable'
}

$script:ServiceErrorAdvice = 'See service error codes: https://learn.microsoft.com/graph/errors'
$script:PermissionAdvice = 'The app or user needs the permission CloudPC.ReadWrite.All.'
$script:OperationAdvice = 'The documentation of Microsoft Graph lists no Update operation for this resource, so a tenant may refuse it.'

# A failure that this module found itself.
function script:New-Failure([string] $Id, [string] $Message, $Target) {
    return New-FailureRecord $Id $Id $Message $Target $null
}

function script:New-FailureRecord([string] $Kind, [string] $Id, [string] $Message, $Target, $StatusCode) {
    $exception, $category = $script:FailureKinds[$Kind]
    $exception = switch ($exception) {
        'Http' {
            $inner = if ($Kind -eq 'OperationTimeout') { [System.TimeoutException]::new($Message) }
            [System.Net.Http.HttpRequestException]::new($Message, $inner, $StatusCode)
        }
        'Authentication' { [System.Security.Authentication.AuthenticationException]::new($Message) }
        'Argument' { [System.ArgumentException]::new($Message) }
        'NotSupported' { [System.NotSupportedException]::new($Message) }
        'Library' { [System.DllNotFoundException]::new($Message) }
        default { [System.InvalidOperationException]::new($Message) }
    }
    if ($null -eq $category) {
        $category = 'NotSpecified'
    }
    return [System.Management.Automation.ErrorRecord]::new($exception, $Id, $category, $Target)
}

# What an error record shows of the request.
function script:New-FailureTarget([hashtable] $Request) {
    return [pscustomobject] @{
        CloudPcDeviceImageId = $Request.Id
        Headers              = Get-ShownHeader $Request.Headers
        Body                 = if ($null -ne $Request.Json) { Format-ShownBody $Request.Json }
    }
}

# The name of a result of the native library.
function script:Get-ResultName([int] $Result) {
    return [System.Runtime.InteropServices.Marshal]::PtrToStringUTF8($script:Native::mgdi_result_name($Result))
}

# The record of a result other than OK of the native library, and of its error, which may be NULL.
function script:ConvertFrom-NativeError([int] $Result, [System.IntPtr] $NativeError, $Target) {
    $kind = Get-ResultName $Result
    $message = ConvertFrom-NativeString $script:Native::mgdi_error_message($NativeError)
    if (-not $message) {
        $message = "The native library answered $kind ($Result)."
    }
    $status = $script:Native::mgdi_error_http_status($NativeError)
    $statusCode = if ($status) { ConvertTo-StatusCode $status }
    $graphCode = ConvertFrom-NativeString $script:Native::mgdi_error_graph_code($NativeError)
    $id = $kind
    if ($kind -eq 'ServiceError') {
        $id = if ($graphCode) { $graphCode } else { [string] $statusCode }
    }
    $record = New-FailureRecord $kind $id $message $Target $statusCode
    Add-FailureData $record.Exception $NativeError
    if ($kind -eq 'ServiceError') {
        $record.ErrorDetails = New-FailureDetail $record $statusCode $NativeError
    }
    return $record
}

function script:Add-FailureData([System.Exception] $Exception, [System.IntPtr] $NativeError) {
    $status = $script:Native::mgdi_error_http_status($NativeError)
    $retryAfter = $script:Native::mgdi_error_retry_after($NativeError)
    $innerError = ConvertFrom-NativeString $script:Native::mgdi_error_inner_error_json($NativeError)
    $body = ConvertFrom-NativeString $script:Native::mgdi_response_body($script:Native::mgdi_error_response($NativeError))
    $Exception.Data['StatusCode'] = if ($status) { [int] $status }
    $Exception.Data['Code'] = ConvertFrom-NativeString $script:Native::mgdi_error_graph_code($NativeError)
    $Exception.Data['Message'] = ConvertFrom-NativeString $script:Native::mgdi_error_graph_message($NativeError)
    $Exception.Data['InnerError'] = if ($innerError) { Read-InnerError (Hide-Secret $innerError) }
    $Exception.Data['RequestId'] = ConvertFrom-NativeString $script:Native::mgdi_error_request_id($NativeError)
    $Exception.Data['ClientRequestId'] = ConvertFrom-NativeString $script:Native::mgdi_error_client_request_id($NativeError)
    $Exception.Data['Date'] = ConvertFrom-NativeString $script:Native::mgdi_error_date($NativeError)
    $Exception.Data['RetryAfter'] = if ($retryAfter) { [int] $retryAfter }
    $Exception.Data['Attempts'] = [int] $script:Native::mgdi_error_attempts($NativeError)
    $Exception.Data['Body'] = if ($body) { Format-ShownBody $body }
}

# An innerError as .NET values; one that is nested too deep stays text. .NET would throw for half of a surrogate pair.
function script:Read-InnerError([string] $Json) {
    $root = ConvertFrom-JsonDocument $script:LoneSurrogateEscape.Replace($Json, '\ufffd')
    if ($root -is [System.FormatException]) {
        return $Json
    }
    return , (ConvertFrom-JsonElement $root)
}

# What the host shows of an answer of the service: its message, status, code, date and headers, and what to do.
function script:New-FailureDetail($Record, $StatusCode, [System.IntPtr] $NativeError) {
    $data = $Record.Exception.Data
    $message = if ($data['Message']) { $data['Message'] } else { $Record.Exception.Message }
    $code = if ($data['Code']) { $data['Code'] } else { $StatusCode }
    $headers = Read-ResponseHeader $script:Native::mgdi_error_response($NativeError)
    $detail = [System.Management.Automation.ErrorDetails]::new(
        "$message`n`nStatus: $($data['StatusCode']) ($StatusCode)`nErrorCode: $code`nDate: $($data['Date'])`n`nHeaders:`n$(Format-Header $headers)")
    $advice = switch ($data['StatusCode']) {
        403 { "$script:PermissionAdvice " }
        { $_ -in 404, 405, 501 } { "$script:OperationAdvice " }
    }
    $detail.RecommendedAction = "$advice$script:ServiceErrorAdvice"
    return $detail
}
