using Voucher.Core.Money;
using Voucher.Core.Settling;
using Voucher.Core.Vouchers;

namespace Voucher.Core.Tests.Settling.Histories;

/// <summary>
/// What must be true of the county whatever happened, from plain facts and from the bank's own record; nothing here asks a machine.
/// </summary>
internal sealed class PlainFacts(County county)
{
    /// <summary>What was done is what could be done; asked before it is tried.</summary>
    public static bool Expect(bool could, bool done)
    {
        Assert.Equal(could, done);
        return done;
    }

    public static bool MayHandOver(Trainee trainee, DateOnly today) =>
        trainee.Voucher.State == VoucherState.Issued && today <= trainee.Voucher.ValidUntil;

    /// <summary>Completed, and never claimed or rejected.</summary>
    public static bool MayClaim(Trainee trainee) =>
        trainee.Voucher.State == VoucherState.Completed && (trainee.ClaimLine is null || trainee.ClaimLine.State == ClaimLineState.Rejected);

    /// <summary>There is a verdict, of another person.</summary>
    public static bool MayApprove(Trainee trainee, StaffId by) =>
        trainee.ClaimLine is { State: ClaimLineState.Submitted, Verdict: not null } line && line.ReviewedBy != by;

    public static bool MayPayIn(TakingBack one, Fen amount) =>
        one.Recovery.State == RecoveryState.Open
        && amount.Value <= one.Shares.Paid.Value - one.Recovery.PaidIn.Value - one.Recovery.Netted.Value - one.Recovery.Bound.Value;

    public string Balances() => string.Join(' ', county.Books.All.OrderBy(entry => (entry.Line.Value, entry.Account)).Select(entry => $"{entry.Line}/{entry.Account}={entry.Balance}"));

    public void Check()
    {
        foreach (var line in County.Lines) CheckLine(line);
        foreach (var source in new[] { 1, 2 }) CheckSource(source);
        foreach (var trainee in county.Trainees) CheckTrainee(trainee);
        foreach (var row in county.Orders.SelectMany(order => order.Rows)) CheckRow(row);
        foreach (var one in county.Recoveries) Assert.True(one.Recovery.IsSound, $"recovery {one.Id} is not sound");
    }

    private void CheckLine(BudgetLineId line)
    {
        var trainees = county.Trainees.Where(trainee => trainee.Line == line).ToList();
        Equal(line, LedgerAccountKind.Reserved, trainees.Where(trainee => trainee.IsReserved).Sum(trainee => trainee.FaceValue.Value));
        Equal(line, LedgerAccountKind.Payable, trainees.SelectMany(trainee => trainee.Debts)
            .Where(debt => debt.State is OwedState.Open or OwedState.InPayment).Sum(debt => debt.Amount.Value - debt.PartPaid.Value));
        Equal(line, LedgerAccountKind.Retained, trainees.Where(trainee => trainee.HasRetained).Sum(trainee => trainee.RetainedAmount.Value));
        Equal(line, LedgerAccountKind.Receivable, county.Recoveries.Where(one => one.Trainee.Line == line && one.IsDecided)
            .Sum(one => one.Shares.Paid.Value - one.Recovery.PaidIn.Value - one.Recovery.Netted.Value));
        Assert.Equal(0, Enum.GetValues<LedgerAccountKind>().Sum(account => county.Books[line, account].Value));
        foreach (var account in Enum.GetValues<LedgerAccountKind>())
            Assert.True(account == LedgerAccountKind.Allocated ? county.Books[line, account].Value <= 0 : county.Books[line, account].Value >= 0, $"{line}/{account} is overdrawn");
    }

    private void Equal(BudgetLineId line, LedgerAccountKind account, long expected) =>
        Assert.True(county.Books[line, account].Value == expected, $"{line}/{account}: {county.Books[line, account].Value} fen, not {expected}");

    /// <summary>渠道不乱, seen from outside: what the bank sent out of a source, less what was paid in to it, is paid or to come back.</summary>
    private void CheckSource(int source)
    {
        var rows = county.Orders.SelectMany(order => order.Rows).Where(row => row.Debts[0].Trainee.Source == source);
        var sent = rows.Sum(row => county.Bank.ReachedBy(row.Number).Value) - county.PaidIn.GetValueOrDefault(source).Value;
        var booked = County.Lines.Where(line => County.SourceOf(line) == source)
            .Sum(line => county.Books[line, LedgerAccountKind.Paid].Value + county.Books[line, LedgerAccountKind.Receivable].Value);
        Assert.True(sent == booked, $"source {source}: the bank's record says {sent} fen, the books {booked}");
    }

    /// <summary>Nobody is paid twice, or more than the voucher and the training were worth, and only for completed training.</summary>
    private static void CheckTrainee(Trainee trainee)
    {
        var worth = Math.Min(trainee.FaceValue.Value, trainee.Rate.Value);
        var given = trainee.Debts.Sum(debt => debt.State == OwedState.Paid ? debt.Amount.Value : debt.PartPaid.Value);
        Assert.InRange(given, 0, worth);
        Assert.InRange(trainee.Held.Value, 0, worth);
        if (trainee.Debts.Any()) Assert.Equal(VoucherState.Completed, trainee.Voucher.State);
        if (trainee.Debts.Any()) Assert.False(trainee.IsReserved);
        var takenBack = trainee.TakenBack.Where(one => one.IsDecided).Sum(one => one.Shares.Total.Value);
        Assert.InRange(takenBack, 0, worth);
    }

    /// <summary>The row says what the bank's own record says.</summary>
    private void CheckRow(Transfer row)
    {
        Assert.Equal(county.Bank.ReachedBy(row.Number), row.Life.Paid);
        Assert.InRange(row.Life.Paid.Value, 0, row.Life.Amount.Value);
        Assert.Equal(row.Gross, row.Life.Amount + row.NettedSum);
    }
}
