# Bodies and headers as they may be shown: in streams, errors and exceptions.

$script:ShownCharacters = 10240

# The value after a secret's name: "name": value in JSON (also in JSON inside a JSON text), name=value in a form.
$script:Secret = [regex]::new(@'
(?ix)
(?<name> (?:access_?token | refresh_?token | client_?secret | client_?assertion | password) ["'\\\s]* [:=] \s* )
(?:
    "(?:[^"\\]|\\.)*"?
  | \\"(?:(?!\\").)*(?:\\")?
  | \{ (?:[^{}"] | "(?:[^"\\]|\\.)*" | (?<brace>\{) | (?<-brace>\}) )* \}?
  | \[ (?:[^\[\]"] | "(?:[^"\\]|\\.)*" | (?<bracket>\[) | (?<-bracket>\]) )* \]?
  | [^&,;}\]"<\s]+
)
'@, [System.Text.RegularExpressions.RegexOptions]::Singleline)

$script:SecretHeaders = [System.Collections.Generic.HashSet[string]]::new(
    [string[]] @('Authorization', 'Proxy-Authorization', 'Cookie', 'Set-Cookie'), [System.StringComparer]::OrdinalIgnoreCase)

# A text without the values of its secrets. It stays valid JSON where it was.
function script:Hide-Secret([string] $Text) {
    return $script:Secret.Replace($Text, '${name}"[redacted]"')
}

# A body without secrets, cut where it is long.
function script:Format-ShownBody([string] $Body) {
    $shown = Hide-Secret $Body
    if ($shown.Length -le $script:ShownCharacters) {
        return $shown
    }
    return $shown.Substring(0, $script:ShownCharacters) + "... (cut: the body has $($Body.Length) characters)"
}

# The caller's headers without those that hold secrets; $null for none.
function script:Get-ShownHeader($Headers) {
    if ($null -eq $Headers) {
        return
    }
    $shown = [ordered] @{}
    foreach ($entry in $Headers.GetEnumerator()) {
        if (-not $script:SecretHeaders.Contains([string] $entry.Key)) {
            $shown[[string] $entry.Key] = $entry.Value
        }
    }
    return $shown
}
