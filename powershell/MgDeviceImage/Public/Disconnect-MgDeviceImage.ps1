function Disconnect-MgDeviceImage {
    <#
    .SYNOPSIS
        Ends the connection of Connect-MgDeviceImage and forgets its token.

    .DESCRIPTION
        Updates that are on their way in other runspaces end as if nothing had happened. Without a connection, nothing happens.

    .OUTPUTS
        Nothing.

    .EXAMPLE
        Disconnect-MgDeviceImage

        Ends the connection for every runspace of this process.

    .LINK
        Connect-MgDeviceImage
    #>
    [CmdletBinding()]
    param()

    $ErrorActionPreference = 'Stop'
    if ($script:isUninitialized) { Initialize-Command }
    Set-Session $null
}
