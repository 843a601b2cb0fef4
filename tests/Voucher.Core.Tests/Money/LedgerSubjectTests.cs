using Voucher.Core.Money;

namespace Voucher.Core.Tests.Money;

public sealed class LedgerSubjectTests
{
    [Theory]
    [InlineData("allocate:7:县财〔2026〕1号", LedgerSubjectKind.BudgetLine, 7, "县财〔2026〕1号")]
    [InlineData("allocate:7:文:号", LedgerSubjectKind.BudgetLine, 7, "文:号")]
    [InlineData("allocate:7", LedgerSubjectKind.BudgetLine, 7, null)]
    [InlineData("lower:7:减1", LedgerSubjectKind.BudgetLine, 7, "减1")]
    [InlineData("shift:7-9:调1", LedgerSubjectKind.BudgetLine, 7, "调1")]
    [InlineData("batch:3", LedgerSubjectKind.Batch, 3, null)]
    [InlineData("batch-stop:3", LedgerSubjectKind.Batch, 3, null)]
    [InlineData("batch-leave-out:3", LedgerSubjectKind.LeaveOut, 3, null)]
    [InlineData("claim:3", LedgerSubjectKind.Claim, 3, null)]
    [InlineData("payment:3", LedgerSubjectKind.Payment, 3, null)]
    [InlineData("revoke:2674064432037889", LedgerSubjectKind.Voucher, 2674064432037889, null)]
    [InlineData("withdraw:5", LedgerSubjectKind.Voucher, 5, null)]
    [InlineData("expire:5", LedgerSubjectKind.ExpiredVouchers, 5, null)]
    [InlineData("revocation:4:2674064432037889", LedgerSubjectKind.Revocation, 4, null)]
    [InlineData("correct:12", LedgerSubjectKind.Transaction, 12, null)]
    [InlineData("correct:recovery:5", LedgerSubjectKind.Recovery, 5, null)]
    public void A_cause_says_what_it_is_about_and_under_which_document(string cause, LedgerSubjectKind kind, long id, string? document) =>
        Assert.Equal(new LedgerSubject(kind, id, document), LedgerSubject.Of(cause));

    [Theory]
    [InlineData("test:5")]
    [InlineData("batch")]
    [InlineData("batch:")]
    [InlineData("batch:x")]
    [InlineData("correct:x:5")]
    [InlineData("correct:x")]
    [InlineData("batch:recovery:5")]
    [InlineData("batch:99999999999999999999")]
    [InlineData("")]
    public void A_cause_of_another_kind_says_nothing(string cause) => Assert.Null(LedgerSubject.Of(cause));
}
