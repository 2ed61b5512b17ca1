@echo off
rem Runs a command with an access token for ZeyOS in its environment. The helper asks the editor window for the token.
setlocal DisableDelayedExpansion
if not defined ZEYOS_TERMINAL_NODE (
  echo zeyos-run works only in a terminal that was opened with "ZeyOS: Open Terminal". 1>&2
  exit /b 3
)
rem The editor's own Node must not obey options that are meant for the user's programs.
set "ZEYOS_TERMINAL_NODE_OPTIONS=%NODE_OPTIONS%"
set "NODE_OPTIONS="
set "ELECTRON_RUN_AS_NODE=1"
"%ZEYOS_TERMINAL_NODE%" "%ZEYOS_TERMINAL_HELPER%" run %*
exit /b %ERRORLEVEL%
