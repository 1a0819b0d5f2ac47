# Finding and loading the native library, and what is said where that fails.

$hasCompiler = $IsLinux -and (Get-Command cc -CommandType Application -ErrorAction Ignore)

Describe 'The loader' {
    BeforeAll {
        . $PSScriptRoot/Emulator.ps1
        Start-Emulator
        $directory = [System.IO.Directory]::CreateTempSubdirectory('mgdi').FullName

        # The error of Connect in a fresh process: id, exception, message. "connected" where there is none.
        function Get-Outcome([hashtable] $Environment, [string] $From = $ModulePath) {
            $script = $ConnectScript.Replace('Import-Module $Module', "Import-Module '$From'")
            $run = Invoke-Pwsh "try { $script; 'connected' } catch { `"`$(`$_.FullyQualifiedErrorId) `$(`$_.Exception.Message)`" }; `"records: `$(`$Error.Count)`"" $Environment
            $run.Error | Should -BeNullOrEmpty
            $run.Output
        }

        function New-Library([string] $Name, [string] $Source) {
            [System.IO.File]::WriteAllText("$directory/$Name.c", $Source)
            cc -shared -fPIC -o "$directory/$Name.so" "$directory/$Name.c"
            "$directory/$Name.so"
        }

        # The head of a library for another machine: ELF for arm64 or x64, whichever this is not.
        function New-ForeignLibrary([string] $File) {
            $bytes = [System.IO.File]::ReadAllBytes($env:MGDI_LIBRARY)[0..4095]
            $isArm = [System.Runtime.InteropServices.RuntimeInformation]::ProcessArchitecture -eq 'Arm64'
            $bytes[18] = if ($isArm) { 0x3E } else { 0xB7 }
            [System.IO.File]::WriteAllBytes($File, $bytes)
        }
    }
    AfterAll {
        [System.IO.Directory]::Delete($directory, $true)
        Stop-Emulator
    }

    It 'takes the library beside the module, and says where it looked' {
        # A copy, so that the real one's lib directory stays as it is.
        $copy = [System.IO.Path]::Combine($directory, 'MgDeviceImage')
        Copy-Item ([System.IO.Path]::GetDirectoryName($ModulePath)) $copy -Recurse
        $lib = [System.IO.Path]::Combine($copy, 'lib')
        if ([System.IO.Directory]::Exists($lib)) { [System.IO.Directory]::Delete($lib, $true) }
        $manifest = [System.IO.Path]::Combine($copy, 'MgDeviceImage.psd1')
        $outcome = Get-Outcome @{ MGDI_LIBRARY = '' } $manifest
        $outcome | Should -BeLike 'NativeLibraryUnavailable,Connect-MgDeviceImage The native library is missing: there is no *lib*mgdeviceimage*cargo run --example stage*'
        $outcome | Should -BeLike '*records: 1'

        $file = [regex]::Match($outcome, "there is no '([^']+)'").Groups[1].Value
        $null = [System.IO.Directory]::CreateDirectory([System.IO.Path]::GetDirectoryName($file))
        [System.IO.File]::Copy($env:MGDI_LIBRARY, $file)
        Get-Outcome @{ MGDI_LIBRARY = '' } $manifest | Should -BeLike 'connected*records: 0'
    }

    It 'says in one line what is wrong with <Name>' -ForEach @(
        @{ Name = 'a file that is not there'; Prepare = { '/no/such/library' }; Says = "MGDI_LIBRARY names '/no/such/library', where there is no file." }
        @{ Name = 'a text'; Prepare = { $file = "$directory/text.so"; [System.IO.File]::WriteAllText($file, 'no library'); $file }; Says = '*text.so*cannot be loaded: it is no library for this system.*' }
        @{ Name = 'an empty file'; Prepare = { $file = "$directory/empty.so"; [System.IO.File]::WriteAllText($file, ''); $file }; Says = '*empty.so*cannot be loaded: it is no library for this system.*' }
        @{ Name = 'half a library'; Prepare = { $file = "$directory/half.so"; [System.IO.File]::WriteAllBytes($file, [System.IO.File]::ReadAllBytes($env:MGDI_LIBRARY)[0..9999]); $file }; Says = '*half.so*cannot be loaded: it is cut short.*' }
    ) {
        $outcome = Get-Outcome @{ MGDI_LIBRARY = (& $Prepare) }
        $outcome | Should -BeLike "NativeLibraryUnavailable,Connect-MgDeviceImage $Says*"
        $outcome | Should -BeLike '*records: 1'
        @($outcome -split "`n").Count | Should -Be 2
    }

    It 'says that a library has another ABI version' {
        $run = Invoke-Pwsh ($ConnectScript.Replace('$token =', '& (Get-Module MgDeviceImage) { Initialize-Command; $script:AbiVersion = 2 }; $token ='))
        $run.Error | Should -BeLike '*has ABI version 1; this module needs version 2.*'
    }

    It 'says that a library is for another machine' -Skip:(-not $IsLinux) {
        New-ForeignLibrary "$directory/foreign.so"
        $outcome = Get-Outcome @{ MGDI_LIBRARY = "$directory/foreign.so" }
        $outcome | Should -BeLike 'NativeLibraryUnavailable,*it is for *, and this process runs as *'
    }

    It 'says that a library is another' -Skip:(-not $IsLinux) {
        $other = [System.IO.Directory]::GetFiles([System.IO.Path]::GetDirectoryName([psobject].Assembly.Location), '*.so')[0]
        $outcome = Get-Outcome @{ MGDI_LIBRARY = $other }
        $outcome | Should -BeLike 'NativeLibraryUnavailable,*is a library, but not mgdeviceimage.*'
    }

    It 'refuses a library of another ABI version' -Skip:(-not $hasCompiler) {
        $library = New-Library 'other_version' 'unsigned mgdi_abi_version(void) { return 99; }'
        $outcome = Get-Outcome @{ MGDI_LIBRARY = $library }
        $outcome | Should -BeLike "NativeLibraryUnavailable,*'$library' has ABI version 99; this module needs version 1.*"
        $outcome | Should -BeLike '*records: 1'
    }

    It 'says that a library is older than the module' -Skip:(-not $hasCompiler) {
        $library = New-Library 'no_functions' 'unsigned mgdi_abi_version(void) { return 1; }'
        $outcome = Get-Outcome @{ MGDI_LIBRARY = $library }
        $outcome | Should -BeLike "NativeLibraryUnavailable,*'$library' is older than this module: it has no mgdi_*records: 1"
    }
}
