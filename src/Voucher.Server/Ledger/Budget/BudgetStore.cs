namespace Voucher.Server.Ledger.Budget;

/// <summary>A budget line with its balances. Allocated is shown as a positive amount.</summary>
public sealed record BudgetLine(
    BudgetLineId Id, FundSourceId SourceId, string Source, string SourceDocument, FundKind Kind, string Name, string Department, int Year,
    Fen Allocated, Fen Unreserved, Fen Reserved, Fen Payable, Fen Paid, Fen Receivable, Fen Retained)
{
    /// <summary>The lines as one, for a bar over all of them; named after the first.</summary>
    public static BudgetLine SumOf(IReadOnlyList<BudgetLine> lines)
    {
        Fen Sum(Func<BudgetLine, Fen> part) => lines.Aggregate(Fen.Zero, (sum, line) => sum + part(line));
        return lines[0] with
        {
            Allocated = Sum(line => line.Allocated), Unreserved = Sum(line => line.Unreserved), Reserved = Sum(line => line.Reserved),
            Payable = Sum(line => line.Payable), Paid = Sum(line => line.Paid), Receivable = Sum(line => line.Receivable),
            Retained = Sum(line => line.Retained),
        };
    }
}

/// <summary>资金收入台账: one allocation of a source to a line, or what a transfer or a cut took from it or gave it.</summary>
public sealed record Income(DateTimeOffset At, string Source, string Line, BudgetLineId LineId, long TransactionId, LedgerTransactionKind Kind, string? DocumentNo, Fen Amount);

/// <summary>支出台账: what one programme has cost.</summary>
public sealed record Spending(string Programme, int PaidVouchers, Fen Paid, int PayableVouchers, Fen Payable);

/// <summary>One transaction as one budget line sees it: what each of its accounts gained or lost.</summary>
public sealed record Posting(
    long Id, DateTimeOffset At, LedgerTransactionKind Kind, LedgerSubjectKind? SubjectKind, long? SubjectId, string? DocumentNo, string Rule, string? By,
    Fen Unreserved, Fen Reserved, Fen Payable, Fen Paid, Fen Receivable, Fen Retained);

/// <summary>Reads and opens budget lines.</summary>
public sealed class BudgetStore(NpgsqlDataSource database, County county)
{
    private static readonly string Select = SelectFrom("ledger_account");

    /// <param name="accounts">What the accounts stand at: those of now, or of another day.</param>
    internal static string SelectFrom(string accounts) => $"""
        select b.id, s.id as source_id, s.name as source, s.document_no as source_document, s.kind, b.name, b.department, b.year,
               -coalesce(sum(a.balance_fen) filter (where a.kind = 1), 0)::bigint as allocated,
               coalesce(sum(a.balance_fen) filter (where a.kind = 2), 0)::bigint as unreserved,
               coalesce(sum(a.balance_fen) filter (where a.kind = 3), 0)::bigint as reserved,
               coalesce(sum(a.balance_fen) filter (where a.kind = 4), 0)::bigint as payable,
               coalesce(sum(a.balance_fen) filter (where a.kind = 5), 0)::bigint as paid,
               coalesce(sum(a.balance_fen) filter (where a.kind = 6), 0)::bigint as receivable,
               coalesce(sum(a.balance_fen) filter (where a.kind = 7), 0)::bigint as retained
        from budget_line b
        join fund_source s on s.id = b.fund_source_id
        left join {accounts} a on a.budget_line_id = b.id
        """;

