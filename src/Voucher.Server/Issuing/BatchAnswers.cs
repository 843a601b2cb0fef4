using Voucher.Core.Tokens;
using Voucher.Server.Issuing.Judging;

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
/// <param name="Excluded">By first reason: they add up to those who get nothing.</param>
/// <param name="Reasons">By every reason that applies, so that a person may be counted several times.</param>
/// <param name="AfterFen">What the budget line would have left; negative when it has too little.</param>
public sealed record PreviewAnswer(
    int Chosen, int Eligible, IReadOnlyDictionary<string, int> Excluded, IReadOnlyDictionary<string, int> Reasons,
    long TotalFen, string? BudgetLine, long? FreeFen, long? AfterFen)
{
    public static PreviewAnswer Of(DryRun run) => new(
        run.Chosen, run.Eligible,
        run.Reasons.Where(count => count.First > 0).ToDictionary(count => count.Reason.ToString(), count => count.First),
        run.Reasons.ToDictionary(count => count.Reason.ToString(), count => count.People),
        run.Total.Value, run.Line, run.Free?.Value, run.After?.Value);
}

/// <summary>Whose list behind a dry run is wanted.</summary>
/// <param name="Eligible">Those who get a voucher; otherwise, and when not given, those who do not.</param>
/// <param name="Reason">Only those against whom it stands, such as <c>TooYoung</c>.</param>
/// <param name="Page">From 1, 50 people each.</param>
public sealed record PreviewListRequest(BatchRequest? Batch, bool? Eligible, string? Reason, int? Page);

/// <param name="Name">Masked.</param>
public sealed record JudgedPersonAnswer(
    long Id, string Name, string IdNumber, string? Township, string? Village, string HouseholdPlace, IReadOnlyList<string> Reasons)
{
    public static JudgedPersonAnswer Of(JudgedPerson person) => new(
        person.Id.Value, PersonName.Masked(person.Name), person.IdNumberMasked, person.Township, person.Village, person.HouseholdPlace,
        [.. person.Reasons.Select(reason => reason.ToString())]);
}

public sealed record PreviewListAnswer(IReadOnlyList<JudgedPersonAnswer> People, int Page, int Total);

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
