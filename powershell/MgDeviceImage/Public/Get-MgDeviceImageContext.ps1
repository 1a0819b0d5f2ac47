function Get-MgDeviceImageContext {
    <#
    .SYNOPSIS
        Shows the connection that Connect-MgDeviceImage made: where and how, never the token.

    .DESCRIPTION
        Writes an object with Environment, GraphEndpoint, AuthType, TokenCredentialType, TenantId, ClientId, Account, Scopes and ExpiresOn
        (UTC); what is not known is empty. Environment is Custom where -GraphEndpoint was given without -Environment. From AuthType on they
        are those of the access token got last, where that can be read: after a renewal, of the new one. ExpiresOn may be past: the next
        update gets a new token, unless that of -AccessToken is the only one. Without a connection of Connect-MgDeviceImage, that of
        Connect-MgGraph is shown, which updates use then. Writes nothing where there is none.

        Nothing is sent, and no token is asked for.

    .OUTPUTS
        MgDeviceImage.Context

    .EXAMPLE
        if (-not (Get-MgDeviceImageContext)) {
            throw 'Call Connect-MgDeviceImage first.'
        }

        Makes sure in a script that there is a connection.

    .LINK
        https://learn.microsoft.com/powershell/module/microsoft.graph.authentication/get-mgcontext

    .LINK
        Connect-MgDeviceImage
    #>
    [CmdletBinding(HelpUri = 'https://learn.microsoft.com/powershell/module/microsoft.graph.authentication/get-mgcontext')]
    [OutputType('MgDeviceImage.Context')]
    param()

    $ErrorActionPreference = 'Stop'
    if ($script:isUninitialized) { Initialize-Command }
    Show-Session
}
