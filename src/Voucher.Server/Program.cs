using System.CommandLine;
using Voucher.Server;
using Voucher.Server.Database;

DapperTypes.Register();
return await ServerCommands.Root().Parse(args).InvokeAsync();
