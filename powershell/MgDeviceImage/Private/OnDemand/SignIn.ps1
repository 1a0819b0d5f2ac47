# Signing in before the first update.

# Gets a token, and asks a person where the credential is for one. Answers nothing, or an error record (not thrown).
function script:Invoke-SignIn($Session, [System.Management.Automation.PSCmdlet] $Cmdlet) {
    $operation = [System.IntPtr[]]::new(1)
    $identity = [System.IntPtr[]]::new(1)
    $errors = [System.IntPtr[]]::new(1)
    try {
        $result = $script:Native::mgdi_sign_in_start($Session.Client, $operation, $errors)
        if ($result -eq 0) {
            $script:Updates::Wait(@{ Session = $Session; Cmdlet = $Cmdlet; IsVerbose = $false; IsSignIn = $true }, $operation[0])
            $result = $script:Native::mgdi_operation_take_identity($operation[0], $identity, $errors)
        }
        if ($result -ne 0) {
            return ConvertFrom-NativeError $result $errors[0] $null
        }
    }
    finally {
        $script:Native::mgdi_operation_free($operation[0])
        $script:Native::mgdi_identity_free($identity[0])
        $script:Native::mgdi_error_free($errors[0])
    }
}

# Shows what a person is to do to sign in, once. Not as output: it is for whoever sits at the host.
function script:Show-SignInPrompt([hashtable] $Request, [System.IntPtr] $Operation) {
    if ($Request.IsPromptShown) {
        return
    }
    $prompt = ConvertFrom-NativeString $script:Native::mgdi_operation_prompt($Operation)
    if ($prompt) {
        $Request.IsPromptShown = $true
        $Request.Cmdlet.Host.UI.WriteLine($prompt)
    }
}
