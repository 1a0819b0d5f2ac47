# The body of an update: what it has of each member (absent, null or a value), and how it becomes JSON.

# A body without members.
#   Known       by Member.Index: $null where the member is absent, DBNull for null, else the text of the wire
#   Additional  entries of a name and a value of any kind, in the order given; may be $null
#   Names       of Additional, to find a name that is given twice
#   Source      the object that the members come from, to find one that holds itself
#   Problem     the FormatException that says what could not be read, or $null
function script:New-Body($Source) {
    return @{
        Known      = [object[]]::new($script:Members.Count)
        Additional = [System.Collections.Generic.List[object]]::new()
        Names      = [System.Collections.Generic.HashSet[string]]::new()
        Source     = $Source
        Problem    = $null
    }
}

# What a member of each kind must be.
$script:Wanted = @{
    Text   = 'text'
    Date   = 'a date, like 2030-12-31'
    Moment = 'a date and time, like 2030-12-31T10:00:00Z, in the years 1 to 9999 of UTC'
}

# Answers nothing, or the FormatException (not thrown) that names the member and what is wrong with it.
function script:Add-BodyMember([hashtable] $Body, $Name, $Value) {
    if ($null -eq $Name) {
        # What the engine reads where .NET cannot give the name.
        return [System.FormatException]::new('The name of a member is not Unicode (half of a surrogate pair).')
    }
    if ($Name -isnot [string]) {
        return [System.FormatException]::new("The name of a member is not text ($Name).")
    }
    $member = $script:MemberOf[$Name]
    if (-not $member) {
        if (-not $Body.Names.Add($Name)) {
            return [System.FormatException]::new("$Name is given twice.")
        }
        $Body.Additional.Add([System.Collections.DictionaryEntry]::new($Name, $Value))
        return
    }
    if ($null -ne $Body.Known[$member.Index]) {
        return [System.FormatException]::new("$($member.Name) is given twice.")
    }
    if ($Value -is [System.Text.Json.Nodes.JsonNode] -or $Value -is [System.Text.Json.JsonDocument]) {
        try {
            $Value = ConvertTo-JsonElement $Value
        }
        catch {
            return New-ReadProblem $member.Name $_.Exception
        }
    }
    if (Test-JsonNull $Value) {
        $Body.Known[$member.Index] = [System.DBNull]::Value
        return
    }
    $text = switch ($member.Kind) {
        'Text' { ConvertTo-ScalarText $Value }
        'Date' { ConvertTo-DateText $Value }
        'Moment' { ConvertTo-MomentText $Value }
    }
    if ($null -eq $text) {
        return [System.FormatException]::new("$($member.Name) must be $($script:Wanted[$member.Kind]), not $(Get-ValueDescription $Value).")
    }
    $Body.Known[$member.Index] = $text
}

function script:Test-JsonNull($Value) {
    return $null -eq $Value -or $Value -is [System.DBNull] -or $Value -is [NullString] -or
    ($Value -is [System.Text.Json.JsonElement] -and $Value.ValueKind -eq 'Null')
}

# A value for a message: a text itself, where it is short, else the type.
function script:Get-ValueDescription($Value) {
    if ($Value -is [System.Text.Json.JsonElement]) {
        $Value = if ($Value.ValueKind -eq 'String') { Read-JsonString $Value } else { return "a JSON $($Value.ValueKind.ToString().ToLowerInvariant())" }
    }
    if ($Value -is [string] -and $Value.Length -le 64) {
        return "'$Value'"
    }
    return "a $($Value.GetType().ToString())"
}

# Whether one of these parameters makes a body.
function script:Test-MemberParameter([string[]] $Names) {
    if ($Names -contains 'AdditionalProperties') {
        return $true
    }
    foreach ($member in $script:Members) {
        if ($Names -contains $member.Property) {
            return $true
        }
    }
    return $false
}

class DeviceImageBody {
    # The body that the command's own parameters make: those that were bound, whatever their value. Or a FormatException (not thrown).
    static [object] FromParameters([System.Collections.Generic.Dictionary[string, object]] $Bound) {
        $additional = $Bound['AdditionalProperties']
        $known = [object[]]::new($script:Members.Count)
        $body = @{ Known = $known; Additional = $null }
        if ($null -ne $additional) {
            $body = New-Body $additional
            $known = $body.Known
            $ordered = $null
            if ($script:OrderOf.TryGetValue($additional, [ref] $ordered)) {
                $body.Source = $additional = $ordered
            }
            foreach ($entry in $additional.GetEnumerator()) {
                $problem = Add-BodyMember $body $entry.Key $entry.Value
                if ($problem) {
                    return $problem
                }
            }
        }
        foreach ($entry in $Bound.GetEnumerator()) {
            $member = $script:MemberOf[$entry.Key]
            if (-not $member) {
                continue
            }
            # Most are texts; a call for each would be what takes longest.
            if ($entry.Value -is [string] -and $member.Kind -eq 'Text' -and $null -eq $known[$member.Index]) {
                $known[$member.Index] = $entry.Value
                continue
            }
            $problem = Add-BodyMember $body $member.Name $entry.Value
            if ($problem) {
                return $problem
            }
        }
        return $body
    }

    # The body as compact JSON: additional members in the order given, then the documented ones in the order of the wire. Or the
    # FormatException (not thrown) that says what cannot be written; one that stands for the body is answered as it is.
    static [object] ToJson($Body) {
        if ($Body -isnot [hashtable]) {
            return $Body
        }
        $known = $Body.Known
        $out = [System.Text.StringBuilder]::new('{')
        if ($Body.Additional) {
            $open = [System.Collections.Generic.HashSet[object]]::new([System.Collections.Generic.ReferenceEqualityComparer]::Instance)
            $null = $open.Add($Body.Source)
            foreach ($entry in $Body.Additional) {
                if ($out.Length -gt 1) {
                    $null = $out.Append(',')
                }
                $path = [System.Collections.Generic.List[string]]::new()
                $path.Add($entry.Key)
                $problem = Write-JsonString $out $entry.Key $path 'a name'
                if (-not $problem) {
                    $null = $out.Append(':')
                    try {
                        $problem = Write-JsonValue $out $entry.Value $path $open
                    }
                    catch {
                        # The value's own, as it was read.
                        $problem = New-ReadProblem (-join $path) $_.Exception
                    }
                }
                if ($problem) {
                    return $problem
                }
            }
        }
        foreach ($member in $script:Members) {
            $text = $known[$member.Index]
            if ($null -eq $text) {
                continue
            }
            if ($out.Length -gt 1) {
                $null = $out.Append(',')
            }
            $null = $out.Append($member.JsonName)
            if ($text -is [System.DBNull]) {
                $null = $out.Append('null')
                continue
            }
            if ($script:Escaped.IsMatch($text)) {
                if ($script:LoneSurrogate.IsMatch($text)) {
                    return [System.FormatException]::new("$($member.Name) holds a text that is not Unicode (half of a surrogate pair).")
                }
                $text = ConvertTo-JsonString $text
            }
            else {
                # Without a call for what most texts are.
                $text = '"' + $text + '"'
            }
            $null = $out.Append($text)
        }
        return $out.Append('}').ToString()
    }
}

$script:DeviceImageBody = [DeviceImageBody]
