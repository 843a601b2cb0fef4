namespace Voucher.Server.Ledger;

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
    /// <param name="cause">The decision behind it, unique, such as <c>batch:7</c>; at most 80 characters.</param>
    /// <param name="rule">The rule it rests on, as cited.</param>
    public static async Task<Refusal?> PostAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction,
        LedgerTransactionKind kind, string cause, Rule rule, IReadOnlyCollection<LedgerMove> moves, AccountId? by, DateTimeOffset now)
    {
        var changes = LedgerMoves.ChangesOf(kind, moves);
        var id = await connection.QuerySingleAsync<long>("""
            insert into ledger_transaction (posted_at, kind, cause, rule, account_id, staff_id)
            values (@now, @kind, @cause, @rule, @by, (select staff_id from account where id = @by)) returning id
            """, new { now, kind = (short)kind, cause, rule = rule.ToString(), by }, transaction);

        foreach (var (line, account, amount) in changes)
        {
            var balance = await connection.QuerySingleAsync<(int Id, Fen Balance)>("""
                insert into ledger_account (budget_line_id, kind) values (@line, @kind)
                on conflict (budget_line_id, kind) do update set kind = excluded.kind
                returning id, balance_fen
                """, new { line, kind = (short)account }, transaction);
            if (!LedgerMoves.MayStandAt(account, balance.Balance + amount))
                return Refusal.Of(RefusalCode.BudgetShort, (-amount).ToGroupedYuan(), balance.Balance.ToGroupedYuan()) with { Rule = rule };
            await connection.ExecuteAsync("""
                update ledger_account set balance_fen = balance_fen + @amount where id = @Id;
                insert into ledger_posting (transaction_id, ledger_account_id, amount_fen) values (@posting, @Id, @amount);
                """, new { amount, balance.Id, posting = id }, transaction);
        }
        await NameVouchersAsync(connection, transaction, id, moves);
        return null;
    }

    /// <summary>For which voucher how much of the transaction moves, so that a voucher's history tells its money.</summary>
    private static async Task NameVouchersAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, long id, IReadOnlyCollection<LedgerMove> moves)
    {
        List<LedgerMove> named = [.. moves.Where(move => move.Voucher is not null && move.Amount != Fen.Zero)];
        if (named.Count == 0) return;
        await connection.ExecuteAsync("""
            insert into ledger_voucher_move (transaction_id, voucher_id, budget_line_id, from_kind, to_kind, amount_fen)
            select @id, * from unnest(@vouchers, @lines, @from, @to, @amounts)
            """,
            new
            {
                id,
                vouchers = named.Select(move => move.Voucher!.Value.Value).ToArray(),
                lines = named.Select(move => move.Line.Value).ToArray(),
                from = named.Select(move => (short)move.From).ToArray(),
                to = named.Select(move => (short)move.To).ToArray(),
                amounts = named.Select(move => move.Amount.Value).ToArray(),
            }, transaction);
    }
}
