# What Get-Help tells, and that its examples do what they say.

Import-Module "$PSScriptRoot/../../powershell/MgDeviceImage/MgDeviceImage.psd1" -Force
$commands = @(foreach ($command in Get-Command -Module MgDeviceImage) { @{ Command = $command.Name } })

# A case for each example: its command, number and code.
function Get-ExampleCase([string] $Command) {
    $number = 0
    foreach ($example in (Get-Help $Command).examples.example) {
        $number++
        @{ Command = $Command; Number = $number; Code = [string] $example.code }
    }
}
$examples = @(foreach ($case in $commands) { Get-ExampleCase $case.Command })

Describe 'The help' {
    BeforeAll {
        . $PSScriptRoot/Emulator.ps1
        Import-Module $ModulePath -Force
        $common = [System.Management.Automation.Cmdlet]::CommonParameters + [System.Management.Automation.Cmdlet]::OptionalCommonParameters

        # The text of a part of the help, in one line.
        function Get-HelpText($Part) {
            (@($Part | ForEach-Object { $_.Text }) -join ' ') -replace '\s+', ' '
        }
    }

    It 'of <Command> has a synopsis and a description' -ForEach $commands {
        $help = Get-Help $Command -Full
        # Without help of its own, the engine shows the syntax as the synopsis.
        $help.Synopsis | Should -Match '^[A-Z].*\.$'
        $help.Synopsis | Should -Not -BeLike "*$Command ``[*"
        Get-HelpText $help.description | Should -Match '\w{3}.*\.$'
    }

    It 'of <Command> describes every parameter' -ForEach $commands {
        foreach ($name in (Get-Command $Command).Parameters.Keys.Where({ $_ -notin $common })) {
            $parameter = Get-Help $Command -Parameter $name
            Get-HelpText $parameter.description | Should -Match '^\S.*\.$' -Because "-$name needs words"
        }
    }

    It 'of <Command> says what comes out, and has an example' -ForEach $commands {
        $help = Get-Help $Command -Full
        [string] $help.returnValues.returnValue.type.name | Should -Not -BeNullOrEmpty
        @($help.examples.example).Count | Should -BeGreaterThan 0
        @($help.relatedLinks.navigationLink).Count | Should -BeGreaterThan 0
    }

    It 'of the update has eight examples, each with an explanation' {
        $found = @((Get-Help Update-MgDeviceManagementVirtualEndpointDeviceImage).examples.example)
        $found.Count | Should -BeGreaterOrEqual 8
        foreach ($example in $found) {
            Get-HelpText $example.remarks | Should -Match '\w{3}.*\.'
        }
    }

    It 'of the update tells what comes in and what comes out' {
        $help = Get-Help Update-MgDeviceManagementVirtualEndpointDeviceImage -Full
        [string] $help.inputTypes.inputType.type.name | Should -BeLike '*InputObject*BodyParameter*'
        [string] $help.returnValues.returnValue.type.name | Should -BeLike '*Microsoft.Graph.PowerShell.Models.MicrosoftGraphCloudPcDeviceImage*'
    }

    It 'of the update can be read online' {
        $uri = 'https://learn.microsoft.com/*/update-mgdevicemanagementvirtualendpointdeviceimage'
        (Get-Command Update-MgDeviceManagementVirtualEndpointDeviceImage).HelpUri | Should -BeLike $uri
        # The first link that is an address is the one of Get-Help -Online.
        (Get-Help Update-MgDeviceManagementVirtualEndpointDeviceImage).relatedLinks.navigationLink[0].uri | Should -BeLike $uri
    }

    It 'of the update says what is needed and what is not known' {
        $text = Get-HelpText (Get-Help Update-MgDeviceManagementVirtualEndpointDeviceImage).description
        $text | Should -BeLike '*CloudPC.ReadWrite.All*'
        $text | Should -BeLike '*lists no Update operation*'
        $text | Should -BeLike '*live tenant*'
    }

    It 'names the known members of -<Name>' -ForEach @(
        @{ Name = 'Status'; Members = 'pending', 'ready', 'failed', 'unknownFutureValue' }
        @{ Name = 'OSStatus'; Members = 'supported', 'supportedWithWarning', 'unknown', 'unknownFutureValue' }
        @{ Name = 'ErrorCode'; Members = 'internalServerError', 'sourceImageNotFound', 'sourceImageSizeExceedsLimitation' }
    ) {
        $text = Get-HelpText (Get-Help Update-MgDeviceManagementVirtualEndpointDeviceImage -Parameter $Name).description
        foreach ($member in $Members) {
            $text | Should -MatchExactly "\b$member\b"
        }
    }

    It 'about_MgDeviceImage is there' {
        $text = (Get-Help about_MgDeviceImage | Out-String) -replace '\s+', ' '
        foreach ($command in (Get-Command -Module MgDeviceImage).Name) {
            $text | Should -BeLike "*$command*"
        }
        $text | Should -BeLike '*CloudPC.ReadWrite.All*'
        $text | Should -BeLike '*lists no Update operation*'
        $text | Should -BeLike '*not against a live tenant*'
    }

    It 'about_MgDeviceImage has no line that a console of 140 columns breaks' {
        $lines = [System.IO.File]::ReadAllLines("$PSScriptRoot/../../powershell/MgDeviceImage/en-US/about_MgDeviceImage.help.txt")
        ($lines | Measure-Object -Property Length -Maximum).Maximum | Should -BeLessThan 140
    }
}

