# What goes out for a call: every vector of tests/data/wire.json.

$vectors = foreach ($vector in ConvertFrom-Json ([System.IO.File]::ReadAllText("$PSScriptRoot/../data/wire.json")) -AsHashtable) {
    @{ Name = $vector.name; Call = $vector.call; Environment = $vector.environment; Request = $vector.request; Failure = $vector.error }
}

Describe 'The request' {
    BeforeAll {
        . $PSScriptRoot/Emulator.ps1
        Import-Module $ModulePath -Force
        Start-Emulator
        Connect-Emulator

        # Runs a call as a user would. Answers what it wrote as an error: Terminating, Id, Message.
        function Invoke-Call([string] $Call) {
            try {
                foreach ($item in & ([scriptblock]::Create($Call)) 2>&1) {
                    if ($item -is [System.Management.Automation.ErrorRecord]) {
                        # An error of the pipeline's binder ends the one object, not the pipeline.
                        $isBinder = $item.Exception -is [System.Management.Automation.ParameterBindingException]
                        @{ Terminating = $isBinder; Id = $item.FullyQualifiedErrorId.Split(',')[0]; Message = $item.Exception.Message }
                    }
                }
            }
            catch {
                @{ Terminating = $true; Id = $_.FullyQualifiedErrorId.Split(',')[0]; Message = $_.Exception.Message }
            }
        }
    }
    BeforeEach {
        Reset-Emulator
        # What the image is, and whether there is one, does not matter here.
        Add-Answer 204
    }
    AfterAll {
        Disconnect-MgDeviceImage
        Stop-Emulator
    }

    It '<Name>' -ForEach $vectors {
        if ($Environment) {
            $run = Invoke-Pwsh "$ConnectScript; `$null = $Call" $Environment
            $run.Error | Should -BeNullOrEmpty
            $seen = $null
        }
        else {
            $seen = Invoke-Call $Call
        }

        $requests = @(Get-Request)
        if ($Request) {
            $seen | Should -BeNullOrEmpty
            $requests.Count | Should -Be 1
            $requests[0].Method | Should -BeExactly $Request.method
            $requests[0].Target | Should -BeExactly $Request.path
            $requests[0].Body | Should -BeExactly $Request.body
            foreach ($name in $Request.headers.Keys) {
                $expected = $Request.headers[$name]
                if ($null -eq $expected) {
                    $requests[0].Headers.ContainsKey($name) | Should -BeFalse -Because "$name is no header"
                }
                else {
                    $requests[0].Headers[$name] | Should -BeExactly $expected.Replace('<session token>', 'emulator-token')
                }
            }
        }
        else {
            $requests.Count | Should -Be 0
            $seen | Should -Not -BeNullOrEmpty
            $seen.Terminating | Should -Be $Failure.terminating
            if ($Failure.id) { $seen.Id | Should -BeExactly $Failure.id }
            if ($Failure.message) { $seen.Message | Should -BeLike $Failure.message }
        }
    }
}
