# Loads what the commands are made of. Called by every command before anything else, and by ConvertTo-Argument, which comes first, while
# isUninitialized says that it is to be done.
function Initialize-Command {
    . $PSScriptRoot/../AtFirstUse/Load.ps1
}

# What a parameter with [MgDeviceImage.ConvertedBy(Function = '...')] gets: what this function of Arguments.ps1 makes of the argument.
function ConvertTo-Argument($Function, $Value) {
    if ($script:isUninitialized) { Initialize-Command }
    & $Function $Value
}
