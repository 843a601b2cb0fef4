using Voucher.Core.Policies;
using Voucher.Core.Refusals;
using Voucher.Core.Vouchers;

namespace Voucher.Core.Settling;

/// <summary>A line of a claim as its next step sees it.</summary>
/// <param name="ReviewedBy">Whose verdict stands; with <paramref name="Verdict"/> or not at all.</param>
/// <param name="ReviewerName">For the person who is told whose verdict it is.</param>
/// <param name="ReviewerIsGone">Their log-ins are closed, or none has the reviewer's role any more: somebody else may take the line over.</param>
public sealed record ClaimLine(
    VoucherId Voucher, ClaimLineState State, LineVerdict? Verdict = null, StaffId? ReviewedBy = null, string ReviewerName = "",
    bool ReviewerIsGone = false);

/// <summary>What may be done with a line.</summary>
public abstract record LineCommand
{
    private LineCommand() { }

    /// <summary>By a reviewer: each replaces a verdict that was given before.</summary>
    public abstract record OfReviewer(StaffId By, string? Reason) : LineCommand;

    public sealed record Pass(StaffId By, string? Reason) : OfReviewer(By, Reason);
    public sealed record Reject(StaffId By, string? Reason) : OfReviewer(By, Reason);

    /// <param name="Missing">What the institution is to complete.</param>
    public sealed record Return(StaffId By, string? Reason, string? Missing) : OfReviewer(By, Reason);
    public sealed record Hold(StaffId By, string? Reason) : OfReviewer(By, Reason);

    /// <summary>The verdict is taken back; nothing stands in its place.</summary>
    public sealed record Reopen(StaffId By, string? Reason) : OfReviewer(By, Reason);

    /// <summary>A hold on the line ends; it waits for a verdict again.</summary>
    public sealed record Release(string? Reason) : LineCommand;

    /// <summary>The institution has completed what was asked for.</summary>
    public sealed record HandInAgain : LineCommand;

    /// <summary>The telephone sample speaks against it: the trainee denied the training, or too few of the class were reached.</summary>
    public sealed record Deny : LineCommand;
    public sealed record Approve : LineCommand;
    public sealed record Pay : LineCommand;
    public sealed record MarkFailed : LineCommand;
    public sealed record Resend : LineCommand;
    public sealed record ClawBack : LineCommand;
}

/// <summary>What comes of a command.</summary>
public abstract record LineDecision
{
    private LineDecision() { }

    public sealed record Goes(ClaimLine Line) : LineDecision;

    public sealed record Refused(Refusal Refusal) : LineDecision;
}

/// <summary>
/// The life of a claim line. Pure and total: for every line and command there is one decision; the database repeats the guard on
/// the state. 谁审批谁负责: a verdict is changed by whoever gave it, and by nobody else while they are in office.
/// </summary>
public static class ClaimLineMachine
{
    public static LineDecision Decide(ClaimLine line, LineCommand command, Policy policy) =>
        Refuse(line, command, policy) is { } refusal ? new LineDecision.Refused(refusal) : new LineDecision.Goes(Next(line, command));

    private static Refusal? Refuse(ClaimLine line, LineCommand command, Policy policy)
    {
        if (!Allows(line, command)) return Refusal.Under(policy, RefusalCode.LineWrongStep, line.Voucher, line.State.Name());
        if (command is LineCommand.OfReviewer act && RefuseOthers(line, act, policy) is { } refusal) return refusal;
        if (LacksReason(command)) return Refusal.Under(policy, RefusalCode.ReasonMissing);
        return command is LineCommand.Approve && line.Verdict is null ? Refusal.Under(policy, RefusalCode.LinesUndecided, 1) : null;
    }

    private static bool Allows(ClaimLine line, LineCommand command) => command switch
    {
        LineCommand.Pass or LineCommand.Hold or LineCommand.Approve => line.State == ClaimLineState.Submitted,
        LineCommand.Reject => line.State is ClaimLineState.Submitted or ClaimLineState.Returned or ClaimLineState.Held,
        LineCommand.Return => line.State is ClaimLineState.Submitted or ClaimLineState.Held,
        LineCommand.Reopen => line is { State: ClaimLineState.Submitted, Verdict: not null },
        LineCommand.Release => line.State == ClaimLineState.Held,
        LineCommand.HandInAgain => line.State == ClaimLineState.Returned,
        LineCommand.Deny => line.State is ClaimLineState.Submitted or ClaimLineState.Returned or ClaimLineState.Held,
        LineCommand.Pay => line.State == ClaimLineState.Approved,
        LineCommand.MarkFailed => line.State is ClaimLineState.Approved or ClaimLineState.Paid,
        LineCommand.Resend => line.State == ClaimLineState.PaymentFailed,
        LineCommand.ClawBack => line.State is ClaimLineState.Approved or ClaimLineState.Paid or ClaimLineState.PaymentFailed,
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, "Unknown command of a claim line."),
    };

    /// <summary>Whoever takes a line over from a person who has gone says why.</summary>
    private static Refusal? RefuseOthers(ClaimLine line, LineCommand.OfReviewer act, Policy policy)
    {
        if (line.ReviewedBy is not { } reviewer || reviewer == act.By) return null;
        if (!line.ReviewerIsGone) return Refusal.Under(policy, RefusalCode.VerdictOfAnother, line.Voucher, line.ReviewerName);
        return act.Reason is null ? Refusal.Under(policy, RefusalCode.ReasonMissing) : null;
    }

    private static bool LacksReason(LineCommand command) => command switch
    {
        LineCommand.Return back => back.Reason is null || back.Missing is null,
        LineCommand.Reject { Reason: null } or LineCommand.Hold { Reason: null } or LineCommand.Release { Reason: null } => true,
        _ => false,
    };

    private static ClaimLine Next(ClaimLine line, LineCommand command) => command switch
    {
        LineCommand.Pass pass => Judged(line, LineVerdict.Pass, pass.By),
        LineCommand.Reject reject => Judged(line, LineVerdict.Reject, reject.By),
        LineCommand.Return => Open(line, ClaimLineState.Returned),
        LineCommand.Hold or LineCommand.Deny => Open(line, ClaimLineState.Held),
        LineCommand.Reopen or LineCommand.Release or LineCommand.HandInAgain => Open(line, ClaimLineState.Submitted),
        LineCommand.Approve => line with { State = line.Verdict == LineVerdict.Pass ? ClaimLineState.Approved : ClaimLineState.Rejected },
        LineCommand.Pay => line with { State = ClaimLineState.Paid },
        LineCommand.MarkFailed => line with { State = ClaimLineState.PaymentFailed },
        LineCommand.Resend => line with { State = ClaimLineState.Approved },
        LineCommand.ClawBack => line with { State = ClaimLineState.ClawedBack },
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, "Unknown command of a claim line."),
    };

    private static ClaimLine Judged(ClaimLine line, LineVerdict verdict, StaffId by) =>
        line with { State = ClaimLineState.Submitted, Verdict = verdict, ReviewedBy = by, ReviewerName = "", ReviewerIsGone = false };

    private static ClaimLine Open(ClaimLine line, ClaimLineState state) =>
        line with { State = state, Verdict = null, ReviewedBy = null, ReviewerName = "", ReviewerIsGone = false };
}
