using Voucher.Terminal;
using Voucher.Terminal.Journal;

if (args is [CheckJournalCommand.Name, .. var rest]) return CheckJournalCommand.Run(rest, Console.Out);

await using var app = TerminalApp.Build(args);
await app.RunAsync();
return 0;
