# Completes an argument that is one of a few known texts, with the quote that it begins with. ArgumentCompletions alone would find nothing
# after a quote.
param([string] $Word, [string[]] $Values)

$quote = if ($Word -match '\A[''"]') { $Matches[0] }
foreach ($value in $Values) {
    if ($value -like "$($Word.Trim("'", '"'))*") {
        [System.Management.Automation.CompletionResult]::new("$quote$value$quote", $value, 'ParameterValue', $value)
    }
}
