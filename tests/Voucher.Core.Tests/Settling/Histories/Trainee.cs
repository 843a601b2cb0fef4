using Voucher.Core.Classes;
using Voucher.Core.Money;
using Voucher.Core.Settling;
using Voucher.Core.Vouchers;

namespace Voucher.Core.Tests.Settling.Histories;

/// <summary>One voucher with all that hangs on it, as the county's tables would hold it.</summary>
internal sealed class Trainee(int number, BudgetLineId line, int source, InstitutionId institution, Fen faceValue, TrainingVoucher voucher)
{
    public const int PlannedHours = 40;

    public int Number { get; } = number;
    public BudgetLineId Line { get; } = line;
    public int Source { get; } = source;
    public InstitutionId Institution { get; } = institution;
    public Fen FaceValue { get; } = faceValue;
    public Fen Rate { get; init; }
    public ClassOffer Class { get; init; } = null!;

    public TrainingVoucher Voucher { get; set; } = voucher;
    public bool IsReserved { get; set; } = true;
    public int AttendedHours { get; set; }
    public ClaimLine? ClaimLine { get; set; }
    public int Claims { get; set; }
    public ClaimAmount? Amount { get; set; }

    /// <summary>What is owed of the line, and what of it that was kept back.</summary>
    public Owed? Main { get; set; }
    public Owed? Released { get; set; }
    public RetainedMoney? Retained { get; set; }
    public Fen RetainedAmount { get; set; }
    public PublicationState Publication { get; set; } = PublicationState.NotPublished;
    public List<TakingBack> TakenBack { get; } = [];

    public IEnumerable<Owed> Debts => new[] { Main, Released }.OfType<Owed>();

    public bool HasRetained => Retained?.State is RetainedState.Kept or RetainedState.ReleaseDrafted or RetainedState.ForfeitDrafted;

    /// <summary>Paid, and not taken back.</summary>
    public Fen Held => Debts.Where(debt => debt.State == OwedState.Paid).Aggregate(Fen.Zero, (sum, debt) => sum + debt.Amount)
        - TakenBack.Where(one => one.IsDecided).Aggregate(Fen.Zero, (sum, one) => sum + one.Shares.Paid);
}

internal enum OwedState { Open, InPayment, Paid, Cancelled }

/// <summary>A payable.</summary>
internal sealed class Owed(long id, Trainee trainee, Fen amount)
{
    public long Id { get; } = id;
    public Trainee Trainee { get; } = trainee;
    public Fen Amount { get; set; } = amount;
    public Fen PartPaid { get; set; }
    public OwedState State { get; set; }
    public Transfer? Row { get; set; }
}

/// <summary>A payment: one payee, one row for each of its budget lines.</summary>
internal sealed class Order(int number)
{
    public int Number { get; } = number;
    public PaymentStatus Status { get; set; } = PaymentStatus.Made;
    public List<Transfer> Rows { get; } = [];
    public bool HasWaiting => Rows.Any(row => row.Life.State == PaymentRowState.Waiting);
}

/// <summary>A row of a payment.</summary>
internal sealed class Transfer(int number, Order order, InstitutionId institution, IReadOnlyList<Owed> debts, IReadOnlyList<NettedPart> netted)
{
    public int Number { get; } = number;
    public Order Order { get; } = order;
    public InstitutionId Institution { get; } = institution;
    public IReadOnlyList<Owed> Debts { get; } = debts;
    public IReadOnlyList<NettedPart> Netted { get; } = netted;
    public Fen Gross { get; } = debts.Aggregate(Fen.Zero, (sum, debt) => sum + debt.Amount);
    public bool IsNetted { get; set; }
    public Fen NettedSum => Netted.Aggregate(Fen.Zero, (sum, part) => sum + part.Amount);
    public List<BookedAnswer> Booked { get; } = [];
    public PaymentRowLife Life { get; set; } = null!;
}

/// <summary>A recovery of one voucher.</summary>
internal sealed class TakingBack(RecoveryId id, Trainee trainee, Fen amount, Recovery recovery)
{
    public RecoveryId Id { get; } = id;
    public Trainee Trainee { get; } = trainee;
    public Fen Amount { get; } = amount;
    public Recovery Recovery { get; set; } = recovery;
    public RecoveryShares Shares { get; set; } = new(Fen.Zero, Fen.Zero, Fen.Zero);
    public bool IsDecided => Recovery.State is RecoveryState.Open or RecoveryState.Settled;
}
