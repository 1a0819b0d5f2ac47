# Any .NET value as JSON.

$script:MaxDepth = 64

$script:NumberTypes = [System.Collections.Generic.HashSet[type]]::new([type[]] @(
        [sbyte], [byte], [int16], [uint16], [int], [uint32], [long], [uint64], [System.Int128], [System.UInt128], [System.IntPtr],
        [System.UIntPtr], [bigint], [decimal]
    ))
$script:FloatTypes = [System.Collections.Generic.HashSet[type]]::new([type[]] @([double], [float], [System.Half]))

# Appends a value to a StringBuilder. Answers nothing, or the FormatException (not thrown) that names what cannot be written.
#   Path  the names and indices that lead to the value
#   Open  the objects and arrays that the value stands in, to find cycles
function script:Write-JsonValue([System.Text.StringBuilder] $Out, $Value, $Path, $Open) {
    if ($null -eq $Value -or $Value -is [System.DBNull] -or $Value -is [NullString]) {
        $null = $Out.Append('null')
        return
    }
    if ($Value -is [string] -or $Value -is [char]) {
        return Write-JsonString $Out $Value $Path
    }
    if ($Value -is [bool] -or $Value -is [switch]) {
        $null = $Out.Append($(if ($Value) { 'true' } else { 'false' }))
        return
    }
    $type = $Value.GetType()
    if ($script:NumberTypes.Contains($type)) {
        $null = $Out.Append($Value.ToString($script:Invariant))
        return
    }
    if ($script:FloatTypes.Contains($type)) {
        if (-not [double]::IsFinite($Value)) {
            return New-PathProblem $Path "the number $($Value.ToString($script:Invariant)), which JSON does not have"
        }
        $null = $Out.Append($Value.ToString($script:Invariant))
        return
    }
    $text = ConvertTo-TypedText $Value
    if ($null -ne $text) {
        return Write-JsonString $Out $text $Path
    }
    if ($Value -is [System.Text.Json.JsonDocument] -or $Value -is [System.Text.Json.Nodes.JsonNode]) {
        $Value = ConvertTo-JsonElement $Value
    }
    if ($Value -is [System.Text.Json.JsonElement]) {
        return Write-JsonElement $Out $Value $Path $Open
    }
    if ($Value -is [System.Collections.IDictionary]) {
        return Write-JsonContainer $Out $Value $Value.GetEnumerator() 'Key' $Path $Open
    }
    if ($Value -is [System.Collections.Specialized.NameValueCollection]) {
        return Write-JsonContainer $Out $Value (Get-CollectionEntry $Value) 'Key' $Path $Open
    }
    if (Test-GenericDictionary $type) {
        return Write-JsonContainer $Out $Value $Value 'Key' $Path $Open
    }
    # The engine takes an XML node for a list of itself.
    if ($Value -is [System.Collections.IEnumerable] -and $Value -isnot [System.Xml.XmlNode]) {
        return Write-JsonContainer $Out $Value $Value $null $Path $Open
    }
    # Objects without a type of their own, and those of PowerShell classes.
    if ($Value -is [System.Management.Automation.PSCustomObject] -or $type.Assembly.IsDynamic) {
        return Write-JsonContainer $Out $Value $Value.PSObject.Properties 'Name' $Path $Open
    }
    if ($Value -is [System.IFormattable]) {
        return Write-JsonString $Out ([string]::Format($script:Invariant, '{0}', $Value)) $Path
    }
    return New-PathProblem $Path "a $($type.ToString()), which has no JSON form"
}

# Appends an object (NameProperty says where its entries have their names) or an array (no NameProperty).
function script:Write-JsonContainer([System.Text.StringBuilder] $Out, $Container, $Entries, [string] $NameProperty, $Path, $Open) {
    if ($Path.Count -gt $script:MaxDepth) {
        return New-PathProblem $Path "objects or arrays more than $script:MaxDepth levels deep"
    }
    if (-not $Open.Add($Container)) {
        return New-PathProblem $Path 'an object that it is itself a part of'
    }
    $null = $Out.Append($(if ($NameProperty) { '{' } else { '[' }))
    $count = 0
    $names = [System.Collections.Generic.HashSet[string]]::new()
    foreach ($entry in $Entries) {
        if ($count) {
            $null = $Out.Append(',')
        }
        if ($NameProperty) {
            $name = $entry.$NameProperty
            if ($null -eq $name) {
                # What the engine reads where .NET cannot give the name.
                return New-PathProblem $Path 'a name that is not Unicode (half of a surrogate pair)'
            }
            if ($name -isnot [string]) {
                return New-PathProblem $Path "a key that is not text ($name)"
            }
            if (-not $names.Add($name)) {
                return New-PathProblem $Path "the name $name twice"
            }
            $problem = Write-JsonString $Out $name $Path 'a name'
            if ($problem) {
                return $problem
            }
            $null = $Out.Append(':')
            $Path.Add(".$name")
            if ($entry -is [System.Management.Automation.PSPropertyInfo]) {
                # As a method this gives what the getter throws; as a property, the engine makes $null of it.
                $value = $entry.get_Value()
            }
            else {
                $value = $entry.Value
            }
        }
        else {
            $Path.Add("[$count]")
            $value = $entry
        }
        $count++
        # What lists are mostly made of, without a call for each.
        if ($value -is [int] -or $value -is [long]) {
            $null = $Out.Append($value.ToString($script:Invariant))
            $Path.RemoveAt($Path.Count - 1)
            continue
        }
        $problem = Write-JsonValue $Out $value $Path $Open
        if ($problem) {
            return $problem
        }
        $Path.RemoveAt($Path.Count - 1)
    }
    $null = $Out.Append($(if ($NameProperty) { '}' } else { ']' }))
    $null = $Open.Remove($Container)
}

