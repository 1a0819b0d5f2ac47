# Proxies, for a client or one update.

# Calls a function that sets a proxy. Answers a result number, or an error record. The password goes through memory that is zeroed.
function script:Set-NativeProxy([string] $Function, [System.IntPtr] $Target, [uri] $Proxy, [pscredential] $Credential, [System.IntPtr[]] $Errors) {
    $address = ConvertTo-TerminatedText $Proxy.OriginalString 'Proxy'
    if ($address -is [System.ArgumentException]) {
        return New-Failure 'InvalidArgument' $address.Message $null
    }
    if ($null -eq $Credential) {
        return $script:Native::$Function($Target, $address, [System.IntPtr]::Zero, [System.IntPtr]::Zero, $Errors)
    }
    $user = [System.IntPtr]::Zero
    $password = [System.IntPtr]::Zero
    try {
        $user = [System.Runtime.InteropServices.Marshal]::StringToCoTaskMemUTF8($Credential.UserName)
        $password = ConvertTo-NativePassword $Credential.Password
        return $script:Native::$Function($Target, $address, $user, $password, $Errors)
    }
    finally {
        [System.Runtime.InteropServices.Marshal]::FreeCoTaskMem($user)
        [System.Runtime.InteropServices.Marshal]::ZeroFreeCoTaskMemUTF8($password)
    }
}

# A password as UTF-8 that ends with a NUL. A password may be any text, so not the machine's ANSI, which Windows would take.
function script:ConvertTo-NativePassword([securestring] $Password) {
    $wide = [System.Runtime.InteropServices.Marshal]::SecureStringToBSTR($Password)
    $characters = [System.GC]::AllocateArray[char]($Password.Length, $true)
    $bytes = [System.GC]::AllocateArray[byte]($script:Utf8.GetMaxByteCount($Password.Length) + 1, $true)
    try {
        [System.Runtime.InteropServices.Marshal]::Copy($wide, $characters, 0, $characters.Length)
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
