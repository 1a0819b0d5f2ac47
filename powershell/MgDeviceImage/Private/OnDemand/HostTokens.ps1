# Tokens that the library asks the pipeline thread for: of -AccessTokenProvider, and of the session of Connect-MgGraph.
#
# A provider is a hashtable: Block, a script block param($scope, $claims), and Runspace, the id of the runspace that it belongs to; or
# GraphEndpoint, for Connect-MgGraph's session.

# Gives an operation the token that it wants, or the reason why there is none.
function script:Submit-HostToken([hashtable] $Provider, [System.IntPtr] $Operation) {
    $scope = ConvertFrom-NativeString $script:Native::mgdi_operation_token_scope($Operation)
    $claims = ConvertFrom-NativeString $script:Native::mgdi_operation_token_claims($Operation)
    $reason = $null
    $outer = $script:AskedProvider
    $script:AskedProvider = $Provider
    try {
        $answers = @()
        # A loop of one turn: break and continue in the block end this one, and not the one that waits for the operation.
        foreach ($turn in 1) {
            $answers = @(if ($Provider.Block) { & (Get-ProviderBlock $Provider) $scope $claims } else { Get-GraphToken $Provider.GraphEndpoint })
        }
        # What a block wrote before its answer is not the answer.
        $answer = if ($answers.Count) { $answers[-1] }
        $reason = Set-OperationToken $Operation $answer
    }
    catch {
        $reason = if ($_.Exception.Message) { $_.Exception.Message } else { 'the provider threw an error without a message' }
        Clear-CaughtError (Get-InnerCause $_.Exception)
    }
    finally {
        $script:AskedProvider = $outer
    }
    if ($null -ne $reason) {
        $bytes = $script:Utf8.GetBytes($reason)
        $null = $script:Native::mgdi_operation_fail_token($Operation, $bytes, $bytes.Length, $null)
    }
}

# The block, as it may run in this runspace. In another than its own, its text runs in the global session state: a block that belongs to
# none would run in the scope of its caller, which is this module.
function script:Get-ProviderBlock([hashtable] $Provider) {
    if ($Provider.Runspace -eq [runspace]::DefaultRunspace.InstanceId) {
        return $Provider.Block
    }
    $global = [System.Management.Automation.PSModuleInfo]::new($true)
    return $global.NewBoundScriptBlock([scriptblock]::Create($Provider.Block.ToString()))
}

# Answers nothing, or what is wrong with the answer of a provider: a SecureString or a text, or an object with Token and ExpiresOn.
function script:Set-OperationToken([System.IntPtr] $Operation, $Answer) {
    $lifetime = [uint32] 0
    $token = $Answer
    if ($Answer -isnot [string] -and $Answer -isnot [securestring] -and $null -ne $Answer) {
        $token = Get-NamedValue $Answer 'Token'
        $expires = Get-NamedValue $Answer 'ExpiresOn'
        if ($null -ne $expires) {
            $moment = $expires -as [System.DateTimeOffset]
            if ($null -eq $moment) {
                return "the provider's ExpiresOn is no date"
            }
            $seconds = ($moment - [System.DateTimeOffset]::UtcNow).TotalSeconds
            $lifetime = [uint32] [System.Math]::Clamp([System.Math]::Floor($seconds), 1, [uint32]::MaxValue)
        }
    }
    if ($token -is [string]) {
        $token = ConvertTo-SecureText $token
    }
    if ($token -isnot [securestring]) {
        return 'the provider gave no token: neither a SecureString nor a text, nor an object with a Token'
    }
    $result = Use-NativeSecret $token 'The token' { param($memory) $script:Native::mgdi_operation_set_token($Operation, $memory, $script:NulTerminated, $lifetime, $null) }
    if ($result -ne 0) {
        return 'the provider gave a text that is no bearer token'
    }
}

function script:ConvertTo-SecureText([string] $Text) {
    $secure = [securestring]::new()
    foreach ($character in $Text.ToCharArray()) {
        $secure.AppendChar($character)
    }
    return $secure
}
