namespace Voucher.Server.Ledger.Transactions;

/// <summary>One transaction of the ledger with all that it points at.</summary>
/// <param name="Number">Its place in the chain, from 1 without gaps.</param>
/// <param name="CorrectedBy">The later transaction that is its opposite.</param>
public sealed record LedgerTransaction(
    long Id, long Number, byte[] Hash, DateTimeOffset At, LedgerTransactionKind Kind, string Rule, string? By,
    LedgerSubjectKind? SubjectKind, long? SubjectId, string? DocumentNo, long? Corrects, long? CorrectedBy);

/// <summary>What one account gained or lost.</summary>
public sealed record AccountPosting(BudgetLineId Line, string Name, int Year, LedgerAccountKind Account, Fen Amount);

/// <summary>For which voucher how much came to an account.</summary>
public sealed record VoucherPosting(VoucherId Voucher, BudgetLineId Line, LedgerAccountKind Account, Fen Amount);

/// <summary>Reads transactions.</summary>
public sealed class TransactionStore(NpgsqlDataSource database, County county)
{
    private const string OfCounty = """
        exists (select from ledger_posting p join ledger_account a on a.id = p.ledger_account_id join budget_line l on l.id = a.budget_line_id
                where p.transaction_id = t.id and l.region = @Region)
        """;

    public async Task<LedgerTransaction?> FindAsync(long id)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<LedgerTransaction>($"""
            select t.id, c.number, c.hash, t.posted_at as at, t.kind, t.rule, f.name as by, t.subject_kind, t.subject_id, t.document_no, t.corrects, o.id as corrected_by
            from ledger_transaction t
            join ledger_chain c on c.transaction_id = t.id
            left join staff f on f.id = t.staff_id
            left join ledger_transaction o on o.corrects = t.id
            where t.id = @id and {OfCounty}
            """, new { id, county.Region });
    }

    public async Task<IReadOnlyList<AccountPosting>> PostingsAsync(long id)
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<AccountPosting>("""
            select l.id as line, l.name, l.year, a.kind as account, p.amount_fen as amount
            from ledger_posting p
            join ledger_account a on a.id = p.ledger_account_id
            join budget_line l on l.id = a.budget_line_id
            where p.transaction_id = @id order by l.id, a.kind
            """, new { id })];
    }

    /// <summary>By number of the voucher.</summary>
    public async Task<IReadOnlyList<VoucherPosting>> VouchersAsync(long id, int skip, int most)
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<VoucherPosting>("""
            select voucher_id as voucher, budget_line_id as line, account_kind as account, amount_fen as amount
            from ledger_voucher where transaction_id = @id and amount_fen > 0
            order by voucher_id, budget_line_id, account_kind offset @skip limit @most
            """, new { id, skip, most })];
    }
}
