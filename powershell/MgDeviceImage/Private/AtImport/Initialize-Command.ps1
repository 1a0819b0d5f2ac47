# Loads what the commands are made of. Called before anything else by every command, and by argument transformations, which come
# first, unless isInitialized says that it is done. The files define their functions as script:, since this is not the module's own
# scope.
function Initialize-Command {
    foreach ($file in [System.IO.Directory]::GetFiles("$PSScriptRoot/../AtFirstUse", '*.ps1')) {
        . $file
    }
    $script:isInitialized = $true
}

# Loads what few callers need, once.
function Import-OnDemand([string] $Name) {
    if (-not $script:onDemand[$Name]) {
        . "$PSScriptRoot/../OnDemand/$Name.ps1"
        $script:onDemand[$Name] = $true
    }
}

# An object that all runspaces of the process share, made by the first that asks.
function Get-ProcessObject([string] $Name, [type] $Type) {
    $domain = [System.AppDomain]::CurrentDomain
    [System.Threading.Monitor]::Enter($domain)
    try {
        if ($null -eq $domain.GetData($Name)) {
            $domain.SetData($Name, $Type::new())
        }
        return , $domain.GetData($Name)
    }
    finally {
        [System.Threading.Monitor]::Exit($domain)
    }
}
