function Disconnect-MgDeviceImage {
    [CmdletBinding()]
    param()

    $ErrorActionPreference = 'Stop'
    if (-not $script:isInitialized) { Initialize-Command }
    Set-Session $null
}
