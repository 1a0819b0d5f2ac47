# The types of Microsoft's SDK: those that the module makes, and those that were there before.

Describe 'The types' {
    BeforeAll {
        . $PSScriptRoot/Emulator.ps1
        Import-Module $ModulePath -Force -Global
        Start-Emulator
        Connect-Emulator
    }
    AfterAll {
        Disconnect-MgDeviceImage
        Stop-Emulator
    }

    It 'construct and cast from hashtables' {
        $image = [Microsoft.Graph.PowerShell.Models.MicrosoftGraphCloudPcDeviceImage] @{ DisplayName = 'x'; ExpirationDate = '2030-12-31'; AdditionalProperties = @{ a = 1 } }
        $image.DisplayName | Should -BeExactly 'x'
        $image.ExpirationDate | Should -Be ([datetime]::new(2030, 12, 31))
        $image.AdditionalProperties['a'] | Should -Be 1
        [Microsoft.Graph.PowerShell.Models.DeviceManagementAdministrationIdentity]::new().CloudPcDeviceImageId | Should -BeNullOrEmpty
        { [Microsoft.Graph.PowerShell.Models.MicrosoftGraphCloudPcDeviceImage] @{ NoSuchMember = 1 } } | Should -Throw '*NoSuchMember*'
    }

    It 'has the 27 identity properties' {
        [Microsoft.Graph.PowerShell.Models.DeviceManagementAdministrationIdentity].GetFields().Count | Should -Be 27
    }

    It 'are interfaces, classes and a delegate' {
        [Microsoft.Graph.PowerShell.Models.IMicrosoftGraphCloudPcDeviceImage].IsInterface | Should -BeTrue
        [Microsoft.Graph.PowerShell.Models.IDeviceManagementAdministrationIdentity].IsInterface | Should -BeTrue
        [Microsoft.Graph.PowerShell.Runtime.SendAsyncStep].BaseType | Should -Be ([System.MulticastDelegate])
    }

    It 'print well' {
        $image = [Microsoft.Graph.PowerShell.Models.MicrosoftGraphCloudPcDeviceImage] @{ Id = 'a'; DisplayName = 'x' }
        $image | Out-String | Should -Match '(?m)^a +x *\r?$'
    }

    It 'are the same after the module is imported again' {
        $image = [Microsoft.Graph.PowerShell.Models.MicrosoftGraphCloudPcDeviceImage] @{ Version = '2' }
        Import-Module $ModulePath -Force -Global
        $image -is [Microsoft.Graph.PowerShell.Models.IMicrosoftGraphCloudPcDeviceImage] | Should -BeTrue
        (Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId img-1 -BodyParameter $image).Version | Should -BeExactly '2'
    }
}

