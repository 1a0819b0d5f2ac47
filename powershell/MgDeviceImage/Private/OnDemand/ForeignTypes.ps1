# Types that are in the process before the module is imported, of Microsoft's modules or others, must be such as the module can use.

function script:Assert-GraphType([type] $Image, [type] $Identity, [type] $Step) {
    $models = 'Microsoft.Graph.PowerShell.Models'
    if ($Image) {
        $members = 'AdditionalProperties', 'DisplayName', 'ErrorCode', 'ExpirationDate', 'Id', 'LastModifiedDateTime', 'OSBuildNumber', 'OSStatus',
        'OperatingSystem', 'SourceImageResourceId', 'Status', 'Version'
        Assert-ModelType $Image "$models.IMicrosoftGraphCloudPcDeviceImage" $members
    }
    if ($Identity) {
        Assert-ModelType $Identity "$models.IDeviceManagementAdministrationIdentity" 'CloudPcDeviceImageId'
    }
    if ($Step) {
        $invoke = $Step.GetMethod('Invoke')
        $parameters = if ($invoke) { $invoke.GetParameters().ParameterType }
        $isFit = $Step.IsSubclassOf([System.MulticastDelegate]) -and $invoke.ReturnType -eq [System.Threading.Tasks.Task[System.Net.Http.HttpResponseMessage]] -and
        $parameters.Count -eq 3 -and $parameters[0] -eq [System.Net.Http.HttpRequestMessage] -and
        $parameters[1].FullName -eq 'Microsoft.Graph.PowerShell.Runtime.IEventListener' -and $parameters[2].FullName -eq 'Microsoft.Graph.PowerShell.Runtime.ISendAsync'
        if (-not $isFit) {
            Write-Misfit $Step
        }
    }
}

function script:Assert-ModelType([type] $Type, [string] $Interface, [string[]] $Members) {
    $isFit = $Type.GetConstructor([type]::EmptyTypes) -and $Interface -in $Type.GetInterfaces().FullName
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
