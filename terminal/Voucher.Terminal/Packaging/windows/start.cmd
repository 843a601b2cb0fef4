@echo off
rem Starts the terminal and shows its page across the whole screen.
rem   start.cmd            the program where it does not run yet, then the browser
rem   start.cmd --browser  only the browser, when the program runs as a service
setlocal
set "folder=%~dp0"
set "program=%folder%app\Voucher.Terminal.exe"
if not "%~1"=="--browser" (
  "%program%" wait-until-up 0 >nul 2>nul || start "Voucher terminal" /min "%program%"
)
set "address="
for /f "usebackq delims=" %%a in (`call "%program%" wait-until-up 60`) do set "address=%%a"
if not defined address (
  echo The program does not answer; see logs in the data folder.
  pause
  exit /b 1
)
set "browser=%ProgramFiles(x86)%\Microsoft\Edge\Application\msedge.exe"
if not exist "%browser%" set "browser=%ProgramFiles%\Microsoft\Edge\Application\msedge.exe"
if not exist "%browser%" set "browser=%ProgramFiles%\Google\Chrome\Application\chrome.exe"
if exist "%browser%" (
  start "" "%browser%" --kiosk "%address%" --edge-kiosk-type=fullscreen --user-data-dir="%LOCALAPPDATA%\voucher-terminal-browser" --no-first-run --autoplay-policy=no-user-gesture-required
) else (
  start "" "%address%"
)
