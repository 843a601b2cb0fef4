namespace Voucher.Server.Ledger;

/// <summary>
/// The double-entry ledger. Each transaction moves money between accounts of budget lines, sums to zero, and is caused by
/// exactly one thing; the database refuses overdrawing and a second posting for the same cause, keeps the balances, and seals the
/// transaction into the chain when it is committed.
/// </summary>
public static class LedgerBook
{
    /// <summary>Of the lock under which transactions are sealed; the database's own function names it too.</summary>
    public const long LockNumber = 0x6C6564676572; // "ledger"

    /// <summary>
    /// Posts the moves as one transaction. Returns <c>null</c>, or the refusal <see cref="RefusalCode.BudgetShort"/> when a
    /// line has too little; the caller then rolls back.
    /// </summary>
    /// <param name="cause">The decision behind it, unique, such as <c>batch:7</c>; at most 80 characters. What it is about is read from it here, once: see <see cref="LedgerSubject"/>.</param>
    /// <param name="rule">The rule it rests on, as cited.</param>
    public static async Task<Refusal?> PostAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction,
        LedgerTransactionKind kind, string cause, Rule rule, IReadOnlyCollection<LedgerMove> moves, AccountId? by, DateTimeOffset now)
    {
        var changes = LedgerMoves.ChangesOf(kind, moves);
        var subject = LedgerSubject.Of(cause);
        // correct:NUMBER of a transaction, or correct:CAUSE of one.
        var corrected = kind == LedgerTransactionKind.Correct ? cause.Split(':', 2)[^1] : null;
        var id = await connection.QuerySingleAsync<long>("""
            insert into ledger_transaction (posted_at, kind, cause, rule, account_id, staff_id, subject_kind, subject_id, document_no, corrects)
            values (@now, @kind, @cause, @rule, @by, (select person_of(staff_id) from account where id = @by), @subjectKind, @subjectId, @documentNo,
                    (select id from ledger_transaction where id = @correctedId or cause = @correctedCause))
            returning id
            """,
            new
            {
                now, kind = (short)kind, cause, rule = rule.ToString(), by, subjectKind = (short?)subject?.Kind, subjectId = subject?.Id, documentNo = subject?.DocumentNo,
                correctedId = corrected is not null && subject?.Kind == LedgerSubjectKind.Transaction ? subject.Id : (long?)null, correctedCause = corrected,
            }, transaction);

        foreach (var (line, account, amount) in changes)
        {
            var balance = await connection.QuerySingleAsync<(int Id, Fen Balance)>(
                "select id, balance_fen from open_ledger_account(@line, @kind)", new { line, kind = (short)account }, transaction);
            if (!LedgerMoves.MayStandAt(account, balance.Balance + amount))
                return Refusal.Of(RefusalCode.BudgetShort, (-amount).ToGroupedYuan(), balance.Balance.ToGroupedYuan()) with { Rule = rule };
            // The balance follows the posting by itself.
            await connection.ExecuteAsync(
                "insert into ledger_posting (transaction_id, ledger_account_id, amount_fen) values (@posting, @Id, @amount)", new { amount, balance.Id, posting = id }, transaction);
        }
        await NameVouchersAsync(connection, transaction, id, moves);
        return null;
    }

    /// <summary>
    /// Locks accounts before several transactions are posted in one: in the order in which every posting takes them, so that two
    /// never wait for each other in a circle.
    /// </summary>
    public static async Task HoldAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IEnumerable<(BudgetLineId Line, LedgerAccountKind Account)> accounts)
    {
        foreach (var (line, account) in accounts.Distinct().OrderBy(one => one.Line.Value).ThenBy(one => one.Account))
            await connection.ExecuteAsync("select id from open_ledger_account(@line, @kind)", new { line, kind = (short)account }, transaction);
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
