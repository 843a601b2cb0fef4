using Voucher.Core.Settling;

namespace Voucher.Server.Settling.Allowances;

/// <summary>A monthly list under its lock.</summary>
public sealed record LockedAllowanceList(AllowanceListId Id, DateOnly Month, BudgetLineId Line, StaffId DraftedBy, AllowanceList List);

/// <summary>One allowance that is to be written.</summary>
public sealed record NewAllowance(
    AllowanceListId? List, ClaimLineId? ClaimLine, AllowanceKind Kind, PersonId Person, VoucherId Voucher, ClassId Class, BudgetLineId Line, AllowanceAmount Amount);

/// <summary>One allowance of a list whose lock is held.</summary>
/// <param name="Person">Into whom the trainee's entry was merged, where it was.</param>
public sealed record OwedAllowance(AllowanceId Id, PersonId Person, VoucherId Voucher, ClassId Class, BudgetLineId Line, Fen Amount, bool IsOpen);

/// <summary>
/// Writes allowances. Locks: list (or claim), vouchers, the days, payables by id, ledger accounts, the audit trail.
/// </summary>
public static class AllowanceStore
{
    /// <summary>The last guard against paying a day twice; see the migration.</summary>
    public const string DayOnce = "allowance_day_once";

    private const long DaysLock = 0x616c6c6f77; // "allow"

    private sealed record LockRow(AllowanceListId Id, DateOnly Month, BudgetLineId BudgetLineId, StaffId DraftedByStaff, int Status);

    private sealed record TallyRow(int Open, int InPayment, int Paid, int Cancelled);

    /// <summary>Until the transaction ends nobody else puts days on a list.</summary>
    public static Task HoldDaysAsync(NpgsqlConnection connection, NpgsqlTransaction transaction) =>
        connection.ExecuteAsync("select pg_advisory_xact_lock(@DaysLock)", new { DaysLock }, transaction);

