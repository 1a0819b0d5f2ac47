# What -Debug shows of a request and its answer.

# Answers a result number of the native library.
function script:Write-RequestDebug([hashtable] $Request, [System.IntPtr] $Update, [System.IntPtr[]] $Errors) {
    $view = [System.IntPtr[]]::new(2)
    $result = $script:Native::mgdi_update_describe($Update, $Request.Session.Client, $view, $Errors)
    if ($result -ne 0) {
        return $result
    }
    $head = [System.Runtime.InteropServices.Marshal]::PtrToStringUTF8($view[0], $view[1]).Split("`n")
    $method, $url = $head[0].Split(' ', 2)
    $headers = [ordered] @{}
    for ($index = 1; $index -lt $head.Count; $index++) {
        $name, $value = $head[$index].Split(': ', 2)
        $headers[$name] = @($headers[$name]; $value) -ne $null
    }
    $Request.Cmdlet.WriteDebug((@(
                "============================ HTTP REQUEST ============================`n"
                "HTTP Method:`n$method`n"
                "Absolute Uri:`n$url`n"
                "Headers:`n$(Format-Header $headers)`n"
                "Body:`n$(Format-ShownBody $Request.Json)`n"
            ) -join "`n"))
    return 0
}

function script:Write-ResponseDebug($Cmdlet, [hashtable] $Outcome) {
    $Cmdlet.WriteDebug((@(
                "============================ HTTP RESPONSE ============================`n"
                "Status Code:`n$(ConvertTo-StatusCode $Outcome.StatusCode)`n"
                "Headers:`n$(Format-Header $Outcome.Headers)`n"
                "Body:`n$(Format-ShownBody $Outcome.Body)`n"
            ) -join "`n"))
}
