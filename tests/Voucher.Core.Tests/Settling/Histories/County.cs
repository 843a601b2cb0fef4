using Voucher.Core.Classes;
using Voucher.Core.Money;
using Voucher.Core.Policies;
using Voucher.Core.Refusals;
using Voucher.Core.Settling;
using Voucher.Core.Tests.Vouchers;
using Voucher.Core.Vouchers;

namespace Voucher.Core.Tests.Settling.Histories;

/// <summary>
/// A county in memory, put together from the real machines: vouchers, claim lines, publication, payment rows, the judge of the
/// bank's answers, taking back, netting, retained money and the ledger's arithmetic. Every act says whether it was done.
/// </summary>
internal sealed partial class County(Policy policy)
{
    private static readonly string[] Sources = ["甲", "甲", "乙"];
    private long _payables, _recoveries, _answers, _releases;

    public Policy Policy { get; } = policy;
    public Books Books { get; } = new();
    public Bank Bank { get; } = new();
    public DateOnly Today { get; private set; } = Sample.Today;
    public List<Trainee> Trainees { get; } = [];
    public List<Order> Orders { get; } = [];
    public List<TakingBack> Recoveries { get; } = [];

    /// <summary>Money that came in for what was taken back, by source.</summary>
    public Dictionary<int, Fen> PaidIn { get; } = [];

    public static IReadOnlyList<BudgetLineId> Lines { get; } = [new(1), new(2), new(3)];

    /// <summary>The first two lines are of one source.</summary>
    public static int SourceOf(BudgetLineId line) => Sources[line.Value - 1] == Sources[0] ? 1 : 2;

    private DateTimeOffset Now => CountyTime.At(Today, new TimeOnly(10, 0));

    public void Allocate(BudgetLineId line, Fen amount) => Books.Post(
        LedgerTransactionKind.Allocate, $"allocate:{line}", new LedgerMove(line, LedgerAccountKind.Allocated, LedgerAccountKind.Unreserved, amount));

    public void PassDays(int days) => Today = Today.AddDays(days);

    public bool Issue(BudgetLineId line, InstitutionId institution, Fen faceValue, Fen rate, int validDays)
    {
        var number = Trainees.Count + 1;
        var id = new VoucherId(Sample.Policy.Region, (uint)number);
        if (!Books.TryPost(
            LedgerTransactionKind.Reserve, $"batch:{number}", new LedgerMove(line, LedgerAccountKind.Unreserved, LedgerAccountKind.Reserved, faceValue, id)))
            return false;
        var voucher = Sample.Issued with { Id = id, ValidFrom = Today, ValidUntil = Today.AddDays(validDays) };
        Trainees.Add(new Trainee(number, line, SourceOf(line), institution, faceValue, voucher)
        {
            Rate = rate,
            Class = Sample.Offer with { Id = new ClassId(number), Institution = institution, ScannedAt = institution, StartsOn = Today, EndsOn = Today.AddDays(60), Enrolled = 0 },
        });
        return true;
    }

    /// <summary>Hand over, enrol, complete, withdraw, revoke; what a closing step leaves reserved is released.</summary>
    public bool Do(Trainee trainee, VoucherCommand command)
    {
        if (VoucherMachine.Decide(trainee.Voucher, command, Now, Policy) is not Decision.Accepted done) return false;
        trainee.Voucher = done.Next;
        if (command is VoucherCommand.Complete complete) trainee.AttendedHours = complete.Standing.AttendedSessions * 4;
        if (done.Next.State is VoucherState.Revoked or VoucherState.Withdrawn) Release(trainee, $"revoke:{trainee.Number}");
        return true;
    }

    /// <summary>The expiry run.</summary>
    public void Expire()
    {
        foreach (var trainee in Trainees.Where(trainee => trainee.Voucher.IsExpiredOn(Today) && trainee.IsReserved))
            Release(trainee, $"expire:{trainee.Number}");
    }

    private void Release(Trainee trainee, string cause)
    {
        if (!trainee.IsReserved) return;
        trainee.IsReserved = false;
        Books.Post(LedgerTransactionKind.Release, cause, Move(trainee, LedgerAccountKind.Reserved, LedgerAccountKind.Unreserved, trainee.FaceValue));
    }

    public bool Claim(Trainee trainee)
    {
        if (Claimability.RefuseWithNote(FactsOf(trainee), Policy) is not null) return false;
        trainee.Amount = FactsOf(trainee).AmountUnder(Policy.Parameters.FullPayAttendancePercent);
        trainee.ClaimLine = new ClaimLine(trainee.Voucher.Id, ClaimLineState.Submitted);
        trainee.Claims++;
        return true;
    }

    private ClaimFacts FactsOf(Trainee trainee) => new(
        trainee.Voucher.Id, trainee.Voucher.State, "一班", "电焊", trainee.Class.EndsOn, trainee.FaceValue, trainee.Rate,
        trainee.AttendedHours / 4, Trainee.PlannedHours / 4, new TeachingHours(12, 28), new TeachingHours(0, trainee.AttendedHours), true,
        trainee.Voucher.State == VoucherState.Completed, HasCertificate: true, HasSpotCheck: true,
        InClaim: trainee.ClaimLine is { State: not ClaimLineState.Rejected } ? new StandingClaim(new ClaimId(trainee.Number)) : null);

