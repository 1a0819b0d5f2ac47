# Bodies and headers as they may be shown: in streams, errors and exceptions.

$script:ShownCharacters = 10240

# The names of secrets, as the library has them (src/redact.rs). A service may write any of their characters as an escape, as \u0077, inside a JSON text with more backslashes.
$script:SecretNames = 'access_?token | refresh_?token | client_?secret | client_?assertion | device_?code | password' -replace '[a-z_]', {
    '(?: {0} | \\{{1,8}} u00 (?: {1:x2} | {2:x2} ) )' -f $_.Value, [int] [char] $_.Value, ([int] [char] $_.Value -bxor 0x20)
}

# A text in quotes, to its end or to that of all there is. In JSON inside a JSON text, quotes have as many backslashes as the name's.
$script:Quoted = '(?: \k<slashes>" .*? (?: (?<! \\ ) (?: \k<slashes>{2} \\\\ )* \k<slashes>" | \z ) )'

# The value after a secret's name: "name": value in JSON (also in JSON inside a JSON text), name=value in a form.
$script:Secret = [regex]::new(@"
(?isx)
(?<name> (?: $script:SecretNames ) (?<slashes> \\* ) (?: ["'] | &quot; | &\#34; )? \s* [:=] \s* )
(?:
    $script:Quoted
  | (?<entity> &quot; | &\#34; ) .*? (?: \k<entity> | \z )
  | '[^']*'?
  | \{ (?: $script:Quoted | [^{}] | (?<brace>\{) | (?<-brace>\}) )* \}?
  | \[ (?: $script:Quoted | [^\[\]] | (?<bracket>\[) | (?<-bracket>\]) )* \]?
  | [^&,;}\]"<\s]+
)
"@, [System.Text.RegularExpressions.RegexOptions]::CultureInvariant)

$script:SecretHeaders = [System.Collections.Generic.HashSet[string]]::new(
    [string[]] @('Authorization', 'Proxy-Authorization', 'Cookie', 'Set-Cookie'), [System.StringComparer]::OrdinalIgnoreCase)

# A text without the values of its secrets. It stays valid JSON where it was.
function script:Hide-Secret([string] $Text) {
    return $script:Secret.Replace($Text, '${name}${slashes}"[redacted]${slashes}"')
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
