function Get-MgDeviceImageContext {
    <#
    .SYNOPSIS
        Shows the connection that Connect-MgDeviceImage made: where and how, never the token.

    .DESCRIPTION
        Writes an object with Environment, GraphEndpoint, AuthType, TokenCredentialType, TenantId, ClientId, Scopes and ExpiresOn; what is
        not known is empty. Writes nothing where there is no connection.

    .OUTPUTS
        MgDeviceImage.Context

    .EXAMPLE
        if (-not (Get-MgDeviceImageContext)) {
            throw 'Call Connect-MgDeviceImage first.'
        }

        Makes sure in a script that there is a connection.

    .LINK
        Connect-MgDeviceImage
    #>
    [CmdletBinding()]
    [OutputType('MgDeviceImage.Context')]
    param()

    $ErrorActionPreference = 'Stop'
    if ($script:isUninitialized) { Initialize-Command }
    $session = Get-Session
    if ($session) {
        # A copy, so that nobody changes the session's own.
        $session.Context.PSObject.Copy()
    }
}