# Appends JSON that was read: numbers keep their digits.
function script:Write-JsonElement([System.Text.StringBuilder] $Out, [System.Text.Json.JsonElement] $Element, $Path, $Open) {
    switch ($Element.ValueKind) {
        'Object' { return Write-JsonContainer $Out ([object]::new()) $Element.EnumerateObject() 'Name' $Path $Open }
        'Array' { return Write-JsonContainer $Out ([object]::new()) $Element.EnumerateArray() $null $Path $Open }
        'String' { return Write-JsonString $Out (Read-JsonString $Element) $Path }
        default { $null = $Out.Append($Element.GetRawText()) }
    }
}

function script:Write-JsonString([System.Text.StringBuilder] $Out, [string] $Text, $Path, [string] $What = 'a text') {
    if ($script:LoneSurrogate.IsMatch($Text)) {
        return New-PathProblem $Path "$What that is not Unicode (half of a surrogate pair)"
    }
    $null = $Out.Append((ConvertTo-JsonString $Text))
}

function script:New-PathProblem($Path, [string] $What) {
    return [System.FormatException]::new("$(-join $Path) holds $What.")
}

# The FormatException for what a value's own code threw while it was read. It is taken out of $Error.
function script:New-ReadProblem([string] $Name, [System.Exception] $Exception) {
    $cause = Get-InnerCause $Exception
    Clear-CaughtError $cause
    return [System.FormatException]::new("$Name cannot be read: $($cause.Message)")
}

# The text of a value that JSON has no type for, or $null.
function script:ConvertTo-TypedText($Value) {
    if ($Value -is [datetime]) {
        # K: Z for UTC, the offset for local time, nothing for an unspecified kind.
        return $Value.ToString('yyyy-MM-ddTHH:mm:ss.FFFFFFFK', $script:Invariant)
    }
    if ($Value -is [System.DateTimeOffset]) {
        if ($Value.Offset -eq [timespan]::Zero) {
            return $Value.UtcDateTime.ToString('yyyy-MM-ddTHH:mm:ss.FFFFFFFK', $script:Invariant)
        }
        return $Value.ToString('yyyy-MM-ddTHH:mm:ss.FFFFFFFK', $script:Invariant)
    }
    if ($Value -is [System.DateOnly]) {
        return $Value.ToString('yyyy-MM-dd', $script:Invariant)
    }
    if ($Value -is [System.TimeOnly]) {
        return $Value.ToString('HH:mm:ss.FFFFFFF', $script:Invariant)
    }
    if ($Value -is [enum] -or $Value -is [guid] -or $Value -is [timespan]) {
        return $Value.ToString()
    }
    if ($Value -is [uri]) {
        return $Value.OriginalString
    }
    # No -is: once the engine has compiled it, that also holds for lists of sbyte and of enums over byte.
    if ($Value.GetType() -eq [byte[]]) {
        return [System.Convert]::ToBase64String($Value)
    }
    return $null
}

# The entries of a NameValueCollection, which is itself a list of its names. A name with several values has an array of them.
function script:Get-CollectionEntry([System.Collections.Specialized.NameValueCollection] $Collection) {
    $entries = [System.Collections.Generic.List[object]]::new()
    for ($index = 0; $index -lt $Collection.Count; $index++) {
        $values = @($Collection.GetValues($index))
        $value = if ($values.Count -gt 1) { $values } else { $Collection.Get($index) }
        $entries.Add([System.Collections.DictionaryEntry]::new($Collection.GetKey($index), $value))
    }
    return , $entries
}

# A dictionary that has only the generic interface, such as ExpandoObject.
function script:Test-GenericDictionary([type] $Type) {
    foreach ($interface in $Type.GetInterfaces()) {
        if ($interface.IsGenericType -and $interface.GetGenericTypeDefinition() -in
            [System.Collections.Generic.IDictionary`2], [System.Collections.Generic.IReadOnlyDictionary`2]) {
            return $true
        }
    }
    return $false
}
