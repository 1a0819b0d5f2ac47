# Text to and from the native library: UTF-8.

$script:Utf8 = [System.Text.Encoding]::UTF8

# MGDI_NUL_TERMINATED
$script:NulTerminated = [long] -1

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

# Calls a block with a secret as UTF-8 that ends with a NUL, in memory that is zeroed afterwards. Answers what the block answers, or an
# error record for a secret that holds a NUL.
function script:Use-NativeSecret([securestring] $Secret, [string] $Name, [scriptblock] $Block) {
    $memory = ConvertTo-NativeSecret $Secret
    if ($memory -eq [System.IntPtr]::Zero) {
        return New-Failure 'InvalidArgument' "$Name holds a NUL character." $null
    }
    try {
        return & $Block $memory
    }
    finally {
        [System.Runtime.InteropServices.Marshal]::ZeroFreeCoTaskMemUTF8($memory)
    }
}

# Memory that the caller frees with Marshal.ZeroFreeCoTaskMemUTF8, or zero for a secret that holds a NUL. A secret may be any text, so
# its form is UTF-8 and not the machine's ANSI, which Windows would take.
function script:ConvertTo-NativeSecret([securestring] $Secret) {
    $wide = [System.Runtime.InteropServices.Marshal]::SecureStringToBSTR($Secret)
    $characters = [System.GC]::AllocateArray[char]($Secret.Length, $true)
    $bytes = [System.GC]::AllocateArray[byte]($script:Utf8.GetMaxByteCount($Secret.Length) + 1, $true)
    try {
        [System.Runtime.InteropServices.Marshal]::Copy($wide, $characters, 0, $characters.Length)
        if ([array]::IndexOf($characters, [char] 0) -ge 0) {
            return [System.IntPtr]::Zero
        }
        $length = $script:Utf8.GetBytes($characters, 0, $characters.Length, $bytes, 0)
        $memory = [System.Runtime.InteropServices.Marshal]::AllocCoTaskMem($length + 1)
        [System.Runtime.InteropServices.Marshal]::Copy($bytes, 0, $memory, $length + 1)
        return $memory
    }
    finally {
        [array]::Clear($characters)
        [array]::Clear($bytes)
        [System.Runtime.InteropServices.Marshal]::ZeroFreeBSTR($wide)
    }
}
