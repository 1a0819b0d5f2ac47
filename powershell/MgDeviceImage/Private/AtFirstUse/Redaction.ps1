# Bodies and headers as they may be shown: in streams, errors and exceptions.

$script:ShownCharacters = 10240

# The names of secrets, as the library has them (src/redact.rs). A service may write any of their characters as an escape, as \u0077,
# inside a JSON text with more backslashes.
$script:SecretNames = 'access_?token | refresh_?token | client_?secret | client_?assertion | device_?code | password' -replace '[a-z_]', {
    '(?: {0} | \\{{1,8}} u00 (?: {1:x2} | {2:x2} ) )' -f $_.Value, [int] [char] $_.Value, ([int] [char] $_.Value -bxor 0x20)
}

# What finds the values after the names of secrets: "name": value in JSON (also in JSON inside a JSON text), name=value in a form.
#   Character  one of a value. In JSON it is an escape or no quote, so that no value goes on after the text that it stands in.
#   End        where a value without its closing quote ends
#   Backslash  those before the quotes of a value whose name has no quotes
function script:New-SecretPattern([string] $Character, [string] $End, [string] $Backslash) {
    $afterQuotedName, $afterBareName = foreach ($slashes in '\k<slashes>', $Backslash) {
        # To the quote that has as many backslashes as the first.
        $quoted = "(?<open> $slashes ) `" $Character*? (?: (?<! \\ ) (?: \k<open>{2} \\\\ )* \k<open>`" | $End )"
        @"
(?:
    $quoted
  | (?<entity> &quot; | &\#34; ) $Character*? (?: \k<entity> | $End )
  | ' (?: (?! ' ) $Character )* '?
  | \{ (?: $quoted | (?! [{}] ) $Character | (?<brace>\{) | (?<-brace>\}) )* \}?
  | \[ (?: $quoted | (?! [\[\]] ) $Character | (?<bracket>\[) | (?<-bracket>\]) )* \]?
  | (?: (?! [&,;}\]<\s] | \\*" ) $Character )+
)
"@
    }
    return [regex]::new(@"
(?isx)
(?<name> (?: $script:SecretNames ) (?<quote> (?<slashes> \\* ) " ) \s* [:=] \s* ) $afterQuotedName
| (?<name> (?: $script:SecretNames ) (?: ' | &quot; | &\#34; )? \s* [:=] \s* ) $afterBareName
"@, [System.Text.RegularExpressions.RegexOptions]::CultureInvariant)
}

# A token after Bearer, where a gateway repeats the request that it got. Shorter words are words.
$script:BearerToken = [regex]::new('(?i)(?<=bearer["\\:=+\s]+)[a-z0-9\-._~+/=]{16,}', [System.Text.RegularExpressions.RegexOptions]::CultureInvariant)

# Made when they are needed, which most updates never do.
$script:Secret = $null
$script:SecretInJson = $null

$script:SecretHeaders = [System.Collections.Generic.HashSet[string]]::new(
    [string[]] @('Authorization', 'Proxy-Authorization', 'Cookie', 'Set-Cookie'), [System.StringComparer]::OrdinalIgnoreCase)

# A text without the values of its secrets. It stays valid JSON where it was.
function script:Hide-Secret([string] $Text) {
    $Text = $script:BearerToken.Replace($Text, '[redacted]')
    if (-not $script:Secret) {
        $script:Secret = New-SecretPattern '.' '\z' '\\*'
        $script:SecretInJson = New-SecretPattern '(?: [^"\\] | \\. )' '(?= ")' '\\+'
    }
    if (-not $script:Secret.IsMatch($Text)) {
        return $Text
    }
    $isJson = (ConvertFrom-JsonDocument $Text) -isnot [System.FormatException]
    $pattern = if ($isJson) { $script:SecretInJson } else { $script:Secret }
    return $pattern.Replace($Text, '${name}${quote}[redacted]${quote}')
}

# A body without secrets, cut where it is long.
function script:Format-ShownBody([string] $Body) {
    $shown = Hide-Secret $Body
    if ($shown.Length -le $script:ShownCharacters) {
        return $shown
    }
    $length = $script:ShownCharacters
    if ([char]::IsHighSurrogate($shown[$length - 1])) {
        # Its other half is cut off.
        $length--
    }
    return $shown.Substring(0, $length) + "... (cut: the body has $($Body.Length) characters)"
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
