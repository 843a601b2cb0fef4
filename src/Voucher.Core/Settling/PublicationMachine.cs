using Voucher.Core.Policies;
using Voucher.Core.Refusals;

namespace Voucher.Core.Settling;

/// <summary>
/// 公示: what becomes of one thing that is owed, from its being put up to its being paid or struck. Pure and total; the
/// database repeats the guard on the standing.
/// </summary>
public static class PublicationMachine
{
    public static Outcome<PublicationState> Decide(PublicationState state, PublicationCommand command, Policy policy) => (state.Standing, command) switch
    {
        (PublicationStanding.NotPublished, PublicationCommand.Publish publish) =>
            new PublicationState(PublicationStanding.Published, publish.Until, 0),
        // After the period too, as long as nothing is paid: what comes to light late is still looked at.
        (PublicationStanding.Published or PublicationStanding.Objected or PublicationStanding.Cleared, PublicationCommand.Object) =>
            state with { Standing = PublicationStanding.Objected, OpenObjections = state.OpenObjections + 1 },
        (PublicationStanding.Objected, PublicationCommand.Dismiss dismiss) => Dismissed(state, dismiss.Today),
        (PublicationStanding.Objected, PublicationCommand.Uphold) =>
            state with { Standing = PublicationStanding.Withdrawn, OpenObjections = 0 },
        (PublicationStanding.NotPublished, _) => Refusal.Under(policy, RefusalCode.NotPublished, new Words("这一笔", "This")),
        _ => Refusal.Under(policy, RefusalCode.PublicationWrongStep, state.Standing.Name()),
    };

    /// <summary>With the last objection it is what it would have been without: open to others until its period is over.</summary>
    private static PublicationState Dismissed(PublicationState state, DateOnly today)
    {
        var open = state.OpenObjections - 1;
        var standing = open > 0 ? PublicationStanding.Objected
            : today > state.Until ? PublicationStanding.Cleared
            : PublicationStanding.Published;
        return state with { Standing = standing, OpenObjections = open };
    }

    /// <summary>Whether it may be paid on the day; where the pack wants no publication, only what was objected to may not.</summary>
    /// <param name="workingDays"><c>PublicityWorkingDays</c> of the pack that the claim was made under.</param>
    public static bool MayBePaid(PublicationState state, DateOnly day, int workingDays) => state.Standing switch
    {
        PublicationStanding.NotPublished => workingDays == 0,
        PublicationStanding.Published => day > state.Until,
        PublicationStanding.Cleared => true,
        _ => false,
    };

    /// <summary>Why it may not be paid on the day, or <c>null</c> when it may.</summary>
    /// <param name="what">Names it in the answer, such as its voucher.</param>
    public static Refusal? RefusePayment(PublicationState state, DateOnly day, int workingDays, object what, Policy policy) =>
        MayBePaid(state, day, workingDays) ? null : state.Standing switch
        {
            PublicationStanding.NotPublished => Refusal.Under(policy, RefusalCode.NotPublished, what),
            PublicationStanding.Published => Refusal.Under(policy, RefusalCode.PublicationNotOver, what, CountyTime.Show(state.Until!.Value)),
            PublicationStanding.Objected => Refusal.Under(policy, RefusalCode.ObjectionOpen, what),
            _ => Refusal.Under(policy, RefusalCode.ObjectionUpheld, what),
        };
}
