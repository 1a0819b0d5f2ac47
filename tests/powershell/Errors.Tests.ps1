# The error records: one row for each kind of failure, under every error action.

Describe 'The error' {
    BeforeAll {
        . $PSScriptRoot/Emulator.ps1
        Import-Module $ModulePath -Force
        Start-Emulator
        Set-Alias Update-Image Update-MgDeviceManagementVirtualEndpointDeviceImage

        # An address at which nobody listens.
        function Get-ClosedEndpoint {
            $listener = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
            $listener.Start()
            $port = $listener.LocalEndpoint.Port
            $listener.Stop()
            "http://127.0.0.1:$port"
        }

        # A gzip body that is larger than the limit.
        function Get-LargeBody {
            $memory = [System.IO.MemoryStream]::new()
            $gzip = [System.IO.Compression.GZipStream]::new($memory, [System.IO.Compression.CompressionLevel]::Optimal)
            $gzip.Write([byte[]]::new(17MB))
            $gzip.Dispose()
            [System.Convert]::ToBase64String($memory.ToArray())
        }

        # The parameters of a row's call.
        function Get-Argument([hashtable] $Call) {
            $arguments = @{ CloudPcDeviceImageId = 'img-1' }
            if (-not ($Call -and $Call.AdditionalProperties)) { $arguments.DisplayName = 'x' }
            foreach ($name in $Call.Keys) { $arguments[$name] = $Call[$name] }
            if ($arguments.Proxy) { $arguments.Proxy = $Emulator.Endpoint }
            $arguments
        }
    }
    BeforeEach {
        Reset-Emulator
        Connect-Emulator -MaxRetry 0
    }
    AfterAll {
        Disconnect-MgDeviceImage
        Stop-Emulator
    }

    # Arrange: what goes wrong. Call: the parameters. Status: of the answer, if one came. Sent: how many requests arrive.
    $rows = @(
        @{ Name = 'an error of Graph'; Arrange = { Add-Fault @{ kind = 'answer'; status = 403; code = 'Forbidden'; message = 'No access.' } }
            Id = 'Forbidden'; Category = 'InvalidOperation'; Type = 'System.Net.Http.HttpRequestException'; Message = '`[Forbidden`] : No access.'; Status = 403; Sent = 1 }
        @{ Name = 'an unknown image'; Call = @{ CloudPcDeviceImageId = 'nobody' }
            Id = 'ResourceNotFound'; Category = 'InvalidOperation'; Type = 'System.Net.Http.HttpRequestException'; Message = '`[ResourceNotFound`] : *'; Status = 404; Sent = 1 }
        @{ Name = 'a page of a gateway'; Arrange = { Add-Fault @{ kind = 'html502' } }
            Id = 'BadGateway'; Category = 'InvalidOperation'; Type = 'System.Net.Http.HttpRequestException'; Message = 'The server responded with a Server Error, Status: BadGateway*'; Status = 502; Sent = 1 }
        @{ Name = 'a bare 404'; Arrange = { Add-Answer 404 '' }
            Id = 'NotFound'; Category = 'InvalidOperation'; Type = 'System.Net.Http.HttpRequestException'; Message = 'The server responded with a Request Error, Status: NotFound'; Status = 404; Sent = 1 }
        @{ Name = 'JSON that is no error of Graph'; Arrange = { Add-Answer 500 '{"oops":1}' }
            Id = 'InternalServerError'; Category = 'InvalidOperation'; Type = 'System.Net.Http.HttpRequestException'; Message = 'The server responded with a Server Error, Status: InternalServerError*'; Status = 500; Sent = 1 }
        @{ Name = 'an error of Graph without any text'; Arrange = { Add-Answer 400 '{"error":{"code":"","message":""}}' }
            Id = 'BadRequest'; Category = 'InvalidOperation'; Type = 'System.Net.Http.HttpRequestException'; Message = 'The server responded with a Request Error, Status: BadRequest*'; Status = 400; Sent = 1 }
        @{ Name = 'a status without a name'; Arrange = { Add-Answer 499 '' }
            Id = '499'; Category = 'InvalidOperation'; Type = 'System.Net.Http.HttpRequestException'; Message = '*499*'; Status = 499; Sent = 1 }
        @{ Name = 'a wrong token'; Arrange = { Connect-MgDeviceImage -AccessToken (Get-Token 'other') -GraphEndpoint $Emulator.Endpoint }
            Id = 'InvalidAuthenticationToken'; Category = 'InvalidOperation'; Type = 'System.Net.Http.HttpRequestException'; Message = '`[InvalidAuthenticationToken`] : *'; Status = 401; Sent = 1 }
        @{ Name = 'throttling'; Arrange = { Add-Answer 429 -Headers @{ 'Retry-After' = '7' } }
            Id = 'TooManyRequests'; Category = 'InvalidOperation'; Type = 'System.Net.Http.HttpRequestException'; Message = '`[TooManyRequests`] : *'; Status = 429; Sent = 1 }
        @{ Name = 'no session'; Arrange = { Disconnect-MgDeviceImage }
            Id = 'AuthenticationNeeded'; Category = 'AuthenticationError'; Type = 'System.Security.Authentication.AuthenticationException'; Message = 'Authentication needed. Please call Connect-MgDeviceImage or Connect-MgGraph.'; Sent = 0 }
        @{ Name = 'a closed port'; Arrange = { Connect-MgDeviceImage -AccessToken (Get-Token) -GraphEndpoint (Get-ClosedEndpoint) -MaxRetry 0 }
            Id = 'ConnectionFailed'; Category = 'ConnectionError'; Type = 'System.Net.Http.HttpRequestException'; Message = '*127.0.0.1:*'; Sent = 0 }
        @{ Name = 'a reset'; Arrange = { Add-Fault @{ kind = 'reset' } }
            Id = 'ConnectionFailed'; Category = 'ConnectionError'; Type = 'System.Net.Http.HttpRequestException'; Message = '*was sent*unknown*'; Sent = 1 }
        @{ Name = 'a close without an answer'; Arrange = { Add-Fault @{ kind = 'close' } }
            Id = 'ConnectionFailed'; Category = 'ConnectionError'; Type = 'System.Net.Http.HttpRequestException'; Message = '*was sent*unknown*'; Sent = 1 }
        @{ Name = 'the time limit'; Arrange = { Connect-Emulator -ClientTimeout 1; Add-Fault @{ kind = 'hang' } }
            Id = 'OperationTimeout'; Category = 'OperationTimeout'; Type = 'System.Net.Http.HttpRequestException'; Message = '*1 s*'; Sent = 1 }
        @{ Name = 'a proxy that wants credentials'; Arrange = { Add-Answer 407 '' }; Call = @{ Proxy = 'emulator' }
            Id = 'ProxyAuthenticationRequired'; Category = 'AuthenticationError'; Type = 'System.Net.Http.HttpRequestException'; Message = '*127.0.0.1:*'; Status = 407; Sent = 1 }
        @{ Name = 'default credentials for a proxy'; Call = @{ ProxyUseDefaultCredentials = $true }
            Id = 'ProxyDefaultCredentialsUnavailable'; Category = 'NotImplemented'; Type = 'System.NotSupportedException'; Message = '*ProxyUseDefaultCredentials*'; Sent = 0 }
        @{ Name = 'a body that cannot be written'; Call = @{ AdditionalProperties = @{ x = [double]::NaN } }
            Id = 'InvalidBody'; Category = 'InvalidArgument'; Type = 'System.ArgumentException'; Message = '*x*'; Sent = 0 }
        @{ Name = 'a header that cannot be sent'; Call = @{ Headers = @{ 'X-A' = "a`nb" } }
            Id = 'InvalidHeader'; Category = 'InvalidArgument'; Type = 'System.ArgumentException'; Message = '*X-A*'; Sent = 0 }
        @{ Name = 'a header that is a secret'; Call = @{ Headers = @{ 'X-A' = [securestring]::new() } }
            Id = 'InvalidHeader'; Category = 'InvalidArgument'; Type = 'System.ArgumentException'; Message = '*X-A*System.Security.SecureString*'; Sent = 0 }
        @{ Name = 'an id that leads elsewhere'; Call = @{ CloudPcDeviceImageId = '..' }
            Id = 'InvalidArgument'; Category = 'InvalidArgument'; Type = 'System.ArgumentException'; Message = '*id*'; Sent = 0 }
        @{ Name = 'an answer that cannot be read'; Arrange = { Add-Answer 200 '<html>' }
            Id = 'InvalidResponse'; Category = 'InvalidResult'; Type = 'System.Net.Http.HttpRequestException'; Message = '*accepted*could not be read*'; Status = 200; Sent = 1 }
        @{ Name = 'half an answer'; Arrange = { Add-Fault @{ kind = 'resetInBody' } }
            Id = 'InvalidResponse'; Category = 'InvalidResult'; Type = 'System.Net.Http.HttpRequestException'; Message = '*accepted*could not be read*'; Status = 200; Sent = 1 }
        @{ Name = 'an answer over the limit'; Arrange = { Add-Fault @{ kind = 'answer'; status = 200; bodyBase64 = Get-LargeBody; headers = @(, @('Content-Encoding', 'gzip')) } }
            Id = 'ResponseTooLarge'; Category = 'LimitsExceeded'; Type = 'System.Net.Http.HttpRequestException'; Message = '*limit*'; Status = 200; Sent = 1 }
        @{ Name = 'a redirect to elsewhere'; Arrange = { Add-Fault @{ kind = 'redirect'; status = 307; location = 'http://127.0.0.1:9/there' } }
            Id = 'RedirectRefused'; Category = 'InvalidOperation'; Type = 'System.Net.Http.HttpRequestException'; Message = '*http://127.0.0.1:9/there*'; Status = 307; Sent = 1 }
        @{ Name = 'a step that throws'; Call = @{ HttpPipelineAppend = { throw [System.IO.IOException]::new('the step failed') } }
            Id = 'PipelineStepFailed'; Category = 'InvalidOperation'; Type = 'System.IO.IOException'; Message = 'the step failed'; Sent = 0 }
    )
    It 'of <Name> is <Id>' -ForEach $rows {
        if ($Arrange) { & $Arrange }
        $arguments = Get-Argument $Call
        $global:Error.Clear()
        $record = Update-Image @arguments -ErrorVariable collected 2>&1

        @($record).Count | Should -Be 1
        $record | Should -BeOfType ([System.Management.Automation.ErrorRecord])
        $record.FullyQualifiedErrorId | Should -BeExactly "$Id,Update-MgDeviceManagementVirtualEndpointDeviceImage"
        $record.CategoryInfo.Category | Should -Be $Category
        $record.Exception.GetType().FullName | Should -BeExactly $Type
        $record.Exception.Message | Should -BeLike $Message
        @($collected).Count | Should -Be 1 -Because '-ErrorVariable has the one record'
        $global:Error.Count | Should -Be 1 -Because '$Error has the one record'
        @(Get-Request).Where({ $_ }).Count | Should -Be $Sent

        $record.TargetObject.CloudPcDeviceImageId | Should -BeExactly $arguments.CloudPcDeviceImageId
        if ($Id -ne 'InvalidBody') {
            $record.TargetObject.Body | Should -BeExactly '{"displayName":"x"}'
        }
        if ($Type -eq 'System.Net.Http.HttpRequestException') {
            $data = $record.Exception.Data
            $data['StatusCode'] | Should -Be $Status
            [int] $record.Exception.StatusCode | Should -Be ([int] $Status)
            foreach ($name in 'StatusCode', 'Code', 'Message', 'InnerError', 'RequestId', 'ClientRequestId', 'Date', 'RetryAfter', 'Attempts', 'Body') {
                $data.Contains($name) | Should -BeTrue -Because "Data has $name"
            }
        }
        $record.ErrorDetails -ne $null | Should -Be ($Status -ge 400 -and $Id -ne 'ProxyAuthenticationRequired')
    }

    It 'of <Name> is passed over with -ErrorAction <Action>' -ForEach $(
        foreach ($action in 'SilentlyContinue', 'Ignore') { foreach ($row in $rows) { $copy = $row.Clone(); $copy.Action = $action; $copy } }
    ) {
        if ($Arrange) { & $Arrange }
        $arguments = Get-Argument $Call
        $global:Error.Clear()
        Update-Image @arguments -ErrorAction $Action 2>&1 | Should -BeNullOrEmpty
        $global:Error.Count | Should -Be $(if ($Action -eq 'Ignore') { 0 } else { 1 })
    }

    It 'of <Name> can be caught with -ErrorAction Stop' -ForEach $rows {
        if ($Arrange) { & $Arrange }
        $arguments = Get-Argument $Call
        $global:Error.Clear()
        $caught = $null
        try { Update-Image @arguments -ErrorAction Stop } catch { $caught = $_ }
        $caught.FullyQualifiedErrorId | Should -BeExactly "$Id,Update-MgDeviceManagementVirtualEndpointDeviceImage"
        $caught.Exception.GetType().FullName | Should -BeExactly $Type
        $global:Error.Count | Should -Be 1
    }

    It 'of the time limit has a TimeoutException inside' {
        Connect-Emulator -ClientTimeout 1
        Add-Fault @{ kind = 'hang' }
        $record = Update-Image -CloudPcDeviceImageId img-1 -Version 1 2>&1
        $record.Exception.InnerException | Should -BeOfType ([System.TimeoutException])
        $record.Exception.Data['Attempts'] | Should -Be 1
    }

    It 'of Graph tells what Graph said' {
        Add-Answer 429 '{"error":{"code":"tooMany","message":"Slow down.","innerError":{"date":"2026-01-02T03:04:05","request-id":"r-1","client-request-id":"c-1","more":[1]}}}' @{ 'Retry-After' = '7'; 'X-Note' = 'n' }
        $record = Update-Image -CloudPcDeviceImageId img-1 -Version 1 -Headers @{ Prefer = 'x'; Authorization = 'Bearer planted' } 2>&1
        $data = $record.Exception.Data
        $data['StatusCode'] | Should -Be 429
        $data['Code'] | Should -BeExactly 'tooMany'
        $data['Message'] | Should -BeExactly 'Slow down.'
        $data['InnerError']['request-id'] | Should -BeExactly 'r-1'
        $data['InnerError']['more'] | Should -Be 1
        $data['RequestId'] | Should -BeExactly 'r-1'
        $data['ClientRequestId'] | Should -BeExactly 'c-1'
        $data['Date'] | Should -BeExactly '2026-01-02T03:04:05'
        $data['RetryAfter'] | Should -Be 7
        $data['Attempts'] | Should -Be 1
        $data['Body'] | Should -BeLike '{"error":*'
        $record.Exception.StatusCode | Should -Be 'TooManyRequests'

        $lines = $record.ErrorDetails.Message -split "`n"
        $lines[0..6] -join '|' | Should -BeExactly 'Slow down.||Status: 429 (TooManyRequests)|ErrorCode: tooMany|Date: 2026-01-02T03:04:05||Headers:'
        $lines | Where-Object { $_ -like 'x-note*' } | Should -BeExactly 'x-note                        : n'
        $record.ErrorDetails.RecommendedAction | Should -BeExactly 'See service error codes: https://learn.microsoft.com/graph/errors'

        $record.TargetObject.Body | Should -BeExactly '{"version":"1"}'
        $record.TargetObject.Headers['Prefer'] | Should -BeExactly 'x'
        $record.TargetObject.Headers.Keys | Should -Not -Contain 'Authorization'
    }

    It 'of Graph may have the inner error <InnerError>' -ForEach @(
        @{ InnerError = '{"message":"Local admin password: must be 12 characters"}'; Shown = '{"message":"Local admin password: [redacted] be 12 characters"}' }
        @{ InnerError = '"password=abc"'; Shown = '"password=[redacted]"' }
        @{ InnerError = '{"x":"\ud800"}'; Shown = "{`"x`":`"`u{fffd}`"}" }
        @{ InnerError = '{"\ud800":1}'; Shown = "{`"`u{fffd}`":1}" }
        @{ InnerError = '[' * 1100 + ']' * 1100; Shown = '"' + '[' * 1100 + ']' * 1100 + '"' }
    ) {
        Add-Answer 400 "{`"error`":{`"code`":`"bad`",`"message`":`"No.`",`"innerError`":$InnerError}}"
        $record = Update-Image -CloudPcDeviceImageId img-1 -Version 1 -ErrorVariable collected 2>&1
        $record.Exception.Message | Should -BeExactly '[bad] : No.'
        ConvertTo-Json $record.Exception.Data['InnerError'] -Compress | Should -BeExactly $Shown
        @($collected).Count | Should -Be 1
    }

    It 'shows a body that is still JSON where a text in it looks like a secret' {
        Add-Answer 400
        $record = Update-Image -CloudPcDeviceImageId img-1 -DisplayName 'password=x' 2>&1
        $record.TargetObject.Body | Should -BeExactly '{"displayName":"password=[redacted]"}'
    }

    It 'of status <Status> recommends <Advice>' -ForEach @(
        @{ Status = 403; Advice = '*CloudPC.ReadWrite.All* See service error codes: https://learn.microsoft.com/graph/errors' }
        @{ Status = 404; Advice = '*lists no Update operation* See service error codes: https://learn.microsoft.com/graph/errors' }
        @{ Status = 405; Advice = '*lists no Update operation* See service error codes: https://learn.microsoft.com/graph/errors' }
        @{ Status = 501; Advice = '*lists no Update operation* See service error codes: https://learn.microsoft.com/graph/errors' }
        @{ Status = 400; Advice = 'See service error codes: https://learn.microsoft.com/graph/errors' }
    ) {
        Add-Answer $Status
        $record = Update-Image -CloudPcDeviceImageId img-1 -Version 1 2>&1
        $record.ErrorDetails.RecommendedAction | Should -BeLike $Advice
    }

    It 'of the last of several tries tells how many there were' {
        Connect-Emulator -MaxRetry 2 -RetryDelay 0
        1..3 | ForEach-Object { Add-Answer 503 }
        $written = Update-Image -CloudPcDeviceImageId img-1 -Version 1 -Verbose 4>&1 2>&1
        $record = $written | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] }
        $record.Exception.Data['Attempts'] | Should -Be 3
        $retries = @($written | Where-Object { "$_" -like '*retry*' })
        $retries.Count | Should -Be 2
        "$($retries[0])" | Should -BeLike '*503 (ServiceUnavailable); retry 1 follows in * s.'
    }
}
