# What [ConvertedBy()] parameters accept. Each function answers the new argument, the argument itself where it knows no better (the
# error is the engine's own then), or a FormatException (not thrown) for one that is wrong.

# Bodies by the objects that stand for them as arguments, which have no place for "null" or for an order.
$script:BodyOf = [System.Runtime.CompilerServices.ConditionalWeakTable[object, hashtable]]::new()

# Hashtables by the ordered dictionaries that they were made from, likewise.
$script:OrderOf = [System.Runtime.CompilerServices.ConditionalWeakTable[object, object]]::new()

# -BodyParameter: JSON text, a dictionary, an object.
function script:ConvertTo-BodyArgument($Value) {
    $source = $Value
    if ($Value -is [string]) {
        $Value = ConvertFrom-JsonDocument $Value
        if ($Value -is [System.FormatException]) {
            return [System.FormatException]::new("The text is not valid JSON: $($Value.Message)")
        }
    }
    try {
        $Value = ConvertTo-JsonElement $Value
    }
    catch {
        $body = New-Body $source
        $body.Problem = New-ReadProblem 'The body' $_.Exception
        return New-BodyStandIn $body
    }
    if ($Value -is [System.Text.Json.JsonElement] -and $Value.ValueKind -ne 'Object') {
        return [System.FormatException]::new("The JSON text must be an object, not $($Value.ValueKind.ToString().ToLowerInvariant()).")
    }
    $members = Get-MemberEntry $Value
    if ($members) {
        return New-BodyArgument $source $members.Entries $members.NameProperty 'Object'
    }
    if ($null -eq $Value -or $Value -is [valuetype]) {
        return , $Value
    }
    $entries = Get-DeviceImageEntry $Value
    if ($null -ne $entries) {
        return New-BodyArgument $source $entries 'Name' 'Image'
    }
    return , $Value
}

# The element of a JsonDocument or a JsonNode; anything else as it is. Throws where .NET cannot read or write it.
function script:ConvertTo-JsonElement($Value) {
    if ($Value -is [System.Text.Json.JsonDocument]) {
        $Value = $Value.RootElement
    }
    if ($Value -is [System.Text.Json.JsonElement]) {
        # That of a document that was disposed cannot be copied; its properties would just be $null.
        return $Value.Clone()
    }
    if ($Value -is [System.Text.Json.Nodes.JsonNode]) {
        return ConvertFrom-JsonDocument $Value.ToJsonString()
    }
    return , $Value
}

# What has members of any name, and where these have their names. Nothing for another value, and for an image that was deserialized:
# it is read as the image that it was.
function script:Get-MemberEntry($Value) {
    if ($Value -is [System.Text.Json.JsonElement] -and $Value.ValueKind -eq 'Object') {
        return @{ Entries = $Value.EnumerateObject(); NameProperty = 'Name' }
    }
    if ($Value -is [System.Collections.IDictionary]) {
        return @{ Entries = $Value.GetEnumerator(); NameProperty = 'Key' }
    }
    if ($Value -is [System.Management.Automation.PSCustomObject]) {
        if ($Value.PSObject.TypeNames.Contains('Deserialized.Microsoft.Graph.PowerShell.Models.MicrosoftGraphCloudPcDeviceImage')) {
            return
        }
        return @{ Entries = $Value.PSObject.Properties; NameProperty = 'Name' }
    }
    if ($Value -is [System.Collections.Specialized.NameValueCollection]) {
        return @{ Entries = Get-CollectionEntry $Value; NameProperty = 'Key' }
    }
    if ($null -ne $Value -and (Test-GenericDictionary $Value.GetType())) {
        return @{ Entries = $Value; NameProperty = 'Key' }
    }
}

# The properties of an object with those of a device image, ours or Microsoft's. Nothing for an object of another kind; an Id alone
# makes no image.
function script:Get-DeviceImageEntry($Value) {
    $properties = $Value.PSObject.Properties
    $isImage = $false
    $entries = [System.Collections.Generic.List[object]]::new()
    $additional = $properties['AdditionalProperties']
    if ($additional) {
        $entries.Add($additional)
    }
    foreach ($member in $script:Members) {
        $property = $properties[$member.Property]
        if ($property) {
            $isImage = $isImage -or $member.Property -ne 'Id'
            $entries.Add($property)
        }
    }
    if ($isImage) {
        return , $entries
    }
}

