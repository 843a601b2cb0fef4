using Voucher.Core.Settling;
using Voucher.Server.Institutions.Consequences;

namespace Voucher.Server.Settling.Retaining;

/// <summary>What is kept back of one approved claim line.</summary>
public sealed record RetainedLine(
    ClaimLineId Line, ClaimId Claim, InstitutionId InstitutionId, string Institution, VoucherId Voucher, string ClassName, BudgetLineId BudgetLine,
    Fen Retained, RetainedMoney Money, short LineState);

/// <summary>The institutions to which nothing is paid on a day: they stand on a rung of the ladder of consequences that blocks it.</summary>
public sealed record PaymentBlocks(int[] Institutions)
{
    public static async Task<PaymentBlocks> ReadAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, DateOnly today, Policy policy) =>
        new([.. (await ConsequenceStore.BlockedAsync(connection, transaction, Blocked.Payments, today, policy)).Select(institution => institution.Value)]);
}

/// <summary>A list under its lock.</summary>
public sealed record LockedRetainedList(long Id, bool IsRelease, bool? Approved, StaffId DraftedBy);

/// <summary>
/// Reads and writes what is kept back. Locks: claims by number, the list, ledger accounts, the audit trail. What speaks against a
/// release is asked in one statement, for the page and for the decision alike.
/// </summary>
public static class RetainedStore
{
    private sealed record Row(
        ClaimLineId Line, ClaimId Claim, InstitutionId InstitutionId, string Institution, VoucherId Voucher, string ClassName, BudgetLineId BudgetLine,
        Fen RetainedFen, DateOnly Until, short State, short LineState, int Obstacles);

    private sealed record ListRow(long Id, bool IsRelease, bool? Approved, StaffId DraftedByStaff);

    /// <summary>
    /// Lines of claims that are not rejected or clawed back. An institution of which something is being taken back, proposed or owed, is
    /// released nothing; nor is one that <c>@blocked</c> names.
    /// </summary>
    private const string Select = """
        select l.id as line, c.id as claim, i.id as institution_id, i.name as institution, v.id as voucher, coalesce(t.name, '—') as class_name,
               l.budget_line_id as budget_line, l.retained_fen - l.retained_clawed_back_fen as retained_fen, l.retained_until as until, coalesce(s.state, 1::smallint) as state, l.state as line_state,
               case when l.state <> 5 then 1 else 0 end
               + case when exists (select from spot_check k where k.class_id = n.class_id and not k.is_clean and k.checked_at > p.approved_at) then 2 else 0 end
               + case when exists (select from hold h where h.voucher_id = v.id and h.released_at is null) then 4 else 0 end
               + case when v.in_conflict or v.state <> 4 then 8 else 0 end
               + case when exists (
                     select from objection_line x join payable y on y.id = x.payable_id join objection o on o.id = x.objection_id and o.state in (1, 2)
                     where y.claim_line_id = l.id) then 16 else 0 end
               + case when i.is_suspended then 32 else 0 end
               + case when exists (select from recovery r where r.institution_id = i.id and r.state in (1, 2)) then 64 else 0 end
               + case when i.id = any(@blocked) then 128 else 0 end as obstacles
        from claim_line l
        join claim c on c.id = l.claim_id
        join claim_approval p on (p.claim_id, p.number) = (l.claim_id, l.approval)
        join institution i on i.id = c.institution_id
        join voucher v on v.id = l.voucher_id
        left join enrolment n on n.voucher_id = v.id and n.is_active
        left join training_class t on t.id = n.class_id
        left join retained_standing s on s.claim_line_id = l.id
        where c.region = @region and l.retained_fen > l.retained_clawed_back_fen and l.state in (3, 5, 6)
        """;

    private static RetainedLine Read(Row row) => new(
        row.Line, row.Claim, row.InstitutionId, row.Institution, row.Voucher, row.ClassName, row.BudgetLine, row.RetainedFen,
        new RetainedMoney((RetainedState)row.State, row.Until, (RetainedObstacles)row.Obstacles), row.LineState);

    /// <summary>What is kept, what is drafted and what was decided, the longest due first.</summary>
    public static async Task<IReadOnlyList<RetainedLine>> ListAsync(NpgsqlConnection connection, RegionCode region, PaymentBlocks blocks, int? institution, int skip, int take) =>
        [.. (await connection.QueryAsync<Row>(
            $"{Select} and (@institution::int is null or i.id = @institution) order by l.retained_until, l.id offset @skip limit @take",
            new { region, blocked = blocks.Institutions, institution, skip, take })).Select(Read)];

