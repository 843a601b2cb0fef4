using Voucher.Terminal;
using Voucher.Terminal.Diagnostics;
using Voucher.Terminal.Journal;
using Voucher.Terminal.Settings;

if (args is [CheckJournalCommand.Name, .. var rest]) return CheckJournalCommand.Run(rest, Console.Out);
if (args is [CheckSettingsCommand.Name, .. var file]) return CheckSettingsCommand.Run(file, Console.Out);
if (args is [WaitUntilUpCommand.Name, .. var wait]) return await WaitUntilUpCommand.Run(wait, Console.Out, TimeProvider.System);

await using var app = TerminalApp.Build(args);
await app.RunAsync();
return 0;
