using Voucher.Core.Money;
using Voucher.Core.Refusals;
using Voucher.Core.Settling;

namespace Voucher.Core.Tests.Settling;

public sealed class LedgerCorrectionTests
{
    [Theory]
    [InlineData(CorrectionState.None, CorrectionStep.Propose, CorrectionState.Proposed, null)]
    [InlineData(CorrectionState.None, CorrectionStep.Post, CorrectionState.None, RefusalCode.CorrectionWrongStep)]
    [InlineData(CorrectionState.None, CorrectionStep.Refuse, CorrectionState.None, RefusalCode.CorrectionWrongStep)]
    [InlineData(CorrectionState.Proposed, CorrectionStep.Propose, CorrectionState.Proposed, RefusalCode.AlreadyCorrected)]
    [InlineData(CorrectionState.Proposed, CorrectionStep.Post, CorrectionState.Posted, null)]
    [InlineData(CorrectionState.Proposed, CorrectionStep.Refuse, CorrectionState.Refused, null)]
    [InlineData(CorrectionState.Posted, CorrectionStep.Propose, CorrectionState.Posted, RefusalCode.AlreadyCorrected)]
    [InlineData(CorrectionState.Posted, CorrectionStep.Post, CorrectionState.Posted, RefusalCode.CorrectionWrongStep)]
    [InlineData(CorrectionState.Posted, CorrectionStep.Refuse, CorrectionState.Posted, RefusalCode.CorrectionWrongStep)]
    [InlineData(CorrectionState.Refused, CorrectionStep.Propose, CorrectionState.Proposed, null)]
    [InlineData(CorrectionState.Refused, CorrectionStep.Post, CorrectionState.Refused, RefusalCode.CorrectionWrongStep)]
    [InlineData(CorrectionState.Refused, CorrectionStep.Refuse, CorrectionState.Refused, RefusalCode.CorrectionWrongStep)]
    public void Every_state_and_step_leads_on_or_is_refused(CorrectionState state, CorrectionStep step, CorrectionState next, RefusalCode? refused) =>
        Assert.Equal((next, refused), LedgerCorrection.Decide(state, step, LedgerTransactionKind.Allocate, isProposer: false));

    [Fact]
    public void Nobody_decides_on_what_they_proposed()
    {
        Assert.Equal(RefusalCode.SamePerson, LedgerCorrection.Decide(CorrectionState.Proposed, CorrectionStep.Post, LedgerTransactionKind.Lower, isProposer: true).Refused);
        Assert.Equal(RefusalCode.SamePerson, LedgerCorrection.Decide(CorrectionState.Proposed, CorrectionStep.Refuse, LedgerTransactionKind.Lower, isProposer: true).Refused);
    }

    [Fact]
    public void What_vouchers_or_payments_hang_on_is_undone_by_its_own_use_case_which_is_named()
    {
        foreach (var kind in Enum.GetValues<LedgerTransactionKind>())
        {
            var isPlain = kind is LedgerTransactionKind.Allocate or LedgerTransactionKind.Lower or LedgerTransactionKind.Transfer;
            Assert.Equal(isPlain ? null : RefusalCode.NotCorrectable, LedgerCorrection.Decide(CorrectionState.None, CorrectionStep.Propose, kind, false).Refused);
            Assert.NotEmpty(LedgerCorrection.UndoneBy(kind).Zh);
        }
    }
}
