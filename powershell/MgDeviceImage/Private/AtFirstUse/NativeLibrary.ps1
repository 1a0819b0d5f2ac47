# Finds the native library, and says in one line what is wrong where there is none.

$script:AbiVersion = 1
$script:LibraryHint = "Run 'cargo run --example stage' in the repository, or set MGDI_LIBRARY to the library's file."

# The file of the library, or an exception (not thrown).
function script:Find-NativeLibrary {
    $file = $env:MGDI_LIBRARY
    if ($file) {
        if ([System.IO.File]::Exists($file)) {
            return [System.IO.Path]::GetFullPath($file)
        }
        return [System.DllNotFoundException]::new("MGDI_LIBRARY names '$file', where there is no file.")
    }
    $platform = Get-NativePlatform
    if ($platform -is [System.Exception]) {
        return $platform
    }
    $name = switch ($platform.Split('-')[0]) {
        'win' { 'mgdeviceimage.dll' }
        'osx' { 'libmgdeviceimage.dylib' }
        default { 'libmgdeviceimage.so' }
    }
    $file = [System.IO.Path]::GetFullPath("$PSScriptRoot/../../lib/$platform/$name")
    if ([System.IO.File]::Exists($file)) {
        return $file
    }
    return [System.DllNotFoundException]::new("The native library is missing: there is no '$file'. $script:LibraryHint")
}

# The platform of this process as .NET names it, such as linux-x64, or an exception (not thrown).
function script:Get-NativePlatform {
    $system = if ($IsWindows) { 'win' } elseif ($IsMacOS) { 'osx' } else { 'linux' }
    $architecture = [System.Runtime.InteropServices.RuntimeInformation]::ProcessArchitecture.ToString().ToLowerInvariant()
    if ([System.Runtime.InteropServices.RuntimeInformation]::RuntimeIdentifier.Contains('musl')) {
        return [System.PlatformNotSupportedException]::new('MgDeviceImage has no library for Linux with musl (such as Alpine), only for Linux with glibc.')
    }
    if ($architecture -notin 'x64', 'arm64') {
        return [System.PlatformNotSupportedException]::new("MgDeviceImage has no library for the architecture $architecture, only for x64 and arm64.")
    }
    return "$system-$architecture"
}

# Loads a file into the process. Answers nothing, or an exception (not thrown).
function script:Import-NativeLibrary([string] $File) {
    $problem = Get-LibraryProblem $File
    if ($problem) {
        return [System.BadImageFormatException]::new("The native library '$File' cannot be loaded: $problem. $script:LibraryHint")
    }
    $library = [System.IntPtr]::Zero
    if (-not [System.Runtime.InteropServices.NativeLibrary]::TryLoad($File, [ref] $library)) {
        return [System.BadImageFormatException]::new(
            "The native library '$File' cannot be loaded: the system refuses it. A library that it needs may be missing or too old.")
    }
    $export = [System.IntPtr]::Zero
    if (-not [System.Runtime.InteropServices.NativeLibrary]::TryGetExport($library, 'mgdi_abi_version', [ref] $export)) {
        return [System.BadImageFormatException]::new("'$File' is a library, but not mgdeviceimage. $script:LibraryHint")
    }
}

# What the head of a file says against loading it, or $null.
function script:Get-LibraryProblem([string] $File) {
    $head = [byte[]]::new(4096)
    $stream = [System.IO.File]::OpenRead($File)
    try {
        $length = $stream.Length
        $read = $stream.ReadAtLeast($head, $head.Length, $false)
    }
    finally {
        $stream.Dispose()
    }
    $library = if ($read -ge 64) { Get-LibraryArchitecture $head }
    if (-not $library) {
        return 'it is no library for this system'
    }
    $process = [System.Runtime.InteropServices.RuntimeInformation]::ProcessArchitecture.ToString().ToLowerInvariant()
    if ($library -ne $process) {
        return "it is for $library, and this process runs as $process"
    }
    # The section table is the end of an ELF file. The system's loader would end the process over a file that stops before.
    $end = [System.BitConverter]::ToInt64($head, 0x28) + [System.BitConverter]::ToUInt16($head, 0x3A) * [System.BitConverter]::ToUInt16($head, 0x3C)
    if ($IsLinux -and $length -lt $end) {
        return 'it is cut short'
    }
}

# The architecture in the head of this system's kind of library: ELF, Mach-O or PE. $null where it is none.
function script:Get-LibraryArchitecture([byte[]] $Head) {
    $machine = $null
    if ($IsLinux -and [System.BitConverter]::ToUInt32($Head, 0) -eq 0x464C457F) {
        $machine = [System.BitConverter]::ToUInt16($Head, 18)
    }
    elseif ($IsMacOS -and [System.BitConverter]::ToUInt32($Head, 0) -eq 0xFEEDFACFL) {
        $machine = [System.BitConverter]::ToUInt32($Head, 4)
    }
    elseif ($IsWindows -and [System.BitConverter]::ToUInt16($Head, 0) -eq 0x5A4D) {
        $header = [System.BitConverter]::ToInt32($Head, 0x3C)
        if ($header -ge 0 -and $header -le $Head.Length - 6) {
            $machine = [System.BitConverter]::ToUInt16($Head, $header + 4)
        }
    }
    switch ($machine) {
        { $null -eq $_ } { return $null }
        { $_ -in 0x3E, 0x01000007, 0x8664 } { return 'x64' }
        { $_ -in 0xB7, 0x0100000C, 0xAA64 } { return 'arm64' }
        default { return 'another architecture' }
    }
}