Describe 'Types that are there before the import' {
    BeforeAll {
        . $PSScriptRoot/Emulator.ps1
        Start-Emulator

        # Defines the types of the SDK as another module would have: the class, its interface with members, properties with code.
        $define = @'
$assembly = [System.Reflection.Emit.AssemblyBuilder]::DefineDynamicAssembly([System.Reflection.AssemblyName]::new('Foreign.Graph'), 'Run')
$types = $assembly.DefineDynamicModule('Foreign')
$interface = $types.DefineType('Microsoft.Graph.PowerShell.Models.IMicrosoftGraphCloudPcDeviceImage', 'Public, Interface, Abstract')
$class = $types.DefineType('Microsoft.Graph.PowerShell.Models.MicrosoftGraphCloudPcDeviceImage', 'Public')
$constructor = $class.DefineConstructor('Public', 'Standard', [type]::EmptyTypes).GetILGenerator()
$constructor.Emit([System.Reflection.Emit.OpCodes]::Ldarg_0)
$constructor.Emit([System.Reflection.Emit.OpCodes]::Call, [object].GetConstructor([type]::EmptyTypes))
foreach ($name in $members) {
    $type = if ($name -eq 'AdditionalProperties') { [System.Collections.Generic.Dictionary[string, object]] } elseif ($name -match 'Date') { [System.Nullable[datetime]] } else { [string] }
    $field = $class.DefineField("_$name", $type, 'Private')
    $property = $class.DefineProperty($name, 'None', $type, [type]::EmptyTypes)
    $getter = $class.DefineMethod("get_$name", 'Public, Virtual, HideBySig, SpecialName, NewSlot', $type, [type]::EmptyTypes)
    $code = $getter.GetILGenerator()
    $code.Emit([System.Reflection.Emit.OpCodes]::Ldarg_0)
    $code.Emit([System.Reflection.Emit.OpCodes]::Ldfld, $field)
    $code.Emit([System.Reflection.Emit.OpCodes]::Ret)
    $property.SetGetMethod($getter)
    $declared = $interface.DefineMethod("get_$name", 'Public, Virtual, Abstract, HideBySig, SpecialName, NewSlot', $type, [type]::EmptyTypes)
    $interface.DefineProperty($name, 'None', $type, [type]::EmptyTypes).SetGetMethod($declared)
    if ($name -eq 'AdditionalProperties') {
        $constructor.Emit([System.Reflection.Emit.OpCodes]::Ldarg_0)
        $constructor.Emit([System.Reflection.Emit.OpCodes]::Newobj, $type.GetConstructor([type]::EmptyTypes))
        $constructor.Emit([System.Reflection.Emit.OpCodes]::Stfld, $field)
        continue
    }
    $setter = $class.DefineMethod("set_$name", 'Public, HideBySig, SpecialName', [void], @($type))
    $code = $setter.GetILGenerator()
    $code.Emit([System.Reflection.Emit.OpCodes]::Ldarg_0)
    $code.Emit([System.Reflection.Emit.OpCodes]::Ldarg_1)
    $code.Emit([System.Reflection.Emit.OpCodes]::Stfld, $field)
    $code.Emit([System.Reflection.Emit.OpCodes]::Ret)
    $property.SetSetMethod($setter)
}
$constructor.Emit([System.Reflection.Emit.OpCodes]::Ret)
$class.AddInterfaceImplementation($interface.CreateType())
$null = $class.CreateType()
'@
    }
    AfterAll {
        Stop-Emulator
    }

    It 'are used where they fit' {
        $run = Invoke-Pwsh @"
`$members = 'Id', 'DisplayName', 'ErrorCode', 'ExpirationDate', 'LastModifiedDateTime', 'OperatingSystem', 'OSBuildNumber', 'OSStatus', 'SourceImageResourceId', 'Status', 'Version', 'AdditionalProperties'
$define
$ConnectScript
`$image = Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId img-1 -BodyParameter @{ displayName = `$null; version = 2 }
`$image.GetType().Assembly.GetName().Name
`$image.Version
`$image.AdditionalProperties.Count
(`$image | Update-MgDeviceManagementVirtualEndpointDeviceImage -BodyParameter `$image -Headers @{}).Version
"@
        $run.Error | Should -BeNullOrEmpty
        $run.Output -replace '\s+', ' ' | Should -BeExactly 'Foreign.Graph 2 1 2'
        @(Get-Request)[0].Body | Should -BeExactly '{"displayName":null,"version":"2"}'
    }

    It 'are said to be the reason, by the first command, where they do not fit' {
        $run = Invoke-Pwsh "`$members = 'Id', 'AdditionalProperties'`n$define`nImport-Module `$Module; Get-MgDeviceImageContext"
        "$($run.Output) $($run.Error)" -replace '\s*\|?\s+', ' ' | Should -BeLike "*MgDeviceImage cannot be used in this session: 'Foreign.Graph' has already defined Microsoft.Graph.PowerShell.Models.MicrosoftGraphCloudPcDeviceImage in another way.*"
    }
}
