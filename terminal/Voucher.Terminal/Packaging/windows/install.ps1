# Installs the terminal as a Windows service that starts with the machine, and its page at log-in. Run in an elevated
# PowerShell; run again to update:  powershell -ExecutionPolicy Bypass -File install.ps1
#Requires -RunAsAdministrator
$ErrorActionPreference = 'Stop'
$name = 'VoucherTerminal'
$target = Join-Path $env:ProgramFiles 'Voucher Terminal'
$data = Join-Path $env:ProgramData 'voucher-terminal'
$page = 'http://127.0.0.1:5090'

if (Get-Service -Name $name -ErrorAction SilentlyContinue) { Stop-Service -Name $name -Force }
New-Item -ItemType Directory -Force -Path $target, $data | Out-Null
Copy-Item -Path (Join-Path $PSScriptRoot '*') -Destination $target -Recurse -Force

# The data belong to the service's account and to administrators, and to nobody else.
icacls $data /inheritance:r /grant '*S-1-5-19:(OI)(CI)F' '*S-1-5-32-544:(OI)(CI)F' '*S-1-5-18:(OI)(CI)F' | Out-Null

$program = '"{0}"' -f (Join-Path $target 'app\Voucher.Terminal.exe')
if (-not (Get-Service -Name $name -ErrorAction SilentlyContinue)) {
    New-Service -Name $name -BinaryPathName $program -DisplayName 'Voucher terminal' -StartupType Automatic | Out-Null
    sc.exe config $name obj= 'NT AUTHORITY\LocalService' password= '' | Out-Null
    sc.exe failure $name reset= 86400 actions= restart/2000/restart/2000/restart/10000 | Out-Null
}
Set-ItemProperty -Path "HKLM:\SYSTEM\CurrentControlSet\Services\$name" -Name Environment -Type MultiString -Value @("VOUCHER_TERMINAL_HOME=$data")

# The page may use the camera without asking.
foreach ($browser in 'Microsoft\Edge', 'Google\Chrome') {
    $policy = "HKLM:\SOFTWARE\Policies\$browser\VideoCaptureAllowedUrls"
    New-Item -Path $policy -Force | Out-Null
    Set-ItemProperty -Path $policy -Name '1' -Value $page
}

$shell = New-Object -ComObject WScript.Shell
$link = $shell.CreateShortcut((Join-Path ([Environment]::GetFolderPath('CommonStartup')) 'Voucher terminal.lnk'))
$link.TargetPath = Join-Path $target 'start.cmd'
$link.Arguments = '--browser'
$link.WindowStyle = 7
$link.Save()

Start-Service -Name $name
& (Join-Path $target 'app\Voucher.Terminal.exe') wait-until-up 60