function script:New-BodyArgument($Source, $Entries, [string] $NameProperty, [string] $Kind) {
    $body = New-Body $Source
    $problem = Add-BodyEntry $body $Entries $NameProperty $Kind
    if ($problem) {
        return $problem
    }
    return New-BodyStandIn $body
}

# An argument that stands for a body.
function script:New-BodyStandIn([hashtable] $Body) {
    $argument = [Microsoft.Graph.PowerShell.Models.MicrosoftGraphCloudPcDeviceImage]::new()
    $script:BodyOf.Add($argument, $Body)
    return $argument
}

# Adds members. Answers nothing, or the FormatException (not thrown) that says what is wrong. What an entry cannot give makes the body
# one that cannot be written.
#   Kind  Object, Image or Additional: where the members are from. An image cannot say "null": a property without a value is absent. The
#         AdditionalProperties of an object or an image are no member; their entries are.
function script:Add-BodyEntry([hashtable] $Body, $Entries, [string] $NameProperty, [string] $Kind) {
    $name = 'The body'
    try {
        foreach ($entry in $Entries) {
            $name = $entry.$NameProperty
            if ($name -is [string] -and (Test-ResponseAnnotation $name)) {
                continue
            }
            if ($entry -is [System.Management.Automation.PSPropertyInfo]) {
                # As a method this gives what the getter throws; as a property, the engine makes $null of it.
                $value = $entry.get_Value()
            }
            else {
                $value = $entry.Value
            }
            if ($null -eq $value -and $Kind -eq 'Image') {
                continue
            }
            $problem = if ($name -is [string] -and (Test-SameName $name 'AdditionalProperties') -and $Kind -ne 'Additional') {
                Add-AdditionalEntry $Body $value
            }
            else {
                Add-BodyMember $Body $name $value
            }
            if ($problem) {
                return $problem
            }
        }
    }
    catch {
        $Body.Problem = New-ReadProblem $name $_.Exception
    }
}

function script:Add-AdditionalEntry([hashtable] $Body, $Value) {
    if (Test-JsonNull $Value) {
        return
    }
    $members = Get-MemberEntry (ConvertTo-JsonElement $Value)
    if (-not $members) {
        return [System.FormatException]::new("AdditionalProperties must be an object, not $(Get-ValueDescription $Value).")
    }
    return Add-BodyEntry $Body $members.Entries $members.NameProperty 'Additional'
}

# The body of an argument; a FormatException is answered as it is. Where the argument is the identity too, its CloudPcDeviceImageId is
# for the URL alone.
function script:Get-ArgumentBody($Argument, [bool] $IsIdentity) {
    if ($Argument -is [System.FormatException]) {
        return $Argument
    }
    $body = $null
    $null = $script:BodyOf.TryGetValue($Argument, [ref] $body)
    if ($body.Problem) {
        return $body.Problem
    }
    if ($IsIdentity) {
        $null = $body.Additional.RemoveAll([System.Predicate[object]] { param($entry) Test-SameName $entry.Key 'CloudPcDeviceImageId' })
    }
    return $body
}

# What an answer of Graph says of itself (@odata.context, @microsoft.graph.tips) is not part of the image; its type is.
function script:Test-ResponseAnnotation([string] $Name) {
    return $Name.StartsWith('@microsoft.graph.', [System.StringComparison]::OrdinalIgnoreCase) -or
    ($Name.StartsWith('@odata.', [System.StringComparison]::OrdinalIgnoreCase) -and -not (Test-SameName $Name '@odata.type'))
}

# Whether names are the same in any case. For -eq they also are where one has control characters or invisible ones.
function script:Test-SameName([string] $Name, [string] $Other) {
    return $Name.Equals($Other, [System.StringComparison]::OrdinalIgnoreCase)
}