    /// <summary>Review; approval has its own.</summary>
    public bool Review(Trainee trainee, LineCommand command)
    {
        if (trainee.ClaimLine is null || ClaimLineMachine.Decide(trainee.ClaimLine, command, Policy) is not LineDecision.Goes goes) return false;
        trainee.ClaimLine = goes.Line;
        return true;
    }

    public bool Approve(Trainee trainee, StaffId by)
    {
        if (trainee.ClaimLine is not { } line || line.ReviewedBy == by) return false;
        if (ClaimLineMachine.Decide(line, new LineCommand.Approve(), Policy) is not LineDecision.Goes goes) return false;
        trainee.ClaimLine = goes.Line;
        if (goes.Line.State != ClaimLineState.Approved) return true;
        var shares = ApprovedShares.Of(trainee.Amount!.Value, Policy.Parameters.RetentionPercent, Fen.Zero);
        trainee.IsReserved = false;
        Books.Post(LedgerTransactionKind.Approve, $"claim:{trainee.Number}:{trainee.Claims}",
            Move(trainee, LedgerAccountKind.Reserved, LedgerAccountKind.Payable, shares.Institution),
            Move(trainee, LedgerAccountKind.Reserved, LedgerAccountKind.Retained, shares.Retained),
            Move(trainee, LedgerAccountKind.Reserved, LedgerAccountKind.Unreserved, trainee.Amount.Unneeded));
        trainee.Main = new Owed(++_payables, trainee, shares.Institution);
        trainee.RetainedAmount = shares.Retained;
        if (shares.Retained > Fen.Zero)
            trainee.Retained = new RetainedMoney(RetainedState.Kept, Today.AddDays(10), RetainedObstacles.None);
        return true;
    }

    public bool Publish(Trainee trainee, PublicationCommand command)
    {
        if (trainee.Main is not { State: OwedState.Open } || PublicationMachine.Decide(trainee.Publication, command, Policy) is not Outcome<PublicationState>.Done(var next)) return false;
        trainee.Publication = next;
        if (command is PublicationCommand.Uphold) Strike(trainee);
        return true;
    }

    /// <summary>An objection is upheld: what was approved is undone, and the voucher stays where it is.</summary>
    private void Strike(Trainee trainee)
    {
        trainee.ClaimLine = trainee.ClaimLine! with { State = ClaimLineState.ClawedBack };
        Undo(trainee, $"objection:{trainee.Number}", trainee.Main!.Amount, trainee.HasRetained ? trainee.RetainedAmount : Fen.Zero);
    }

    /// <summary>Owed and retained money goes back to its line.</summary>
    private void Undo(Trainee trainee, string cause, Fen owed, Fen retained)
    {
        List<LedgerMove> moves = [];
        if (owed > Fen.Zero) moves.Add(Move(trainee, LedgerAccountKind.Payable, LedgerAccountKind.Unreserved, owed));
        if (retained > Fen.Zero) moves.Add(Move(trainee, LedgerAccountKind.Retained, LedgerAccountKind.Unreserved, retained));
        Books.Post(LedgerTransactionKind.Reverse, cause, [.. moves]);
        LowerOwed(trainee, owed);
        LowerRetained(trainee, retained);
    }

    private static void LowerOwed(Trainee trainee, Fen by)
    {
        foreach (var debt in trainee.Debts.Where(debt => debt.State == OwedState.Open))
        {
            var part = debt.Amount < by ? debt.Amount : by;
            debt.Amount -= part;
            by -= part;
            if (debt.Amount == Fen.Zero) debt.State = OwedState.Cancelled;
        }
        Assert.Equal(Fen.Zero, by);
    }

    private static void LowerRetained(Trainee trainee, Fen by)
    {
        trainee.RetainedAmount -= by;
        if (by > Fen.Zero && trainee.RetainedAmount == Fen.Zero) trainee.Retained = trainee.Retained! with { State = RetainedState.Forfeited };
    }

    public bool Retain(Trainee trainee, RetainedStep step)
    {
        if (trainee.Retained is not { } kept) return false;
        var facts = kept with { Obstacles = trainee.ClaimLine!.State == ClaimLineState.Paid ? RetainedObstacles.None : RetainedObstacles.NotPaid };
        if (facts.Decide(step, Today, Policy) is not Outcome<RetainedState>.Done(var next)) return false;
        trainee.Retained = kept with { State = next };
        if (next == RetainedState.Released) ReleaseRetained(trainee);
        else if (next == RetainedState.Forfeited) Books.Post(
            LedgerTransactionKind.Reverse, $"forfeit:{trainee.Number}", Move(trainee, LedgerAccountKind.Retained, LedgerAccountKind.Unreserved, trainee.RetainedAmount));
        return true;
    }

    private void ReleaseRetained(Trainee trainee)
    {
        Books.Post(LedgerTransactionKind.ReleaseRetained, $"retained:{++_releases}",
            Move(trainee, LedgerAccountKind.Retained, LedgerAccountKind.Payable, trainee.RetainedAmount));
        trainee.Released = new Owed(++_payables, trainee, trainee.RetainedAmount);
    }

    private static LedgerMove Move(Trainee trainee, LedgerAccountKind from, LedgerAccountKind to, Fen amount) =>
        new(trainee.Line, from, to, amount, trainee.Voucher.Id);
}
