# The help, and that its examples run.

Describe 'The help of <_>' -ForEach 'Update-MgDeviceManagementVirtualEndpointDeviceImage', 'Connect-MgDeviceImage', 'Disconnect-MgDeviceImage', 'Get-MgDeviceImageContext' {
    BeforeAll {
        . $PSScriptRoot/Emulator.ps1
        Import-Module $ModulePath -Force -Global
        $name = $_
        $help = Get-Help $name -Full
    }

    It 'has a synopsis, a description and examples' {
        $help.Synopsis | Should -Not -BeNullOrEmpty
        $help.Synopsis | Should -Not -Match "^\s*$name"
        $help.Description | Should -Not -BeNullOrEmpty
        @($help.Examples.Example).Count | Should -BeGreaterThan 0
    }

    It 'has an address for -Online' {
        (Get-Command $name).HelpUri | Should -BeLike 'https://learn.microsoft.com/*'
        ($help.relatedLinks.navigationLink.uri -join ' ') | Should -BeLike 'https://learn.microsoft.com/*'
    }

    It 'describes every parameter' {
        $common = [System.Management.Automation.PSCmdlet]::CommonParameters
        foreach ($parameter in (Get-Command $name).Parameters.Keys) {
            if ($parameter -in $common) { continue }
            $text = (Get-Help $name -Parameter $parameter).Description.Text
            $text | Should -Not -BeNullOrEmpty -Because "-$parameter is described"
        }
    }
}

Describe 'The help of the update' {
    BeforeAll {
        . $PSScriptRoot/Emulator.ps1
        Import-Module $ModulePath -Force -Global
        $help = Get-Help Update-MgDeviceManagementVirtualEndpointDeviceImage -Full
    }

    It 'says what is not known' {
        ($help.Description.Text -join "`n") -replace '\s+', ' ' | Should -BeLike '*lists no Update operation*'
    }

    It 'lists the members that -<Parameter> completes' -ForEach @(
        @{ Parameter = 'Status' }
        @{ Parameter = 'OSStatus' }
        @{ Parameter = 'ErrorCode' }
    ) {
        $text = (Get-Help Update-MgDeviceManagementVirtualEndpointDeviceImage -Parameter $Parameter).Description.Text -join ' '
        $input = "Update-MgDeviceManagementVirtualEndpointDeviceImage -$Parameter "
        foreach ($value in [System.Management.Automation.CommandCompletion]::CompleteInput($input, $input.Length, $null).CompletionMatches.CompletionText) {
            $text | Should -BeLike "*$value*"
        }
    }
}

Describe 'about_MgDeviceImage' {
    BeforeAll {
        . $PSScriptRoot/Emulator.ps1
        Import-Module $ModulePath -Force -Global
    }

    It 'is found, and fits a page of 140 columns' {
        $text = Get-Help about_MgDeviceImage | Out-String -Width 200
        $text | Should -BeLike '*WHAT IS NOT KNOWN*'
        ($text -split '\r?\n' | Where-Object Length -GT 140) | Should -BeNullOrEmpty
    }

    It 'lists every error id of the module' {
        $text = Get-Help about_MgDeviceImage | Out-String -Width 200
        $null = Get-MgDeviceImageContext
        # A ServiceError has the id that the service gives it.
        $ids = @(InModuleScope MgDeviceImage { $script:FailureKinds.Keys } | Where-Object { $_ -ne 'ServiceError' }) + 'PipelineStepFailed'
        $ids.Count | Should -BeGreaterThan 10
        $ids | Where-Object { $text -notmatch "(?m)^ +$_ " } | Should -BeNullOrEmpty
    }
}

Describe 'The examples of the help' {
    BeforeAll {
        . $PSScriptRoot/Emulator.ps1
        Import-Module $ModulePath -Force -Global
        Start-Emulator

        # The code of an example. The last paragraph explains it; older engines count all lines but the first to the remarks.
        function Get-Code($Example) {
            $remarks = (($Example.Remarks.Text | Where-Object { $_ }) -join "`n").Trim().Replace("`r", '')
            $end = $remarks.LastIndexOf("`n`n")
            if ($end -lt 0) { $Example.Code } else { $Example.Code + "`n" + $remarks.Substring(0, $end) }
        }
    }
    BeforeEach {
        Reset-Emulator
        Connect-Emulator
        $global:Error.Clear()
    }
    AfterAll {
        Disconnect-MgDeviceImage
        Stop-Emulator
    }

    It 'run: number <Number>, which sends <Sent>' -ForEach @(
        @{ Number = 1; Sent = 'img-1 {"displayName":"Finance, gold","version":"1.0.3"}' }
        @{ Number = 2; Sent = 'img-1 {"osStatus":"supported"}|img-2 {"osStatus":"supported"}' }
        @{ Number = 3; Sent = 'img-1 {"errorCode":null,"expirationDate":null}' }
        @{ Number = 4; Sent = '' }
        @{ Number = 5; Sent = 'img-1 {"version":"1.0.4"}'; Written = '*-*-*' }
        @{ Number = 6; Sent = 'img-9 {"version":"1.0.4"}'; Written = '404 ResourceNotFound, request *' }
        @{ Number = 7; Sent = '' }
        @{ Number = 8; Sent = 'img-1 {"osStatus":"supported"}|img-2 {"osStatus":"supported"}|img-3 {"osStatus":"supported"}' }
    ) {
        $example = @((Get-Help Update-MgDeviceManagementVirtualEndpointDeviceImage -Examples).Examples.Example)[$Number - 1]
        $before = $env:PSModulePath
        try {
            # As an installed module is found, in runspaces too.
            $directory = [System.IO.Path]::GetDirectoryName([System.IO.Path]::GetDirectoryName($ModulePath))
            $env:PSModulePath = $directory + [System.IO.Path]::PathSeparator + $before
            $output = @(& ([scriptblock]::Create((Get-Code $example))) 4>$null)
        }
        finally {
            $env:PSModulePath = $before
        }
        $seen = Get-Request | ForEach-Object { "$([System.IO.Path]::GetFileName($_.Target)) $($_.Body)" } | Sort-Object
        $seen -join '|' | Should -BeExactly $Sent
        if ($Written) {
            "$($output[-1])" | Should -BeLike $Written
        }
    }

    It 'run: those of the connection' {
        # The one that needs nothing but a token: the others sign in where this test does not.
        $code = @((Get-Help Connect-MgDeviceImage -Examples).Examples.Example).ForEach({ Get-Code $_ }).Where({ $_ -match 'GRAPH_TOKEN' })[0]
        $env:GRAPH_TOKEN = 'abc'
        try { & ([scriptblock]::Create($code)) } finally { $env:GRAPH_TOKEN = $null }
        (Get-MgDeviceImageContext).Environment | Should -BeExactly 'USGov'

        & ([scriptblock]::Create((Get-Code @((Get-Help Disconnect-MgDeviceImage -Examples).Examples.Example)[0])))
        Get-MgDeviceImageContext | Should -BeNullOrEmpty

        $code = Get-Code @((Get-Help Get-MgDeviceImageContext -Examples).Examples.Example)[0]
        { & ([scriptblock]::Create($code)) } | Should -Throw '*Connect-MgDeviceImage first*'
    }
}
