using Voucher.Core.Refusals;
using Voucher.Core.Settling;

namespace Voucher.Core.Tests.Settling;

public sealed class MonthClosingTests
{
    private static readonly MonthFacts Ready = new(IsOver: true, IsEarlierOpen: false, IsProposer: false);

    [Theory]
    [InlineData(MonthState.Open, MonthStep.Propose, MonthState.Proposed)]
    [InlineData(MonthState.Open, MonthStep.Close, null)]
    [InlineData(MonthState.Open, MonthStep.SendBack, null)]
    [InlineData(MonthState.Proposed, MonthStep.Propose, null)]
    [InlineData(MonthState.Proposed, MonthStep.Close, MonthState.Closed)]
    [InlineData(MonthState.Proposed, MonthStep.SendBack, MonthState.SentBack)]
    [InlineData(MonthState.Closed, MonthStep.Propose, null)]
    [InlineData(MonthState.Closed, MonthStep.Close, null)]
    [InlineData(MonthState.Closed, MonthStep.SendBack, null)]
    [InlineData(MonthState.SentBack, MonthStep.Propose, MonthState.Proposed)]
    [InlineData(MonthState.SentBack, MonthStep.Close, null)]
    [InlineData(MonthState.SentBack, MonthStep.SendBack, null)]
    public void Every_state_and_step_leads_on_or_is_refused_and_changes_nothing(MonthState state, MonthStep step, MonthState? next) =>
        Assert.Equal(next is { } known ? (known, null) : (state, RefusalCode.MonthWrongStep), MonthClosing.Decide(state, step, Ready));

    [Theory]
    [InlineData(MonthState.Open, MonthStep.Propose, false, true, true, RefusalCode.MonthNotOver)]
    [InlineData(MonthState.Open, MonthStep.Propose, true, true, true, RefusalCode.EarlierMonthOpen)]
    [InlineData(MonthState.Open, MonthStep.Propose, true, false, true, null)]
    [InlineData(MonthState.Proposed, MonthStep.Close, false, true, true, RefusalCode.SamePerson)]
    [InlineData(MonthState.Proposed, MonthStep.SendBack, false, true, true, RefusalCode.SamePerson)]
    [InlineData(MonthState.Proposed, MonthStep.Close, true, true, false, RefusalCode.EarlierMonthOpen)]
    [InlineData(MonthState.Proposed, MonthStep.Close, false, false, false, RefusalCode.MonthNotOver)]
    [InlineData(MonthState.Proposed, MonthStep.SendBack, false, true, false, null)]
    public void A_month_is_closed_when_it_is_over_in_order_and_by_another_person(
        MonthState state, MonthStep step, bool isOver, bool isEarlierOpen, bool isProposer, RefusalCode? refused) =>
        Assert.Equal(refused, MonthClosing.Decide(state, step, new(isOver, isEarlierOpen, isProposer)).Refused);
}
