# The functions of the native library as static methods of one type, under their own names. include/mgdeviceimage.h describes them.
# Out-parameters are arrays, which native code writes into: one element for a pointer, two (data, length) for a text.

$script:Native = $null

# Makes the type, unless this process has it already, and checks the library's version. Answers nothing, or an exception (not thrown).
function script:Initialize-Native {
    if ($script:Native) {
        return
    }
    # One for the process: a library can be loaded only once, and a client is used by every runspace.
    $domain = [System.AppDomain]::CurrentDomain
    [System.Threading.Monitor]::Enter($domain)
    try {
        $native = $domain.GetData('MgDeviceImage.Native')
        if (-not $native) {
            $native = Import-NativeType
            if ($native -is [System.Exception]) {
                return $native
            }
            $domain.SetData('MgDeviceImage.Native', $native)
        }
        $script:Native = $native
    }
    finally {
        [System.Threading.Monitor]::Exit($domain)
    }
}

# The type, or an exception (not thrown).
function script:Import-NativeType {
    $file = Find-NativeLibrary
    if ($file -is [System.Exception]) {
        return $file
    }
    $problem = Import-NativeLibrary $file
    if ($problem) {
        return $problem
    }
    $native = New-NativeType $file
    $version = $native::mgdi_abi_version()
    if ($version -ne $script:AbiVersion) {
        return [System.BadImageFormatException]::new(
            "The native library '$file' has ABI version $version; this module needs version $script:AbiVersion. $script:LibraryHint")
    }
    $missing = Find-MissingFunction $file
    if ($missing) {
        return [System.EntryPointNotFoundException]::new("The native library '$file' is older than this module: it has no $missing. $script:LibraryHint")
    }
    return $native
}

# The first function that a library, which has been loaded, does not have; nothing if it has all.
function script:Find-MissingFunction([string] $File) {
    $library = [System.Runtime.InteropServices.NativeLibrary]::Load($File)
    $export = [System.IntPtr]::Zero
    foreach ($function in Get-NativeFunction ([object]) ([object])) {
        if (-not [System.Runtime.InteropServices.NativeLibrary]::TryGetExport($library, $function[0], [ref] $export)) {
            return $function[0]
        }
    }
}

function script:New-NativeType([string] $File) {
    $name = [System.Reflection.AssemblyName]::new('MgDeviceImage.Native')
    $module = [System.Reflection.Emit.AssemblyBuilder]::DefineDynamicAssembly($name, 'Run').DefineDynamicModule('Native')
    $string = New-NativeString $module
    $free = New-FreeFunction $module $File
    $client = New-ClientHandle $module $free
    $type = $module.DefineType('MgDeviceImage.Native', 'Public, Abstract, Sealed')
    foreach ($function in Get-NativeFunction $string $client) {
        Add-NativeFunction $type $File @function
    }
    return $type.CreateType()
}

