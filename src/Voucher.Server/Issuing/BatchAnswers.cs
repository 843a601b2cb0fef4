using Voucher.Core.Tokens;

namespace Voucher.Server.Issuing;

/// <summary>A batch as the API tells it. Money in 分, days local.</summary>
/// <param name="Status"><c>Drafted</c>, <c>Approved</c> (vouchers being written), <c>Issued</c>, <c>Cancelled</c>, <c>Refused</c>.</param>
/// <param name="Written">Vouchers signed and written so far, of <paramref name="People"/>.</param>
public sealed record BatchAnswer(
    long Id, string Name, string Kind, int Scope, string? ScopeName, long FaceValueFen, DateOnly ValidFrom, DateOnly ValidUntil,
    int BudgetLineId, string BudgetLine, string Status, int People, int Written, long TotalFen,
    string DraftedBy, DateTimeOffset DraftedAt, string? ApprovedBy, DateTimeOffset? ApprovedAt, DateTimeOffset? FinishedAt,
    string? ClosingReason, BatchFunnel Funnel)
{
    public static BatchAnswer Of(Batch batch, BatchFunnel funnel) => new(
        batch.Id.Value, batch.Name, batch.Kind.ToString(), batch.Scope.Code, batch.ScopeName, batch.FaceValueFen.Value,
        batch.ValidFrom, batch.ValidUntil, batch.BudgetLineId.Value, batch.BudgetLineName, batch.Status.ToString(), batch.People,
        batch.Written, batch.Total.Value, batch.DraftedBy, batch.DraftedAt, batch.ApprovedBy, batch.ApprovedAt, batch.FinishedAt,
        batch.ClosingReason, funnel);
}

public sealed record BatchListAnswer(IReadOnlyList<BatchAnswer> Batches, int Page, int Total);

/// <summary>A dry run: how many would get a voucher, and how many not, by reason.</summary>
public sealed record PreviewAnswer(int Chosen, int Eligible, IReadOnlyDictionary<string, int> Excluded, long TotalFen, long? FreeFen)
{
    public static PreviewAnswer Of(Eligibility eligibility) => new(
        eligibility.Chosen, eligibility.Eligible,
        eligibility.Excluded.ToDictionary(entry => entry.Key.ToString(), entry => entry.Value),
        eligibility.Total.Value, eligibility.Free?.Value);
}

/// <summary>A voucher of a batch.</summary>
/// <param name="Number">As printed, in groups.</param>
/// <param name="Digits">The 202 digits of the QR: as good as the voucher itself.</param>
/// <param name="Holder">Masked.</param>
public sealed record BatchVoucherAnswer(string Number, string Digits, string ShortCode, string State, string Holder, string? Township);

public sealed record BatchVouchersAnswer(IReadOnlyList<BatchVoucherAnswer> Vouchers, int Page, int Total);

/// <param name="Reason">1–200 characters.</param>
public sealed record ReasonRequest(string? Reason);

/// <summary>A voucher of a batch as lists show it.</summary>
public sealed record ListedVoucher(
    VoucherId Id, VoucherState State, bool InConflict, DateOnly ValidUntil, ShortCode ShortCode, byte[] Token, string Holder, string? Township)
{
    public string Digits => TokenDecoder.ReadStored(Token).ToDigits();

    public Words Standing(DateOnly today) => State.IsExpiredOn(today, ValidUntil) ? VoucherStates.Expired : State.Name();
}
