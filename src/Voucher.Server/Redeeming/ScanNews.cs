using Voucher.Core.Wire;
using Voucher.Server.Reporting;

namespace Voucher.Server.Redeeming;

/// <summary>Tells the live pages of a scan, after it was committed.</summary>
public sealed class ScanNews(LiveFeed feed)
{
    public Task TellAsync(ScanningTerminal terminal, ScanAnswer answer) => feed.PublishAsync(new LiveEvent(
        LiveEventKind.Scan, answer.AnsweredAt, answer.Reason, terminal.Institution, answer.VoucherNumber, answer.Holder,
        terminal.InstitutionName, answer.ClassName, terminal.Name, answer.Accepted, answer.Refusal));
}
