# Scalars and dates as text, the same on every machine whatever its culture.

$script:Invariant = [cultureinfo]::InvariantCulture

# The text of a scalar, or $null where the value is none.
function script:ConvertTo-ScalarText($Value) {
    if ($Value -is [string]) {
        return [string] $Value
    }
    if ($Value -is [uri]) {
        return $Value.OriginalString
    }
    if ($Value -is [System.Management.Automation.PSCustomObject]) {
        # Its wrapper, PSObject, passes for IFormattable.
        return $null
    }
    if ($Value -is [System.IConvertible] -or $Value -is [System.IFormattable] -or $Value -is [switch]) {
        # A cast to string is culture-free.
        return [string] $Value
    }
    if ($Value -is [System.Text.Json.JsonElement]) {
        switch ($Value.ValueKind) {
            'String' { return Read-JsonString $Value }
            'Number' { return $Value.GetRawText() }
            'True' { return [string] $true }
            'False' { return [string] $false }
        }
    }
    return $null
}

# The moment that a text names; without a zone it counts as UTC. $null where it names none.
function script:ConvertFrom-DateText([string] $Text) {
    # A year of four digits, since the parser would also find a day in "1.5" or "10:30".
    if ($Text -notmatch '\d{4}') {
        return $null
    }
    # Decimals beyond a tick are cut off: the parser would round, perhaps into another day.
    $ticks = $Text -replace '(\.\d{7})\d+', '$1'
    $moment = [System.DateTimeOffset]::MinValue
    if ([System.DateTimeOffset]::TryParse($ticks, $script:Invariant, [System.Globalization.DateTimeStyles]::AssumeUniversal, [ref] $moment)) {
        return $moment
    }
    return $null
}

# A time of day, and the zone after it.
$script:ZonedTime = '(?<=\d:\d\d.*?)\s*(?:[Zz]|GMT|[+-]\d{1,2}(?::?\d\d)?)\s*\z'

# The calendar date that a text names, whatever its zone: a DateTime with that date. $null where it names none.
function script:ConvertFrom-CalendarText([string] $Text) {
    $moment = ConvertFrom-DateText $Text
    if ($null -eq $moment) {
        # Perhaps a moment that is in UTC before the first day or after the last.
        $moment = ConvertFrom-DateText ($Text -creplace $script:ZonedTime)
    }
    if ($null -ne $moment) {
        return $moment.DateTime
    }
}

# yyyy-MM-dd: the value's own calendar date. $null where the value is no date.
function script:ConvertTo-DateText($Value) {
    if ($Value -is [System.Text.Json.JsonElement] -and $Value.ValueKind -eq 'String') {
        $Value = Read-JsonString $Value
    }
    if ($Value -is [string]) {
        $Value = ConvertFrom-CalendarText $Value
    }
    if ($Value -is [datetime] -or $Value -is [System.DateTimeOffset] -or $Value -is [System.DateOnly]) {
        return $Value.ToString('yyyy-MM-dd', $script:Invariant)
    }
    return $null
}

# The moment in UTC with every tick; a DateTime of unspecified kind counts as local, and so does a date. $null where the value is no moment.
function script:ConvertTo-MomentText($Value) {
    if ($Value -is [System.Text.Json.JsonElement] -and $Value.ValueKind -eq 'String') {
        $Value = Read-JsonString $Value
    }
    if ($Value -is [string]) {
        $Value = ConvertFrom-DateText $Value
    }
    if ($Value -is [System.DateOnly]) {
        $Value = $Value.ToDateTime([System.TimeOnly]::MinValue)
    }
    if ($Value -is [datetime]) {
        $utc = $Value.ToUniversalTime()
    }
    elseif ($Value -is [System.DateTimeOffset]) {
        $utc = $Value.UtcDateTime
    }
    else {
        return $null
    }
    return $utc.ToString('yyyy-MM-ddTHH:mm:ss.fffffff', $script:Invariant) + 'Z'
}
