# Types that were in the process before the module is imported, of Microsoft's modules or others, must be such as the module can use.

function script:Assert-GraphType {
    $models = 'Microsoft.Graph.PowerShell.Models'
    $members = @('AdditionalProperties') + $script:Members.Property
    Assert-ModelType ([Microsoft.Graph.PowerShell.Models.MicrosoftGraphCloudPcDeviceImage]) "$models.IMicrosoftGraphCloudPcDeviceImage" $members
    Assert-ModelType ([Microsoft.Graph.PowerShell.Models.DeviceManagementAdministrationIdentity]) "$models.IDeviceManagementAdministrationIdentity" 'CloudPcDeviceImageId'

    $step = [Microsoft.Graph.PowerShell.Runtime.SendAsyncStep]
    $invoke = $step.GetMethod('Invoke')
    $parameters = if ($invoke) { $invoke.GetParameters().ParameterType }
    if (-not $step.IsSubclassOf([System.MulticastDelegate]) -or $invoke.ReturnType -ne [System.Threading.Tasks.Task[System.Net.Http.HttpResponseMessage]] -or
        $parameters.Count -ne 3 -or $parameters[0] -ne [System.Net.Http.HttpRequestMessage] -or
        $parameters[1] -ne [Microsoft.Graph.PowerShell.Runtime.IEventListener] -or $parameters[2] -ne [Microsoft.Graph.PowerShell.Runtime.ISendAsync]) {
        Write-Misfit $step
    }
}

function script:Assert-ModelType([type] $Type, [string] $Interface, [string[]] $Members) {
    $isFit = $Type.GetConstructor([type]::EmptyTypes) -and ($Interface -as [type]) -in $Type.GetInterfaces()
    foreach ($member in $Members) {
        $isFit = $isFit -and $Type.GetMember($member).Count -eq 1
    }
    if (-not $isFit) {
        Write-Misfit $Type
    }
}

function script:Write-Misfit([type] $Type) {
    throw "MgDeviceImage cannot be used in this session: '$($Type.Assembly.GetName().Name)' has already defined $($Type.FullName) in another way. Start a new session and import MgDeviceImage first."
}
