# How the native library is found, and what is said where it is not. Tried in fresh processes, which have loaded none.

$isCompilerHere = [bool] (Get-Command cc -CommandType Application -ErrorAction Ignore)

Describe 'The native library' {
    BeforeAll {
        . $PSScriptRoot/Emulator.ps1
        Start-Emulator
        $folder = [System.IO.Path]::Combine([System.IO.Path]::GetTempPath(), "mgdi-loader-$([guid]::NewGuid().ToString('N'))")
        $null = [System.IO.Directory]::CreateDirectory($folder)
        $architecture = [System.Runtime.InteropServices.RuntimeInformation]::ProcessArchitecture.ToString().ToLowerInvariant()

        # The platform's folder and file name, as in lib/linux-x64/libmgdeviceimage.so.
        $staged = if ($IsWindows) { "lib/win-$architecture/mgdeviceimage.dll" }
        elseif ($IsMacOS) { "lib/osx-$architecture/libmgdeviceimage.dylib" }
        else { "lib/linux-$architecture/libmgdeviceimage.so" }

        # For child processes: connects with the library that a file is to be, and says what is wrong with it.
        $tryScript = @'
function Test-Library([string] $File) {
    $env:MGDI_LIBRARY = $File
    try {
        Connect-MgDeviceImage -AccessToken $token -GraphEndpoint $Endpoint
        return @{ Id = 'none' }
    }
    catch {
        return @{ Id = $_.FullyQualifiedErrorId.Split(',')[0]; Message = $_.Exception.Message }
    }
}
Import-Module $Module
$token = [securestring]::new()
foreach ($character in 'emulator-token'.ToCharArray()) { $token.AppendChar($character) }
'@

        # A shared library made of a line of C.
        function New-CLibrary([string] $File, [string] $Code) {
            [System.IO.File]::WriteAllText("$File.c", $Code)
            $null = & cc -shared -fPIC -o $File "$File.c"
            $LASTEXITCODE | Should -Be 0
        }

        # A library of which the version is all that is right: every function is there, but who knows what it does.
        function New-NewerLibrary([string] $File) {
            $header = [System.IO.File]::ReadAllText("$PSScriptRoot/../../include/mgdeviceimage.h")
            $names = [regex]::Matches($header, '\bmgdi_\w+(?=\()').Value | Where-Object { $_ -ne 'mgdi_abi_version' } | Sort-Object -Unique
            New-CLibrary $File ("unsigned mgdi_abi_version(void) { return 2; }`n" + (@($names | ForEach-Object { "void $_(void) {}" }) -join "`n"))
        }

        # The head of this platform's own library, with the number of another machine.
        function New-OtherMachineLibrary([string] $File, [byte] $Machine) {
            $head = [byte[]]::new(4096)
            $stream = [System.IO.File]::OpenRead($env:MGDI_LIBRARY)
            $stream.ReadExactly($head)
            $stream.Dispose()
            $head[18] = $Machine
            [System.IO.File]::WriteAllBytes($File, $head)
        }

        # A copy of the module without its libraries. Answers its manifest.
        function Copy-Module([string] $Name) {
            $source = [System.IO.Path]::GetDirectoryName($ModulePath)
            $target = "$folder/$Name/MgDeviceImage"
            foreach ($file in [System.IO.Directory]::GetFiles($source, '*', 'AllDirectories')) {
                $relative = [System.IO.Path]::GetRelativePath($source, $file)
                if ($relative -notmatch '^lib[\\/]') {
                    $null = [System.IO.Directory]::CreateDirectory([System.IO.Path]::GetDirectoryName("$target/$relative"))
                    [System.IO.File]::Copy($file, "$target/$relative")
                }
            }
            "$target/MgDeviceImage.psd1"
        }

        [System.IO.File]::WriteAllText("$folder/text.so", 'This is no library. ' * 10)
        [System.IO.File]::WriteAllBytes("$folder/empty.so", [byte[]]::new(0))
        [System.IO.File]::WriteAllBytes("$folder/zeros.so", [byte[]]::new(8192))
        $otherMachine = if ($architecture -eq 'x64') { @{ Name = 'arm64'; Number = 0xB7 } } else { @{ Name = 'x64'; Number = 0x3E } }
        if ($IsLinux) {
            New-OtherMachineLibrary "$folder/machine.so" $otherMachine.Number
        }
        if ((Get-Command cc -CommandType Application -ErrorAction Ignore) -and -not $IsWindows) {
            New-NewerLibrary "$folder/newer.so"
            New-CLibrary "$folder/foreign.so" 'int answer(void) { return 42; }'
        }

        # All in one process, so that the last try also shows that a right library is taken after wrong ones.
        $names = 'absent.so', '.', 'text.so', 'empty.so', 'zeros.so', 'machine.so', 'newer.so', 'foreign.so'
        $tries = foreach ($name in $names) { "'$name' = Test-Library '$([System.IO.Path]::GetFullPath("$folder/$name"))'`n" }
        $run = Invoke-Pwsh "$tryScript; ConvertTo-Json @{ $tries; 'right' = Test-Library '$env:MGDI_LIBRARY' }"
        $run.Error | Should -BeNullOrEmpty
        $seen = ConvertFrom-Json $run.Output -AsHashtable
    }
    AfterAll {
        Stop-Emulator
        [System.IO.Directory]::Delete($folder, $true)
    }

    It 'is refused, where MGDI_LIBRARY names <What>, in one line: <Message>' -ForEach @(
        @{ What = 'no file'; Name = 'absent.so'; Message = "MGDI_LIBRARY names '*absent.so', where there is no file." }
        @{ What = 'a folder'; Name = '.'; Message = "MGDI_LIBRARY names '*', where there is no file." }
        @{ What = 'a text file'; Name = 'text.so'; Message = "*text.so*no library for this system*" }
        @{ What = 'an empty file'; Name = 'empty.so'; Message = "*empty.so*no library for this system*" }
        @{ What = 'a file of zeros'; Name = 'zeros.so'; Message = "*zeros.so*no library for this system*" }
    ) {
        $seen[$Name].Id | Should -BeExactly 'NativeLibraryUnavailable'
        $seen[$Name].Message | Should -BeLike $Message
        $seen[$Name].Message | Should -Not -Match '[\r\n]'
    }

    It 'is refused where it is for another architecture' -Skip:(-not $IsLinux) {
        $seen['machine.so'].Id | Should -BeExactly 'NativeLibraryUnavailable'
        $seen['machine.so'].Message | Should -BeLike "*machine.so*is for $($otherMachine.Name)*runs as $architecture*"
    }

    It 'is refused where it has another ABI version' -Skip:(-not $isCompilerHere -or $IsWindows) {
        $seen['newer.so'].Id | Should -BeExactly 'NativeLibraryUnavailable'
        $seen['newer.so'].Message | Should -BeLike '*newer.so*ABI version 2*needs version 1*'
        $seen['newer.so'].Message | Should -Not -Match '[\r\n]'
    }

    It 'is refused where it is another library' -Skip:(-not $isCompilerHere -or $IsWindows) {
        $seen['foreign.so'].Id | Should -BeExactly 'NativeLibraryUnavailable'
        $seen['foreign.so'].Message | Should -BeLike '*foreign.so*not mgdeviceimage*'
    }

    It 'is taken when it is right, also after wrong ones' {
        $seen['right'].Id | Should -BeExactly 'none'
    }

    It 'lies beside the module, else what to run is said in one line' {
        $manifest = Copy-Module 'missing'
        $run = Invoke-Pwsh ($tryScript.Replace('$Module', "'$manifest'") + '; ConvertTo-Json (Test-Library "")')
        $run.Error | Should -BeNullOrEmpty
        $problem = ConvertFrom-Json $run.Output
        $problem.Id | Should -BeExactly 'NativeLibraryUnavailable'
        $problem.Message | Should -Not -Match '[\r\n]'
        $problem.Message | Should -BeLike "*$([System.IO.Path]::GetFullPath("$folder/missing/MgDeviceImage/$staged"))*"
        $problem.Message | Should -BeLike '*cargo run --example stage*MGDI_LIBRARY*'
    }

    It 'is found beside the module, whatever the folder is called' {
        $manifest = Copy-Module 'my modüles'
        $library = "$folder/my modüles/MgDeviceImage/$staged"
        $null = [System.IO.Directory]::CreateDirectory([System.IO.Path]::GetDirectoryName($library))
        [System.IO.File]::Copy($env:MGDI_LIBRARY, $library)

        $run = Invoke-Pwsh ($ConnectScript.Replace('$Module', "'$manifest'") + @'
; (Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId img-1 -Version 7.7).Version
'@) @{ MGDI_LIBRARY = '' }
        $run.Error | Should -BeNullOrEmpty
        $run.Output | Should -BeExactly '7.7'
    }

    It 'is not needed for the help, -WhatIf, the context, nor to find that there is no connection' {
        $run = Invoke-Pwsh @'
Import-Module $Module
(Get-Help Connect-MgDeviceImage).Synopsis
Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId img-1 -Version 1 -WhatIf
Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId img-1 -Version 1 -ErrorAction SilentlyContinue -ErrorVariable problem
$problem.FullyQualifiedErrorId.Split(',')[0]
$null -eq (Get-MgDeviceImageContext)
Disconnect-MgDeviceImage
'@ @{ MGDI_LIBRARY = "$folder/absent.so" }
        $run.Error | Should -BeNullOrEmpty
        $lines = $run.Output -split '\r?\n'
        $lines.Count | Should -Be 4
        $lines[0] | Should -BeLike 'Connects *'
        $lines[1] | Should -BeLike 'What if: *'
        $lines[2..3] | Should -BeExactly @('AuthenticationNeeded', 'True')
    }
}