    /// <summary>Newest year first.</summary>
    public async Task<IReadOnlyList<BudgetLine>> ListAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<BudgetLine>($"""
            {Select} where b.region = @Region group by b.id, s.id order by b.year desc, b.id
            """, new { county.Region })];
    }

    public async Task<BudgetLine?> FindAsync(BudgetLineId line)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<BudgetLine>($"""
            {Select} where b.region = @Region and b.id = @line group by b.id, s.id
            """, new { county.Region, line });
    }

    /// <summary>Opens a line, and its fund source when new; <c>null</c> when there is such a line already.</summary>
    public static Task<BudgetLineId?> OpenAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region,
        string source, string sourceDocument, FundKind kind, int year, string department, string name) =>
        connection.QuerySingleOrDefaultAsync<BudgetLineId?>("""
            with source as (
                insert into fund_source (region, name, document_no, kind) values (@region, @source, @sourceDocument, @kind)
                on conflict (region, name) do update set name = excluded.name
                returning id)
            insert into budget_line (region, fund_source_id, year, department, name)
            select @region, source.id, @year, @department, @name from source
            on conflict do nothing
            returning id
            """, new { region, source, sourceDocument, kind = (short)kind, year, department, name }, transaction);

    /// <summary>The source of the name, as it is known; there must be one.</summary>
    public static Task<FundSource> SourceAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, string name) =>
        connection.QuerySingleAsync<FundSource>(
            "select id, name, document_no, kind from fund_source where region = @region and name = @name", new { region, name }, transaction);

    /// <summary>
    /// Writes down the kind of a source: of which none was known, or out of which nothing was given so far (a batch, an allowance);
    /// false where it stands.
    /// </summary>
    public static async Task<bool> SetKindAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, FundSourceId source, FundKind kind) =>
        await connection.ExecuteAsync("""
            update fund_source s set kind = @kind
            where s.id = @source and s.kind <> @kind and (s.kind = 99 or not exists (
                select from budget_line l
                join ledger_account a on a.budget_line_id = l.id and a.kind in (3, 4, 5, 6, 7)
                join ledger_posting p on p.ledger_account_id = a.id
                where l.fund_source_id = s.id))
            """, new { source, kind = (short)kind }, transaction) == 1;

    /// <summary>Whether the two lines are bound to the same purpose, or to none.</summary>
    public async Task<bool> HaveOnePurposeAsync(BudgetLineId one, BudgetLineId other)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<bool>("select purposes_of_line(@one) = purposes_of_line(@other)", new { one, other });
    }

    public static Task<FundSourceId> SourceOfAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, BudgetLineId line) =>
        connection.QuerySingleAsync<FundSourceId>("select fund_source_id from budget_line where id = @line", new { line }, transaction);

    public async Task<IReadOnlyList<Income>> IncomeAsync(int skip, int most)
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<Income>("""
            select t.posted_at as at, s.name as source, b.name || ' ' || b.year as line, b.id as line_id, t.id as transaction_id, t.kind, t.document_no, -p.amount_fen as amount
            from ledger_transaction t
            join ledger_posting p on p.transaction_id = t.id
            join ledger_account a on a.id = p.ledger_account_id and a.kind = 1
            join budget_line b on b.id = a.budget_line_id
            join fund_source s on s.id = b.fund_source_id
            where b.region = @Region
            order by t.id desc offset @skip limit @most
            """, new { county.Region, skip, most })];
    }

    public async Task<IReadOnlyList<Spending>> SpendingAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<Spending>("""
            select g.name as programme,
                   count(*) filter (where l.state = 5)::int as paid_vouchers,
                   coalesce(sum(l.amount_fen) filter (where l.state = 5), 0)::bigint as paid,
                   count(*) filter (where l.state = 3)::int as payable_vouchers,
                   coalesce(sum(l.amount_fen) filter (where l.state = 3), 0)::bigint as payable
            from claim_line l
            join completion d on d.voucher_id = l.voucher_id
            join enrolment n on n.id = d.enrolment_id
            join training_class c on c.id = n.class_id
            join programme g on g.id = c.programme_id
            where l.state in (3, 5) and g.region = @Region
            group by g.id order by g.code
            """, new { county.Region })];
    }

    /// <summary>Newest first.</summary>
    public async Task<IReadOnlyList<Posting>> PostingsAsync(BudgetLineId line, int skip, int most)
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<Posting>("""
            select t.id, t.posted_at as at, t.kind, t.subject_kind, t.subject_id, t.document_no, t.rule, f.name as by,
                   coalesce(sum(p.amount_fen) filter (where a.kind = 2), 0)::bigint as unreserved,
                   coalesce(sum(p.amount_fen) filter (where a.kind = 3), 0)::bigint as reserved,
                   coalesce(sum(p.amount_fen) filter (where a.kind = 4), 0)::bigint as payable,
                   coalesce(sum(p.amount_fen) filter (where a.kind = 5), 0)::bigint as paid,
                   coalesce(sum(p.amount_fen) filter (where a.kind = 6), 0)::bigint as receivable,
                   coalesce(sum(p.amount_fen) filter (where a.kind = 7), 0)::bigint as retained
            from ledger_transaction t
            join ledger_posting p on p.transaction_id = t.id
            join ledger_account a on a.id = p.ledger_account_id
            left join staff f on f.id = t.staff_id
            where a.budget_line_id = @line
            group by t.id, f.id order by t.id desc offset @skip limit @most
            """, new { line, skip, most })];
    }
}
