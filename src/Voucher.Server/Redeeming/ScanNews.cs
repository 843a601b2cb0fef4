using Voucher.Core.Wire;

namespace Voucher.Server.Redeeming;

/// <summary>Tells the live pages of a scan, after it was committed.</summary>
public sealed class ScanNews
{
    public Task TellAsync(TerminalId terminal, ScanAnswer answer) => Task.CompletedTask;
}
