# The types of Microsoft Graph's PowerShell SDK that users of the command name, under their own names: made once for the process, at
# its first import. Where a module of Microsoft's has defined them before, the engine finds that module's, and they are used.
#
# Public fields and interfaces without members, because PowerShell treats a field as a property and so no code needs to be emitted.
# No loops, no functions, and every call through InvokeMember: this runs in each session that imports the module, where each kind of
# statement and each method that is called in PowerShell's own way costs a millisecond or more to compile.

[System.Threading.Monitor]::Enter([System.AppDomain]::CurrentDomain)
try {
    if (-not [System.AppDomain]::CurrentDomain.GetData('MgDeviceImage.GraphTypes')) {
        $call = 'InvokeMethod'
        [System.Reflection.TypeAttributes] $interface = 'Public, Interface, Abstract'
        [System.Reflection.TypeAttributes] $class = 'Public'
        [System.Reflection.FieldAttributes] $public = 'Public'
        [System.Reflection.Emit.AssemblyBuilderAccess] $run = 'Run'
        [System.Reflection.AssemblyName] $name = 'MgDeviceImage.GraphTypes'
        $assemblies = [System.Reflection.Emit.AssemblyBuilder]
        $modules = [System.Reflection.Emit.ModuleBuilder]
        $types = [System.Reflection.Emit.TypeBuilder]
        $text = [string]
        $date = [System.Nullable[datetime]]

        $assembly = $assemblies.InvokeMember('DefineDynamicAssembly', $call, $null, $null, @($name, $run))
        $module = $assemblies.InvokeMember('DefineDynamicModule', $call, $null, $assembly, @('GraphTypes'))

        $type = $modules.InvokeMember('DefineType', $call, $null, $module, @('Microsoft.Graph.PowerShell.Models.IMicrosoftGraphCloudPcDeviceImage', $interface))
        $made = $types.InvokeMember('CreateType', $call, $null, $type, @())
        $type = $modules.InvokeMember('DefineType', $call, $null, $module, @('Microsoft.Graph.PowerShell.Models.MicrosoftGraphCloudPcDeviceImage', $class))
        $null = $types.InvokeMember('AddInterfaceImplementation', $call, $null, $type, @($made))
        # An answer holds a Dictionary[string,object] here; the wider type lets a hashtable be cast with its AdditionalProperties.
        $null = $types.InvokeMember('DefineField', $call, $null, $type, @('AdditionalProperties', [System.Collections.IDictionary], $public))
        $null = $types.InvokeMember('DefineField', $call, $null, $type, @('DisplayName', $text, $public))
        $null = $types.InvokeMember('DefineField', $call, $null, $type, @('ErrorCode', $text, $public))
        $null = $types.InvokeMember('DefineField', $call, $null, $type, @('ExpirationDate', $date, $public))
        $null = $types.InvokeMember('DefineField', $call, $null, $type, @('Id', $text, $public))
        $null = $types.InvokeMember('DefineField', $call, $null, $type, @('LastModifiedDateTime', $date, $public))
        $null = $types.InvokeMember('DefineField', $call, $null, $type, @('OSBuildNumber', $text, $public))
        $null = $types.InvokeMember('DefineField', $call, $null, $type, @('OSStatus', $text, $public))
        $null = $types.InvokeMember('DefineField', $call, $null, $type, @('OperatingSystem', $text, $public))
        $null = $types.InvokeMember('DefineField', $call, $null, $type, @('SourceImageResourceId', $text, $public))
        $null = $types.InvokeMember('DefineField', $call, $null, $type, @('Status', $text, $public))
        $null = $types.InvokeMember('DefineField', $call, $null, $type, @('Version', $text, $public))
        $image = $types.InvokeMember('CreateType', $call, $null, $type, @())

        $type = $modules.InvokeMember('DefineType', $call, $null, $module, @('Microsoft.Graph.PowerShell.Models.IDeviceManagementAdministrationIdentity', $interface))
        $made = $types.InvokeMember('CreateType', $call, $null, $type, @())
        $type = $modules.InvokeMember('DefineType', $call, $null, $module, @('Microsoft.Graph.PowerShell.Models.DeviceManagementAdministrationIdentity', $class))
        $null = $types.InvokeMember('AddInterfaceImplementation', $call, $null, $type, @($made))
        $null = $types.InvokeMember('DefineField', $call, $null, $type, @('AuditEventId', $text, $public))
        $null = $types.InvokeMember('DefineField', $call, $null, $type, @('Category', $text, $public))
        $null = $types.InvokeMember('DefineField', $call, $null, $type, @('CloudPcAuditEventId', $text, $public))
        $null = $types.InvokeMember('DefineField', $call, $null, $type, @('CloudPcDeviceImageId', $text, $public))
        $null = $types.InvokeMember('DefineField', $call, $null, $type, @('CloudPcGalleryImageId', $text, $public))
        $null = $types.InvokeMember('DefineField', $call, $null, $type, @('CloudPcId', $text, $public))
        $null = $types.InvokeMember('DefineField', $call, $null, $type, @('CloudPcOnPremisesConnectionId', $text, $public))
        $null = $types.InvokeMember('DefineField', $call, $null, $type, @('CloudPcProvisioningPolicyAssignmentId', $text, $public))
        $null = $types.InvokeMember('DefineField', $call, $null, $type, @('CloudPcProvisioningPolicyId', $text, $public))
        $null = $types.InvokeMember('DefineField', $call, $null, $type, @('CloudPcUserSettingAssignmentId', $text, $public))
        $null = $types.InvokeMember('DefineField', $call, $null, $type, @('CloudPcUserSettingId', $text, $public))
        $null = $types.InvokeMember('DefineField', $call, $null, $type, @('ComplianceManagementPartnerId', $text, $public))
        $null = $types.InvokeMember('DefineField', $call, $null, $type, @('DeviceAndAppManagementRoleAssignmentId', $text, $public))
        $null = $types.InvokeMember('DefineField', $call, $null, $type, @('DeviceManagementExchangeConnectorId', $text, $public))
        $null = $types.InvokeMember('DefineField', $call, $null, $type, @('DeviceManagementPartnerId', $text, $public))
        $null = $types.InvokeMember('DefineField', $call, $null, $type, @('IosUpdateDeviceStatusId', $text, $public))
        $null = $types.InvokeMember('DefineField', $call, $null, $type, @('MobileThreatDefenseConnectorId', $text, $public))
        $null = $types.InvokeMember('DefineField', $call, $null, $type, @('RemoteAssistancePartnerId', $text, $public))
        $null = $types.InvokeMember('DefineField', $call, $null, $type, @('ResourceOperationId', $text, $public))
        $null = $types.InvokeMember('DefineField', $call, $null, $type, @('RoleAssignmentId', $text, $public))
        $null = $types.InvokeMember('DefineField', $call, $null, $type, @('RoleDefinitionId', $text, $public))
        $null = $types.InvokeMember('DefineField', $call, $null, $type, @('TelecomExpenseManagementPartnerId', $text, $public))
        $null = $types.InvokeMember('DefineField', $call, $null, $type, @('TermsAndConditionsAcceptanceStatusId', $text, $public))
        $null = $types.InvokeMember('DefineField', $call, $null, $type, @('TermsAndConditionsAssignmentId', $text, $public))
        $null = $types.InvokeMember('DefineField', $call, $null, $type, @('TermsAndConditionsId', $text, $public))
        $null = $types.InvokeMember('DefineField', $call, $null, $type, @('UserId', $text, $public))
        $null = $types.InvokeMember('DefineField', $call, $null, $type, @('UserPrincipalName', $text, $public))
        $identity = $types.InvokeMember('CreateType', $call, $null, $type, @())

        # interface IEventListener { }
        # interface ISendAsync { Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, IEventListener callback); }
        # delegate Task<HttpResponseMessage> SendAsyncStep(HttpRequestMessage request, IEventListener callback, ISendAsync next);
        [System.Reflection.TypeAttributes] $sealed = 'Public, Sealed'
        [System.Reflection.MethodAttributes] $virtual = 'Public, HideBySig, NewSlot, Virtual'
        [System.Reflection.MethodAttributes] $abstract = 'Public, HideBySig, NewSlot, Virtual, Abstract'
        [System.Reflection.MethodAttributes] $special = 'Public, HideBySig, SpecialName, RTSpecialName'
        [System.Reflection.CallingConventions] $standard = 'Standard'
        [System.Reflection.MethodImplAttributes] $runtime = 'Runtime'
        $constructors = [System.Reflection.Emit.ConstructorBuilder]
        $methods = [System.Reflection.Emit.MethodBuilder]
        $task = [System.Threading.Tasks.Task[System.Net.Http.HttpResponseMessage]]
        $request = [System.Net.Http.HttpRequestMessage]

        $type = $modules.InvokeMember('DefineType', $call, $null, $module, @('Microsoft.Graph.PowerShell.Runtime.IEventListener', $interface))
        $listener = $types.InvokeMember('CreateType', $call, $null, $type, @())
        $type = $modules.InvokeMember('DefineType', $call, $null, $module, @('Microsoft.Graph.PowerShell.Runtime.ISendAsync', $interface))
        [type[]] $parameters = $request, $listener
        $null = $types.InvokeMember('DefineMethod', $call, $null, $type, @('SendAsync', $abstract, $task, $parameters))
        $sender = $types.InvokeMember('CreateType', $call, $null, $type, @())
        $type = $modules.InvokeMember('DefineType', $call, $null, $module, @('Microsoft.Graph.PowerShell.Runtime.SendAsyncStep', $sealed, [System.MulticastDelegate]))
        [type[]] $parameters = [object], [System.IntPtr]
        $method = $types.InvokeMember('DefineConstructor', $call, $null, $type, @($special, $standard, $parameters))
        $null = $constructors.InvokeMember('SetImplementationFlags', $call, $null, $method, @($runtime))
        [type[]] $parameters = $request, $listener, $sender
        $method = $types.InvokeMember('DefineMethod', $call, $null, $type, @('Invoke', $virtual, $task, $parameters))
        $null = $methods.InvokeMember('SetImplementationFlags', $call, $null, $method, @($runtime))
        $step = $types.InvokeMember('CreateType', $call, $null, $type, @())

        if ([Microsoft.Graph.PowerShell.Models.MicrosoftGraphCloudPcDeviceImage] -ne $image -or
            [Microsoft.Graph.PowerShell.Models.DeviceManagementAdministrationIdentity] -ne $identity -or
            [Microsoft.Graph.PowerShell.Runtime.SendAsyncStep] -ne $step) {
            . $PSScriptRoot/../OnDemand/ForeignTypes.ps1
            Assert-GraphType
        }
        [System.AppDomain]::CurrentDomain.SetData('MgDeviceImage.GraphTypes', $true)
    }
}
finally {
    [System.Threading.Monitor]::Exit([System.AppDomain]::CurrentDomain)
}
