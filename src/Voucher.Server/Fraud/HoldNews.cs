using Voucher.Core.Fraud;
using Voucher.Server.Reporting;

namespace Voucher.Server.Fraud;

/// <summary>Tells the county's live pages of holds. The county's only: an institution sees the answer at its desk, not the reason behind it.</summary>
public sealed class HoldNews(LiveFeed feed, TimeProvider clock)
{
    public Task OpenedAsync(VoucherHold hold, VoucherId voucher, GuardPlace place)
    {
        var reason = hold.Reason.Name();
        return TellAsync(new Words(
            $"疑点 {hold.CaseNumber}：{reason.Zh}（{place.InstitutionName} {place.TerminalName}），请到“疑点核查”处理",
            $"Hold {hold.CaseNumber}: {reason.En} ({place.InstitutionName} {place.TerminalName}); see “Holds”"), voucher, place);
    }

    public Task DecidedAsync(string caseNumber, HoldVerdict verdict, VoucherId voucher)
    {
        var name = verdict.Name();
        return TellAsync(new Words($"疑点 {caseNumber}：{name.Zh}", $"Hold {caseNumber}: {name.En}"), voucher, place: null);
    }

    private Task TellAsync(Words what, VoucherId voucher, GuardPlace? place) => feed.PublishAsync(new LiveEvent(
        LiveEventKind.Hold, clock.GetUtcNow(), what, Institution: null, voucher.ToString(),
        InstitutionName: place?.InstitutionName, TerminalName: place?.TerminalName));
}
