using Voucher.Terminal;

await using var app = TerminalApp.Build(args);
await app.RunAsync();
