function Get-MgDeviceImageContext {
    [CmdletBinding()]
    [OutputType('MgDeviceImage.Context')]
    param()

    $ErrorActionPreference = 'Stop'
    if (-not $script:isInitialized) { Initialize-Command }
    $session = Get-Session
    if ($session) {
        # A copy, so that nobody changes the session's own.
        $session.Context.PSObject.Copy()
    }
}
