namespace Voucher.Server.Audit.Verifying;

/// <summary>A place where a chain does not hold.</summary>
/// <param name="WholeUpTo">Number of the last row before it that agrees.</param>
/// <param name="At">Number of the row at which it shows.</param>
/// <param name="Named">Number of the row that is wrong, or of the first that is missing.</param>
/// <param name="Finding">What is wrong with which row, as a sentence that needs no subject.</param>
public sealed record ChainFault(long WholeUpTo, long At, long Named, Words Finding)
{
    /// <summary>After a gap the hash before is not known: the row behind it is named too, since nothing can be said of it.</summary>
    public static Words Missing(long from, long to) => from == to
        ? new($"第 {from} 条缺失，第 {to + 1} 条因此无法核对", $"entry {from} is missing, and entry {to + 1} cannot be verified without it")
        : new($"第 {from} 至 {to} 条缺失，第 {to + 1} 条因此无法核对", $"entries {from} to {to} are missing, and entry {to + 1} cannot be verified without them");

    public static Words Edited(long number) => new(
        $"第 {number} 条的摘要不符：它被改动、被插入，或它前一条被替换",
        $"the hash of entry {number} does not fit: it was edited or inserted, or the one before it was replaced");
}

/// <summary>The chain's hash after the last row of a day of the county. Kept elsewhere, it proves that nothing before it was changed since.</summary>
public sealed record ChainRoot(DateOnly Day, long Number, byte[] Hash);

/// <summary>A chain as it was walked: its faults, and the hash that stands at each row that was asked for.</summary>
/// <param name="Last">Number of the last row; 0: there is none.</param>
public sealed record ChainWalk(long Last, IReadOnlyList<ChainFault> Faults);

/// <summary>One table whose rows are chained by hashes.</summary>
/// <param name="Key">In files of roots; never changes.</param>
/// <param name="Walk">Walks it from the first row and names at most so many faults.</param>
/// <param name="HashAt">The hash that stands in the row of the number; <c>null</c> when there is no such row.</param>
/// <param name="Roots">The roots of days, newest first, at most so many, none later than the day.</param>
public sealed record HashChain(
    string Key, Words Name,
    Func<NpgsqlConnection, int, Task<ChainWalk>> Walk,
    Func<NpgsqlConnection, long, Task<byte[]?>> HashAt,
    Func<NpgsqlConnection, DateOnly, int, Task<IReadOnlyList<ChainRoot>>> Roots)
{
    /// <summary>Every chain there is: verified by <c>audit verify</c>, and with its root on the day sheet. A new chain is added here.</summary>
    public static readonly IReadOnlyList<HashChain> All =
    [
        new("audit", new("审计记录", "Audit trail"), AuditChain.WalkAsync, AuditChain.HashAtAsync, AuditChain.RootsAsync),
        new("ledger", new("资金账", "Ledger"), LedgerChain.WalkAsync, LedgerChain.HashAtAsync, LedgerChain.RootsAsync),
        new("history", new("结算步骤", "Steps of settlement"), HistoryChain.WalkAsync, HistoryChain.HashAtAsync, HistoryChain.RootsAsync),
    ];
}
