# Runs the command line of ZeyOS with an access token, as zeyos-run does for any command.
# The command is not started with "&": PowerShell does not wait for a program with windows, which the editor's own Node may be.
if (-not $env:ZEYOS_TERMINAL_NODE) {
  [Console]::Error.WriteLine('zeyos works only in a terminal that was opened with "ZeyOS: Open Terminal".')
  exit 3
}
# Quotes a word as the C runtime of Windows reads it: a backslash is special only before a quotation mark.
function Format-Argument([string] $Word) {
  '"' + ($Word -replace '(\\*)"', '$1$1\"' -replace '(\\+)$', '$1$1') + '"'
}
$start = New-Object System.Diagnostics.ProcessStartInfo
$start.FileName = $env:ZEYOS_TERMINAL_NODE
$start.Arguments = (@($env:ZEYOS_TERMINAL_HELPER, 'run', 'zeyos') + $args | ForEach-Object { Format-Argument $_ }) -join ' '
$start.WorkingDirectory = (Get-Location -PSProvider FileSystem).ProviderPath
$start.UseShellExecute = $false
$start.RedirectStandardInput = $MyInvocation.ExpectingInput
# The editor's own Node must not obey options that are meant for the user's programs.
$start.EnvironmentVariables['ZEYOS_TERMINAL_NODE_OPTIONS'] = "$env:NODE_OPTIONS"
$start.EnvironmentVariables.Remove('NODE_OPTIONS')
$start.EnvironmentVariables['ELECTRON_RUN_AS_NODE'] = '1'
$process = [System.Diagnostics.Process]::Start($start)
if ($MyInvocation.ExpectingInput) {
  foreach ($line in $input) { $process.StandardInput.WriteLine($line) }
  $process.StandardInput.Close()
}
$process.WaitForExit()
exit $process.ExitCode
