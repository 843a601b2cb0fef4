using Voucher.Core.Classes;
using Voucher.Core.Money;
using Voucher.Core.Policies;
using Voucher.Core.Settling;
using Voucher.Core.Tests.Vouchers;
using Voucher.Core.Vouchers;

namespace Voucher.Core.Tests.Settling.Histories;

/// <summary>What may happen to public money; each has to occur often in the histories.</summary>
internal enum Act
{
    Issue, HandOver, Enrol, Complete, Withdraw, Revoke, Expire, PassTime, Claim, Pass, Reject, Return, HandInAgain, Hold, ReleaseHold, Approve,
    Publish, Object, Dismiss, Uphold, MakePayment, Cancel, Send, BankPays, BankFails, BankPaysPart, Bounce, Nonsense, Repeat, Resend, Withdrawn, TakeOut,
    Propose, Confirm, TurnDown, PayIn, KeepBack, ReleaseRetained, Forfeit, Netted,
}

/// <summary>One history from its seed.</summary>
internal sealed class History
{
    private static readonly Act[] Acts = Enum.GetValues<Act>();
    private static readonly InstitutionId[] Institutions = [new(12), new(13)];

    private readonly Random _random;
    private readonly int _seed;
    private readonly County _county;
    private readonly PlainFacts _facts;
    private readonly List<string> _told = [];

    public History(int seed)
    {
        (_seed, _random) = (seed, new Random(seed));
        _county = new County(Sample.Policy with
        {
            Parameters = new PolicyParameters
            {
                RetentionPercent = _random.Next(3) * 15, PublicityWorkingDays = _random.Next(2) * 5, FullPayAttendancePercent = _random.Next(2) * 95,
            },
        });
        _facts = new PlainFacts(_county);
        foreach (var line in County.Lines) _county.Allocate(line, new Fen(_random.Next(50_000, 600_000)));
    }

    public void Run(int steps, long[] counts)
    {
        try
        {
            for (var step = 0; step < steps; step++)
            {
                var act = step < 3 ? Act.Issue : _random.Next(5) < 4 ? Onwards() : Acts[_random.Next(Acts.Length)];
                var netted = _county.Recoveries.Count(one => one.Recovery.Netted > Fen.Zero);
                if (!Do(act)) continue;
                _told.Add($"{act}");
                counts[(int)act]++;
                if (_county.Recoveries.Count(one => one.Recovery.Netted > Fen.Zero) > netted) counts[(int)Act.Netted]++;
                _facts.Check();
            }
        }
        catch (Exception fault)
        {
            throw new InvalidOperationException($"History {_seed}: {string.Join(", ", _told)}, then", fault);
        }
    }

    /// <summary>What would most likely come next for somebody, so that histories reach the bank and what comes after it.</summary>
    private Act Onwards() => AtTheBank() ?? Pick(_county.Trainees) switch
    {
        null => Act.Issue,
        { Voucher.State: VoucherState.Issued or VoucherState.Claimed } => Act.Enrol,
        { Voucher.State: VoucherState.Enrolled } => Act.Complete,
        { Voucher.State: not VoucherState.Completed } => Acts[_random.Next(Acts.Length)],
        { ClaimLine: null or { State: ClaimLineState.Rejected } } => Act.Claim,
        { ClaimLine: { State: ClaimLineState.Submitted, Verdict: null } } => Act.Pass,
        { ClaimLine.State: ClaimLineState.Submitted } => Act.Approve,
        { ClaimLine.State: ClaimLineState.Returned } => Act.HandInAgain,
        { ClaimLine.State: ClaimLineState.Held } => Act.ReleaseHold,
        { Publication.Standing: PublicationStanding.Objected } => _random.Next(4) == 0 ? Act.Uphold : Act.Dismiss,
        { ClaimLine.State: ClaimLineState.Paid } => AfterPayment[_random.Next(AfterPayment.Length)],
        _ => TowardsPayment[_random.Next(TowardsPayment.Length)],
    };

    /// <summary>What was begun with the bank mostly goes on.</summary>
    private Act? AtTheBank()
    {
        if (_random.Next(3) == 0) return null;
        if (_county.Bank.Orders.Exists(order => order.Reached is null)) return BankAnswers[_random.Next(BankAnswers.Length)];
        if (_county.Orders.Exists(order => order.HasWaiting && order.Status != PaymentStatus.Cancelled)) return _random.Next(15) == 0 ? Act.Cancel : Act.Send;
        return null;
    }

    private static readonly Act[] BankAnswers = [Act.BankPays, Act.BankPays, Act.BankPays, Act.BankFails, Act.BankPaysPart];

    private static readonly Act[] TowardsPayment =
        [Act.Publish, Act.Object, Act.PassTime, Act.MakePayment, Act.MakePayment, Act.MakePayment, Act.Resend, Act.TakeOut, Act.Withdrawn];