    public static Task<AllowanceListId> InsertListAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, DateOnly month, InstitutionId? institution, BudgetLineId line,
        Actor actor, DateTimeOffset now) =>
        connection.QuerySingleAsync<AllowanceListId>("""
            insert into allowance_list (region, month, institution_id, budget_line_id, status, drafted_by, drafted_by_staff, drafted_at)
            values (@region, @month, @institution, @line, 1, @Account, @Staff, @now) returning id
            """, new { region, month, institution = institution?.Value, line, actor.Account, actor.Staff, now }, transaction);

    /// <summary>Writes the allowances and their days, in order of persons, so that two writers never wait for each other in a circle.</summary>
    /// <returns>Their ids, in the order given.</returns>
    /// <exception cref="PostgresException"><see cref="DayOnce"/>: a day is on another list.</exception>
    public static async Task<IReadOnlyList<AllowanceId>> InsertAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, IReadOnlyList<NewAllowance> allowances)
    {
        List<AllowanceId> ids = [];
        foreach (var allowance in allowances)
        {
            ids.Add(await connection.QuerySingleAsync<AllowanceId>("""
                insert into allowance (region, list_id, claim_line_id, kind, person_id, voucher_id, class_id, budget_line_id, days, full_fen, amount_fen)
                values (@region, @list, @claimLine, @kind, @Person, @Voucher, @Class, @Line, @days, @full, @amount) returning id
                """,
                new
                {
                    region, list = allowance.List?.Value, claimLine = allowance.ClaimLine?.Value, kind = (short)allowance.Kind, allowance.Person, allowance.Voucher,
                    allowance.Class, allowance.Line, days = allowance.Amount.Days.Count, full = allowance.Amount.Full, amount = allowance.Amount.Amount,
                }, transaction));
        }
        await InsertDaysAsync(connection, transaction, [.. ids.Zip(allowances).SelectMany(pair => pair.Second.Amount.Days.Select(day => (pair.First, pair.Second, day)))]);
        return ids;
    }

    private static Task InsertDaysAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<(AllowanceId Id, NewAllowance Of, AllowanceDay Day)> days) =>
        connection.ExecuteAsync("""
            insert into allowance_day (allowance_id, person_id, kind, day, rate_fen, policy_id, standing)
            select line.allowance, line.person, line.kind, line.day, line.rate, line.policy, 1
            from unnest(@allowances, @people, @kinds, @days, @rates, @policies) as line (allowance, person, kind, day, rate, policy)
            order by line.person, line.kind, line.day
            """,
            new
            {
                allowances = days.Select(day => day.Id.Value).ToArray(), people = days.Select(day => day.Of.Person.Value).ToArray(),
                kinds = days.Select(day => (short)day.Of.Kind).ToArray(), days = days.Select(day => day.Day.Day).ToArray(),
                rates = days.Select(day => day.Day.Rate.Value).ToArray(), policies = days.Select(day => day.Day.Policy.Value).ToArray(),
            }, transaction);

    /// <summary>The list under its lock, with its payables locked by id.</summary>
    public static async Task<LockedAllowanceList?> LockAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, AllowanceListId list)
    {
        var row = await connection.QuerySingleOrDefaultAsync<LockRow>("""
            select id, month, budget_line_id, drafted_by_staff, status::int as status from allowance_list where id = @list and region = @region for update
            """, new { list, region }, transaction);
        if (row is null) return null;
        await connection.ExecuteAsync(
            "select from payable where allowance_id in (select id from allowance where list_id = @list) order by id for update", new { list }, transaction);
        var tally = await connection.QuerySingleAsync<TallyRow>(
            $"select {Tally} from allowance a join allowance_list s on s.id = a.list_id {JoinPayable} where a.list_id = @list", new { list }, transaction);
        return new(row.Id, row.Month, row.BudgetLineId, row.DraftedByStaff, ListOf(row.Status, tally.Open, tally.InPayment, tally.Paid, tally.Cancelled));
    }

    /// <summary>For allowances <c>a</c>: the payable that is not cancelled, as <c>y</c>.</summary>
    public const string JoinPayable = "left join payable y on y.allowance_id = a.id and y.state <> 4";

    /// <summary>Of a list <c>s</c>: drafted, or owed and in no payment.</summary>
    public const string IsOpen = "(a.cancelled_at is null and (s.status = 1 or y.state = 1))";

    /// <summary>How many entries of a list <c>s</c> are open, in a payment, paid, cancelled.</summary>
    public const string Tally = $"""
        (count(*) filter (where {IsOpen}))::int as open,
        (count(*) filter (where a.cancelled_at is null and y.state = 2))::int as in_payment,
        (count(*) filter (where a.cancelled_at is null and y.state = 3))::int as paid,
        (count(*) filter (where a.cancelled_at is not null))::int as cancelled
        """;

    public static AllowanceList ListOf(int status, int open, int inPayment, int paid, int cancelled) =>
        new(IsApproved: status == 2, open, inPayment, paid, cancelled);

    /// <summary>What of a locked list is not cancelled.</summary>
    public static async Task<IReadOnlyList<OwedAllowance>> EntriesAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, AllowanceListId list, AllowanceId? only = null) =>
        [.. await connection.QueryAsync<OwedAllowance>($"""
            select a.id, coalesce(p.merged_into, p.id) as person, a.voucher_id as voucher, a.class_id as class, a.budget_line_id as line, a.amount_fen as amount,
                   {IsOpen} as is_open
            from allowance a join allowance_list s on s.id = a.list_id join person p on p.id = a.person_id {JoinPayable}
            where a.list_id = @list and a.cancelled_at is null and (@only::bigint is null or a.id = @only) order by a.id
            """, new { list, only = only?.Value }, transaction)];

    public static async Task ApproveAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, AllowanceListId list, PolicyId policy, Actor actor, DateTimeOffset now) =>
        Expect(await connection.ExecuteAsync("""
            update allowance_list set status = 2, approved_by = @Account, approved_by_staff = @Staff, approved_at = @now, policy_id = @policy
            where id = @list and status = 1 and person_of(drafted_by_staff) <> person_of(@Staff)
            """, new { list, policy, actor.Account, actor.Staff, now }, transaction), 1);

    /// <summary>The entries are cancelled with their payables; their days are free again, or struck off for good.</summary>
    /// <exception cref="InvalidOperationException">One was no longer open: a bug, since the list was locked.</exception>
    public static async Task CancelAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<AllowanceId> entries, bool isStruckOff, string reason, Actor actor, DateTimeOffset now)
    {
        var ids = entries.Select(entry => entry.Value).ToArray();
        await connection.ExecuteAsync("update payable set state = 4 where allowance_id = any(@ids) and state = 1", new { ids }, transaction);
        Expect(await connection.ExecuteAsync("""
            update allowance a set cancelled_by = @Account, cancelled_by_staff = @Staff, cancelled_at = @now, cancel_reason = @reason
            where a.id = any(@ids) and a.cancelled_at is null and not exists (select from payable y where y.allowance_id = a.id and y.state <> 4)
            """, new { ids, actor.Account, actor.Staff, now, reason }, transaction), ids.Length);
        await connection.ExecuteAsync(
            "update allowance_day set standing = @standing where allowance_id = any(@ids) and standing = 1",
            new { ids, standing = (short)(isStruckOff ? 3 : 2) }, transaction);
    }

    /// <summary>The allowances of struck payables are cancelled with them, and their days are never paid.</summary>
    public static Task StrikeOffAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<long> payables, string reason, Actor actor, DateTimeOffset now) =>
        connection.ExecuteAsync("""
            update allowance a set cancelled_by = @Account, cancelled_by_staff = @Staff, cancelled_at = @now, cancel_reason = @reason
            where a.id in (select allowance_id from payable where id = any(@ids)) and a.cancelled_at is null;
            update allowance_day set standing = 3 where allowance_id in (select allowance_id from payable where id = any(@ids)) and standing = 1;
            """, new { ids = payables.ToArray(), actor.Account, actor.Staff, now, reason }, transaction);

    public static async Task CancelListAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, AllowanceListId list, string reason, Actor actor, DateTimeOffset now) =>
        Expect(await connection.ExecuteAsync("""
            update allowance_list set status = 3, cancelled_by = @Account, cancelled_by_staff = @Staff, cancelled_at = @now, cancel_reason = @reason
            where id = @list and status <> 3
            """, new { list, reason, actor.Account, actor.Staff, now }, transaction), 1);
}
