# The documented members of a device image, in the order of the wire.
#   Name      on the wire
#   Property  of the object, and the parameter
#   Kind      Text, Date (yyyy-MM-dd) or Moment (UTC)
#   Index     the place in a body's Known
#   Accessor  the field or property of the model class
$script:Members = foreach ($row in @(
        , @('id', 'Id', 'Text')
        , @('displayName', 'DisplayName', 'Text')
        , @('errorCode', 'ErrorCode', 'Text')
        , @('expirationDate', 'ExpirationDate', 'Date')
        , @('lastModifiedDateTime', 'LastModifiedDateTime', 'Moment')
        , @('operatingSystem', 'OperatingSystem', 'Text')
        , @('osBuildNumber', 'OSBuildNumber', 'Text')
        , @('osStatus', 'OSStatus', 'Text')
        , @('sourceImageResourceId', 'SourceImageResourceId', 'Text')
        , @('status', 'Status', 'Text')
        , @('version', 'Version', 'Text')
    )) {
    [pscustomobject] @{
        Name     = $row[0]
        Property = $row[1]
        Kind     = $row[2]
        Index    = 0
        Accessor = [Microsoft.Graph.PowerShell.Models.MicrosoftGraphCloudPcDeviceImage].GetMember($row[1])[0]
    }
}

# The same by name, in any case. A hashtable of our own making, since the engine's compare by the machine's culture.
$script:MemberOf = [hashtable]::new([System.StringComparer]::OrdinalIgnoreCase)
for ($index = 0; $index -lt $script:Members.Count; $index++) {
    $script:Members[$index].Index = $index
    $script:MemberOf.Add($script:Members[$index].Name, $script:Members[$index])
}
