# What -WhatIf -Verbose adds: the request that would go out. Without the library, so that it needs no session.
function script:Write-WhatIfVerbose([hashtable] $Request) {
    if ($Request.Json -is [System.Exception]) {
        $Request.Cmdlet.WriteVerbose("The body cannot be written: $($Request.Json.Message)")
        return
    }
    $session = Get-Session
    $endpoint = if ($session) { $session.Context.GraphEndpoint } else { 'https://graph.microsoft.com' }
    $id = [uri]::EscapeDataString($Request.Id)
    $Request.Cmdlet.WriteVerbose("PATCH $endpoint/v1.0/deviceManagement/virtualEndpoint/deviceImages/$id $(Format-ShownBody $Request.Json)")
}
