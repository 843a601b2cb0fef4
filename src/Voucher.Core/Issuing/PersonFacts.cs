using Voucher.Core.Matching;
using Voucher.Core.Vouchers;

namespace Voucher.Core.Issuing;

/// <summary>What is known of a person on the day on which it is asked whether they may have a voucher.</summary>
/// <param name="Vouchers">All that the person was ever given, reprints among them.</param>
/// <param name="AwaitedFrom">First valid days of vouchers that other batches under way will give them.</param>
/// <param name="Trainings">Completed with a voucher.</param>
/// <param name="Hits">Outside lists in which the person stands and that nobody has dismissed.</param>
public sealed record PersonFacts(
    DateOnly BirthDate,
    IReadOnlyList<string> Categories,
    bool IsWithdrawn,
    IReadOnlyList<HeldVoucher> Vouchers,
    IReadOnlyList<DateOnly> AwaitedFrom,
    IReadOnlyList<CompletedTraining> Trainings,
    IReadOnlyList<MatchSource> Hits);

/// <summary>A voucher of the person. Its year is that of its first valid day.</summary>
public sealed record HeldVoucher(VoucherState State, DateOnly ValidFrom, DateOnly ValidUntil)
{
    /// <summary>Unspent: may still be used on the day. An enrolled one no longer expires.</summary>
    public bool IsLiveOn(DateOnly day) =>
        State == VoucherState.Enrolled || (State is VoucherState.Issued or VoucherState.Claimed && day <= ValidUntil);

    /// <summary>A reprint counts once, and what the county took back does not count.</summary>
    public bool CountsIn(int year) => State is not (VoucherState.Replaced or VoucherState.Revoked) && ValidFrom.Year == year;
}

/// <param name="Programme">Its code, 1000–65535.</param>
/// <param name="Trade">Code of its trade, 1–999.</param>
/// <param name="Day">Local day of completion.</param>
public sealed record CompletedTraining(int Programme, int Trade, DateOnly Day);

/// <summary>The voucher that somebody asks for.</summary>
/// <param name="Trade">Of the scope: the trade itself or the programme's; <c>null</c> for any.</param>
/// <param name="ValidFrom">Its first valid day: age and year are judged on it.</param>
public sealed record WantedVoucher(VoucherScope Scope, int? Trade, DateOnly ValidFrom);
