# JSON strings: only what must be escaped is.

$script:LoneSurrogate = [regex]::new('[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]')
# What does not stand in a JSON string as it is, or may not stand there at all.
$script:Escaped = [regex]::new('["\\\x00-\x1F\uD800-\uDFFF]')
$script:ControlCharacter = [regex]::new('[\x00-\x1F]')
$script:ControlEscapes = [System.Collections.Generic.Dictionary[string, string]]::new()
for ($code = 0; $code -lt 32; $code++) {
    $script:ControlEscapes["$([char] $code)"] = '\u{0:x4}' -f $code
}
$script:ControlEscapes["`b"] = '\b'
$script:ControlEscapes["`t"] = '\t'
$script:ControlEscapes["`n"] = '\n'
$script:ControlEscapes["`f"] = '\f'
$script:ControlEscapes["`r"] = '\r'

# The text as a JSON string, with its quotes. Whole-string replacements, since a text may have a million characters.
function script:ConvertTo-JsonString([string] $Text) {
    if ($script:Escaped.IsMatch($Text)) {
        $Text = $Text.Replace('\', '\\').Replace('"', '\"')
        if ($script:ControlCharacter.IsMatch($Text)) {
            foreach ($escape in $script:ControlEscapes.GetEnumerator()) {
                $Text = $Text.Replace($escape.Key, $escape.Value)
            }
        }
    }
    return '"' + $Text + '"'
}

# Half of a surrogate pair, escaped, without its other half. Backslashes before it come in pairs.
$script:LoneSurrogateEscape = [regex]::new(
    '(?<=(?<!\\)(?:\\\\)*)(?:\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F][0-9a-fA-F]{2})|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F][0-9a-fA-F]{2})')

# The text of a JSON string. Where it is no Unicode, a text with a lone surrogate: .NET would throw here, but whoever writes or
# converts the text says what is wrong with it.
function script:Read-JsonString([System.Text.Json.JsonElement] $Element) {
    if ($script:LoneSurrogateEscape.IsMatch($Element.GetRawText())) {
        return [string] [char] 0xD800
    }
    return $Element.GetString()
}

# Deeper than anything that is sent, so that whoever writes the value says which member is too deep.
$script:JsonOptions = [System.Text.Json.JsonDocumentOptions] @{ MaxDepth = 1000 }

# The root of a JSON text, or a FormatException (not thrown). ParseAsync because it answers a task with its error where Parse throws,
# and what is thrown and caught shows in $Error.
function script:ConvertFrom-JsonDocument([string] $Text) {
    # A lone surrogate has no UTF-8; as an escape it gets through to the member that it is in.
    $Text = $script:LoneSurrogate.Replace($Text, { param($match) '\u{0:x4}' -f [int] [char] $match.Value })
    $stream = [System.IO.MemoryStream]::new([System.Text.Encoding]::UTF8.GetBytes($Text))
    $parsing = [System.Text.Json.JsonDocument]::ParseAsync($stream, $script:JsonOptions)
    if ($parsing.IsFaulted) {
        return [System.FormatException]::new($parsing.Exception.InnerException.Message)
    }
    return $parsing.Result.RootElement
}
