function Update-MgDeviceManagementVirtualEndpointDeviceImage {
    [CmdletBinding(DefaultParameterSetName = 'UpdateExpanded', PositionalBinding = $false, SupportsShouldProcess, ConfirmImpact = 'Medium',
        HelpUri = 'https://learn.microsoft.com/powershell/module/microsoft.graph.devicemanagement.administration/update-mgdevicemanagementvirtualendpointdeviceimage')]
    [OutputType('Microsoft.Graph.PowerShell.Models.MicrosoftGraphCloudPcDeviceImage')]
    param(
        [Parameter(ParameterSetName = 'UpdateExpanded')]
        [Parameter(ParameterSetName = 'UpdateViaIdentityExpanded')]
        [ConvertedBy('ConvertTo-AdditionalPropertiesArgument')]
        [hashtable] $AdditionalProperties,

        [Parameter(ParameterSetName = 'Update', Mandatory, ValueFromPipeline)]
        [Parameter(ParameterSetName = 'UpdateViaIdentity', Mandatory, ValueFromPipeline)]
        [ConvertedBy('ConvertTo-BodyArgument')]
        [Microsoft.Graph.PowerShell.Models.IMicrosoftGraphCloudPcDeviceImage] $BodyParameter,

        [switch] $Break,

        [Parameter(ParameterSetName = 'Update', Mandatory)]
        [Parameter(ParameterSetName = 'UpdateExpanded', Mandatory)]
        [string] $CloudPcDeviceImageId,

        [Parameter(ParameterSetName = 'UpdateExpanded')]
        [Parameter(ParameterSetName = 'UpdateViaIdentityExpanded')]
        [NullableText()]
        [string] $DisplayName,

        [Parameter(ParameterSetName = 'UpdateExpanded')]
        [Parameter(ParameterSetName = 'UpdateViaIdentityExpanded')]
        [ArgumentCompletions('internalServerError', 'sourceImageNotFound', 'osVersionNotSupported', 'sourceImageInvalid',
            'sourceImageNotGeneralized', 'unknownFutureValue', 'vmAlreadyAzureAdJoined', 'paidSourceImageNotSupport',
            'sourceImageNotSupportCustomizeVMName', 'sourceImageSizeExceedsLimitation')]
        [NullableText()]
        [string] $ErrorCode,

        [Parameter(ParameterSetName = 'UpdateExpanded')]
        [Parameter(ParameterSetName = 'UpdateViaIdentityExpanded')]
        [ConvertedBy('ConvertTo-DateArgument')]
        [datetime] $ExpirationDate,

        [Parameter(ValueFromPipeline)]
        [System.Collections.IDictionary] $Headers,

        [Microsoft.Graph.PowerShell.Runtime.SendAsyncStep[]] $HttpPipelineAppend,

        [Microsoft.Graph.PowerShell.Runtime.SendAsyncStep[]] $HttpPipelinePrepend,

        [Parameter(ParameterSetName = 'UpdateExpanded')]
        [Parameter(ParameterSetName = 'UpdateViaIdentityExpanded')]
        [NullableText()]
        [string] $Id,

        [Parameter(ParameterSetName = 'UpdateViaIdentity', Mandatory, ValueFromPipeline)]
        [Parameter(ParameterSetName = 'UpdateViaIdentityExpanded', Mandatory, ValueFromPipeline)]
        [ConvertedBy('ConvertTo-IdentityArgument')]
        [Microsoft.Graph.PowerShell.Models.IDeviceManagementAdministrationIdentity] $InputObject,

        [Parameter(ParameterSetName = 'UpdateExpanded')]
        [Parameter(ParameterSetName = 'UpdateViaIdentityExpanded')]
        [ConvertedBy('ConvertTo-MomentArgument')]
        [datetime] $LastModifiedDateTime,

        [Parameter(ParameterSetName = 'UpdateExpanded')]
        [Parameter(ParameterSetName = 'UpdateViaIdentityExpanded')]
        [NullableText()]
        [string] $OperatingSystem,

        [Parameter(ParameterSetName = 'UpdateExpanded')]
        [Parameter(ParameterSetName = 'UpdateViaIdentityExpanded')]
        [NullableText()]
        [string] $OSBuildNumber,

        [Parameter(ParameterSetName = 'UpdateExpanded')]
        [Parameter(ParameterSetName = 'UpdateViaIdentityExpanded')]
        [ArgumentCompletions('supported', 'supportedWithWarning', 'unknown', 'unknownFutureValue')]
        [NullableText()]
        [string] $OSStatus,

        [uri] $Proxy,

        [pscredential] $ProxyCredential,

        [switch] $ProxyUseDefaultCredentials,

        [Alias('RHV')]
        [ValidatePattern('\A[^:$]*\z', ErrorMessage = "The name '{0}' is no name of a variable: it holds ':' or '$'.")]
        [string] $ResponseHeadersVariable,

        [Parameter(ParameterSetName = 'UpdateExpanded')]
        [Parameter(ParameterSetName = 'UpdateViaIdentityExpanded')]
        [NullableText()]
        [string] $SourceImageResourceId,

        [Parameter(ParameterSetName = 'UpdateExpanded')]
        [Parameter(ParameterSetName = 'UpdateViaIdentityExpanded')]
        [ArgumentCompletions('pending', 'ready', 'failed', 'unknownFutureValue')]
        [NullableText()]
        [string] $Status,

        [Parameter(ParameterSetName = 'UpdateExpanded')]
        [Parameter(ParameterSetName = 'UpdateViaIdentityExpanded')]
        [NullableText()]
        [string] $Version
    )

    begin {
        if (-not $script:isInitialized) { Initialize-Command }
        # A function of a module does not see the preferences of a script that calls it, as a cmdlet does.
        $caller = $PSCmdlet.SessionState.PSVariable
        if (-not $PSBoundParameters.ContainsKey('WhatIf')) { $WhatIfPreference = $caller.GetValue('WhatIfPreference') }
        if (-not $PSBoundParameters.ContainsKey('Confirm')) { $ConfirmPreference = $caller.GetValue('ConfirmPreference') }
        if (-not $PSBoundParameters.ContainsKey('Verbose')) { $VerbosePreference = $caller.GetValue('VerbosePreference') }
        if (-not $PSBoundParameters.ContainsKey('Debug')) { $DebugPreference = $caller.GetValue('DebugPreference') }
        if (-not $PSBoundParameters.ContainsKey('WarningAction')) { $WarningPreference = $caller.GetValue('WarningPreference') }
        if (-not $PSBoundParameters.ContainsKey('ErrorAction')) { $ErrorActionPreference = $caller.GetValue('ErrorActionPreference') }
        # The caller's choice is for the errors that are written. One that happens in this module must not be passed over.
        $callerErrorAction = $ErrorActionPreference
        $ErrorActionPreference = 'Stop'

        $isDebug = $DebugPreference -ne 'SilentlyContinue' -and $DebugPreference -ne 'Ignore'
        $isVerbose = $VerbosePreference -ne 'SilentlyContinue' -and $VerbosePreference -ne 'Ignore'
        $onCommandLine = [string[]] $PSBoundParameters.Keys
        if ($isDebug) {
            $PSCmdlet.WriteDebug("[CmdletBeginProcessing]: - $($MyInvocation.MyCommand.Name) begin processing with parameterSet '$($PSCmdlet.ParameterSetName)'.")
        }
        if ($Break) {
            Import-OnDemand 'Debugger'
            Wait-Debugger
        }
    }

    process {
        # A dictionary that is piped in binds to Headers as well, and to Headers alone where -CloudPcDeviceImageId is given. It is the
        # body then, unless the command line has one.
        $set = $PSCmdlet.ParameterSetName
        $isDictionaryPiped = $PSBoundParameters.ContainsKey('Headers') -and $onCommandLine -notcontains 'Headers'
        $isDictionaryBody = $isDictionaryPiped -and $set -eq 'UpdateExpanded' -and -not (Test-MemberParameter $onCommandLine)
        if ($isDictionaryBody) {
            $set = 'Update'
        }

        $isConfirmed = $PSCmdlet.ShouldProcess(
            "Call remote 'PATCH /deviceManagement/virtualEndpoint/deviceImages/{cloudPcDeviceImage-id}' operation",
            "Update-MgDeviceManagementVirtualEndpointDeviceImage_$set")
        if (-not $isConfirmed -and -not ($WhatIfPreference -and $isVerbose)) {
            return
        }

        $request = @{
            Cmdlet                 = $PSCmdlet
            Id                     = $CloudPcDeviceImageId
            Headers                = if (-not $isDictionaryPiped) { $Headers }
            Proxy                  = $Proxy
            ProxyCredential        = $ProxyCredential
            UsesDefaultCredentials = $ProxyUseDefaultCredentials
            HeadersVariable        = $ResponseHeadersVariable
            IsDebug                = $isDebug
            IsVerbose              = $isVerbose
            WithAnswer             = $isDebug -or $ResponseHeadersVariable
        }
        if ($null -ne $InputObject) {
            $request.Id = $InputObject.CloudPcDeviceImageId
            if ($null -eq $request.Id) {
                $PSCmdlet.ThrowTerminatingError((New-Failure 'InvalidArgument' 'InputObject has null value for InputObject.CloudPcDeviceImageId' $InputObject))
            }
        }
        $body = if ($isDictionaryBody) {
            Get-ArgumentBody (ConvertTo-BodyArgument $Headers)
        }
        elseif ($null -ne $BodyParameter) {
            # An object that is both the identity and the body.
            $isShared = $onCommandLine -notcontains 'BodyParameter' -and $onCommandLine -notcontains 'InputObject'
            Get-ArgumentBody $BodyParameter ($isShared -and $null -ne $InputObject)
        }
        else {
            New-ParameterBody $PSBoundParameters
        }
        $request.Json = if ($body -is [hashtable]) { ConvertTo-BodyJson $body } else { $body }

        if (-not $isConfirmed) {
            Write-WhatIfVerbose $request
            return
        }

        $failure = Test-UpdateRequest $request
        if (-not $failure) {
            if ($ResponseHeadersVariable) {
                Set-CallerVariable $PSCmdlet $ResponseHeadersVariable $null
            }
            if ($HttpPipelinePrepend -or $HttpPipelineAppend) {
                Import-OnDemand 'Steps'
                $outcome = Send-UpdateThroughStep $request $HttpPipelinePrepend $HttpPipelineAppend
            }
            else {
                $outcome = Send-Update $request
            }
            $failure = $outcome.Failure
            if ($null -ne $outcome.Headers) {
                if ($isDebug) {
                    Write-ResponseDebug $PSCmdlet $outcome
                }
                if ($ResponseHeadersVariable) {
                    Set-CallerVariable $PSCmdlet $ResponseHeadersVariable $outcome.Headers
                }
            }
            foreach ($warning in $outcome.Warnings) {
                $PSCmdlet.WriteWarning($warning)
            }
        }
        if ($failure) {
            $ErrorActionPreference = $callerErrorAction
            $PSCmdlet.WriteError($failure)
            $ErrorActionPreference = 'Stop'
        }
        elseif ($outcome.ImageJson) {
            $PSCmdlet.WriteObject((ConvertFrom-ImageJson $outcome.ImageJson))
        }
    }

    end {
        if ($isDebug) {
            $PSCmdlet.WriteDebug("[CmdletEndProcessing]: - $($MyInvocation.MyCommand.Name) end processing.")
        }
    }
}
