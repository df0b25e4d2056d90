@echo off
rem Launches this checkout: sets it up on first use, then runs the program.
setlocal
set "here=%~dp0"
fc /b "%here%package-lock.json" "%here%node_modules\.whyota-lock" >nul 2>&1 && goto run
where node >nul 2>&1 || (echo whyota: setting up a checkout needs Node 18 or later and npm: https://nodejs.org 1>&2 & exit /b 2)
node "%here%scripts\setup.mjs" 1>&2 || exit /b 2
:run
rem The hub's console is built on first use too.
if /i "%~1"=="hub" if not exist "%here%dist\console\index.html" (
  echo whyota: building the hub's console 1>&2
  pushd "%here%" & "%here%node_modules\node\bin\node.exe" scripts\build-console.ts 1>&2 & popd
)
"%here%node_modules\node\bin\node.exe" "%here%src\cli\main.ts" %*
exit /b %errorlevel%
