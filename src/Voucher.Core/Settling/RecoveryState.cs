namespace Voucher.Core.Settling;

/// <summary>Where the taking back (追回) of money stands. Numbers are stored: they never change meaning.</summary>
public enum RecoveryState : short
{
    /// <summary>已提出: found and proposed by one person; nothing has moved.</summary>
    Proposed = 1,

    /// <summary>应收: decided by a second person; the institution or trainee owes what had been paid.</summary>
    Open = 2,

    /// <summary>已收回: nothing is owed any more, or nothing had been paid yet.</summary>
    Settled = 3,

    /// <summary>不予追回: turned down.</summary>
    Rejected = 4,

    /// <summary>已撤回: by whoever proposed it, before the decision.</summary>
    Withdrawn = 5,

    /// <summary>已撤销: the decision was wrong and two persons have reversed it; everything stands in the books twice, there and back.</summary>
    Reversed = 6,
}

/// <summary>What a finding rests on. Numbers are stored.</summary>
public enum FindingSource : short
{
    SpotCheck = 1,
    Hold = 2,
    Conflict = 3,
    Audit = 4,
    Objection = 5,
    Match = 6,
    Other = 99,
}

/// <summary>A step in the life of a recovery, as its history keeps it. Numbers are stored.</summary>
public enum RecoveryStep : short
{
    Propose = 1,
    Withdraw = 2,
    Decide = 3,
    Reject = 4,
    PayIn = 5,
    Bind = 6,
    Net = 7,
    Free = 8,
    ProposeReversal = 9,
    ConfirmReversal = 10,
    DropReversal = 11,
}

/// <summary>As screens say it.</summary>
public static class RecoveryWords
{
    public static Words Name(this RecoveryState state) => state switch
    {
        RecoveryState.Proposed => new("待决定", "To be decided"),
        RecoveryState.Open => new("待收回", "Owed"),
        RecoveryState.Settled => new("已收回", "Settled"),
        RecoveryState.Rejected => new("不予追回", "Turned down"),
        RecoveryState.Withdrawn => new("已撤回", "Withdrawn"),
        RecoveryState.Reversed => new("决定已撤销", "Decision reversed"),
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "Unknown state."),
    };

    public static Words Name(this FindingSource source) => source switch
    {
        FindingSource.SpotCheck => new("抽查", "Spot check"),
        FindingSource.Hold => new("疑点核查", "Hold that was confirmed"),
        FindingSource.Conflict => new("报到争议裁定", "Contested enrolment decided"),
        FindingSource.Audit => new("审计", "Audit"),
        FindingSource.Objection => new("公示异议", "Objection to a publication"),
        FindingSource.Match => new("精准比对", "Matching"),
        FindingSource.Other => new("其他", "Other"),
        _ => throw new ArgumentOutOfRangeException(nameof(source), source, "Unknown source."),
    };

    public static Words Name(this RecoveryStep step) => step switch
    {
        RecoveryStep.Propose => new("提出追回", "Proposed"),
        RecoveryStep.Withdraw => new("撤回", "Withdrawn"),
        RecoveryStep.Decide => new("决定追回", "Decided"),
        RecoveryStep.Reject => new("不予追回", "Turned down"),
        RecoveryStep.PayIn => new("缴回", "Paid in"),
        RecoveryStep.Bind => new("列入抵扣", "To be netted"),
        RecoveryStep.Net => new("已抵扣", "Netted"),
        RecoveryStep.Free => new("抵扣取消", "Not netted after all"),
        RecoveryStep.ProposeReversal => new("提出撤销决定", "Reversal proposed"),
        RecoveryStep.ConfirmReversal => new("决定已撤销", "Decision reversed"),
        RecoveryStep.DropReversal => new("维持原决定", "Decision stands"),
        _ => throw new ArgumentOutOfRangeException(nameof(step), step, "Unknown step."),
    };
}
