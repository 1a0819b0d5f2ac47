function Update-MgDeviceManagementVirtualEndpointDeviceImage {
    <#
    .SYNOPSIS
        Updates a Windows 365 Cloud PC device image through Microsoft Graph.

    .DESCRIPTION
        Sends PATCH /v1.0/deviceManagement/virtualEndpoint/deviceImages/{id} with the members that you give, and writes the image that
        the service answers. Members that you do not give stay as they are; $null clears a member.

        Connect first, with Connect-MgDeviceImage. The app or user needs the permission CloudPC.ReadWrite.All.

        The documentation of Microsoft Graph lists no Update operation for this resource, so a tenant may refuse the request, for
        instance with 404 or 405. This command has not been tried against a live tenant.

        Errors of the service do not terminate: -ErrorAction and -ErrorVariable apply. The error's Exception.Data tells StatusCode,
        Code, Message, InnerError, RequestId, ClientRequestId, Date, RetryAfter, Attempts and Body.

    .PARAMETER AdditionalProperties
        Members that have no parameter of their own, by their names in Graph, such as '@odata.type'. Values may be nested: dictionaries
        and objects become JSON objects, lists become arrays, $null becomes null.

    .PARAMETER BodyParameter
        The whole body: a hashtable or another dictionary, an object with the image's properties, or a JSON text. Names count in any
        case. A date text without a time zone counts as UTC.

    .PARAMETER Break
        Waits until a debugger is attached to this process.

    .PARAMETER CloudPcDeviceImageId
        The id of the image to update.

    .PARAMETER Confirm
        Asks before each update.

    .PARAMETER DisplayName
        The name of the image. $null clears it.

    .PARAMETER ErrorCode
        Why the image could not be made ready: internalServerError, sourceImageNotFound, osVersionNotSupported, sourceImageInvalid,
        sourceImageNotGeneralized, unknownFutureValue, vmAlreadyAzureAdJoined, paidSourceImageNotSupport,
        sourceImageNotSupportCustomizeVMName, sourceImageSizeExceedsLimitation. Other texts are sent as they are.

    .PARAMETER ExpirationDate
        The day on which the image expires. The calendar date counts, the time of day and the time zone do not. To clear it, use
        -AdditionalProperties @{ expirationDate = $null }.

    .PARAMETER Headers
        HTTP headers to add to the request, such as @{ Prefer = 'return=minimal' }. A list gives a header several values. Headers of
        the connection and of the content cannot be given; Authorization is always the session's.

    .PARAMETER HttpPipelineAppend
        Steps around the request, called in the order given, after those of -HttpPipelinePrepend. A step is a script block or delegate
        param($request, $callback, $next) that gets a System.Net.Http.HttpRequestMessage and returns a task of the
        HttpResponseMessage: that of $next.SendAsync($request, $callback), or its own. A step may change headers, body and answer.

    .PARAMETER HttpPipelinePrepend
        Steps around the request, called in reverse order, before those of -HttpPipelineAppend.

    .PARAMETER Id
        The member id of the body. It does not say which image to update; -CloudPcDeviceImageId does.

    .PARAMETER InputObject
        The image to update: a hashtable or an object with a CloudPcDeviceImageId, or else with an Id, such as an image.

    .PARAMETER LastModifiedDateTime
        When the image was last modified. Sent in UTC; a time without a time zone counts as local.

    .PARAMETER OperatingSystem
        The operating system of the image, such as Windows 11 Enterprise.

    .PARAMETER OSBuildNumber
        The build of the operating system, such as 24H2.

    .PARAMETER OSStatus
        Whether the operating system is supported: supported, supportedWithWarning, unknown, unknownFutureValue. Other texts are sent
        as they are.

    .PARAMETER Proxy
        The proxy for this request, such as http://proxy.example:8080. Without it, that of Connect-MgDeviceImage counts, or that of the
        environment (HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY).

    .PARAMETER ProxyCredential
        User name and password for the proxy of -Proxy.

    .PARAMETER ProxyUseDefaultCredentials
        Not supported: answered with an error. Use -ProxyCredential.

    .PARAMETER ResponseHeadersVariable
        The name of a variable, without $, that gets the headers of the response: a dictionary of names, each with all its values. It is
        set in your scope and in the global one, also when the service answers an error.

    .PARAMETER SourceImageResourceId
        The Azure resource id of the source image:
        /subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Compute/images/{name}.

    .PARAMETER Status
        The status of the image: pending, ready, failed, unknownFutureValue. Other texts are sent as they are.

    .PARAMETER Version
        The version of the image, such as 1.0.3.

    .PARAMETER WhatIf
        Says what would happen, and sends nothing. With -Verbose, the request is shown too. Needs no connection.

    .INPUTS
        Identities of images (as -InputObject), or bodies (as -BodyParameter, where -CloudPcDeviceImageId is given).

    .OUTPUTS
        Microsoft.Graph.PowerShell.Models.MicrosoftGraphCloudPcDeviceImage. Nothing where the service answers without an image.

    .EXAMPLE
        Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId img-1 -DisplayName 'Finance, gold' -Version 1.0.3

        Changes name and version of one image.

    .EXAMPLE
        @{ CloudPcDeviceImageId = 'img-1' }, @{ CloudPcDeviceImageId = 'img-2' } |
            Update-MgDeviceManagementVirtualEndpointDeviceImage -OSStatus supported

        Updates several images. Objects with an Id, such as those that this command wrote before, can be piped too.

    .EXAMPLE
        Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId img-1 -ErrorCode $null -AdditionalProperties @{ expirationDate = $null }

        Clears the error code and the expiration date.

    .EXAMPLE
        Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId img-1 -BodyParameter '{"displayName":"Finance"}' -WhatIf -Verbose

        Shows the request, with its body, and sends nothing. Needs no connection.

    .EXAMPLE
        Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId img-1 -Version 1.0.4 -ResponseHeadersVariable headers
        $headers['request-id']

        Reads a header of the response.

    .EXAMPLE
        try {
            Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId img-9 -Version 1.0.4 -ErrorAction Stop
        }
        catch {
            "$($_.Exception.Data['StatusCode']) $($_.Exception.Data['Code']), request $($_.Exception.Data['RequestId'])"
        }

        Catches an error of the service and reads its code.

    .EXAMPLE
        function Set-ImageVersion {
            [CmdletBinding(SupportsShouldProcess)]
            param([string[]] $Id, [string] $Version)
            foreach ($one in $Id) {
                Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId $one -Version $Version
            }
        }
        Set-ImageVersion -Id img-1, img-2 -Version 1.0.5 -WhatIf

        A function of your own passes its -WhatIf on by itself.

    .EXAMPLE
        'img-1', 'img-2', 'img-3' | ForEach-Object -Parallel {
            Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId $_ -OSStatus supported
        }

        Updates many images at once. All of them use the one connection.

    .LINK
        https://learn.microsoft.com/powershell/module/microsoft.graph.devicemanagement.administration/update-mgdevicemanagementvirtualendpointdeviceimage

    .LINK
        Connect-MgDeviceImage

    .LINK
        about_MgDeviceImage
    #>
    [CmdletBinding(DefaultParameterSetName = 'UpdateExpanded', PositionalBinding = $false, SupportsShouldProcess, ConfirmImpact = 'Medium',
        HelpUri = 'https://learn.microsoft.com/powershell/module/microsoft.graph.devicemanagement.administration/update-mgdevicemanagementvirtualendpointdeviceimage')]
    [OutputType('Microsoft.Graph.PowerShell.Models.MicrosoftGraphCloudPcDeviceImage')]
    param(
        [Parameter(ParameterSetName = 'UpdateExpanded')]
        [Parameter(ParameterSetName = 'UpdateViaIdentityExpanded')]
        [MgDeviceImage.ConvertedBy(Function = 'ConvertTo-AdditionalPropertiesArgument')]
        [hashtable] $AdditionalProperties,

        [Parameter(ParameterSetName = 'Update', Mandatory, ValueFromPipeline)]
        [Parameter(ParameterSetName = 'UpdateViaIdentity', Mandatory, ValueFromPipeline)]
        [MgDeviceImage.ConvertedBy(Function = 'ConvertTo-BodyArgument')]
        [Microsoft.Graph.PowerShell.Models.IMicrosoftGraphCloudPcDeviceImage] $BodyParameter,

        [switch] $Break,

        [Parameter(ParameterSetName = 'Update', Mandatory)]
        [Parameter(ParameterSetName = 'UpdateExpanded', Mandatory)]
        [string] $CloudPcDeviceImageId,

        [Parameter(ParameterSetName = 'UpdateExpanded')]
        [Parameter(ParameterSetName = 'UpdateViaIdentityExpanded')]
        [MgDeviceImage.NullableText()]
        [string] $DisplayName,

        [Parameter(ParameterSetName = 'UpdateExpanded')]
        [Parameter(ParameterSetName = 'UpdateViaIdentityExpanded')]
        [ArgumentCompleter({
            & "$PSScriptRoot/../Private/OnDemand/Complete.ps1" $args[2] @(
                'internalServerError', 'sourceImageNotFound', 'osVersionNotSupported', 'sourceImageInvalid',
                'sourceImageNotGeneralized', 'unknownFutureValue', 'vmAlreadyAzureAdJoined', 'paidSourceImageNotSupport',
                'sourceImageNotSupportCustomizeVMName', 'sourceImageSizeExceedsLimitation'
            )
        })]
        [MgDeviceImage.NullableText()]
        [string] $ErrorCode,

        [Parameter(ParameterSetName = 'UpdateExpanded')]
        [Parameter(ParameterSetName = 'UpdateViaIdentityExpanded')]
        [MgDeviceImage.ConvertedBy(Function = 'ConvertTo-DateArgument')]
        [datetime] $ExpirationDate,

        [Parameter(ValueFromPipeline)]
        [System.Collections.IDictionary] $Headers,

        [Microsoft.Graph.PowerShell.Runtime.SendAsyncStep[]] $HttpPipelineAppend,

        [Microsoft.Graph.PowerShell.Runtime.SendAsyncStep[]] $HttpPipelinePrepend,

        [Parameter(ParameterSetName = 'UpdateExpanded')]
        [Parameter(ParameterSetName = 'UpdateViaIdentityExpanded')]
        [MgDeviceImage.NullableText()]
        [string] $Id,

        [Parameter(ParameterSetName = 'UpdateViaIdentity', Mandatory, ValueFromPipeline)]
        [Parameter(ParameterSetName = 'UpdateViaIdentityExpanded', Mandatory, ValueFromPipeline)]
        [MgDeviceImage.ConvertedBy(Function = 'ConvertTo-IdentityArgument')]
        [Microsoft.Graph.PowerShell.Models.IDeviceManagementAdministrationIdentity] $InputObject,

        [Parameter(ParameterSetName = 'UpdateExpanded')]
        [Parameter(ParameterSetName = 'UpdateViaIdentityExpanded')]
        [MgDeviceImage.ConvertedBy(Function = 'ConvertTo-MomentArgument')]
        [datetime] $LastModifiedDateTime,

        [Parameter(ParameterSetName = 'UpdateExpanded')]
        [Parameter(ParameterSetName = 'UpdateViaIdentityExpanded')]
        [MgDeviceImage.NullableText()]
        [string] $OperatingSystem,

        [Parameter(ParameterSetName = 'UpdateExpanded')]
        [Parameter(ParameterSetName = 'UpdateViaIdentityExpanded')]
        [MgDeviceImage.NullableText()]
        [string] $OSBuildNumber,

        [Parameter(ParameterSetName = 'UpdateExpanded')]
        [Parameter(ParameterSetName = 'UpdateViaIdentityExpanded')]
        [ArgumentCompleter({ & "$PSScriptRoot/../Private/OnDemand/Complete.ps1" $args[2] 'supported', 'supportedWithWarning', 'unknown', 'unknownFutureValue' })]
        [MgDeviceImage.NullableText()]
        [string] $OSStatus,

        [uri] $Proxy,

        [pscredential] $ProxyCredential,

        [switch] $ProxyUseDefaultCredentials,

        [Alias('RHV')]
        [ValidatePattern('\A[^:$]*\z', ErrorMessage = "The name '{0}' is no name of a variable: it holds ':' or '$'.")]
        [string] $ResponseHeadersVariable,

        [Parameter(ParameterSetName = 'UpdateExpanded')]
        [Parameter(ParameterSetName = 'UpdateViaIdentityExpanded')]
        [MgDeviceImage.NullableText()]
        [string] $SourceImageResourceId,

        [Parameter(ParameterSetName = 'UpdateExpanded')]
        [Parameter(ParameterSetName = 'UpdateViaIdentityExpanded')]
        [ArgumentCompleter({ & "$PSScriptRoot/../Private/OnDemand/Complete.ps1" $args[2] 'pending', 'ready', 'failed', 'unknownFutureValue' })]
        [MgDeviceImage.NullableText()]
        [string] $Status,

        [Parameter(ParameterSetName = 'UpdateExpanded')]
        [Parameter(ParameterSetName = 'UpdateViaIdentityExpanded')]
        [MgDeviceImage.NullableText()]
        [string] $Version
    )

    begin {
        if ($script:isUninitialized) { Initialize-Command }
        # A function of a module does not see the preferences of a script that calls it, as a cmdlet does.
        $caller = $PSCmdlet.SessionState.PSVariable
        if ($PSBoundParameters.ContainsKey('WhatIf')) {} else { $WhatIfPreference = $caller.GetValue('WhatIfPreference') }
        if ($PSBoundParameters.ContainsKey('Confirm')) {} else { $ConfirmPreference = $caller.GetValue('ConfirmPreference') }
        if ($PSBoundParameters.ContainsKey('Verbose')) {} else { $VerbosePreference = $caller.GetValue('VerbosePreference') }
        if ($PSBoundParameters.ContainsKey('Debug')) {} else { $DebugPreference = $caller.GetValue('DebugPreference') }
        if ($PSBoundParameters.ContainsKey('WarningAction')) {} else { $WarningPreference = $caller.GetValue('WarningPreference') }
        if ($PSBoundParameters.ContainsKey('ErrorAction')) {} else { $ErrorActionPreference = $caller.GetValue('ErrorActionPreference') }
        $command = $script:UpdateCommand::new($PSCmdlet, $PSBoundParameters)
        $command.Begin($WhatIfPreference, $VerbosePreference, $DebugPreference)
    }

    process {
        $command.Process($PSBoundParameters)
    }

    end {
        $command.End()
    }
}
