# Proxies, for a client or one update.

# What is wrong with the proxy parameters of a command, as an error record (not thrown), or nothing.
function script:Find-ProxyProblem($Proxy, $Credential, $UsesDefaultCredentials, $Target) {
    if ($UsesDefaultCredentials) {
        return New-Failure 'ProxyDefaultCredentialsUnavailable' (
            'ProxyUseDefaultCredentials is not supported: there are no default credentials to give to a proxy. Use ProxyCredential.') $Target
    }
    if ($null -eq $Proxy -and (Test-ProxyCredential $Credential)) {
        return New-Failure 'InvalidArgument' 'ProxyCredential needs Proxy.' $Target
    }
}

# Whether there is a credential: [pscredential]::Empty, which has no password, is how scripts say that there is none.
function script:Test-ProxyCredential($Credential) {
    return $null -ne $Credential -and $null -ne $Credential.Password
}

# Calls a function that sets a proxy. Answers a result number, or an error record.
function script:Set-NativeProxy([string] $Function, [System.IntPtr] $Target, [uri] $Proxy, [pscredential] $Credential, [System.IntPtr[]] $Errors) {
    $address = ConvertTo-TerminatedText $Proxy.OriginalString 'Proxy'
    if ($address -is [System.ArgumentException]) {
        return New-Failure 'InvalidArgument' $address.Message $null
    }
    if (-not (Test-ProxyCredential $Credential)) {
        return $script:Native::$Function($Target, $address, $null, [System.IntPtr]::Zero, $Errors)
    }
    $user = ConvertTo-TerminatedText $Credential.UserName 'ProxyCredential'
    if ($user -is [System.ArgumentException]) {
        return New-Failure 'InvalidArgument' $user.Message $null
    }
    return Use-NativeSecret $Credential.Password 'ProxyCredential' { param($password) $script:Native::$Function($Target, $address, $user, $password, $Errors) }
}
