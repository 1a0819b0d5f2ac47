# Answers: headers and the image.

# Every response header with all its values, names in any case; empty for a response that is NULL.
function script:Read-ResponseHeader([System.IntPtr] $Response) {
    $headers = [System.Collections.Generic.Dictionary[string, System.Collections.Generic.IEnumerable[string]]]::new([System.StringComparer]::OrdinalIgnoreCase)
    $name = [System.IntPtr[]]::new(2)
    $value = [System.IntPtr[]]::new(2)
    $count = $script:Native::mgdi_response_header_count($Response)
    for ($index = 0; $index -lt $count; $index++) {
        $null = $script:Native::mgdi_response_header_at($Response, $index, $name, $value)
        $key = [System.Runtime.InteropServices.Marshal]::PtrToStringUTF8($name[0], $name[1])
        $values = $null
        if (-not $headers.TryGetValue($key, [ref] $values)) {
            $values = [System.Collections.Generic.List[string]]::new()
            $headers.Add($key, $values)
        }
        $values.Add([System.Runtime.InteropServices.Marshal]::PtrToStringUTF8($value[0], $value[1]))
    }
    return $headers
}

# A status as .NET's enum; a number that has no name there stays a number. A cast would refuse it.
function script:ConvertTo-StatusCode([int] $Status) {
    return [System.Enum]::ToObject([System.Net.HttpStatusCode], $Status)
}

# Headers for people, a line each.
function script:Format-Header($Headers) {
    $lines = foreach ($entry in $Headers.GetEnumerator()) {
        if (-not $script:SecretHeaders.Contains($entry.Key)) {
            '{0,-30}: {1}' -f $entry.Key, ($entry.Value -join ', ')
        }
    }
    return $lines -join "`n"
}

# JSON as .NET values: Int64 or Double, dictionaries, arrays; date texts stay texts.
function script:ConvertFrom-JsonElement([System.Text.Json.JsonElement] $Element) {
    switch ($Element.ValueKind) {
        'String' { return $Element.GetString() }
        'True' { return $true }
        'False' { return $false }
        'Number' {
            $integer = [long] 0
            if ($Element.TryGetInt64([ref] $integer)) {
                return $integer
            }
            return $Element.GetDouble()
        }
        'Object' {
            $values = [System.Collections.Generic.Dictionary[string, object]]::new()
            foreach ($property in $Element.EnumerateObject()) {
                $values[$property.Name] = ConvertFrom-JsonElement $property.Value
            }
            return $values
        }
        'Array' {
            $values = [System.Collections.Generic.List[object]]::new()
            foreach ($item in $Element.EnumerateArray()) {
                $values.Add((ConvertFrom-JsonElement $item))
            }
            return , $values.ToArray()
        }
    }
    return $null
}

class DeviceImage {
    # The image that Graph answered. Members that are none of the documented ones, or of an unexpected kind, are additional properties. A
    # date with Z or an offset becomes UTC; a date alone is midnight of no zone.
    static [object] FromJson([string] $Json) {
        $image = [Microsoft.Graph.PowerShell.Models.MicrosoftGraphCloudPcDeviceImage]::new()
        $additional = $image.AdditionalProperties
        if ($null -eq $additional) {
            # Our own type; Microsoft's has one from the start.
            $additional = $image.AdditionalProperties = [System.Collections.Generic.Dictionary[string, object]]::new()
        }
        $members = $script:MemberOf
        $moment = [datetime]::MinValue
        $document = [System.Text.Json.JsonDocument]::Parse($Json, $script:JsonOptions)
        foreach ($property in $document.RootElement.EnumerateObject()) {
            $name = $property.Name
            $element = $property.Value
            $kind = $element.ValueKind
            $member = $members[$name]
            if ($kind -eq [System.Text.Json.JsonValueKind]::String) {
                if ($null -eq $member) {
                    $additional[$name] = $element.GetString()
                }
                elseif ($member.Kind -eq 'Text') {
                    $member.Accessor.SetValue($image, $element.GetString())
                }
                elseif ($element.TryGetDateTime([ref] $moment)) {
                    if ($moment.Kind -eq [System.DateTimeKind]::Local) {
                        $moment = $moment.ToUniversalTime()
                    }
                    $member.Accessor.SetValue($image, $moment)
                }
                else {
                    $additional[$name] = $element.GetString()
                }
            }
            elseif ($null -eq $member -or $kind -ne [System.Text.Json.JsonValueKind]::Null) {
                $additional[$name] = ConvertFrom-JsonElement $element
            }
        }
        $document.Dispose()
        return $image
    }
}

$script:DeviceImage = [DeviceImage]
