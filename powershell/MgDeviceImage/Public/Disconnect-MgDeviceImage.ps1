function Disconnect-MgDeviceImage {
    <#
    .SYNOPSIS
        Ends the connection of Connect-MgDeviceImage and forgets its tokens.

    .DESCRIPTION
        Updates that are on their way in other runspaces end as if nothing had happened. Without a connection, nothing happens. The
        session of Connect-MgGraph, if there is one, stays: Disconnect-MgGraph ends that.

    .OUTPUTS
        Nothing.

    .EXAMPLE
        Disconnect-MgDeviceImage

        Ends the connection for every runspace of this process.

    .LINK
        https://learn.microsoft.com/powershell/module/microsoft.graph.authentication/disconnect-mggraph

    .LINK
        Connect-MgDeviceImage
    #>
    [CmdletBinding(HelpUri = 'https://learn.microsoft.com/powershell/module/microsoft.graph.authentication/disconnect-mggraph')]
    param()

    $ErrorActionPreference = 'Stop'
    if ($script:isUninitialized) { Initialize-Command }
    Set-Session $null
    Clear-GraphSession
}
