using Voucher.Core.Policies;
using Voucher.Core.Refusals;

namespace Voucher.Core.Settling;

/// <summary>What has become of the money kept back of one claim line (留存). Numbers are stored: they never change meaning.</summary>
public enum RetainedState : short
{
    /// <summary>留存中.</summary>
    Kept = 1,

    /// <summary>已拟释放: on a list that waits for a second person.</summary>
    ReleaseDrafted = 2,

    /// <summary>已拟不予释放.</summary>
    ForfeitDrafted = 3,

    /// <summary>已释放: owed to the institution.</summary>
    Released = 4,

    /// <summary>不予释放: back on the budget line.</summary>
    Forfeited = 5,
}

/// <summary>A step on retained money.</summary>
public enum RetainedStep
{
    DraftRelease = 1,
    DraftForfeit = 2,
    Approve = 3,
    Refuse = 4,
}

/// <summary>What speaks against releasing what is kept back of a line; the smallest is said first. Numbers are shown, never stored.</summary>
[Flags]
public enum RetainedObstacles
{
    None = 0,

    /// <summary>The line itself is not paid yet.</summary>
    NotPaid = 1,

    /// <summary>A spot check after the approval found something.</summary>
    Finding = 2,

    /// <summary>The voucher is held.</summary>
    Hold = 4,

    /// <summary>The voucher is in conflict, or no longer completed.</summary>
    Conflict = 8,

    /// <summary>An objection against the line is open.</summary>
    Objection = 16,

    /// <summary>The institution is suspended.</summary>
    Suspended = 32,

    /// <summary>Something of the institution's is being taken back.</summary>
    Recovery = 64,

    /// <summary>The institution stands on a rung of the ladder of consequences that blocks payments.</summary>
    Consequence = 128,
}

/// <summary>
/// 留存资金: released after its time by a list that one person drafts and another approves, if nothing speaks against it; or
/// forfeited in the same way. Pure and total.
/// </summary>
/// <param name="Until">Last day on which it is kept back whatever happens.</param>
public sealed record RetainedMoney(RetainedState State, DateOnly Until, RetainedObstacles Obstacles)
{
    public bool IsDueOn(DateOnly today) => State == RetainedState.Kept && today > Until && Obstacles == RetainedObstacles.None;

    public Outcome<RetainedState> Decide(RetainedStep step, DateOnly today, Policy policy) => (State, step) switch
    {
        (RetainedState.Kept, RetainedStep.DraftRelease) => RefuseRelease(today, policy) is { } refusal ? refusal : RetainedState.ReleaseDrafted,
        // To forfeit needs no waiting: it is for a decision with its reason.
        (RetainedState.Kept, RetainedStep.DraftForfeit) => RetainedState.ForfeitDrafted,
        // What came to light between draft and approval stops the approval.
        (RetainedState.ReleaseDrafted, RetainedStep.Approve) => RefuseRelease(today, policy) is { } refusal ? refusal : RetainedState.Released,
        (RetainedState.ForfeitDrafted, RetainedStep.Approve) => RetainedState.Forfeited,
        (RetainedState.ReleaseDrafted or RetainedState.ForfeitDrafted, RetainedStep.Refuse) => RetainedState.Kept,
        _ => Refusal.Under(policy, RefusalCode.RetainedWrongStep, State.Name()),
    };

    private Refusal? RefuseRelease(DateOnly today, Policy policy)
    {
        if (today <= Until) return Refusal.Under(policy, RefusalCode.RetainedNotDue, RetainedWords.KeptUntil(Until));
        return Obstacles == RetainedObstacles.None ? null : Refusal.Under(policy, RefusalCode.RetainedNotDue, RetainedWords.Name(Obstacles));
    }
}

public static class RetainedWords
{
    private static readonly (RetainedObstacles Obstacle, Words Words)[] Obstacles =
    [
        (RetainedObstacles.NotPaid, new("申报款尚未支付", "the line is not paid yet")),
        (RetainedObstacles.Finding, new("审批后抽查发现问题", "a spot check after the approval found something")),
        (RetainedObstacles.Hold, new("券暂缓办理", "the voucher is held")),
        (RetainedObstacles.Conflict, new("券有争议或已停用", "the voucher is in conflict or out of use")),
        (RetainedObstacles.Objection, new("有未处理的异议", "an objection is open")),
        (RetainedObstacles.Suspended, new("机构暂停", "the institution is suspended")),
        (RetainedObstacles.Recovery, new("机构有追回事项", "something of the institution's is being taken back")),
        (RetainedObstacles.Consequence, new("机构受处理，暂停支付", "the institution stands under a consequence that blocks payments")),
    ];

    public static Words KeptUntil(DateOnly day) => new($"留存至 {CountyTime.Show(day)}", $"kept back until {CountyTime.Show(day)}");

    /// <summary>All that stand, in order.</summary>
    public static Words Name(RetainedObstacles obstacles)
    {
        var standing = Obstacles.Where(one => obstacles.HasFlag(one.Obstacle)).Select(one => one.Words).ToList();
        return new(string.Join('、', standing.Select(words => words.Zh)), string.Join(", ", standing.Select(words => words.En)));
    }

    public static Words Name(this RetainedState state) => state switch
    {
        RetainedState.Kept => new("留存中", "Kept back"),
        RetainedState.ReleaseDrafted => new("已拟释放", "Release drafted"),
        RetainedState.ForfeitDrafted => new("已拟不予释放", "Forfeiture drafted"),
        RetainedState.Released => new("已释放", "Released"),
        RetainedState.Forfeited => new("不予释放", "Forfeited"),
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "Unknown state of retained money."),
    };
}
