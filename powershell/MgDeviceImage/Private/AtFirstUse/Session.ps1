# The session: a client of the native library and what is known of it. One for the process, so that every runspace uses it; it lives
# until Disconnect-MgDeviceImage, whatever happens to the module. The object never changes: a new session takes its place.

$script:SessionKey = 'MgDeviceImage.Session'

# The session, or $null.
function script:Get-Session {
    return [System.AppDomain]::CurrentDomain.GetData($script:SessionKey)
}

# Ends the session there is and puts another in its place, or none. Calls that run keep the old client alive until they end.
function script:Set-Session($Session) {
    $old = Get-Session
    [System.AppDomain]::CurrentDomain.SetData($script:SessionKey, $Session)
    if ($old) {
        $old.Client.Dispose()
    }
}

# A client (a SafeHandle) for these settings, or an error record (not thrown).
#   Settings  Token (SecureString), Cloud (a number of mgdi_cloud), and optionally Endpoint, TimeoutSeconds, MaxRetry,
#             RetryDelaySeconds, RetriesTimeLimitSeconds, Proxy, ProxyCredential
function script:New-Client([hashtable] $Settings) {
    $problem = Initialize-Native
    if ($problem) {
        return New-Failure 'NativeLibraryUnavailable' $problem.Message $null
    }
    $native = $script:Native
    $builders = [System.IntPtr[]]::new(1)
    $clients = [System.IntPtr[]]::new(1)
    $errors = [System.IntPtr[]]::new(1)
    try {
        $result = $native::mgdi_client_builder_new($builders)
        if ($result -eq 0) {
            $result = Set-ClientSetting $builders[0] $Settings $errors
        }
        if ($result -is [System.Management.Automation.ErrorRecord]) {
            return $result
        }
        if ($result -eq 0) {
            $result = $native::mgdi_client_builder_build($builders[0], $clients, $errors)
        }
        if ($result -ne 0) {
            return ConvertFrom-NativeError $result $errors[0] $null
        }
        return $native.Assembly.GetType('MgDeviceImage.ClientHandle')::new($clients[0])
    }
    finally {
        $native::mgdi_error_free($errors[0])
        $native::mgdi_client_builder_free($builders[0])
    }
}


# Answers a result number, or an error record.
function script:Set-ClientSetting([System.IntPtr] $Builder, [hashtable] $Settings, [System.IntPtr[]] $Errors) {
    $native = $script:Native
    $agent = ConvertTo-TerminatedText "PowerShell/$($PSVersionTable.PSVersion)" 'The version of PowerShell'
    $result = $native::mgdi_client_builder_set_application($Builder, $agent, $Errors)
    if ($result -eq 0) {
        $result = $native::mgdi_client_builder_set_cloud($Builder, $Settings.Cloud, $Errors)
    }
    if ($result -eq 0 -and $Settings.ContainsKey('Endpoint')) {
        $endpoint = ConvertTo-TerminatedText $Settings.Endpoint 'GraphEndpoint'
        if ($endpoint -is [System.ArgumentException]) {
            return New-Failure 'InvalidArgument' $endpoint.Message $null
        }
        $result = $native::mgdi_client_builder_set_endpoint($Builder, $endpoint, $Errors)
    }
    foreach ($limit in @(
            , @('TimeoutSeconds', 'mgdi_client_builder_set_timeout', 1000)
            , @('MaxRetry', 'mgdi_client_builder_set_max_retries', 1)
            , @('RetryDelaySeconds', 'mgdi_client_builder_set_retry_delay', 1000)
            , @('RetriesTimeLimitSeconds', 'mgdi_client_builder_set_retries_time_limit', 1000)
        )) {
        $setting, $function, $factor = $limit
        if ($result -eq 0 -and $Settings.ContainsKey($setting)) {
            $result = $native::$function($Builder, $Settings.$setting * $factor, $Errors)
        }
    }
    if ($result -eq 0 -and $Settings.ContainsKey('Proxy')) {
        $result = Set-NativeProxy 'mgdi_client_builder_set_proxy' $Builder $Settings.Proxy $Settings['ProxyCredential'] $Errors
    }
    if ($result -eq 0) {
        $result = Set-ClientToken $Builder $Settings.Token $Errors
    }
    return $result
}

# The token goes from the SecureString to the library through memory that is zeroed, never through a string.
function script:Set-ClientToken([System.IntPtr] $Builder, [securestring] $Token, [System.IntPtr[]] $Errors) {
    $memory = [System.Runtime.InteropServices.Marshal]::SecureStringToGlobalAllocAnsi($Token)
    try {
        for ($index = 0; $index -lt $Token.Length; $index++) {
            if ([System.Runtime.InteropServices.Marshal]::ReadByte($memory, $index) -eq 0) {
                return New-Failure 'InvalidArgument' 'The access token holds a NUL character.' $null
            }
        }
        return $script:Native::mgdi_client_builder_set_token($Builder, $memory, $Errors)
    }
    finally {
        [System.Runtime.InteropServices.Marshal]::ZeroFreeGlobalAllocAnsi($memory)
    }
}