Describe 'The examples of the help' {
    BeforeAll {
        . $PSScriptRoot/Emulator.ps1
        Import-Module $ModulePath -Force
        Start-Emulator
        # New runspaces (ForEach-Object -Parallel) find the module by its name, as an installed one.
        $modulePathBefore = $env:PSModulePath
        $modules = [System.IO.Path]::GetDirectoryName([System.IO.Path]::GetDirectoryName($ModulePath))
        $env:PSModulePath = $modules + [System.IO.Path]::PathSeparator + $env:PSModulePath
        $env:GRAPH_TOKEN = 'emulator-token'

        # What the example that asks for a token gets.
        function Read-Host([switch] $AsSecureString, [string] $Prompt) {
            Get-Token
        }
    }
    BeforeEach {
        Reset-Emulator
        Connect-Emulator
    }
    AfterAll {
        Disconnect-MgDeviceImage
        Stop-Emulator
        $env:PSModulePath = $modulePathBefore
        $env:GRAPH_TOKEN = $null
    }

    It '<Command>, example <Number>, runs' -ForEach $examples {
        $parseErrors = $null
        $null = [System.Management.Automation.Language.Parser]::ParseInput($Code, [ref] $null, [ref] $parseErrors)
        $parseErrors | Should -BeNullOrEmpty

        $written = @(& ([scriptblock]::Create($Code)) 3>&1 2>&1)
        $written.Where({ $_ -is [System.Management.Automation.ErrorRecord] -or $_ -is [System.Management.Automation.WarningRecord] }) | Should -BeNullOrEmpty

        $isConnected = $null -ne (Get-MgDeviceImageContext)
        $isConnected | Should -Be ($Command -ne 'Disconnect-MgDeviceImage')
    }

    It 'example <Number> of the update sends <Count>: <Body>' -ForEach @(
        @{ Number = 1; Count = 1; Body = '{"displayName":"Finance, gold","version":"1.0.3"}'; Output = @('img-1') }
        @{ Number = 2; Count = 2; Body = '{"osStatus":"supported"}'; Output = @('img-1', 'img-2') }
        @{ Number = 3; Count = 1; Body = '{"errorCode":null,"expirationDate":null}'; Output = @('img-1') }
        @{ Number = 4; Count = 0; Body = 'nothing'; Output = @() }
        @{ Number = 5; Count = 1; Body = '{"version":"1.0.4"}'; Output = @('img-1') }
        @{ Number = 6; Count = 1; Body = '{"version":"1.0.4"}'; Output = @() }
        @{ Number = 7; Count = 0; Body = 'nothing'; Output = @() }
        @{ Number = 8; Count = 3; Body = '{"osStatus":"supported"}'; Output = @('img-1', 'img-2', 'img-3') }
    ) {
        $code = [string] (Get-Help Update-MgDeviceManagementVirtualEndpointDeviceImage).examples.example[$Number - 1].code
        $written = @(& ([scriptblock]::Create($code)))

        $requests = @(Get-Request)
        $requests.Count | Should -Be $Count
        foreach ($request in $requests) {
            $request.Body | Should -BeExactly $Body
        }
        $ids = @($written.Where({ $_ -isnot [string] }).Id | Sort-Object)
        $ids -join ' ' | Should -BeExactly ($Output -join ' ')
    }

    It 'that reads a response header shows it' {
        $code = [string] (Get-Help Update-MgDeviceManagementVirtualEndpointDeviceImage).examples.example[4].code
        $written = @(& ([scriptblock]::Create($code)))
        $written[-1] | Should -Match '^[0-9a-f]{8}-[0-9a-f-]{27}$'
    }

    It 'that catches an error shows its code' {
        $code = [string] (Get-Help Update-MgDeviceManagementVirtualEndpointDeviceImage).examples.example[5].code
        (& ([scriptblock]::Create($code))) | Should -Match '^(404|NotFound) \w+, request [0-9a-f]{8}-[0-9a-f-]{27}$'
    }
}
