# Attributes that change an argument before the engine converts it to the parameter's type. The engine shares them between runspaces,
# so they must not belong to the one that made them.

# Keeps $null for a [string] parameter; the engine alone makes an empty text of it.
[System.Management.Automation.Language.NoRunspaceAffinity()]
class NullableText : System.Management.Automation.ArgumentTransformationAttribute {
    [object] Transform([System.Management.Automation.EngineIntrinsics] $engine, [object] $value) {
        if ($null -eq $value) {
            return [NullString]::Value
        }
        return $value
    }
}

# Hands the argument to a function of this module, which answers the new argument, or the reason why there is none as a
# MetadataException. What it does not know it answers as it is, so that the error is the engine's own.
[System.Management.Automation.Language.NoRunspaceAffinity()]
class ConvertedBy : System.Management.Automation.ArgumentTransformationAttribute {
    [string] $Function

    ConvertedBy([string] $function) {
        $this.Function = $function
    }

    [object] Transform([System.Management.Automation.EngineIntrinsics] $engine, [object] $value) {
        if ($null -eq $value) {
            # So it is for every parameter that is not bound.
            return $value
        }
        if (-not $script:isInitialized) { Initialize-Command }
        $converted = & $this.Function $value
        if ($converted -is [System.Management.Automation.MetadataException]) {
            throw $converted
        }
        return $converted
    }
}
