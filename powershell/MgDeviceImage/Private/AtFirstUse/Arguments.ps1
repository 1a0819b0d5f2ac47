# What [ConvertedBy()] parameters accept. Each function answers the new argument, the argument itself where it knows no better (the
# error is the engine's own then), or a FormatException (not thrown) for one that is wrong.

# Bodies by the objects that stand for them as arguments, which have no place for "null" or for an order.
$script:BodyOf = [System.Runtime.CompilerServices.ConditionalWeakTable[object, hashtable]]::new()

# Hashtables by the ordered dictionaries that they were made from, likewise.
$script:OrderOf = [System.Runtime.CompilerServices.ConditionalWeakTable[object, object]]::new()

# -BodyParameter: JSON text, a dictionary, an object.
function script:ConvertTo-BodyArgument($Value) {
    if ($Value -is [string]) {
        $root = ConvertFrom-JsonDocument $Value
        if ($root -is [System.FormatException]) {
            return [System.FormatException]::new("The text is not valid JSON: $($root.Message)")
        }
        $Value = $root
    }
    if ($Value -is [System.Text.Json.JsonElement]) {
        if ($Value.ValueKind -ne 'Object') {
            return [System.FormatException]::new("The JSON text must be an object, not $($Value.ValueKind.ToString().ToLowerInvariant()).")
        }
        return New-BodyArgument $Value $Value.EnumerateObject() 'Name'
    }
    if ($Value -is [System.Collections.IDictionary]) {
        return New-BodyArgument $Value $Value.GetEnumerator() 'Key'
    }
    if ($null -eq $Value -or $Value -is [valuetype]) {
        return , $Value
    }
    if (Test-GenericDictionary $Value.GetType()) {
        return New-BodyArgument $Value $Value 'Key'
    }
    if ($Value -is [System.Management.Automation.PSCustomObject]) {
        return New-BodyArgument $Value $Value.PSObject.Properties 'Name'
    }
    $entries = Get-DeviceImageEntry $Value
    if ($null -ne $entries) {
        return New-BodyArgument $Value $entries 'Name'
    }
    return , $Value
}

# The members of an object with properties of a device image, ours or Microsoft's. Such an object cannot say "null": a property
# without a value is absent. Nothing for an object of another kind; an Id alone makes no image.
function script:Get-DeviceImageEntry($Value) {
    $properties = $Value.PSObject.Properties
    $isImage = $false
    $entries = [System.Collections.Generic.List[object]]::new()
    $additional = $properties['AdditionalProperties']
    if ($additional -and $additional.Value -is [System.Collections.IDictionary]) {
        foreach ($entry in $additional.Value.GetEnumerator()) {
            $entries.Add([pscustomobject] @{ Name = $entry.Key; Value = $entry.Value })
        }
    }
    foreach ($member in $script:Members) {
        $property = $properties[$member.Property]
        if ($property) {
            $isImage = $isImage -or $member.Property -ne 'Id'
            if ($null -ne $property.Value) {
                $entries.Add([pscustomobject] @{ Name = $member.Name; Value = $property.Value })
            }
        }
    }
    if ($isImage) {
        return , $entries
    }
}

function script:New-BodyArgument($Source, $Entries, [string] $NameProperty) {
    $body = New-Body $Source
    foreach ($entry in $Entries) {
        $name = $entry.$NameProperty
        if ($name -is [string] -and (Test-ResponseAnnotation $name)) {
            continue
        }
        $problem = Add-BodyMember $body $name $entry.Value
        if ($problem) {
            return $problem
        }
    }
    $argument = [Microsoft.Graph.PowerShell.Models.MicrosoftGraphCloudPcDeviceImage]::new()
    $script:BodyOf.Add($argument, $body)
    return $argument
}

# The body of an argument; a FormatException is answered as it is. Where the argument is the identity too, its CloudPcDeviceImageId is
# for the URL alone.
function script:Get-ArgumentBody($Argument, [bool] $IsIdentity) {
    if ($Argument -is [System.FormatException]) {
        return $Argument
    }
    $body = $null
    $null = $script:BodyOf.TryGetValue($Argument, [ref] $body)
    if ($IsIdentity) {
        $null = $body.Additional.RemoveAll([System.Predicate[object]] { param($entry) $entry.Key -eq 'CloudPcDeviceImageId' })
    }
    return $body
}

# What an answer of Graph says of itself (@odata.context, @odata.etag) is not part of the image; its type is.
function script:Test-ResponseAnnotation([string] $Name) {
    return $Name.StartsWith('@odata.', [System.StringComparison]::OrdinalIgnoreCase) -and $Name -ne '@odata.type'
}

# -InputObject: anything with a CloudPcDeviceImageId, or else an Id.
function script:ConvertTo-IdentityArgument($Value) {
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
            return [System.FormatException]::new("$name must be text, not a $($id.GetType()).")
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
        return $(if ($property) { $property.Value })
    }
    foreach ($entry in $entries) {
        if ($entry.Key -is [string] -and $entry.Key -eq $Name -and $null -ne $entry.Value) {
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

# -ExpirationDate: the calendar date that the argument names. The engine alone would first turn a text with a zone into local time.
function script:ConvertTo-DateArgument($Value) {
    if ($Value -is [string]) {
        $moment = ConvertFrom-DateText $Value
        if ($null -ne $moment) {
            return $moment.DateTime
        }
    }
    if ($Value -is [System.DateTimeOffset]) {
        return $Value.DateTime
    }
    if ($Value -is [System.DateOnly]) {
        return $Value.ToDateTime([System.TimeOnly]::MinValue)
    }
    return , $Value
}

# -LastModifiedDateTime: what the engine does not convert.
function script:ConvertTo-MomentArgument($Value) {
    if ($Value -is [System.DateTimeOffset]) {
        return $Value.UtcDateTime
    }
    return , $Value
}
