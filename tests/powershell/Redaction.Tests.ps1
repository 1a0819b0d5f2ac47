# What the module hides in texts that it shows. The library hides the same (tests/secrets.rs).

Describe 'A text that is shown' {
    BeforeAll {
        . $PSScriptRoot/Emulator.ps1
        Import-Module $ModulePath -Force
        # The first command loads what the module is made of.
        $null = Get-MgDeviceImageContext

        function Get-Shown([string] $Text) {
            & (Get-Module MgDeviceImage) { param($text) Hide-Secret $text } $Text
        }
    }

    $table = [System.Text.Json.JsonDocument]::Parse([System.IO.File]::ReadAllText("$PSScriptRoot/../data/redaction.json")).RootElement
    $secret = $table.GetProperty('secret').GetString()
    $hidden = foreach ($row in $table.GetProperty('hidden').EnumerateArray()) { @{ Text = $row.GetString(); Secret = $secret } }
    $kept = foreach ($row in $table.GetProperty('kept').EnumerateArray()) { @{ Text = $row.GetString() } }

    It 'has no secret: <Text>' -ForEach $hidden {
        $shown = Get-Shown $Text
        $shown | Should -Not -Match $Secret
        $shown | Should -Match '\[redacted\]'
    }

    It 'is still JSON: <_>' -ForEach @(
        # Those of the table, without the few that are no JSON.
        @($hidden.Text) -match '^["{].*["}]$'
        '{"m":"Wrong password:","code":"x"}'
        '{"m":"Local admin password: must be 12 characters"}'
        '{"m":"The \"password\": {"}'
        '{"m":"password: [a, \"b\""}'
        '{"m":"password=\\"}'
        "{`"m`":`"The password: 'a`"}"
        '{"a":"{\"m\":\"password:\"}"}'
    ) {
        $shown = Get-Shown $_
        { [System.Text.Json.JsonDocument]::Parse($shown) } | Should -Not -Throw
    }

    It 'keeps what is none: <Text>' -ForEach $kept {
        Get-Shown $Text | Should -BeExactly $Text
    }
}
