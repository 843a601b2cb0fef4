using Voucher.Core.Money;
using Voucher.Core.Refusals;
using Voucher.Core.Settling;

namespace Voucher.Core.Tests.Settling.Histories;

/// <summary>Paying by the bank, and taking back.</summary>
internal sealed partial class County
{
    private bool MayBePaid(Owed debt) => debt.State == OwedState.Open && PublicationMachine.MayBePaid(
        debt.Trainee.Publication, Today, Policy.Parameters.PublicityWorkingDays);

    /// <summary>All that may be paid to one institution out of one source; what it owes to that source is kept from it.</summary>
    public bool MakePayment(InstitutionId institution, int source)
    {
        var debts = Trainees.Where(trainee => trainee.Institution == institution && trainee.Source == source).SelectMany(trainee => trainee.Debts).Where(MayBePaid).ToList();
        if (debts.Count == 0) return false;
        var order = new Order(Orders.Count + 1);
        foreach (var line in debts.GroupBy(debt => debt.Trainee.Line).OrderBy(line => line.Key.Value)) AddRow(order, institution, source, [.. line]);
        Orders.Add(order);
        return true;
    }

    private void AddRow(Order order, InstitutionId institution, int source, List<Owed> debts)
    {
        var gross = debts.Aggregate(Fen.Zero, (sum, debt) => sum + debt.Amount);
        var open = Recoveries
            .Where(one => one.Recovery.State == RecoveryState.Open && one.Trainee.Institution == institution && one.Trainee.Source == source)
            .Select(one => new OpenRecovery(one.Id, one.Trainee.Line, one.Recovery.Free));
        var parts = Netting.Plan(open, gross);
        foreach (var part in parts) Step(part.Recovery, new RecoveryCommand.Bind(part.Amount));
        var row = new Transfer(Orders.Sum(known => known.Rows.Count) + order.Rows.Count + 1, order, institution, debts, parts);
        row.Life = new PaymentRowLife(PaymentRowState.Waiting, row.Gross - row.NettedSum, Fen.Zero, 1);
        foreach (var debt in debts) (debt.State, debt.Row) = (OwedState.InPayment, row);
        order.Rows.Add(row);
    }

    private void Step(RecoveryId id, RecoveryCommand command)
    {
        var recovery = Recoveries.Single(one => one.Id == id);
        recovery.Recovery = recovery.Recovery.Decide(command, Policy).OrThrow();
    }

    /// <summary>Handed to the bank.</summary>
    public bool Send(Order order)
    {
        if (!PaymentMachine.Allows(order.Status, PaymentCommand.Release, order.HasWaiting)) return false;
        foreach (var row in order.Rows.Where(row => row.Life.State == PaymentRowState.Waiting))
        {
            row.Life = PaymentRowMachine.Decide(row.Life, PaymentRowCommand.Send)!;
            if (row.Life.State == PaymentRowState.Sent) Bank.Take(row.Number, row.Life.Attempt, row.Life.Outstanding);
            else Book(row, Fen.Zero);
        }
        Settle(order);
        return true;
    }

    public bool Cancel(Order order)
    {
        if (!PaymentMachine.Allows(order.Status, PaymentCommand.Cancel, order.HasWaiting)) return false;
        foreach (var row in order.Rows) GiveBack(row);
        order.Status = PaymentStatus.Cancelled;
        return true;
    }

    public bool Resend(Transfer row) => Turn(row, PaymentCommand.Resend, PaymentRowCommand.Resend);

    public bool Withdraw(Transfer row) => Turn(row, PaymentCommand.Withdraw, PaymentRowCommand.Withdraw);

    /// <summary>What came back after money taken back was kept from it can only be sent again.</summary>
    public bool TakeOut(Transfer row)
    {
        if (row.IsNetted || !Turn(row, PaymentCommand.TakeOut, PaymentRowCommand.TakeOut)) return false;
        GiveBack(row);
        return true;
    }

