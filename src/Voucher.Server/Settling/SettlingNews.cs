using Voucher.Server.Reporting;
using Voucher.Server.Settling.Payments;

namespace Voucher.Server.Settling;

/// <summary>Tells the live pages what settlement has just committed; an institution hears of its own only.</summary>
public sealed class SettlingNews(LiveFeed feed, TimeProvider clock)
{
    public Task SubmittedAsync(ClaimId claim, InstitutionId institution, int vouchers) => TellAsync(
        LiveEventKind.Claim, institution, new($"申报单 {claim} 已提交，{vouchers} 张券", $"Claim {claim} submitted, {vouchers} vouchers"));

    public Task ApprovedAsync(ClaimId claim, InstitutionId institution, int passed, int lines) => TellAsync(
        LiveEventKind.Claim, institution, new($"申报单 {claim} 已审批，通过 {passed}/{lines}", $"Claim {claim} approved, {passed} of {lines} passed"));

    public async Task PaidAsync(PaymentId payment, IReadOnlyCollection<(InstitutionId Institution, Fen Paid)> shares)
    {
        var number = PaymentFile.NumberOf(payment);
        foreach (var (institution, paid) in shares)
        {
            var amount = paid.ToGroupedYuan();
            await TellAsync(LiveEventKind.Payment, institution, new($"{number} 已支付 {amount} 元", $"{number}: {amount} yuan paid"));
        }
    }

    private Task TellAsync(LiveEventKind kind, InstitutionId institution, Words what) =>
        feed.PublishAsync(new LiveEvent(kind, clock.GetUtcNow(), what, institution));
}
