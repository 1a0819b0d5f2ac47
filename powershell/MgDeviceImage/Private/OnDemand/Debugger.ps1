# -Break: waits until a debugger is attached to this process. Ctrl+C ends it.
function script:Wait-Debugger {
    [System.Console]::Error.WriteLine("Waiting for debugger to attach to process $PID")
    while (-not [System.Diagnostics.Debugger]::IsAttached) {
        [System.Threading.Thread]::Sleep(50)
    }
    [System.Diagnostics.Debugger]::Break()
}
