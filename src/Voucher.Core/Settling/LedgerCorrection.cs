using Voucher.Core.Money;
using Voucher.Core.Refusals;

namespace Voucher.Core.Settling;

/// <summary>Where the correction of one transaction stands (更正). 1 and 2 are stored.</summary>
public enum CorrectionState : short
{
    /// <summary>For good.</summary>
    Posted = 1,

    Refused = 2,
    None = 3,
    Proposed = 4,
}

/// <summary>What is done about a correction.</summary>
public enum CorrectionStep
{
    Propose,
    Post,
    Refuse,
}

/// <summary>
/// A late correction: the exact opposite of one earlier transaction, posted in the open month by two persons. Only where nothing
/// hangs on the transaction; whatever a voucher rests on is undone by its own use case, which knows what else must change.
/// </summary>
public static class LedgerCorrection
{
    /// <returns>The state after the step; or, with the state unchanged, why not.</returns>
    public static (CorrectionState Next, RefusalCode? Refused) Decide(CorrectionState state, CorrectionStep step, LedgerTransactionKind kind, bool isProposer)
    {
        var refused = RefusedBy(state, step, kind, isProposer);
        return refused is null ? (After(step), null) : (state, refused);
    }

    /// <summary>Whether money can simply be put back: nothing but budget lines knows of the transaction.</summary>
    public static bool IsCorrectable(LedgerTransactionKind kind) =>
        kind is LedgerTransactionKind.Allocate or LedgerTransactionKind.Lower or LedgerTransactionKind.Transfer;

    /// <summary>What undoes a transaction of the kind.</summary>
    public static Words UndoneBy(LedgerTransactionKind kind) => kind switch
    {
        LedgerTransactionKind.Allocate or LedgerTransactionKind.Lower or LedgerTransactionKind.Transfer => new("更正", "a correction"),
        LedgerTransactionKind.Reserve => new("作废券、剔除人员或中止批次", "revoking vouchers, leaving people out or stopping the batch"),
        LedgerTransactionKind.Release => new("重新发券", "issuing anew"),
        LedgerTransactionKind.Approve or LedgerTransactionKind.Allowance or LedgerTransactionKind.ReleaseRetained => new("追回", "taking back"),
        LedgerTransactionKind.Pay => new("银行退汇登记或追回", "the bank's return or taking back"),
        LedgerTransactionKind.Reverse or LedgerTransactionKind.Net or LedgerTransactionKind.PayIn => new("重新申报或另行支付", "a new claim or payment"),
        LedgerTransactionKind.Bounce => new("重新支付", "paying again"),
        LedgerTransactionKind.Correct => new("重新下达、调减或调剂", "allocating, lowering or transferring anew"),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown kind of ledger transaction."),
    };

    private static RefusalCode? RefusedBy(CorrectionState state, CorrectionStep step, LedgerTransactionKind kind, bool isProposer) => (state, step) switch
    {
        (_, CorrectionStep.Propose) when !IsCorrectable(kind) => RefusalCode.NotCorrectable,
        (CorrectionState.None or CorrectionState.Refused, CorrectionStep.Propose) => null,
        (_, CorrectionStep.Propose) => RefusalCode.AlreadyCorrected,
        (CorrectionState.Proposed, _) => isProposer ? RefusalCode.SamePerson : null,
        _ => RefusalCode.CorrectionWrongStep,
    };

    private static CorrectionState After(CorrectionStep step) => step switch
    {
        CorrectionStep.Propose => CorrectionState.Proposed,
        CorrectionStep.Post => CorrectionState.Posted,
        _ => CorrectionState.Refused,
    };
}