# -InputObject: anything with a CloudPcDeviceImageId, or else an Id.
function script:ConvertTo-IdentityArgument($Value) {
    try {
        $element = ConvertTo-JsonElement $Value
    }
    catch {
        return New-ReadProblem 'InputObject' $_.Exception
    }
    if ($element -is [System.Text.Json.JsonElement] -and $element.ValueKind -eq 'Object') {
        $Value = [System.Collections.Generic.Dictionary[string, System.Text.Json.JsonElement]]::new()
        foreach ($member in $element.EnumerateObject()) {
            $memberName = $member.Name
            # $null where it is no Unicode.
            if ($null -ne $memberName) {
                $Value[$memberName] = $member.Value
            }
        }
    }
    if ($null -eq $Value -or $Value -is [string] -or $Value -is [valuetype] -or
        $Value -is [array] -or $Value -is [Microsoft.Graph.PowerShell.Models.IDeviceManagementAdministrationIdentity]) {
        return , $Value
    }
    $id = $null
    foreach ($name in 'CloudPcDeviceImageId', 'Id') {
        $id = Get-NamedValue $Value $name
        if ($null -ne $id) {
            break
        }
    }
    $identity = [Microsoft.Graph.PowerShell.Models.DeviceManagementAdministrationIdentity]::new()
    if ($null -ne $id) {
        $text = ConvertTo-ScalarText $id
        if ($null -eq $text) {
            return [System.FormatException]::new("$name must be text, not a $($id.GetType().ToString()).")
        }
        $identity.CloudPcDeviceImageId = $text
    }
    return $identity
}

# An entry of a dictionary, or a property of another object, by its name in any case; $null where there is none.
function script:Get-NamedValue($Value, [string] $Name) {
    if ($Value -is [System.Collections.IDictionary]) {
        $entries = $Value.GetEnumerator()
    }
    elseif (Test-GenericDictionary $Value.GetType()) {
        $entries = $Value
    }
    else {
        $property = $Value.PSObject.Properties[$Name]
        $found = if ($property) { $property.Value }
        return $(if (-not (Test-JsonNull $found)) { $found })
    }
    foreach ($entry in $entries) {
        if ($entry.Key -is [string] -and (Test-SameName $entry.Key $Name) -and -not (Test-JsonNull $entry.Value)) {
            return $entry.Value
        }
    }
}

# -AdditionalProperties: a hashtable forgets the order of the dictionary that it is made from.
function script:ConvertTo-AdditionalPropertiesArgument($Value) {
    if ($Value -isnot [System.Collections.IDictionary] -or $Value -is [hashtable]) {
        return , $Value
    }
    $table = [hashtable]::new()
    foreach ($entry in $Value.GetEnumerator()) {
        $table[$entry.Key] = $entry.Value
    }
    $script:OrderOf.Add($table, $Value)
    return $table
}

$script:TicksOfYear2 = [datetime]::new(2, 1, 1).Ticks

# -ExpirationDate: the calendar date that the argument names. The engine alone would first turn a text with a zone into local time.
function script:ConvertTo-DateArgument($Value) {
    if ($Value -is [string]) {
        $date = ConvertFrom-CalendarText $Value
        if ($null -ne $date) {
            return $date
        }
        # A form that only the engine reads.
        return $Value -creplace $script:ZonedTime
    }
    if ($Value -is [System.DateTimeOffset]) {
        return $Value.DateTime
    }
    if ($Value -is [System.DateOnly]) {
        return $Value.ToDateTime([System.TimeOnly]::MinValue)
    }
    if (Test-FalseTicks $Value) {
        return New-DateProblem 'Date' $Value
    }
    return , $Value
}

# Whether a number cannot be meant as ticks, which it is for the engine: 20301231 or the seconds since 1970 would be in the year 1.
function script:Test-FalseTicks($Value) {
    return $null -ne $Value -and $script:NumberTypes.Contains($Value.GetType()) -and -not ($Value -ge $script:TicksOfYear2)
}

function script:New-DateProblem([string] $Kind, $Value) {
    return [System.FormatException]::new("It must be $($script:Wanted[$Kind]), not $(Get-ValueDescription $Value).")
}

# -LastModifiedDateTime: what the engine does not convert, or not to the moment that is named.
function script:ConvertTo-MomentArgument($Value) {
    if ($Value -is [string] -and $Value -cmatch $script:ZonedTime) {
        $moment = ConvertFrom-DateText $Value
        if ($null -ne $moment) {
            return $moment.UtcDateTime
        }
        if ($null -ne (ConvertFrom-CalendarText $Value)) {
            return New-DateProblem 'Moment' $Value
        }
    }
    if ($Value -is [System.DateOnly]) {
        return $Value.ToDateTime([System.TimeOnly]::MinValue)
    }
    if ($Value -is [System.DateTimeOffset]) {
        return $Value.UtcDateTime
    }
    if (Test-FalseTicks $Value) {
        return New-DateProblem 'Moment' $Value
    }
    return , $Value
}