    /// <summary>Lines that stand as kept and whose time is over, without a lock; the longest due first.</summary>
    public static async Task<IReadOnlyList<RetainedLine>> KeptAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, PaymentBlocks blocks, int? institution, DateOnly before, int most) =>
        [.. (await connection.QueryAsync<Row>($"""
            {Select} and s.claim_line_id is null and l.retained_until < @before and (@institution::int is null or i.id = @institution)
            order by l.retained_until, l.id limit @most
            """, new { region, blocked = blocks.Institutions, institution, before, most }, transaction)).Select(Read)];

    public static async Task<IReadOnlyList<RetainedLine>> FindAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, RegionCode region, PaymentBlocks blocks, IReadOnlyCollection<ClaimLineId> lines) =>
        [.. (await connection.QueryAsync<Row>(
            $"{Select} and l.id = any(@ids) order by l.id", new { region, blocked = blocks.Institutions, ids = lines.Select(line => line.Value).ToArray() }, transaction)).Select(Read)];

    public static async Task<IReadOnlyList<(ClaimLineId Line, ClaimId Claim)>> LinesOfAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, long list) =>
        [.. await connection.QueryAsync<(ClaimLineId, ClaimId)>("""
            select x.claim_line_id, l.claim_id from retained_list_line x join claim_line l on l.id = x.claim_line_id where x.list_id = @list order by 1
            """, new { list }, transaction)];

    /// <summary>A voucher of the list of which another amount is kept back now than the list says; <c>null</c> when all are as they were drafted.</summary>
    public static Task<VoucherId?> ChangedAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, long list) =>
        connection.QueryFirstOrDefaultAsync<VoucherId?>("""
            select l.voucher_id from retained_list_line x join claim_line l on l.id = x.claim_line_id
            where x.list_id = @list and x.amount_fen <> l.retained_fen - l.retained_clawed_back_fen order by l.id limit 1
            """, new { list }, transaction);

    public static async Task<LockedRetainedList?> LockAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, long id)
    {
        var row = await connection.QuerySingleOrDefaultAsync<ListRow>(
            "select id, is_release, approved, drafted_by_staff from retained_list where id = @id and region = @region for update", new { id, region }, transaction);
        return row is null ? null : new LockedRetainedList(row.Id, row.IsRelease, row.Approved, row.DraftedByStaff);
    }

    public static async Task<long> InsertAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region,
        bool isRelease, string reason, IReadOnlyList<RetainedLine> lines, Actor actor, DateTimeOffset now)
    {
        var total = lines.Aggregate(Fen.Zero, (sum, line) => sum + line.Retained);
        var id = await connection.QuerySingleAsync<long>("""
            insert into retained_list (region, is_release, reason, lines, amount_fen, drafted_by, drafted_by_staff, drafted_at)
            values (@region, @isRelease, @reason, @count, @total, @Account, @Staff, @now) returning id
            """, new { region, isRelease, reason, count = lines.Count, total, actor.Account, actor.Staff, now }, transaction);
        var ids = lines.Select(line => line.Line.Value).ToArray();
        await connection.ExecuteAsync("""
            insert into retained_list_line (list_id, claim_line_id, amount_fen) select @id, l.id, l.retained_fen - l.retained_clawed_back_fen from claim_line l where l.id = any(@ids);
            insert into retained_standing (claim_line_id, list_id, state) select unnest(@ids), @id, case when @isRelease then 2 else 3 end;
            """, new { id, ids, isRelease }, transaction);
        return id;
    }

    /// <summary>The list is refused: its lines are kept as before.</summary>
    public static async Task RefuseAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, long list, string reason, Actor actor, DateTimeOffset now)
    {
        await DecideAsync(connection, transaction, list, approved: false, reason, actor, now);
        await connection.ExecuteAsync("delete from retained_standing where list_id = @list and state in (2, 3)", new { list }, transaction);
    }

    /// <summary>The lines are released, each owed to its institution, or forfeited; the posting is the caller's.</summary>
    public static async Task ApproveAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, LockedRetainedList list, int lines, Actor actor, DateTimeOffset now)
    {
        await DecideAsync(connection, transaction, list.Id, approved: true, null, actor, now);
        Expect(await connection.ExecuteAsync("""
            update retained_standing s set state = s.state + 2
            from claim_line l where l.id = s.claim_line_id and s.list_id = @Id and s.state = case when @IsRelease then 2 else 3 end and l.state in (3, 5, 6)
            """, new { list.Id, list.IsRelease }, transaction), lines);
        if (!list.IsRelease) return;
        Expect(await connection.ExecuteAsync("""
            insert into payable (region, kind, claim_line_id, institution_id, budget_line_id, amount_fen, state, created_at)
            select c.region, 2, l.id, c.institution_id, l.budget_line_id, l.retained_fen - l.retained_clawed_back_fen, 1, @now
            from retained_list_line x join claim_line l on l.id = x.claim_line_id join claim c on c.id = l.claim_id
            where x.list_id = @Id order by l.id
            """, new { list.Id, now }, transaction), lines);
    }

    private static async Task DecideAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, long list, bool approved, string? reason, Actor actor, DateTimeOffset now) =>
        Expect(await connection.ExecuteAsync("""
            update retained_list set approved = @approved, refusal_reason = @reason, decided_by = @Account, decided_by_staff = @Staff, decided_at = @now
            where id = @list and approved is null and person_of(drafted_by_staff) <> person_of(@Staff)
            """, new { list, approved, reason, actor.Account, actor.Staff, now }, transaction), 1);
}
