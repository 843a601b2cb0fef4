namespace Voucher.Server.Settling;

/// <summary>Accounts of a budget line. Numbers are stored: they never change meaning.</summary>
public enum LedgerAccountKind : short
{
    /// <summary>The source's side; carries the opposite sign of the others.</summary>
    Allocated = 1,
    Unreserved = 2,
    Reserved = 3,
    Payable = 4,
    Paid = 5,
    Receivable = 6,
}

/// <summary>Why money moves. Numbers are stored: they never change meaning.</summary>
public enum LedgerTransactionKind : short
{
    Allocate = 1,
    Reserve = 2,
    Release = 3,
    Approve = 4,
    Pay = 5,
    Reverse = 6,

    /// <summary>From one budget line to another of the same source and purpose.</summary>
    Transfer = 7,

    /// <summary>Back out of a budget line.</summary>
    Lower = 8,
}

/// <summary>One move of money between two accounts of a budget line.</summary>
public sealed record LedgerMove(BudgetLineId Line, LedgerAccountKind From, LedgerAccountKind To, Fen Amount);

/// <summary>
/// The double-entry ledger. Each transaction moves money between accounts of budget lines, sums to zero, and is caused by
/// exactly one thing; the database refuses overdrawing and a second posting for the same cause.
/// </summary>
public static class LedgerBook
{
    /// <summary>
    /// Posts the moves as one transaction. Returns <c>null</c>, or the refusal <see cref="RefusalCode.BudgetShort"/> when a
    /// line has too little; the caller then rolls back.
    /// </summary>
    /// <param name="cause">Unique, such as <c>batch:7</c>; at most 80 characters.</param>
    /// <param name="rule">The rule it rests on, as cited.</param>
    public static async Task<Refusal?> PostAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction,
        LedgerTransactionKind kind, string cause, Rule rule, IReadOnlyCollection<LedgerMove> moves, AccountId? by, DateTimeOffset now)
    {
        var id = await connection.QuerySingleAsync<long>("""
            insert into ledger_transaction (posted_at, kind, cause, rule, account_id)
            values (@now, @kind, @cause, @rule, @by) returning id
            """, new { now, kind = (short)kind, cause, rule = rule.ToString(), by }, transaction);

        var changes = moves
            .SelectMany(move => new[] { (move.Line, Kind: move.From, Amount: -move.Amount), (move.Line, Kind: move.To, move.Amount) })
            .GroupBy(change => (change.Line, change.Kind))
            .Select(group => (group.Key.Line, group.Key.Kind, Amount: group.Aggregate(Fen.Zero, (sum, change) => sum + change.Amount)))
            .Where(change => change.Amount != Fen.Zero)
            // Always in one order, so that two transactions never wait for each other in a circle.
            .OrderBy(change => change.Line.Value).ThenBy(change => change.Kind)
            .ToList();

        foreach (var (line, account, amount) in changes)
        {
            var balance = await connection.QuerySingleAsync<(int Id, Fen Balance)>("""
                insert into ledger_account (budget_line_id, kind) values (@line, @kind)
                on conflict (budget_line_id, kind) do update set kind = excluded.kind
                returning id, balance_fen
                """, new { line, kind = (short)account }, transaction);
            var after = (balance.Balance + amount).Value;
            if (account == LedgerAccountKind.Allocated ? after > 0 : after < 0)
                return Refusal.Of(RefusalCode.BudgetShort, (-amount).ToGroupedYuan(), balance.Balance.ToGroupedYuan()) with { Rule = rule };
            await connection.ExecuteAsync("""
                update ledger_account set balance_fen = balance_fen + @amount where id = @Id;
                insert into ledger_posting (transaction_id, ledger_account_id, amount_fen) values (@posting, @Id, @amount);
                """, new { amount, balance.Id, posting = id }, transaction);
        }
        return null;
    }
}