    private bool Turn(Transfer row, PaymentCommand asked, PaymentRowCommand command)
    {
        if (!PaymentMachine.Allows(row.Order.Status, asked, row.Order.HasWaiting) || PaymentRowMachine.Decide(row.Life, command) is not { } next) return false;
        row.Life = next;
        Settle(row.Order);
        return true;
    }

    private void GiveBack(Transfer row)
    {
        foreach (var debt in row.Debts) (debt.State, debt.Row) = (OwedState.Open, null);
        foreach (var part in row.Netted) Step(part.Recovery, new RecoveryCommand.Unbind(part.Amount));
    }

    private static void Settle(Order order) => order.Status = PaymentMachine.StatusOf([.. order.Rows.Select(row => row.Life.State)]);

    /// <summary>What the bank says, true or not; only what the judge finds good moves money.</summary>
    public ReturnFinding Answer(int rowNumber, ReturnedRow said)
    {
        var row = Orders.SelectMany(order => order.Rows).SingleOrDefault(row => row.Number == rowNumber);
        var finding = ReturnJudge.Judge(said, row is null ? null : new KnownRow(
            row.Life, row.Order.Status == PaymentStatus.Cancelled, IsTakenBack(row), row.Booked));
        if (finding != ReturnFinding.Good) return finding;
        var amount = ReturnJudge.AmountOf(said, row!.Life);
        var command = said.Answer switch
        {
            PaymentAnswer.Paid => PaymentRowCommand.AnswerPaid,
            PaymentAnswer.Failed => PaymentRowCommand.AnswerFailed,
            PaymentAnswer.Partly => PaymentRowCommand.AnswerPartly,
            _ => PaymentRowCommand.Bounce,
        };
        var next = PaymentRowMachine.Decide(row.Life, command, amount);
        if (next is null) return ReturnFinding.Contradicts;
        row.Booked.Add(new BookedAnswer(row.Life.Attempt, said.Answer!.Value, amount, said.Serial));
        row.Life = next;
        if (command == PaymentRowCommand.Bounce) Unbook(row, amount);
        else Book(row, amount);
        Settle(row.Order);
        return finding;
    }

    /// <summary>Money of the row was taken back after it had been paid: it cannot come back a second time from the bank.</summary>
    private static bool IsTakenBack(Transfer row) =>
        row.Debts.Any(debt => debt.Trainee.TakenBack.Any(one => one.IsDecided && one.Shares.Paid > Fen.Zero));

    /// <summary>With the last of a row, what is kept for money taken back counts as paid too.</summary>
    private void Book(Transfer row, Fen amount)
    {
        var isDone = row.Life.State == PaymentRowState.Paid;
        var paid = isDone && !row.IsNetted ? amount + row.NettedSum : amount;
        var shares = PaidShares.Of(row.Debts.Select(debt => new OwedShare(debt.Id, debt.Amount, debt.PartPaid)), paid);
        if (paid > Fen.Zero) Books.Post(LedgerTransactionKind.Pay, $"answer:{++_answers}", [.. shares.Select(share => Move(
            DebtOf(row, share.Share).Trainee, LedgerAccountKind.Payable, LedgerAccountKind.Paid, share.Paid))]);
        foreach (var (share, part) in shares) DebtOf(row, share).PartPaid += part;
        if (isDone) Close(row);
    }

    private static Owed DebtOf(Transfer row, OwedShare share) => row.Debts.Single(debt => debt.Id == share.Payable);

    private void Close(Transfer row)
    {
        foreach (var debt in row.Debts)
        {
            Assert.Equal(debt.Amount, debt.PartPaid);
            debt.State = OwedState.Paid;
            if (debt == debt.Trainee.Main) debt.Trainee.ClaimLine = debt.Trainee.ClaimLine! with { State = ClaimLineState.Paid };
        }
        if (row.IsNetted || row.Netted.Count == 0) return;
        Books.Post(LedgerTransactionKind.Net, $"net:{row.Number}", [.. row.Netted.Select(part => new LedgerMove(
            part.Line, LedgerAccountKind.Receivable, LedgerAccountKind.Unreserved, part.Amount))]);
        foreach (var part in row.Netted) Step(part.Recovery, new RecoveryCommand.Net(part.Amount));
        row.IsNetted = true;
    }

