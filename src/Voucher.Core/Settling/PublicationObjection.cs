using Voucher.Core.Policies;
using Voucher.Core.Refusals;

namespace Voucher.Core.Settling;

/// <summary>How far an objection (异议) is. Numbers are stored: they never change meaning.</summary>
public enum ObjectionState : short
{
    /// <summary>待核实: nobody has said yet what becomes of it.</summary>
    Open = 1,

    /// <summary>待决定: one person has proposed, another decides.</summary>
    Proposed = 2,

    /// <summary>成立.</summary>
    Upheld = 3,

    /// <summary>不成立.</summary>
    Dismissed = 4,
}

/// <summary>By which way an objection came. Numbers are stored: they never change meaning.</summary>
public enum ObjectionChannel : short
{
    Telephone = 1,
    InPerson = 2,
    Letter = 3,

    /// <summary>The form on the public page.</summary>
    PublicPage = 4,
}

/// <summary>A step of deciding. Numbers are stored: they never change meaning.</summary>
public enum ObjectionStep : short
{
    ProposeUpheld = 1,
    ProposeDismissed = 2,

    /// <summary>Decided as proposed, by another person.</summary>
    Confirm = 3,

    /// <summary>Somebody has to look again and propose anew.</summary>
    SendBack = 4,
}

/// <summary>Where one objection stands.</summary>
/// <param name="ProposesUpheld">What is proposed; <c>null</c> unless it stands at <see cref="ObjectionState.Proposed"/>.</param>
public sealed record ObjectionStanding(ObjectionState State, bool? ProposesUpheld);

/// <summary>Two persons decide an objection: one proposes with a reason, another confirms or sends it back. Pure and total.</summary>
public static class PublicationObjection
{
    public static Outcome<ObjectionStanding> Decide(ObjectionStanding standing, ObjectionStep step, Policy policy) => (standing.State, step) switch
    {
        (ObjectionState.Open, ObjectionStep.ProposeUpheld) => new ObjectionStanding(ObjectionState.Proposed, true),
        (ObjectionState.Open, ObjectionStep.ProposeDismissed) => new ObjectionStanding(ObjectionState.Proposed, false),
        (ObjectionState.Proposed, ObjectionStep.Confirm) =>
            new ObjectionStanding(standing.ProposesUpheld == true ? ObjectionState.Upheld : ObjectionState.Dismissed, null),
        (ObjectionState.Proposed, ObjectionStep.SendBack) => new ObjectionStanding(ObjectionState.Open, null),
        _ => Refusal.Under(policy, RefusalCode.ObjectionWrongStep, standing.State.Name()),
    };

    public static Words Name(this ObjectionState state) => state switch
    {
        ObjectionState.Open => new("待核实", "To look into"),
        ObjectionState.Proposed => new("待决定", "To decide"),
        ObjectionState.Upheld => new("成立", "Upheld"),
        ObjectionState.Dismissed => new("不成立", "Dismissed"),
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "Unknown state of an objection."),
    };

    public static Words Name(this ObjectionChannel channel) => channel switch
    {
        ObjectionChannel.Telephone => new("电话", "Telephone"),
        ObjectionChannel.InPerson => new("来访", "In person"),
        ObjectionChannel.Letter => new("来信", "Letter"),
        ObjectionChannel.PublicPage => new("公示网页", "Public page"),
        _ => throw new ArgumentOutOfRangeException(nameof(channel), channel, "Unknown channel."),
    };

    public static Words Name(this ObjectionStep step) => step switch
    {
        ObjectionStep.ProposeUpheld => new("建议成立", "Proposed to uphold"),
        ObjectionStep.ProposeDismissed => new("建议不成立", "Proposed to dismiss"),
        ObjectionStep.Confirm => new("同意", "Confirmed"),
        ObjectionStep.SendBack => new("退回重核", "Sent back"),
        _ => throw new ArgumentOutOfRangeException(nameof(step), step, "Unknown step."),
    };
}
