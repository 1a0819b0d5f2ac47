# Clients of the native library.

# A client (a SafeHandle), or an error record (not thrown).
#   Settings  Bound, the parameters of Connect-MgDeviceImage that were given; Cloud (Get-Cloud); SetCredential, a function that is called
#             with a builder, these settings and a place for errors, and answers as Set-ClientSetting does
function script:New-Client([hashtable] $Settings) {
    $problem = Initialize-Native
    if ($problem) {
        return New-Failure 'NativeLibraryUnavailable' $problem.Message $null
    }
    $problem = Test-ClientSetting $Settings.Bound
    if ($problem) {
        return $problem
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
        if ($result -eq 0) {
            $result = & $Settings.SetCredential $builders[0] $Settings $errors
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

# Name, the function that sets it, the factor to its unit, and the greatest value.
$script:ClientLimits = @(
    , @('ClientTimeout', 'mgdi_client_builder_set_timeout', 1000, 2147483)
    , @('MaxRetry', 'mgdi_client_builder_set_max_retries', 1, 10)
    , @('RetryDelay', 'mgdi_client_builder_set_retry_delay', 1000, 180)
    , @('RetriesTimeLimit', 'mgdi_client_builder_set_retries_time_limit', 1000, 2147483)
)

# Answers nothing, or the error record of a setting that cannot be used.
function script:Test-ClientSetting($Bound) {
    foreach ($limit in $script:ClientLimits) {
        $name, $null, $null, $most = $limit
        if ($Bound[$name] -gt $most) {
            return New-Failure 'InvalidArgument' "$name is at most $most." $null
        }
    }
    return Find-ProxyProblem $Bound['Proxy'] $Bound['ProxyCredential'] $Bound['ProxyUseDefaultCredentials'] $null
}

# Answers a result number, or an error record.
function script:Set-ClientSetting([System.IntPtr] $Builder, [hashtable] $Settings, [System.IntPtr[]] $Errors) {
    $native = $script:Native
    $bound = $Settings.Bound
    $agent = ConvertTo-TerminatedText "PowerShell/$($PSVersionTable.PSVersion)" 'The version of PowerShell'
    $result = $native::mgdi_client_builder_set_application($Builder, $agent, $Errors)
    if ($result -eq 0) {
        $result = Set-ClientEnvironment $Builder $Errors
    }
    if ($result -eq 0) {
        $result = $native::mgdi_client_builder_set_cloud($Builder, $Settings.Cloud.Number, $Errors)
    }
    if ($result -eq 0 -and $bound['GraphEndpoint']) {
        $endpoint = ConvertTo-TerminatedText $bound['GraphEndpoint'] 'GraphEndpoint'
        if ($endpoint -is [System.ArgumentException]) {
            return New-Failure 'InvalidArgument' $endpoint.Message $null
        }
        $result = $native::mgdi_client_builder_set_endpoint($Builder, $endpoint, $Errors)
    }
    foreach ($limit in $script:ClientLimits) {
        $name, $function, $factor, $null = $limit
        if ($result -eq 0 -and $bound.ContainsKey($name)) {
            $result = $native::$function($Builder, $bound[$name] * $factor, $Errors)
        }
    }
    if ($result -eq 0 -and $null -ne $bound['Proxy']) {
        $result = Set-NativeProxy 'mgdi_client_builder_set_proxy' $Builder $bound['Proxy'] $bound['ProxyCredential'] $Errors
    }
    return $result
}

# Hands the environment in as PowerShell has it: on Unix, .NET keeps one of its own, and what is set with $env: is there alone. Answers a
# result number.
function script:Set-ClientEnvironment([System.IntPtr] $Builder, [System.IntPtr[]] $Errors) {
    $block = [System.Text.StringBuilder]::new()
    foreach ($variable in [System.Environment]::GetEnvironmentVariables().GetEnumerator()) {
        # Windows has variables such as "=C:", which are none of the user's.
        if ($variable.Key -and $variable.Key[0] -ne '=') {
            $null = $block.Append($variable.Key).Append('=').Append($variable.Value).Append([char] 0)
        }
    }
    $bytes = $script:Utf8.GetBytes($block.ToString())
    try {
        return $script:Native::mgdi_client_builder_set_environment($Builder, $bytes, $bytes.Length, $Errors)
    }
    finally {
        [array]::Clear($bytes)
        $null = $block.Clear()
    }
}

# In the order of mgdi_cloud.
$script:Clouds = 'Global', 'USGov', 'USGovDoD', 'China'

# A cloud by its name in any case: Name, Number (of mgdi_cloud), HasWindows365. The worldwide one for no name, nothing for another.
function script:Get-Cloud([string] $Name) {
    if (-not $Name) {
        $Name = 'Global'
    }
    for ($number = 0; $number -lt $script:Clouds.Count; $number++) {
        if ([string]::Equals($script:Clouds[$number], $Name, 'OrdinalIgnoreCase')) {
            return [pscustomobject] @{ Name = $script:Clouds[$number]; Number = $number; HasWindows365 = $number -le 1 }
        }
    }
}

# The cloud whose Microsoft Graph is at this origin, as a client tells it; nothing for another.
function script:Get-CloudAt([string] $Origin) {
    foreach ($name in $script:Clouds) {
        $cloud = Get-Cloud $name
        if ([System.Runtime.InteropServices.Marshal]::PtrToStringUTF8($script:Native::mgdi_cloud_endpoint($cloud.Number)) -ceq $Origin) {
            return $cloud
        }
    }
}