    /// <summary>退汇: owed again. What was kept from it has been kept, and stays so.</summary>
    private void Unbook(Transfer row, Fen amount)
    {
        var left = amount;
        List<LedgerMove> moves = [];
        foreach (var debt in row.Debts.OrderByDescending(debt => debt.Id))
        {
            var part = debt.PartPaid < left ? debt.PartPaid : left;
            debt.PartPaid -= part;
            left -= part;
            debt.State = OwedState.InPayment;
            if (part > Fen.Zero) moves.Add(Move(debt.Trainee, LedgerAccountKind.Paid, LedgerAccountKind.Payable, part));
            if (debt == debt.Trainee.Main) debt.Trainee.ClaimLine = debt.Trainee.ClaimLine! with { State = ClaimLineState.Approved };
        }
        Books.Post(LedgerTransactionKind.Bounce, $"bounce:{++_answers}", [.. moves]);
    }

    public TakingBack? ProposeTakingBack(Trainee trainee, Fen amount, StaffId by)
    {
        if (trainee.Main is null || amount <= Fen.Zero || trainee.TakenBack.Any(one => one.Recovery.State == RecoveryState.Proposed)) return null;
        var one = new TakingBack(new RecoveryId(++_recoveries), trainee, amount, new Recovery(RecoveryState.Proposed, by));
        trainee.TakenBack.Add(one);
        Recoveries.Add(one);
        return one;
    }

    /// <summary>Decided: first out of what is kept back, then of what is owed, last of what was paid; not while the bank has some of it.</summary>
    public bool ConfirmTakingBack(TakingBack one, StaffId by)
    {
        var trainee = one.Trainee;
        if (trainee.Debts.Any(debt => debt.State == OwedState.InPayment)) return false;
        var owed = trainee.Debts.Where(debt => debt.State == OwedState.Open).Aggregate(Fen.Zero, (sum, debt) => sum + debt.Amount);
        if (RecoveryShares.Of(one.Amount, new RecoveryShares(trainee.HasRetained ? trainee.RetainedAmount : Fen.Zero, owed, trainee.Held)) is not { } shares) return false;
        if (one.Recovery.Decide(new RecoveryCommand.Confirm(by, shares.Paid), Policy) is not Outcome<Recovery>.Done(var next)) return false;
        var leftOver = trainee.Held - shares.Paid + owed - shares.Owed + (trainee.HasRetained ? trainee.RetainedAmount : Fen.Zero) - shares.Retained;
        if (shares.Owed + shares.Retained > Fen.Zero) Undo(trainee, $"recovery:{one.Id}:kept", shares.Owed, shares.Retained);
        if (shares.Paid > Fen.Zero) Books.Post(
            LedgerTransactionKind.Reverse, $"recovery:{one.Id}", Move(trainee, LedgerAccountKind.Paid, LedgerAccountKind.Receivable, shares.Paid));
        (one.Recovery, one.Shares) = (next, shares);
        if (leftOver == Fen.Zero) trainee.ClaimLine = trainee.ClaimLine! with { State = ClaimLineState.ClawedBack };
        return true;
    }

    public bool Step(TakingBack one, RecoveryCommand command)
    {
        if (one.Recovery.Decide(command, Policy) is not Outcome<Recovery>.Done(var next)) return false;
        var source = one.Trainee.Source;
        if (command is RecoveryCommand.PayIn(var amount))
        {
            Books.Post(LedgerTransactionKind.PayIn, $"pay-in:{one.Id}:{one.Recovery.PaidIn}", Move(one.Trainee, LedgerAccountKind.Receivable, LedgerAccountKind.Unreserved, amount));
            PaidIn[source] = PaidIn.GetValueOrDefault(source) + amount;
        }
        one.Recovery = next;
        return true;
    }
}