# Name, result and parameters of each function.
function script:Get-NativeFunction([type] $String, [type] $Client) {
    $void = [void]
    $result = [int]
    $number = [uint32]
    $pointer = [System.IntPtr]
    $text = [byte[]]
    $length = [long]
    $out = [System.IntPtr[]]

    , @('mgdi_abi_version', $number, @())
    , @('mgdi_result_name', $pointer, @($result))

    , @('mgdi_client_builder_new', $result, @($out))
    , @('mgdi_client_builder_set_cloud', $result, @($pointer, $result, $out))
    , @('mgdi_client_builder_set_endpoint', $result, @($pointer, $text, $out))
    , @('mgdi_client_builder_set_token', $result, @($pointer, $pointer, $out))
    , @('mgdi_client_builder_set_host_token', $result, @($pointer, $out))
    , @('mgdi_client_builder_set_client_secret', $result, @($pointer, $text, $text, $text, $pointer, $out))
    , @('mgdi_client_builder_set_client_certificate_pem', $result, @($pointer, $text, $text, $text, $text, $length, $out))
    , @('mgdi_client_builder_set_client_certificate_pfx', $result, @($pointer, $text, $text, $text, $text, $length, $pointer, $out))
    , @('mgdi_client_builder_set_workload_identity', $result, @($pointer, $text, $text, $text, $text, $out))
    , @('mgdi_client_builder_set_managed_identity', $result, @($pointer, $result, $text, $out))
    , @('mgdi_client_builder_set_environment_credential', $result, @($pointer, $text, $out))
    , @('mgdi_client_builder_set_device_code', $result, @($pointer, $text, $text, $text, $out))
    , @('mgdi_client_builder_set_azure_cli', $result, @($pointer, $text, $out))
    , @('mgdi_client_builder_set_timeout', $result, @($pointer, $number, $out))
    , @('mgdi_client_builder_set_max_retries', $result, @($pointer, $number, $out))
    , @('mgdi_client_builder_set_retry_delay', $result, @($pointer, $number, $out))
    , @('mgdi_client_builder_set_retries_time_limit', $result, @($pointer, $number, $out))
    , @('mgdi_client_builder_set_application', $result, @($pointer, $text, $out))
    , @('mgdi_client_builder_set_environment', $result, @($pointer, $text, $length, $out))
    , @('mgdi_client_builder_set_proxy', $result, @($pointer, $text, $text, $pointer, $out))
    , @('mgdi_client_builder_build', $result, @($pointer, $out, $out))
    , @('mgdi_client_builder_free', $void, @($pointer))
    , @('mgdi_client_endpoint', $String, @($Client))
    , @('mgdi_client_identity', $result, @($Client, $out, $out))
    , @('mgdi_cloud_endpoint', $pointer, @($result))
    , @('mgdi_cloud_authority', $pointer, @($result))

    , @('mgdi_image_from_json', $result, @($text, $length, $out, $out))
    , @('mgdi_image_free', $void, @($pointer))

    , @('mgdi_update_new', $result, @($text, $length, $pointer, $out, $out))
    , @('mgdi_update_add_header', $result, @($pointer, $text, $length, $text, $length, $out))
    , @('mgdi_update_set_proxy', $result, @($pointer, $text, $text, $pointer, $out))
    , @('mgdi_update_describe', $result, @($pointer, $Client, $out, $out))
    , @('mgdi_update_start', $result, @($Client, $pointer, $out, $out))
    , @('mgdi_update_free', $void, @($pointer))

    , @('mgdi_sign_in_start', $result, @($Client, $out, $out))
    , @('mgdi_identity_tenant_id', $String, @($pointer))
    , @('mgdi_identity_client_id', $String, @($pointer))
    , @('mgdi_identity_actor', $result, @($pointer))
    , @('mgdi_identity_account', $String, @($pointer))
    , @('mgdi_identity_scopes', $String, @($pointer))
    , @('mgdi_identity_expires_on', $length, @($pointer))
    , @('mgdi_identity_free', $void, @($pointer))

    , @('mgdi_operation_wait', $result, @($pointer, $number))
    , @('mgdi_operation_retry_count', $length, @($pointer))
    , @('mgdi_operation_retry_at', $result, @($pointer, $length, [uint16[]], [uint32[]]))
    , @('mgdi_operation_take_response', $result, @($pointer, $out, $out))
    , @('mgdi_operation_take_identity', $result, @($pointer, $out, $out))
    , @('mgdi_operation_prompt', $String, @($pointer))
    , @('mgdi_operation_token_scope', $String, @($pointer))
    , @('mgdi_operation_token_claims', $String, @($pointer))
    , @('mgdi_operation_set_token', $result, @($pointer, $pointer, $length, $number, $out))
    , @('mgdi_operation_fail_token', $result, @($pointer, $text, $length, $out))
    , @('mgdi_operation_free', $void, @($pointer))

    , @('mgdi_response_from_parts', $result, @([uint16], $text, $length, $text, $length, $out, $out))
    , @('mgdi_response_status', [uint16], @($pointer))
    , @('mgdi_response_header_count', $length, @($pointer))
    , @('mgdi_response_header_at', $result, @($pointer, $length, $out, $out))
    , @('mgdi_response_header_get', $String, @($pointer, $text))
    , @('mgdi_response_image_json', $String, @($pointer))
    , @('mgdi_response_body', $String, @($pointer))
    , @('mgdi_response_free', $void, @($pointer))

    , @('mgdi_error_message', $String, @($pointer))
    , @('mgdi_error_http_status', [uint16], @($pointer))
    , @('mgdi_error_graph_code', $String, @($pointer))
    , @('mgdi_error_graph_message', $String, @($pointer))
    , @('mgdi_error_inner_error_json', $String, @($pointer))
    , @('mgdi_error_request_id', $String, @($pointer))
    , @('mgdi_error_client_request_id', $String, @($pointer))
    , @('mgdi_error_date', $String, @($pointer))
    , @('mgdi_error_retry_after', $number, @($pointer))
    , @('mgdi_error_attempts', $number, @($pointer))
    , @('mgdi_error_response', $pointer, @($pointer))
    , @('mgdi_error_free', $void, @($pointer))
}

