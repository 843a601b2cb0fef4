using Voucher.Server.Policies;

namespace Voucher.Server.Ledger.Closing;

/// <summary>
/// A posting that began in the last second of a month and waited for a lock until that month was closed: the database refuses it
/// when it is committed, whichever use case it is of, and all of that is undone. What is said of it is said in one place.
/// </summary>
public sealed class ClosedMeanwhile(PolicyStore policies, TimeProvider clock)
{
    /// <summary>State of the exception by which the database keeps a closed month as it is.</summary>
    public const string State = "VX715";

    public static bool Is(Exception? fault) => fault is PostgresException { SqlState: State };

    public async Task<Refusal> SayAsync() =>
        Refusal.Under(await policies.InForceOrLastAsync(CountyTime.DayOf(clock.GetUtcNow())), RefusalCode.MonthClosedMeanwhile);
}
