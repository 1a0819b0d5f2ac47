# Text to and from the native library: UTF-8.

$script:Utf8 = [System.Text.Encoding]::UTF8

# The text of a view (mgdi_str), or $null where there is none.
function script:ConvertFrom-NativeString($View) {
    if ($View.data -eq [System.IntPtr]::Zero) {
        return $null
    }
    return [System.Runtime.InteropServices.Marshal]::PtrToStringUTF8($View.data, $View.len)
}

# A text that ends with a NUL, or an ArgumentException (not thrown) for one that holds a NUL or is not Unicode.
function script:ConvertTo-TerminatedText([string] $Text, [string] $Name) {
    if ($Text.Contains([char] 0) -or $script:LoneSurrogate.IsMatch($Text)) {
        return [System.ArgumentException]::new("$Name holds a character that cannot be sent (NUL or half of a surrogate pair).")
    }
    return , $script:Utf8.GetBytes($Text + [char] 0)
}
