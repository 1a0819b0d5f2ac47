# Imports the module $Module and connects to $Endpoint; $update has the parameters of the update that the C programs send too.
Import-Module $Module
$token = [System.Security.SecureString]::new()
$env:MGDI_TOKEN.ToCharArray() | ForEach-Object { $token.AppendChar($_) }
$null = Connect-MgDeviceImage -AccessToken $token -GraphEndpoint $Endpoint
$update = @{
    CloudPcDeviceImageId = 'img-1'
    DisplayName          = 'Windows 11 Enterprise, finance'
    OSStatus             = 'supported'
    Version              = '1.0.3'
}
