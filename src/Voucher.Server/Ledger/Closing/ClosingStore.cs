using Voucher.Core.Settling;
using Voucher.Server.Ledger.Budget;

namespace Voucher.Server.Ledger.Closing;

/// <summary>The closing of one month.</summary>
/// <param name="Month">Its first day.</param>
/// <param name="ThroughNumber">Where the chain ended when it was closed.</param>
/// <param name="Root">The hash there.</param>
public sealed record MonthRecord(
    int Id, DateOnly Month, MonthState State, StaffId ProposedByStaff, string ProposedBy, DateTimeOffset ProposedAt,
    string? DecidedBy, DateTimeOffset? DecidedAt, string? Reason, long? ThroughNumber, byte[]? Root);

/// <summary>Reads and writes the closings of months and what they froze.</summary>
public sealed class ClosingStore(NpgsqlDataSource database, County county)
{
    private const string Select = """
        select c.id, c.month, c.status as state, c.proposed_by_staff, p.name as proposed_by, c.proposed_at, d.name as decided_by, c.decided_at, c.reason, c.through_number, c.root
        from month_closing c
        join staff p on p.id = c.proposed_by_staff
        left join staff d on d.id = c.decided_by_staff
        """;

    /// <summary>Newest month first.</summary>
    public async Task<IReadOnlyList<MonthRecord>> ListAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<MonthRecord>($"{Select} where c.region = @Region order by c.month desc, c.id desc", new { county.Region })];
    }

    public async Task<MonthRecord?> FindAsync(int id)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<MonthRecord>($"{Select} where c.region = @Region and c.id = @id", new { county.Region, id });
    }

    /// <summary>The first month that is not closed: after the last closed one, or that of the first posting; <c>null</c> where nothing was ever posted.</summary>
    public async Task<DateOnly?> NextAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleAsync<DateOnly?>("""
            select coalesce(
                (select (max(month) + interval '1 month')::date from month_closing where region = @Region and status = 2),
                (select date_trunc('month', min(posted_at) at time zone 'UTC' + interval '8 hours')::date from ledger_transaction))
            """, new { county.Region });
    }

    /// <summary>Budget lines as the month froze them.</summary>
    public async Task<IReadOnlyList<BudgetLine>> LinesAsync(int closing)
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<BudgetLine>($"""
            {BudgetStore.SelectFrom("(select o.budget_line_id, o.kind, n.balance_fen from balance_snapshot n join ledger_account o on o.id = n.ledger_account_id where n.closing_id = @closing)")}
            where b.region = @Region and a.kind is not null group by b.id, s.id order by b.year desc, b.id
            """, new { county.Region, closing })];
    }

    /// <summary>The closing of the month that holds it, locked; <c>null</c> where there is none.</summary>
    public static Task<MonthRecord?> LockAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, DateOnly month) =>
        connection.QuerySingleOrDefaultAsync<MonthRecord?>(
            $"{Select} where c.region = @region and c.month = @month and c.status <> 3 for update of c", new { region, month }, transaction);

    /// <summary>Whether something was posted before the month, and the month before it is not closed.</summary>
    public static Task<bool> IsEarlierOpenAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, DateOnly month) =>
        connection.ExecuteScalarAsync<bool>("""
            select exists (select from ledger_transaction where posted_at < end_of_day(@month::date - 1))
               and not exists (select from month_closing where region = @region and status = 2 and month = (@month::date - interval '1 month')::date)
            """, new { region, month }, transaction);

    public static Task ProposeAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, DateOnly month, Actor by, DateTimeOffset now) =>
        connection.ExecuteAsync("""
            insert into month_closing (region, month, status, proposed_by, proposed_by_staff, proposed_at) values (@region, @month, 1, @Account, @Staff, @now)
            """, new { region, month, by.Account, by.Staff, now }, transaction);

    public static Task SendBackAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, int id, string reason, Actor by, DateTimeOffset now) =>
        connection.ExecuteAsync("""
            update month_closing set status = 3, reason = @reason, decided_by = @Account, decided_by_staff = @Staff, decided_at = @now where id = @id and status = 1
            """, new { id, reason, by.Account, by.Staff, now }, transaction);

    /// <summary>
    /// Closes under the lock of the chain: whoever posts meanwhile has finished, or comes after and is refused the month. Returns
    /// where the chain ended.
    /// </summary>
    public static async Task<(long Number, byte[]? Root)> CloseAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, MonthRecord month, RegionCode region, Actor by, DateTimeOffset now)
    {
        await connection.ExecuteAsync("select pg_advisory_xact_lock(@LockNumber)", new { LedgerBook.LockNumber }, transaction);
        var (number, root) = await connection.QuerySingleOrDefaultAsync<(long, byte[]?)>(
            "select number, hash from ledger_chain order by number desc limit 1", transaction: transaction);
        var closed = await connection.ExecuteAsync("""
            update month_closing set status = 2, decided_by = @Account, decided_by_staff = @Staff, decided_at = @now, through_number = @number, root = @root
            where id = @Id and status = 1 and person_of(proposed_by_staff) <> person_of(@Staff)
            """, new { month.Id, by.Account, by.Staff, now, number, root }, transaction);
        if (closed != 1) throw new InvalidOperationException($"Month {month.Month} was closed meanwhile, or by who proposed it.");
        await connection.ExecuteAsync("""
            insert into balance_snapshot (closing_id, ledger_account_id, balance_fen)
            select @Id, p.ledger_account_id, sum(p.amount_fen)
            from ledger_transaction t
            join ledger_posting p on p.transaction_id = t.id
            join ledger_account a on a.id = p.ledger_account_id
            join budget_line l on l.id = a.budget_line_id and l.region = @region
            where t.posted_at < end_of_day(@end) group by p.ledger_account_id;
            """, new { month.Id, region, end = month.Month.AddMonths(1).AddDays(-1) }, transaction);
        return (number, root);
    }
}
