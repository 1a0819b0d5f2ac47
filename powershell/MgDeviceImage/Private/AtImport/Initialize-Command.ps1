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
