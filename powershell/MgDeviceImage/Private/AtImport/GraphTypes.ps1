# The types of Microsoft Graph's PowerShell SDK that users of the command name, under their own names. A type that is already in the
# process is used as it is: from an earlier import (of another runspace, too), or from a module of Microsoft's.
#
# Public fields and interfaces without members, because PowerShell treats a field as a property and so no code needs to be emitted. No
# loops and no helper functions, because this runs at every import, where each kind of statement that is new to a session costs
# milliseconds to compile.

$image = 'Microsoft.Graph.PowerShell.Models.MicrosoftGraphCloudPcDeviceImage' -as [type]
$identity = 'Microsoft.Graph.PowerShell.Models.DeviceManagementAdministrationIdentity' -as [type]
$step = 'Microsoft.Graph.PowerShell.Runtime.SendAsyncStep' -as [type]

if ($image -or $identity -or $step) {
    . $PSScriptRoot/../OnDemand/ForeignTypes.ps1
    Assert-GraphType $image $identity $step
}

if (-not ($image -and $identity -and $step)) {
    $assembly = [System.Reflection.AssemblyName]::new('MgDeviceImage.GraphTypes')
    $module = [System.Reflection.Emit.AssemblyBuilder]::DefineDynamicAssembly($assembly, 'Run').DefineDynamicModule('GraphTypes')
    $interface = 'Public, Interface, Abstract'
    $public = [System.Reflection.FieldAttributes]::Public
    $text = [string]
}

if (-not $image) {
    $date = [System.Nullable[datetime]]
    $type = $module.DefineType('Microsoft.Graph.PowerShell.Models.IMicrosoftGraphCloudPcDeviceImage', $interface)
    $type = $module.DefineType('Microsoft.Graph.PowerShell.Models.MicrosoftGraphCloudPcDeviceImage', 'Public', [object], $type.CreateType())
    # An answer holds a Dictionary[string,object] here; the wider type lets a hashtable be cast with its AdditionalProperties.
    $null = $type.DefineField('AdditionalProperties', [System.Collections.IDictionary], $public)
    $null = $type.DefineField('DisplayName', $text, $public)
    $null = $type.DefineField('ErrorCode', $text, $public)
    $null = $type.DefineField('ExpirationDate', $date, $public)
    $null = $type.DefineField('Id', $text, $public)
    $null = $type.DefineField('LastModifiedDateTime', $date, $public)
    $null = $type.DefineField('OSBuildNumber', $text, $public)
    $null = $type.DefineField('OSStatus', $text, $public)
    $null = $type.DefineField('OperatingSystem', $text, $public)
    $null = $type.DefineField('SourceImageResourceId', $text, $public)
    $null = $type.DefineField('Status', $text, $public)
    $null = $type.DefineField('Version', $text, $public)
    $null = $type.CreateType()
}

if (-not $identity) {
    $type = $module.DefineType('Microsoft.Graph.PowerShell.Models.IDeviceManagementAdministrationIdentity', $interface)
    $type = $module.DefineType('Microsoft.Graph.PowerShell.Models.DeviceManagementAdministrationIdentity', 'Public', [object], $type.CreateType())
    $null = $type.DefineField('AuditEventId', $text, $public)
    $null = $type.DefineField('Category', $text, $public)
    $null = $type.DefineField('CloudPcAuditEventId', $text, $public)
    $null = $type.DefineField('CloudPcDeviceImageId', $text, $public)
    $null = $type.DefineField('CloudPcGalleryImageId', $text, $public)
    $null = $type.DefineField('CloudPcId', $text, $public)
    $null = $type.DefineField('CloudPcOnPremisesConnectionId', $text, $public)
    $null = $type.DefineField('CloudPcProvisioningPolicyAssignmentId', $text, $public)
    $null = $type.DefineField('CloudPcProvisioningPolicyId', $text, $public)
    $null = $type.DefineField('CloudPcUserSettingAssignmentId', $text, $public)
    $null = $type.DefineField('CloudPcUserSettingId', $text, $public)
    $null = $type.DefineField('ComplianceManagementPartnerId', $text, $public)
    $null = $type.DefineField('DeviceAndAppManagementRoleAssignmentId', $text, $public)
    $null = $type.DefineField('DeviceManagementExchangeConnectorId', $text, $public)
    $null = $type.DefineField('DeviceManagementPartnerId', $text, $public)
    $null = $type.DefineField('IosUpdateDeviceStatusId', $text, $public)
    $null = $type.DefineField('MobileThreatDefenseConnectorId', $text, $public)
    $null = $type.DefineField('RemoteAssistancePartnerId', $text, $public)
    $null = $type.DefineField('ResourceOperationId', $text, $public)
    $null = $type.DefineField('RoleAssignmentId', $text, $public)
    $null = $type.DefineField('RoleDefinitionId', $text, $public)
    $null = $type.DefineField('TelecomExpenseManagementPartnerId', $text, $public)
    $null = $type.DefineField('TermsAndConditionsAcceptanceStatusId', $text, $public)
    $null = $type.DefineField('TermsAndConditionsAssignmentId', $text, $public)
    $null = $type.DefineField('TermsAndConditionsId', $text, $public)
    $null = $type.DefineField('UserId', $text, $public)
    $null = $type.DefineField('UserPrincipalName', $text, $public)
    $null = $type.CreateType()
}

# delegate Task<HttpResponseMessage> SendAsyncStep(HttpRequestMessage request, IEventListener callback, ISendAsync next)
if (-not $step) {
    $task = [System.Threading.Tasks.Task[System.Net.Http.HttpResponseMessage]]
    $request = [System.Net.Http.HttpRequestMessage]
    $method = 'Public, HideBySig, NewSlot, Virtual'
    $listener = $module.DefineType('Microsoft.Graph.PowerShell.Runtime.IEventListener', $interface).CreateType()
    $type = $module.DefineType('Microsoft.Graph.PowerShell.Runtime.ISendAsync', $interface)
    $null = $type.DefineMethod('SendAsync', "$method, Abstract", $task, @($request, $listener))
    $sender = $type.CreateType()
    $type = $module.DefineType('Microsoft.Graph.PowerShell.Runtime.SendAsyncStep', 'Public, Sealed', [System.MulticastDelegate])
    $type.DefineConstructor('Public, HideBySig, RTSpecialName', 'Standard', @([object], [System.IntPtr])).SetImplementationFlags('Runtime')
    $type.DefineMethod('Invoke', $method, $task, @($request, $listener, $sender)).SetImplementationFlags('Runtime')
    $null = $type.CreateType()
}
