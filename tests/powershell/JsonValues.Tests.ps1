# How values of every .NET type are written in the body. Each case is a value of -AdditionalProperties @{ x = … } and its JSON.

Describe 'A value in the body' {
    BeforeAll {
        . $PSScriptRoot/Emulator.ps1
        Import-Module $ModulePath -Force
        Start-Emulator
        Connect-Emulator

        # The JSON that goes out for a value, or the error.
        function Get-Json($Value) {
            Reset-Emulator
            $problem = $null
            $null = Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId img-1 -AdditionalProperties @{ x = $Value } -ErrorAction SilentlyContinue -ErrorVariable problem
            if ($problem) {
                (Get-Request) | Should -BeNullOrEmpty -Because 'nothing is sent'
                return $problem[0]
            }
            $body = (Get-Request).Body
            $body.Substring('{"x":'.Length).TrimEnd('}') + ('}' * ($body.Length - $body.TrimEnd('}').Length - 1))
        }

        class Person {
            [string] $Name = 'Ada'
            [int] $Age = 36
        }

        enum Level : byte {
            Low
            High
        }
    }
    AfterAll {
        Disconnect-MgDeviceImage
        Stop-Emulator
    }

    It 'is <Json> for <Name>' -ForEach @(
        @{ Name = 'null'; Value = { $null }; Json = 'null' }
        @{ Name = 'DBNull'; Value = { [DBNull]::Value }; Json = 'null' }
        @{ Name = 'nothing at all'; Value = { & { } }; Json = 'null' }
        @{ Name = 'true'; Value = { $true }; Json = 'true' }
        @{ Name = 'a switch'; Value = { [switch] $false }; Json = 'false' }
        @{ Name = 'a character'; Value = { [char] 'ü' }; Json = '"ü"' }
        @{ Name = 'a control character'; Value = { [char] 0 }; Json = '"\u0000"' }
        @{ Name = 'an empty text'; Value = { '' }; Json = '""' }
        @{ Name = 'DEL and line separators'; Value = { "`u{7f}`u{2028}" }; Json = "`"`u{7f}`u{2028}`"" }
        @{ Name = 'every short escape'; Value = { "`b`t`n`f`r`"\/" }; Json = '"\b\t\n\f\r\"\\/"' }

        @{ Name = 'sbyte'; Value = { [sbyte] -128 }; Json = '-128' }
        @{ Name = 'byte'; Value = { [byte] 255 }; Json = '255' }
        @{ Name = 'int16'; Value = { [int16] -1 }; Json = '-1' }
        @{ Name = 'uint16'; Value = { [uint16] 65535 }; Json = '65535' }
        @{ Name = 'int'; Value = { [int]::MinValue }; Json = '-2147483648' }
        @{ Name = 'uint32'; Value = { [uint32]::MaxValue }; Json = '4294967295' }
        @{ Name = 'long'; Value = { [long]::MinValue }; Json = '-9223372036854775808' }
        @{ Name = 'ulong'; Value = { [uint64]::MaxValue }; Json = '18446744073709551615' }
        @{ Name = 'Int128'; Value = { [System.Int128]::MaxValue }; Json = '170141183460469231731687303715884105727' }
        @{ Name = 'IntPtr'; Value = { [System.IntPtr] 5 }; Json = '5' }
        @{ Name = 'bigint'; Value = { [bigint]::Parse('-123456789012345678901234567890') }; Json = '-123456789012345678901234567890' }
        @{ Name = 'decimal with its zeros'; Value = { [decimal]::new(150, 0, 0, $false, 2) }; Json = '1.50' }
        @{ Name = 'the largest decimal'; Value = { [decimal]::MaxValue }; Json = '79228162514264337593543950335' }
        @{ Name = 'double'; Value = { 0.1 + 0.2 }; Json = '0.30000000000000004' }
        @{ Name = 'a whole double'; Value = { [double] 3 }; Json = '3' }
        @{ Name = 'a large double'; Value = { 1e300 }; Json = '1E+300' }
        @{ Name = 'float'; Value = { [float] 0.1 }; Json = '0.1' }
        @{ Name = 'half'; Value = { [System.Half] 1.5 }; Json = '1.5' }

        @{ Name = 'a time in UTC'; Value = { [datetime]::new(2024, 1, 2, 3, 4, 5, [System.DateTimeKind]::Utc).AddTicks(10) }; Json = '"2024-01-02T03:04:05.000001Z"' }
        @{ Name = 'a time without a zone'; Value = { [datetime]::new(2024, 1, 2) }; Json = '"2024-01-02T00:00:00"' }
        @{ Name = 'a time with an offset'; Value = { [System.DateTimeOffset]::new(2024, 1, 2, 3, 4, 5, [timespan]::FromHours(-5)) }; Json = '"2024-01-02T03:04:05-05:00"' }
        @{ Name = 'a time with the offset zero'; Value = { [System.DateTimeOffset]::new(2024, 1, 2, 3, 4, 5, [timespan]::Zero) }; Json = '"2024-01-02T03:04:05Z"' }
        @{ Name = 'a date'; Value = { [System.DateOnly]::new(2024, 1, 2) }; Json = '"2024-01-02"' }
        @{ Name = 'a time of day'; Value = { [System.TimeOnly]::new(3, 4) }; Json = '"03:04:00"' }
        @{ Name = 'a time span'; Value = { [timespan]::FromMinutes(90) }; Json = '"01:30:00"' }
        @{ Name = 'a guid'; Value = { [guid] '{11111111-2222-3333-4444-55555555555A}' }; Json = '"11111111-2222-3333-4444-55555555555a"' }
        @{ Name = 'a relative address'; Value = { [uri] 'a b/c' }; Json = '"a b/c"' }
        @{ Name = 'a version'; Value = { [version] '1.2.3' }; Json = '"1.2.3"' }
        @{ Name = 'flags'; Value = { [System.IO.FileAttributes] 'Hidden, System' }; Json = '"Hidden, System"' }
        @{ Name = 'an unknown enum number'; Value = { [System.Enum]::ToObject([System.DayOfWeek], 42) }; Json = '"42"' }
        @{ Name = 'bytes'; Value = { , [byte[]] (0, 255) }; Json = '"AP8="' }
        @{ Name = 'no bytes'; Value = { , [byte[]]::new(0) }; Json = '""' }

        @{ Name = 'a list'; Value = { [System.Collections.Generic.List[int]] (1, 2) }; Json = '[1,2]' }
        @{ Name = 'a list of one'; Value = { , @(1) }; Json = '[1]' }
        @{ Name = 'a two-dimensional list'; Value = { , @(@(1), @(), @($null)) }; Json = '[[1],[],[null]]' }
        @{ Name = 'a set'; Value = { , [System.Collections.Generic.HashSet[string]] @('a') }; Json = '["a"]' }
        @{ Name = 'a queue'; Value = { , [System.Collections.Queue]::new(@(1, 'a')) }; Json = '[1,"a"]' }
        @{ Name = 'negative numbers in a list'; Value = { , @(-1, [long] -2) }; Json = '[-1,-2]' }
        @{ Name = 'an ordered dictionary'; Value = { [ordered] @{ b = 1; a = 2 } }; Json = '{"b":1,"a":2}' }
        @{ Name = 'a generic dictionary'; Value = { $d = [System.Collections.Generic.Dictionary[string, int]]::new(); $d['a'] = 1; $d['A'] = 2; $d }; Json = '{"a":1,"A":2}' }
        @{ Name = 'an expando object'; Value = { $e = [System.Dynamic.ExpandoObject]::new(); $e.a = 1; , $e }; Json = '{"a":1}' }
        @{ Name = 'a collection of names and values'; Value = { $c = [System.Collections.Specialized.NameValueCollection]::new(); $c.Add('b', '1'); $c.Add('a', 'x'); $c.Add('a', 'y'); , $c }; Json = '{"b":"1","a":["x","y"]}' }
        @{ Name = 'an empty object'; Value = { [pscustomobject] @{} }; Json = '{}' }
        @{ Name = 'an object of a class'; Value = { [Person]::new() }; Json = '{"Name":"Ada","Age":36}' }
        @{ Name = 'names that need escapes'; Value = { @{ "a`"b`n" = 1 } }; Json = '{"a\"b\n":1}' }
        @{ Name = 'wrapped values at every depth'; Value = { @{ a = @((Write-Output 1), (Write-Output 'b' | Add-Member -NotePropertyName n -NotePropertyValue 1 -PassThru)) } }; Json = '{"a":[1,"b"]}' }
        @{ Name = 'JSON read by PowerShell'; Value = { '{"a":[1,{"b":null}]}' | ConvertFrom-Json }; Json = '{"a":[1,{"b":null}]}' }
        @{ Name = 'JSON elements, digit for digit'; Value = { [System.Text.Json.JsonDocument]::Parse('{ "a": [1.50, 1E5, "\u00fc\/"] }').RootElement }; Json = '{"a":[1.50,1E5,"ü/"]}' }
        @{ Name = 'JSON nodes'; Value = { , [System.Text.Json.Nodes.JsonNode]::Parse('{"a":[1.50]}') }; Json = '{"a":[1.50]}' }
        @{ Name = 'the same object twice, side by side'; Value = { $o = @{ a = 1 }; @{ l = @($o, $o) } }; Json = '{"l":[{"a":1},{"a":1}]}' }
    ) {
        Get-Json (& $Value) | Should -BeExactly $Json
    }

    It 'is the same in the culture <_>' -ForEach 'de-DE', 'tr-TR', 'sv-SE', 'ar-SA', 'fa-IR' {
        $before = [cultureinfo]::CurrentCulture
        try {
            [cultureinfo]::CurrentCulture = $_
            $value = [ordered] @{ d = 1.5; m = [decimal] 2.5; i = -1; l = @(-1, -2.5); t = [datetime]::new(2024, 1, 2, 3, 4, 5, [System.DateTimeKind]::Utc); s = [timespan]::FromSeconds(-1.5) }
            Get-Json $value | Should -BeExactly '{"d":1.5,"m":2.5,"i":-1,"l":[-1,-2.5],"t":"2024-01-02T03:04:05Z","s":"-00:00:01.5000000"}'
        }
        finally {
            [cultureinfo]::CurrentCulture = $before
        }
    }

    It 'is refused, naming <Path>, for <Name>' -ForEach @(
        @{ Name = 'an infinity'; Value = { @{ a = [double]::PositiveInfinity } }; Path = 'x.a' }
        @{ Name = 'no number in a list'; Value = { , @(1, [float]::NaN) }; Path = 'x`[1`]' }
        @{ Name = 'a number as key'; Value = { @{ a = @{ 1 = 2 } } }; Path = 'x.a' }
        @{ Name = 'half a surrogate pair'; Value = { @{ a = "x`u{d800}" } }; Path = 'x.a' }
        @{ Name = 'half a surrogate pair in a name'; Value = { @{ a = @{ "`u{dc00}" = 1 } } }; Path = 'x.a' }
        @{ Name = 'a cycle of objects'; Value = { $o = [pscustomobject] @{ a = $null }; $o.a = @(, $o); $o }; Path = 'x.a`[0`]' }
        @{ Name = 'a cycle of lists'; Value = { $l = [System.Collections.ArrayList]::new(); $null = $l.Add($l); , $l }; Path = 'x`[0`]' }
        @{ Name = 'a secret'; Value = { @{ a = [securestring]::new() } }; Path = 'x.a' }
        @{ Name = 'a script block'; Value = { @{ a = { 1 } } }; Path = 'x.a' }
        @{ Name = 'an object of a type that PowerShell cannot name'; Value = { $list = [System.Linq.Enumerable]::Where([int[]] 1, [System.Func[int, bool]] { $true }); @{ a = [System.Activator]::CreateInstance([System.Lazy`1].MakeGenericType($list.GetType())) } }; Path = 'x.a' }
        @{ Name = 'an XML document'; Value = { @{ a = [xml] '<b/>' } }; Path = 'x.a' }
        @{ Name = 'XML elements'; Value = { @{ a = ([xml] '<b><c/><c/></b>').b.ChildNodes } }; Path = 'x.a`[0`]' }
        @{ Name = 'a file'; Value = { @{ a = [System.IO.FileInfo]::new('/') } }; Path = 'x.a' }
    ) {
        $problem = Get-Json (& $Value)
        $problem.FullyQualifiedErrorId | Should -BeLike 'InvalidBody,*'
        $problem.Exception | Should -BeOfType ([System.ArgumentException])
        $problem.Exception.Message | Should -BeLike "$Path holds *"
        if ($Name -like '*XML*') { $problem.Exception.Message | Should -BeLike '*System.Xml.Xml*no JSON form*' }
        $problem.Exception.Message | Should -Not -BeLike '*Version=*' -Because 'names of types are without their assemblies'
    }

    It 'is a list for <Name>, however often it is written' -ForEach @(
        @{ Name = 'an enum over byte'; Value = { , [Level[]] ('Low', 'High') }; Json = '["Low","High"]' }
        @{ Name = 'sbyte'; Value = { , [sbyte[]] (1, -1) }; Json = '[1,-1]' }
    ) {
        # The engine compiles what it has run often.
        $written = 1..40 | ForEach-Object { Get-Json (& $Value) }
        $written | Select-Object -Unique | Should -BeExactly $Json
    }

    It 'may be 64 levels deep, not 65' {
        $nested = 1
        1..64 | ForEach-Object { $nested = , $nested }
        Get-Json $nested | Should -BeExactly ('[' * 64 + 1 + ']' * 64)
        (Get-Json (, $nested)).Exception.Message | Should -BeLike 'x`[0`]*more than 64 levels deep*'
    }

    It 'may be a text of a million characters' {
        $text = "ab`"c\d`ne" * 150000
        $json = Get-Json $text
        $json.Length | Should -Be (150000 * 11 + 2)
        $json | Should -BeLike '"ab\"c\\d\ne*'
    }

    It 'may be a list of a hundred thousand values' {
        $watch = [System.Diagnostics.Stopwatch]::StartNew()
        Get-Json (1..100000) | Should -BeLike '`[1,2,3,*,99999,100000`]'
        $watch.Elapsed.TotalSeconds | Should -BeLessThan 10
    }
}
