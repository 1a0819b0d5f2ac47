# A documented member of a device image.
class DeviceImageMember {
    # On the wire.
    [string] $Name
    # The same with quotes and colon.
    [string] $JsonName
    # Of the object, and the parameter.
    [string] $Property
    # Text, Date (yyyy-MM-dd) or Moment (UTC).
    [string] $Kind
    # The place in a body's Known.
    [int] $Index
    # The field or property of the model class.
    [System.Reflection.MemberInfo] $Accessor
}

# All of them, in the order of the wire.
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
    [DeviceImageMember] @{
        Name     = $row[0]
        JsonName = '"' + $row[0] + '":'
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
