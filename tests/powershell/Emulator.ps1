# The Graph emulator and fresh PowerShell processes, for the tests. Dot-source it in BeforeAll.
#
#   MGDI_EMULATOR  the program graph-emulator (cargo build --example graph-emulator)
#   MGDI_LIBRARY   the native library

$script:ModulePath = [System.IO.Path]::GetFullPath("$PSScriptRoot/../../powershell/MgDeviceImage/MgDeviceImage.psd1")

# Starts an emulator; it ends with Stop-Emulator, or with this process. With a directory for the test root's certificate it speaks TLS,
# and a sign-in service and managed identity endpoints are beside it (see SignIn.Tests.ps1).
function Start-Emulator([string] $SignInDirectory) {
    if (-not $env:MGDI_EMULATOR) {
        throw 'MGDI_EMULATOR must name the program graph-emulator. "cargo test" sets it.'
    }
    $start = [System.Diagnostics.ProcessStartInfo]::new($env:MGDI_EMULATOR, '--until-stdin-closes')
    if ($SignInDirectory) {
        $start.Arguments += " --entra --tls `"$SignInDirectory`""
    }
    $start.RedirectStandardInput = $true
    $start.RedirectStandardOutput = $true
    $process = [System.Diagnostics.Process]::Start($start)
    $said = @{}
    $last = if ($SignInDirectory) { 'IDENTITY_HEADER' } else { 'Bearer token' }
    while (-not $said.ContainsKey($last)) {
        $line = $process.StandardOutput.ReadLine()
        if ($line -notmatch '^(.+?)(?: listening on |: )(.+)$') {
            throw "The emulator did not start: $line"
        }
        $said[$Matches[1]] = $Matches[2]
    }
    # The certificate of its TLS is the test's own.
    $handler = [System.Net.Http.HttpClientHandler]::new()
    $handler.ServerCertificateCustomValidationCallback = [System.Net.Http.HttpClientHandler]::DangerousAcceptAnyServerCertificateValidator
    $script:Emulator = [pscustomobject] @{
        Process  = $process
        Endpoint = $said['Graph emulator']
        Http     = [System.Net.Http.HttpClient]::new($handler)
        SignIn   = $said
    }
}

function Stop-Emulator {
    $script:Emulator.Http.Dispose()
    $script:Emulator.Process.StandardInput.Close()
    $null = $script:Emulator.Process.WaitForExit(5000)
}

# Seed images, no faults, no requests.
function Reset-Emulator {
    $null = Send-Control 'POST' 'reset'
}

function Send-Control([string] $Method, [string] $Path, [string] $Body, [string] $Endpoint = $script:Emulator.Endpoint) {
    $request = [System.Net.Http.HttpRequestMessage]::new($Method, "$Endpoint/emulator/$Path")
    if ($Body) {
        $request.Content = [System.Net.Http.StringContent]::new($Body, [System.Text.Encoding]::UTF8, 'application/json')
    }
    $response = $script:Emulator.Http.Send($request)
    $text = $response.Content.ReadAsStringAsync().GetAwaiter().GetResult()
    if (-not $response.IsSuccessStatusCode) {
        throw "$Method $Path`: $([int] $response.StatusCode) $text"
    }
    $text
}

# What the emulator received, oldest first. Each has Method, Target, Headers (by name, a list of values), Body, ClientGone.
function Get-Request {
    foreach ($request in ConvertFrom-Json (Send-Control 'GET' 'requests')) {
        $headers = @{}
        foreach ($header in $request.headers) {
            $headers[$header[0]] = @($headers[$header[0]]; $header[1]).Where({ $null -ne $_ })
        }
        [pscustomobject] @{
            Method     = $request.method
            Target     = $request.target
            Headers    = $headers
            Body       = [System.Text.Encoding]::UTF8.GetString([System.Convert]::FromBase64String($request.bodyBase64))
            ClientGone = $request.clientGone
            Connection = $request.connection
        }
    }
}

# What happens to the next requests, in turn: hashtables with a kind, such as @{ kind = 'hang' }.
function Add-Fault([hashtable[]] $Fault) {
    $null = Send-Control 'POST' 'faults' (ConvertTo-Json -InputObject $Fault -Depth 8)
}

# An answer instead of Graph's.
function Add-Answer([int] $Status, [string] $Body, [hashtable] $Headers = @{}) {
    $fault = @{ kind = 'answer'; status = $Status; headers = @(foreach ($name in $Headers.Keys) { foreach ($value in $Headers[$name]) { , @($name, $value) } }) }
    if ($PSBoundParameters.ContainsKey('Body')) {
        $fault.body = $Body
    }
    Add-Fault $fault
}

function Get-Token([string] $Text = 'emulator-token') {
    $token = [securestring]::new()
    foreach ($character in $Text.ToCharArray()) {
        $token.AppendChar($character)
    }
    $token
}

function Connect-Emulator {
    Connect-MgDeviceImage -AccessToken (Get-Token) -GraphEndpoint $script:Emulator.Endpoint @args
}

# Starts a fresh PowerShell process that runs a script. $Module and $Endpoint are set in it. With -Interactive it asks on standard input.
function Start-Pwsh([string] $Script, [hashtable] $Environment = @{}, [switch] $Interactive) {
    $start = [System.Diagnostics.ProcessStartInfo]::new([System.Environment]::ProcessPath)
    $program = [System.Environment]::GetCommandLineArgs()[0]
    if ($program.EndsWith('.dll') -and [System.IO.Path]::GetFileNameWithoutExtension($start.FileName) -eq 'dotnet') {
        $start.ArgumentList.Add('exec')
        $start.ArgumentList.Add($program)
    }
    if (-not $Interactive) {
        $start.ArgumentList.Add('-NonInteractive')
    }
    foreach ($argument in '-NoProfile', '-Command', "`$Module = '$script:ModulePath'; `$Endpoint = '$($script:Emulator.Endpoint)'; $Script") {
        $start.ArgumentList.Add($argument)
    }
    foreach ($name in $Environment.Keys) {
        $start.Environment[$name] = $Environment[$name]
    }
    $start.RedirectStandardInput = $true
    $start.RedirectStandardOutput = $true
    $start.RedirectStandardError = $true
    [System.Diagnostics.Process]::Start($start)
}

# Runs a script in a fresh PowerShell process and answers its output: a text for standard output, and one for standard error. Answers
# are typed at its prompts.
function Invoke-Pwsh([string] $Script, [hashtable] $Environment = @{}, [string[]] $Answers) {
    $process = Start-Pwsh $Script $Environment -Interactive:($Answers.Count -gt 0)
    foreach ($answer in $Answers) {
        $process.StandardInput.WriteLine($answer)
    }
    $process.StandardInput.Close()
    $standardError = $process.StandardError.ReadToEndAsync()
    $output = $process.StandardOutput.ReadToEnd()
    $process.WaitForExit()
    [pscustomobject] @{ Output = $output.Trim(); Error = $standardError.GetAwaiter().GetResult().Trim() }
}

# What a fresh process needs before it can update: the module, a connection.
$script:ConnectScript = @'
Import-Module $Module
$token = [securestring]::new()
foreach ($character in 'emulator-token'.ToCharArray()) { $token.AppendChar($character) }
Connect-MgDeviceImage -AccessToken $token -GraphEndpoint $Endpoint
'@
