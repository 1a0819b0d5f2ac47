# -ResponseHeadersVariable (RHV).

Describe '-ResponseHeadersVariable' {
    BeforeAll {
        . $PSScriptRoot/Emulator.ps1
        Import-Module $ModulePath -Force -Global
        Start-Emulator
        Connect-Emulator
        Set-Alias Update-Image Update-MgDeviceManagementVirtualEndpointDeviceImage
    }
    BeforeEach {
        Reset-Emulator
        Remove-Variable mgdiHeaders -Scope Global -ErrorAction Ignore
    }
    AfterAll {
        Disconnect-MgDeviceImage
        Stop-Emulator
    }

    It 'gives every header with all its values, names in any case' {
        Add-Answer 200 '{}' @{ 'X-Two' = 'a', 'b'; 'X-One' = 'c' }
        $null = Update-Image -CloudPcDeviceImageId img-1 -Version 1 -ResponseHeadersVariable mgdiHeaders
        $mgdiHeaders | Should -BeOfType ([System.Collections.Generic.Dictionary[string, System.Collections.Generic.IEnumerable[string]]])
        $mgdiHeaders['x-two'] | Should -Be @('a', 'b')
        $mgdiHeaders['X-ONE'] | Should -Be 'c'
        $mgdiHeaders.ContainsKey('request-id') | Should -BeTrue
    }

    It 'is never part of the output' {
        @(Update-Image -CloudPcDeviceImageId img-1 -Version 1 -RHV mgdiHeaders).Count | Should -Be 1
    }

    It 'is set in the scope of the caller, and in the global one' {
        function Update-InFunction {
            $null = Update-Image -CloudPcDeviceImageId img-1 -Version 1 -RHV mgdiHeaders
            & { & { $mgdiHeaders.Count } }
            $variable = Get-Variable mgdiHeaders -Scope 0
            $variable.Value.Count
        }
        $mgdiHeaders = 'outer'
        $seen = Update-InFunction
        $seen[0] | Should -BeGreaterThan 0
        $seen[1] | Should -BeGreaterThan 0
        $mgdiHeaders | Should -BeExactly 'outer' -Because 'a function sets its own'
        $global:mgdiHeaders.Count | Should -Be $seen[0]
    }

    It 'is set in a module that calls, and in a script block in a pipeline' {
        $module = New-Module { function Read-Header { $null = Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId img-1 -Version 1 -RHV mgdiHeaders; $mgdiHeaders.Count } }
        & $module { Read-Header } | Should -BeGreaterThan 0
        'img-1' | ForEach-Object { $null = Update-Image -CloudPcDeviceImageId $_ -Version 1 -RHV mgdiHeaders; $mgdiHeaders.Count } | Should -BeGreaterThan 0
    }

    It 'is there before the object is, and new for each object of a pipeline' {
        Add-Answer 200 '{"id":"1"}' @{ 'X-N' = '1' }
        Add-Answer 200 '{"id":"2"}' @{ 'X-N' = '2' }
        $seen = @{ Id = 'img-1' }, @{ Id = 'img-2' } | Update-Image -Version 1 -RHV mgdiHeaders | ForEach-Object { "$($_.Id)=$($global:mgdiHeaders['X-N'])" }
        $seen -join ' ' | Should -BeExactly '1=1 2=2'
    }

    It 'is set for an answer that is an error' {
        Add-Answer 429 -Headers @{ 'Retry-After' = '200' }
        Update-Image -CloudPcDeviceImageId img-1 -Version 1 -RHV mgdiHeaders -ErrorAction SilentlyContinue
        $mgdiHeaders['Retry-After'] | Should -Be '200'
    }

    It 'is set for an error that stops' {
        Add-Answer 404
        try { Update-Image -CloudPcDeviceImageId img-1 -Version 1 -RHV mgdiHeaders -ErrorAction Stop } catch { $null = $_ }
        $mgdiHeaders.ContainsKey('request-id') | Should -BeTrue
    }

    It 'is null where no answer came' {
        $mgdiHeaders = $global:mgdiHeaders = 'stale'
        Add-Fault @{ kind = 'reset' }
        Update-Image -CloudPcDeviceImageId img-1 -Version 1 -RHV mgdiHeaders -ErrorAction SilentlyContinue
        $null -eq $mgdiHeaders | Should -BeTrue
        $null -eq $global:mgdiHeaders | Should -BeTrue
    }

    It 'is untouched where nothing is sent' {
        $mgdiHeaders = $global:mgdiHeaders = 'stale'
        Update-Image -CloudPcDeviceImageId img-1 -Version 1 -RHV mgdiHeaders -WhatIf
        Update-Image -CloudPcDeviceImageId img-1 -RHV mgdiHeaders -AdditionalProperties @{ x = [double]::NaN } -ErrorAction SilentlyContinue
        $mgdiHeaders | Should -BeExactly 'stale'
        $global:mgdiHeaders | Should -BeExactly 'stale'
    }

    It 'is ignored with an empty name' {
        @(Update-Image -CloudPcDeviceImageId img-1 -Version 1 -RHV '').Count | Should -Be 1
    }

    It 'is refused before anything is sent for <Name>' -ForEach @(
        @{ Name = 'PID' }
        @{ Name = 'true' }
        @{ Name = 'typed' }
    ) {
        [int] $typed = 1
        $global:Error.Clear()
        $written = Update-Image -CloudPcDeviceImageId img-1 -Version 1 -RHV $Name 2>&1
        $written.FullyQualifiedErrorId | Should -BeLike 'InvalidArgument,*'
        $written.Exception.Message | Should -BeLike "*$Name*"
        $global:Error.Count | Should -Be 1
        $typed | Should -Be 1
        Get-Request | Should -BeNullOrEmpty
    }

    It 'is refused before anything is sent for <_>, which is the engine''s own in a function' -ForEach 'MyInvocation', 'PSBoundParameters', 'pscmdlet', 'args', 'PSScriptRoot', 'WhatIfPreference' {
        function Update-InFunction([string] $Name) {
            Update-Image -CloudPcDeviceImageId img-1 -Version 1 -RHV $Name
        }
        $global:Error.Clear()
        $written = Update-InFunction $_ 2>&1
        $written.FullyQualifiedErrorId | Should -BeLike 'InvalidArgument,*'
        $written.Exception.Message | Should -BeLike "*$_*"
        $global:Error.Count | Should -Be 1
        Get-Request | Should -BeNullOrEmpty
    }

    It 'is refused at binding for <Name>' -ForEach @(
        @{ Name = 'env:PATH' }
        @{ Name = 'global:mgdiHeaders' }
        @{ Name = '$mgdiHeaders' }
        @{ Name = 'a:b$c' }
    ) {
        $refused = try { Update-Image -CloudPcDeviceImageId img-1 -Version 1 -RHV $Name } catch { $_ }
        $refused.FullyQualifiedErrorId | Should -BeLike 'ParameterArgumentValidationError,*'
        $refused.Exception.Message | Should -BeLike "*'$Name' is no name of a variable*"
        Get-Request | Should -BeNullOrEmpty
        $null -eq $global:mgdiHeaders | Should -BeTrue
    }

    It 'is set in the scope of a script file, and in the global one' {
        $directory = [System.IO.Directory]::CreateTempSubdirectory('mgdi').FullName
        $file = "$directory/update.ps1"
        [System.IO.File]::WriteAllText($file, @'
$mgdiHeaders = 'stale'
$null = Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId img-1 -Version 1 -RHV mgdiHeaders
$script:mgdiHeaders.Count
(Get-Variable mgdiHeaders -Scope 0).Value.Count
'@)
        $mgdiHeaders = 'outer'
        try {
            $seen = & $file
        }
        finally {
            [System.IO.Directory]::Delete($directory, $true)
        }
        $seen[0] | Should -BeGreaterThan 1
        $seen[1] | Should -Be $seen[0]
        $mgdiHeaders | Should -BeExactly 'outer' -Because 'a script sets its own'
        $global:mgdiHeaders.Count | Should -Be $seen[0]
    }
}