    private static readonly Act[] AfterPayment =
        [Act.Issue, Act.Propose, Act.Propose, Act.Confirm, Act.Confirm, Act.Confirm, Act.PayIn, Act.KeepBack, Act.KeepBack, Act.ReleaseRetained, Act.MakePayment, Act.MakePayment, Act.Bounce, Act.PassTime];

    private bool Do(Act act) => act switch
    {
        Act.Issue => Issue(),
        Act.PassTime => PassTime(),
        Act.Expire => Expire(),
        Act.MakePayment => _county.MakePayment(Institutions[_random.Next(4) / 3], 1 + _random.Next(4) / 3),
        Act.Cancel or Act.Send => Pick(_county.Orders) is { } order && (act == Act.Send ? _county.Send(order) : _county.Cancel(order)),
        Act.Resend or Act.Withdrawn or Act.TakeOut => Pick(_county.Orders.SelectMany(one => one.Rows)) is { } row && Turn(act, row),
        Act.BankPays or Act.BankFails or Act.BankPaysPart or Act.Bounce => BankActs(act),
        Act.Nonsense or Act.Repeat => BankErrs(act),
        Act.Confirm or Act.TurnDown or Act.PayIn => Pick(_county.Recoveries) is { } recovery && Recover(act, recovery),
        _ => Pick(_county.Trainees) is { } trainee && OfTrainee(act, trainee),
    };

    private bool Issue() => _county.Trainees.Count < 5 && _county.Issue(
        County.Lines[_random.Next(5) % 3], Institutions[_random.Next(6) / 5], new Fen(_random.Next(1, 150_000)), new Fen(_random.Next(1, 150_000)), _random.Next(10, 40));

    private bool PassTime()
    {
        _county.PassDays(_random.Next(1, 12));
        return true;
    }

    private bool Expire()
    {
        _county.Expire();
        return true;
    }

    private bool OfTrainee(Act act, Trainee trainee) => act switch
    {
        Act.HandOver => PlainFacts.Expect(PlainFacts.MayHandOver(trainee, _county.Today), _county.Do(trainee, new VoucherCommand.HandOver())),
        Act.Enrol => _county.Do(trainee, new VoucherCommand.Enrol(trainee.Class with { StartsOn = _county.Today, EndsOn = _county.Today }, Sample.Holder)),
        Act.Complete => _county.Do(trainee, new VoucherCommand.Complete(
            trainee.Voucher.Enrolment?.Class ?? trainee.Class.Id, new CompletionStanding(_random.Next(7, 11), 10, true, _county.Today))),
        Act.Withdraw => _county.Do(trainee, new VoucherCommand.Withdraw("身体原因")),
        Act.Revoke => _random.Next(3) == 0 && _county.Do(trainee, new VoucherCommand.Revoke("发放有误")),
        Act.Claim => PlainFacts.Expect(PlainFacts.MayClaim(trainee), _county.Claim(trainee)),
        Act.Pass => _county.Review(trainee, new LineCommand.Pass(Person(), "核对")),
        Act.Reject => _county.Review(trainee, new LineCommand.Reject(Person(), "材料不符")),
        Act.Return => _county.Review(trainee, new LineCommand.Return(Person(), "缺", "补考勤")),
        Act.HandInAgain => _county.Review(trainee, new LineCommand.HandInAgain()),
        Act.Hold => _county.Review(trainee, new LineCommand.Hold(Person(), "再查")),
        Act.ReleaseHold => _county.Review(trainee, new LineCommand.Release("已查")),
        Act.Approve => Approve(trainee),
        Act.Publish => _county.Publish(trainee, new PublicationCommand.Publish(_county.Today.AddDays(_random.Next(1, 8)))),
        Act.Object => _county.Publish(trainee, new PublicationCommand.Object()),
        Act.Dismiss => _county.Publish(trainee, new PublicationCommand.Dismiss(_county.Today)),
        Act.Uphold => _county.Publish(trainee, new PublicationCommand.Uphold()),
        Act.Propose => _county.ProposeTakingBack(trainee, new Fen(_random.Next(1, (int)Math.Min(trainee.FaceValue.Value, trainee.Rate.Value) + 1)), Person()) is not null,
        Act.KeepBack => _county.Retain(trainee, RetainedStep.DraftRelease),
        Act.ReleaseRetained => trainee.Retained?.State == RetainedState.ReleaseDrafted && _county.Retain(trainee, RetainedStep.Approve),
        Act.Forfeit => _random.Next(4) == 0 && _county.Retain(trainee, RetainedStep.DraftForfeit) && _county.Retain(trainee, RetainedStep.Approve),
        _ => false,
    };

    private bool Approve(Trainee trainee)
    {
        var by = Person();
        return PlainFacts.Expect(PlainFacts.MayApprove(trainee, by), _county.Approve(trainee, by));
    }