function script:Add-NativeFunction($Type, [string] $File, [string] $Name, [type] $Result, [type[]] $Parameters) {
    $method = $Type.DefinePInvokeMethod($Name, $File, 'Public, Static, PinvokeImpl', 'Standard', $Result, $Parameters, 'Cdecl', 'None')
    $method.SetImplementationFlags('PreserveSig')
}

# struct mgdi_str
function script:New-NativeString($Module) {
    $type = $Module.DefineType('MgDeviceImage.NativeString', 'Public, Sealed, SequentialLayout', [System.ValueType])
    $null = $type.DefineField('data', [System.IntPtr], 'Public')
    $null = $type.DefineField('len', [long], 'Public')
    return $type.CreateType()
}

function script:New-FreeFunction($Module, [string] $File) {
    $type = $Module.DefineType('MgDeviceImage.NativeClient', 'Public, Abstract, Sealed')
    Add-NativeFunction $type $File 'mgdi_client_free' ([void]) @([System.IntPtr])
    return $type.CreateType().GetMethod('mgdi_client_free')
}

# A SafeHandle for a client: a call that uses it keeps it alive, so that Disconnect in one runspace cannot free it under a call of
# another.
function script:New-ClientHandle($Module, [System.Reflection.MethodInfo] $Free) {
    $base = [Microsoft.Win32.SafeHandles.SafeHandleZeroOrMinusOneIsInvalid]
    $protected = [System.Reflection.BindingFlags] 'NonPublic, Instance'
    $type = $Module.DefineType('MgDeviceImage.ClientHandle', 'Public, Sealed', $base)

    # ClientHandle(IntPtr client) : base(true) { SetHandle(client); }
    $code = $type.DefineConstructor('Public', 'HasThis', @([System.IntPtr])).GetILGenerator()
    $code.Emit([System.Reflection.Emit.OpCodes]::Ldarg_0)
    $code.Emit([System.Reflection.Emit.OpCodes]::Ldc_I4_1)
    $code.Emit([System.Reflection.Emit.OpCodes]::Call, $base.GetConstructor($protected, @([bool])))
    $code.Emit([System.Reflection.Emit.OpCodes]::Ldarg_0)
    $code.Emit([System.Reflection.Emit.OpCodes]::Ldarg_1)
    $code.Emit([System.Reflection.Emit.OpCodes]::Call, $base.GetMethod('SetHandle', $protected))
    $code.Emit([System.Reflection.Emit.OpCodes]::Ret)

    # override bool ReleaseHandle() { mgdi_client_free(handle); return true; }
    $code = $type.DefineMethod('ReleaseHandle', 'Family, HideBySig, Virtual', [bool], [type]::EmptyTypes).GetILGenerator()
    $code.Emit([System.Reflection.Emit.OpCodes]::Ldarg_0)
    $code.Emit([System.Reflection.Emit.OpCodes]::Ldfld, $base.GetField('handle', $protected))
    $code.Emit([System.Reflection.Emit.OpCodes]::Call, $Free)
    $code.Emit([System.Reflection.Emit.OpCodes]::Ldc_I4_1)
    $code.Emit([System.Reflection.Emit.OpCodes]::Ret)
    return $type.CreateType()
}
