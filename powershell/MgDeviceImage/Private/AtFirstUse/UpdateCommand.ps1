# What Update-MgDeviceManagementVirtualEndpointDeviceImage does, from its beginning to its end. A class, as all that every update passes
# through: the engine calls a method in a tenth of the time of a function.
class UpdateCommand {
    hidden [System.Management.Automation.PSCmdlet] $Cmdlet
    # The parameters of the command line; those of the pipeline come later.
    hidden [string[]] $OnCommandLine
    hidden [bool] $IsWhatIf
    hidden [bool] $IsVerbose
    hidden [bool] $IsDebug

    UpdateCommand([System.Management.Automation.PSCmdlet] $cmdlet, [System.Collections.Generic.Dictionary[string, object]] $bound) {
        $this.Cmdlet = $cmdlet
        $names = [string[]]::new($bound.Count)
        $bound.Keys.CopyTo($names, 0)
        $this.OnCommandLine = $names
    }

    [void] Begin([bool] $whatIf, [string] $verbose, [string] $debug) {
        $this.IsWhatIf = $whatIf
        $this.IsVerbose = $verbose -ne 'SilentlyContinue' -and $verbose -ne 'Ignore'
        $this.IsDebug = $debug -ne 'SilentlyContinue' -and $debug -ne 'Ignore'
        if ($this.IsDebug) {
            $name = $this.Cmdlet.MyInvocation.MyCommand.Name
            $this.Cmdlet.WriteDebug("[CmdletBeginProcessing]: - $name begin processing with parameterSet '$($this.Cmdlet.ParameterSetName)'.")
        }
        if ($this.OnCommandLine -contains 'Break' -and $this.Cmdlet.MyInvocation.BoundParameters['Break']) {
            Import-OnDemand 'Debugger'
            Wait-Debugger
        }
    }

    [void] Process([System.Collections.Generic.Dictionary[string, object]] $bound) {
        $outcome = $this.Update($bound)
        if ($null -eq $outcome) {
            return
        }
        if ($outcome.Failure) {
            # With the error preference of the caller, which is in force here.
            $this.Cmdlet.WriteError($outcome.Failure)
        }
        elseif ($outcome.ImageJson) {
            $this.Cmdlet.WriteObject($script:DeviceImage::FromJson($outcome.ImageJson))
        }
    }

    [void] End() {
        if ($this.IsDebug) {
            $this.Cmdlet.WriteDebug("[CmdletEndProcessing]: - $($this.Cmdlet.MyInvocation.MyCommand.Name) end processing.")
        }
    }

    # One update. Answers its outcome (see Updates.ps1), or $null where nothing was to be done.
    hidden [hashtable] Update([System.Collections.Generic.Dictionary[string, object]] $bound) {
        # The caller's choice is for errors that are written. One that happens in here must not be passed over.
        $ErrorActionPreference = 'Stop'

        # A dictionary that is piped in, or $null, binds to Headers as well, and to Headers alone where -CloudPcDeviceImageId is given. It
        # is the body then, unless the command line has one.
        $set = $this.Cmdlet.ParameterSetName
        $headers = $bound['Headers']
        $isDictionaryPiped = $bound.ContainsKey('Headers') -and $this.OnCommandLine -notcontains 'Headers'
        $isDictionaryBody = $isDictionaryPiped -and $set -eq 'UpdateExpanded' -and -not (Test-MemberParameter $this.OnCommandLine)
        if ($isDictionaryBody) {
            $set = 'Update'
        }

        $isConfirmed = $this.Cmdlet.ShouldProcess(
            "Call remote 'PATCH /deviceManagement/virtualEndpoint/deviceImages/{cloudPcDeviceImage-id}' operation",
            "Update-MgDeviceManagementVirtualEndpointDeviceImage_$set")
        if (-not $isConfirmed -and -not ($this.IsWhatIf -and $this.IsVerbose)) {
            return $null
        }

        $request = @{
            Cmdlet                 = $this.Cmdlet
            Id                     = $bound['CloudPcDeviceImageId']
            Headers                = if (-not $isDictionaryPiped) { $headers }
            Proxy                  = $bound['Proxy']
            ProxyCredential        = $bound['ProxyCredential']
            UsesDefaultCredentials = $bound['ProxyUseDefaultCredentials']
            HeadersVariable        = $bound['ResponseHeadersVariable']
            IsDebug                = $this.IsDebug
            IsVerbose              = $this.IsVerbose
            WithAnswer             = $this.IsDebug -or $bound['ResponseHeadersVariable']
        }
        $identity = $bound['InputObject']
        if ($null -ne $identity) {
            $request.Id = $identity.CloudPcDeviceImageId
            if ($null -eq $request.Id) {
                $this.Cmdlet.ThrowTerminatingError((New-Failure 'InvalidArgument' 'InputObject has null value for InputObject.CloudPcDeviceImageId' $identity))
            }
        }
        $request.Json = $this.BodyJson($bound, $isDictionaryBody)

        if (-not $isConfirmed) {
            Write-WhatIfVerbose $request
            return $null
        }
        return $this.Send($request, $bound)
    }

    # The body as JSON text, or the exception (not thrown) that says why there is none.
    hidden [object] BodyJson([System.Collections.Generic.Dictionary[string, object]] $bound, [bool] $isDictionaryBody) {
        if ($isDictionaryBody) {
            if ($null -eq $bound['Headers']) {
                return [System.ArgumentException]::new('What was piped in as the body is null.')
            }
            return $script:DeviceImageBody::ToJson((Get-ArgumentBody (ConvertTo-BodyArgument $bound['Headers'])))
        }
        $argument = $bound['BodyParameter']
        if ($null -eq $argument) {
            return $script:DeviceImageBody::ToJson($script:DeviceImageBody::FromParameters($bound))
        }
        # An object that is both the identity and the body.
        $isShared = $bound.ContainsKey('InputObject') -and $this.OnCommandLine -notcontains 'BodyParameter' -and $this.OnCommandLine -notcontains 'InputObject'
        return $script:DeviceImageBody::ToJson((Get-ArgumentBody $argument $isShared))
    }

    hidden [hashtable] Send([hashtable] $request, [System.Collections.Generic.Dictionary[string, object]] $bound) {
        $problem = $script:Updates::Check($request)
        if ($problem) {
            return @{ Failure = $problem }
        }
        $variable = $request.HeadersVariable
        if ($variable) {
            Set-CallerVariable $this.Cmdlet $variable $null
        }
        if ($null -ne $bound['HttpPipelinePrepend'] -or $null -ne $bound['HttpPipelineAppend']) {
            Import-OnDemand 'Steps'
            $outcome = Send-UpdateThroughStep $request $bound['HttpPipelinePrepend'] $bound['HttpPipelineAppend']
        }
        else {
            $outcome = $script:Updates::Send($request)
        }
        if ($null -ne $outcome.Headers) {
            if ($this.IsDebug) {
                Write-ResponseDebug $this.Cmdlet $outcome
            }
            if ($variable) {
                Set-CallerVariable $this.Cmdlet $variable $outcome.Headers
            }
        }
        foreach ($warning in $outcome.Warnings) {
            $this.Cmdlet.WriteWarning($warning)
        }
        return $outcome
    }
}

$script:UpdateCommand = [UpdateCommand]
