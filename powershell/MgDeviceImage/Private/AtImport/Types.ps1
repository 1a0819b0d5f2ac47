# The types that the commands' parameters need: made once for the process, at its first import.
#
# Those of Microsoft Graph's PowerShell SDK that users name have its names. Where a module of Microsoft's has defined them before, the
# engine finds that module's, and they are used (ForeignTypes.ps1). They have public fields, and interfaces without members, because
# PowerShell treats a field as a property and so no code needs to be emitted.
#
# This runs in each session that imports the module, where each kind of statement, each method that is called in PowerShell's own way
# and each type that it is called on costs milliseconds to compile. So there are no loops and no functions, every method is called
# through InvokeMember, and those of types with few calls through the InvokeMember of InvokeMember, which is one shape for all of them.
# "else" stands where "-not" would do.

[System.Reflection.BindingFlags] $call = 'InvokeMethod'
$any = [type]
$domains = [System.AppDomain]
$monitor = [System.Threading.Monitor]
$domain = [System.AppDomain]::CurrentDomain

$null = $any.InvokeMember('InvokeMember', $call, $null, $monitor, @('Enter', $call, $null, $null, @($domain)))
try {
    $isMade = $any.InvokeMember('InvokeMember', $call, $null, $domains, @('GetData', $call, $null, $domain, @('MgDeviceImage.Types')))
    if ($isMade) {}
    else {
        [System.Reflection.TypeAttributes] $interface = 'Public, Interface, Abstract'
        [System.Reflection.TypeAttributes] $class = 'Public'
        [System.Reflection.FieldAttributes] $public = 'Public'
        [System.Reflection.Emit.AssemblyBuilderAccess] $run = 'Run'
        [System.Reflection.AssemblyName] $name = 'MgDeviceImage.GraphTypes'
        $assemblies = [System.Reflection.Emit.AssemblyBuilder]
        $modules = [System.Reflection.Emit.ModuleBuilder]
        $types = [System.Reflection.Emit.TypeBuilder]
        $object = [object]
        $text = [string]
        $date = [System.Nullable[datetime]]

        $assembly = $any.InvokeMember('InvokeMember', $call, $null, $assemblies, @('DefineDynamicAssembly', $call, $null, $null, @($name, $run)))
        $module = $any.InvokeMember('InvokeMember', $call, $null, $assemblies, @('DefineDynamicModule', $call, $null, $assembly, @('GraphTypes')))

        $type = $any.InvokeMember('InvokeMember', $call, $null, $modules, @('DefineType', $call, $null, $module, @('Microsoft.Graph.PowerShell.Models.IMicrosoftGraphCloudPcDeviceImage', $interface)))
        [type[]] $interfaces = $types.InvokeMember('CreateType', $call, $null, $type, @())
        $type = $any.InvokeMember('InvokeMember', $call, $null, $modules, @('DefineType', $call, $null, $module, @('Microsoft.Graph.PowerShell.Models.MicrosoftGraphCloudPcDeviceImage', $class, $object, $interfaces)))
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
        $null = $types.InvokeMember('CreateType', $call, $null, $type, @())

        $type = $any.InvokeMember('InvokeMember', $call, $null, $modules, @('DefineType', $call, $null, $module, @('Microsoft.Graph.PowerShell.Models.IDeviceManagementAdministrationIdentity', $interface)))
        [type[]] $interfaces = $types.InvokeMember('CreateType', $call, $null, $type, @())
        $type = $any.InvokeMember('InvokeMember', $call, $null, $modules, @('DefineType', $call, $null, $module, @('Microsoft.Graph.PowerShell.Models.DeviceManagementAdministrationIdentity', $class, $object, $interfaces)))
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
        $null = $types.InvokeMember('CreateType', $call, $null, $type, @())

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
        $message = [System.Net.Http.HttpRequestMessage]
        $type = $any.InvokeMember('InvokeMember', $call, $null, $modules, @('DefineType', $call, $null, $module, @('Microsoft.Graph.PowerShell.Runtime.IEventListener', $interface)))
        $listener = $types.InvokeMember('CreateType', $call, $null, $type, @())
        $type = $any.InvokeMember('InvokeMember', $call, $null, $modules, @('DefineType', $call, $null, $module, @('Microsoft.Graph.PowerShell.Runtime.ISendAsync', $interface)))
        [type[]] $parameters = $message, $listener
        $null = $types.InvokeMember('DefineMethod', $call, $null, $type, @('SendAsync', $abstract, $task, $parameters))
        $sender = $types.InvokeMember('CreateType', $call, $null, $type, @())
        $type = $any.InvokeMember('InvokeMember', $call, $null, $modules, @('DefineType', $call, $null, $module, @('Microsoft.Graph.PowerShell.Runtime.SendAsyncStep', $sealed, [System.MulticastDelegate])))
        [type[]] $parameters = $object, [System.IntPtr]
        $method = $types.InvokeMember('DefineConstructor', $call, $null, $type, @($special, $standard, $parameters))
        $null = $any.InvokeMember('InvokeMember', $call, $null, $constructors, @('SetImplementationFlags', $call, $null, $method, @($runtime)))
        [type[]] $parameters = $message, $listener, $sender
        $method = $types.InvokeMember('DefineMethod', $call, $null, $type, @('Invoke', $virtual, $task, $parameters))
        $null = $any.InvokeMember('InvokeMember', $call, $null, $methods, @('SetImplementationFlags', $call, $null, $method, @($runtime)))
        $null = $types.InvokeMember('CreateType', $call, $null, $type, @())

        . $PSScriptRoot/ArgumentTransformations.ps1
        $null = $any.InvokeMember('InvokeMember', $call, $null, $domains, @('SetData', $call, $null, $domain, @('MgDeviceImage.Types', $true)))
    }
}
finally {
    $null = $any.InvokeMember('InvokeMember', $call, $null, $monitor, @('Exit', $call, $null, $null, @($domain)))
}
