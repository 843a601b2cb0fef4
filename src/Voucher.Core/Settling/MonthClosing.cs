using Voucher.Core.Refusals;

namespace Voucher.Core.Settling;

/// <summary>Where the books of a month stand (月结). Numbers are stored: they never change meaning.</summary>
public enum MonthState : short
{
    Open = 0,
    Proposed = 1,
    Closed = 2,

    /// <summary>Sent back by the second person: open again.</summary>
    SentBack = 3,
}

/// <summary>What is done about the closing of a month.</summary>
public enum MonthStep
{
    /// <summary>By Finance.</summary>
    Propose,

    /// <summary>By another person.</summary>
    Close,

    /// <summary>By another person, with a reason.</summary>
    SendBack,
}

/// <summary>What the decision rests on.</summary>
/// <param name="IsOver">The month's last day is past.</param>
/// <param name="IsEarlierOpen">An earlier month with postings is not closed.</param>
/// <param name="IsProposer">Who acts is the person who proposed.</param>
public sealed record MonthFacts(bool IsOver, bool IsEarlierOpen, bool IsProposer);

/// <summary>The closing of a month: proposed by one person, closed or sent back by another, in the order of the months, for good.</summary>
public static class MonthClosing
{
    /// <returns>The state after the step; or, with the state unchanged, why not. There is no reopening: later corrections are posted in an open month.</returns>
    public static (MonthState Next, RefusalCode? Refused) Decide(MonthState state, MonthStep step, MonthFacts facts)
    {
        var refused = RefusedBy(state, step, facts);
        return refused is null ? (After(step), null) : (state, refused);
    }

    private static RefusalCode? RefusedBy(MonthState state, MonthStep step, MonthFacts facts) => (state, step) switch
    {
        (MonthState.Open or MonthState.SentBack, MonthStep.Propose) => OfTime(facts),
        (MonthState.Proposed, MonthStep.Close or MonthStep.SendBack) when facts.IsProposer => RefusalCode.SamePerson,
        (MonthState.Proposed, MonthStep.Close) => OfTime(facts),
        (MonthState.Proposed, MonthStep.SendBack) => null,
        _ => RefusalCode.MonthWrongStep,
    };

    private static RefusalCode? OfTime(MonthFacts facts) =>
        !facts.IsOver ? RefusalCode.MonthNotOver : facts.IsEarlierOpen ? RefusalCode.EarlierMonthOpen : null;

    private static MonthState After(MonthStep step) => step switch
    {
        MonthStep.Propose => MonthState.Proposed,
        MonthStep.Close => MonthState.Closed,
        _ => MonthState.SentBack,
    };
}
