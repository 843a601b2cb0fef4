# Removes the service and the start at log-in. The data stay in ProgramData\voucher-terminal: scans may be waiting in them.
#Requires -RunAsAdministrator
$ErrorActionPreference = 'Stop'
if (Get-Service -Name VoucherTerminal -ErrorAction SilentlyContinue) {
    Stop-Service -Name VoucherTerminal -Force
    sc.exe delete VoucherTerminal | Out-Null
}
Remove-Item -ErrorAction SilentlyContinue (Join-Path ([Environment]::GetFolderPath('CommonStartup')) 'Voucher terminal.lnk')