    private bool Turn(Act act, Transfer row) => act switch
    {
        Act.Resend => _county.Resend(row),
        Act.Withdrawn => _county.Withdraw(row),
        _ => _county.TakeOut(row),
    };

    /// <summary>The bank does something, and says so truly.</summary>
    private bool BankActs(Act act)
    {
        var order = Pick(_county.Bank.Orders.Where(order => act == Act.Bounce ? order.Reached == order.Amount : order.Reached is null));
        if (order is null || act == Act.Bounce && _random.Next(3) > 0) return false;
        var paid = act switch
        {
            Act.BankPays => order.Amount,
            Act.BankPaysPart when order.Amount.Value > 1 => new Fen(_random.NextInt64(1, order.Amount.Value)),
            _ => Fen.Zero,
        };
        if (act == Act.BankPaysPart && paid == Fen.Zero) return false;
        var answer = act switch
        {
            Act.BankPays => PaymentAnswer.Paid,
            Act.BankFails => PaymentAnswer.Failed,
            Act.BankPaysPart => PaymentAnswer.Partly,
            _ => PaymentAnswer.Bounced,
        };
        var row = _county.Orders.SelectMany(one => one.Rows).Single(row => row.Number == order.Row);
        // What comes back is all that reached the payee; where the books cannot take it, it is a difference for a person.
        var amount = act == Act.Bounce ? row.Life.Paid : paid;
        var finding = _county.Answer(order.Row, new ReturnedRow(answer, act == Act.BankFails ? null : amount, act != Act.BankFails, order.Attempt, order.Serial, false, false));
        if (act == Act.Bounce)
        {
            if (finding != ReturnFinding.Good) return false;
            foreach (var earlier in _county.Bank.Orders.Where(one => one.Row == order.Row)) earlier.Reached = Fen.Zero;
            return true;
        }
        Assert.Equal(ReturnFinding.Good, finding);
        order.Reached = paid;
        return true;
    }

    /// <summary>What no bank should say, and what it says twice: no money moves.</summary>
    private bool BankErrs(Act act)
    {
        if (Pick(_county.Bank.Orders) is not { } order) return false;
        var before = _facts.Balances();
        var said = act == Act.Repeat ? Again(order) : Wrong(order);
        if (said is null) return false;
        Assert.NotEqual(ReturnFinding.Good, _county.Answer(act == Act.Nonsense && _random.Next(5) == 0 ? order.Row + 1_000 : order.Row, said));
        Assert.Equal(before, _facts.Balances());
        return true;
    }

    private ReturnedRow? Again(Bank.Order order)
    {
        var row = _county.Orders.SelectMany(one => one.Rows).Single(row => row.Number == order.Row);
        return Pick(row.Booked.Where(booked => booked.Attempt == order.Attempt)) is { } booked
            ? new ReturnedRow(booked.Answer, booked.Answer == PaymentAnswer.Failed ? null : booked.Amount, booked.Answer != PaymentAnswer.Failed, booked.Attempt, booked.Serial, false, false)
            : null;
    }

    private ReturnedRow Wrong(Bank.Order order) => _random.Next(6) switch
    {
        0 => new(PaymentAnswer.Paid, order.Amount + new Fen(1), true, order.Attempt, "X", false, false),
        1 => new(PaymentAnswer.Paid, order.Amount, true, LastAttempt(order) + 1, "X", false, false),
        2 => new(PaymentAnswer.Paid, order.Amount, true, order.Attempt, "X", IsOtherPayee: true, false),
        3 => new(null, order.Amount, true, order.Attempt, "X", false, false),
        4 => new(PaymentAnswer.Paid, null, true, order.Attempt, "X", false, false),
        _ => new(PaymentAnswer.Paid, order.Amount, true, order.Attempt, "X", false, IsTwiceInFile: true),
    };

    private int LastAttempt(Bank.Order order) => _county.Bank.Orders.Where(one => one.Row == order.Row).Max(one => one.Attempt);

    private bool Recover(Act act, TakingBack recovery) => act switch
    {
        Act.Confirm => _county.ConfirmTakingBack(recovery, Person()),
        Act.TurnDown => _random.Next(2) == 0 && _county.Step(recovery, new RecoveryCommand.Reject(Person())),
        _ => PayIn(recovery, new Fen(_random.Next(1, _random.Next(2) == 0 ? 150_000 : (int)recovery.Amount.Value + 1))),
    };

    private bool PayIn(TakingBack recovery, Fen amount) =>
        PlainFacts.Expect(PlainFacts.MayPayIn(recovery, amount), _county.Step(recovery, new RecoveryCommand.PayIn(amount)));

    private StaffId Person() => new(_random.Next(1, 4));

    private T? Pick<T>(IEnumerable<T> among) where T : class
    {
        var all = among.ToList();
        return all.Count == 0 ? null : all[_random.Next(all.Count)];
    }
}
