# What -WhatIf -Verbose adds: the request that would go out. Without the library, so that it needs no session.
function script:Write-WhatIfVerbose([hashtable] $Request) {
    $failure = $script:Updates::FindProblem($Request)
    $problem = if ($failure) { $failure.Exception.Message } else { Find-RefusedHeader $Request.Headers }
    if ($problem) {
        $Request.Cmdlet.WriteVerbose("The request cannot be sent: $problem")
        return
    }
    $session = Get-Session
    $endpoint = if ($session) { $session.Context.GraphEndpoint } else { 'https://graph.microsoft.com' }
    $id = [uri]::EscapeDataString($Request.Id)
    $Request.Cmdlet.WriteVerbose("PATCH $endpoint/v1.0/deviceManagement/virtualEndpoint/deviceImages/$id $(Format-ShownBody $Request.Json)")
}

# Headers that the library refuses (src/update.rs). tests/data/headers.json has them for both.
$script:RefusedHeaders = [System.Collections.Generic.HashSet[string]]::new([string[]] @(
        'connection', 'host', 'http2-settings', 'keep-alive', 'proxy-authenticate', 'proxy-authentication-info', 'proxy-authorization',
        'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade'
    ), [System.StringComparer]::OrdinalIgnoreCase)

# Why the caller's headers cannot be sent, or nothing.
function script:Find-RefusedHeader($Headers) {
    if ($null -eq $Headers) {
        return
    }
    foreach ($entry in $Headers.GetEnumerator()) {
        $name = [string] $entry.Key
        $values = Get-HeaderValue $entry.Value
        $problem = Find-HeaderProblem $name $values
        if ($problem) {
            return $problem
        }
        if ($script:RefusedHeaders.Contains($name) -or $name.StartsWith('content-', [System.StringComparison]::OrdinalIgnoreCase)) {
            return "The header $name is set by the library and cannot be given."
        }
        if ($name -cnotmatch "\A[!#$%&'*+.^_``|~0-9A-Za-z-]+\z" -or ($values -match '[\x00-\x1F\x7F]')) {
            return "The header $name holds a character that cannot be sent."
        }
    }
}
