using Voucher.Core.Settling;

namespace Voucher.Server.Settling.Publishing;

/// <summary>A line of a list under its payable's lock.</summary>
public sealed record LockedPublicationLine(int Position, long Payable, short PayableState, PublicationState State);

/// <summary>An objection under its lock.</summary>
public sealed record LockedObjection(long Id, long Publication, ObjectionStanding Standing, StaffId? ProposedBy);

/// <summary>What an objection is about.</summary>
/// <param name="Claim">None for an allowance of a monthly list.</param>
public sealed record ObjectedPayable(long Payable, ClaimId? Claim);

/// <summary>What a struck payable moves back: to the budget line, for the voucher.</summary>
public sealed record StruckPayable(long Payable, BudgetLineId BudgetLine, Fen Amount, VoucherId? Voucher);

/// <summary>Writes objections. Locks: claims by number, vouchers, payables by id, the objection, ledger accounts, the audit trail.</summary>
public static class ObjectionStore
{
    private sealed record LineRow(int Position, long Payable, short PayableState, short Standing, DateOnly UntilDay, int OpenObjections);

    private sealed record ObjectionRow(long Id, long PublicationId, short State, bool? ProposesUpheld, StaffId? ProposedByStaff);

    /// <summary>The lines that are meant, in the order of the list, under the locks of all that is owed for their vouchers.</summary>
    public static async Task<IReadOnlyList<LockedPublicationLine>> LockLinesAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, long publication, IReadOnlyList<int> positions, long? classId)
    {
        var ids = (await connection.QueryAsync<long>("""
            select payable_id from publication_line
            where publication_id = @publication and (position = any(@positions) or class_id = @classId)
            """, new { publication, positions = positions.ToArray(), classId }, transaction)).ToArray();
        await LockOwedAsync(connection, transaction, await PayableStore.VouchersOfAsync(connection, transaction, ids));
        var rows = await connection.QueryAsync<LineRow>("""
            select l.position, y.id as payable, y.state as payable_state, s.standing, s.until_day, s.open_objections
            from publication_line l
            join payable y on y.id = l.payable_id
            join payable_publication s on s.payable_id = y.id
            where y.id = any(@ids) order by l.position
            """, new { ids }, transaction);
        return [.. rows.Select(row => new LockedPublicationLine(
            row.Position, row.Payable, row.PayableState, new PublicationState((PublicationStanding)row.Standing, row.UntilDay, row.OpenObjections)))];
    }

    /// <summary>Objections that came by the public page since then, of all lists and of this one.</summary>
    public static Task<(int All, int OfList)> CountPublicAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, long publication, DateTimeOffset since) =>
        connection.QuerySingleAsync<(int, int)>("""
            select count(*)::int, (count(*) filter (where publication_id = @publication))::int
            from objection where region = @region and channel = 4 and received_at > @since
            """, new { region, publication, since }, transaction);

    /// <summary>How many lines the list has, and those that objections by the public page have named since then.</summary>
    public static async Task<(int Lines, IReadOnlyList<long> Named)> PublicLinesAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, long publication, DateTimeOffset since) =>
        (await connection.QuerySingleAsync<int>("select lines from publication where id = @publication", new { publication }, transaction),
         [.. await connection.QueryAsync<long>("""
             select distinct i.payable_id from objection o join objection_line i on i.objection_id = o.id
             where o.publication_id = @publication and o.channel = 4 and o.received_at > @since
             """, new { publication, since }, transaction)]);

    /// <summary>Writes the objection and freezes its lines; what else is owed for their vouchers is frozen with them, as long as it is open.</summary>
    /// <exception cref="InvalidOperationException">A line changed under its lock: a bug.</exception>
    public static async Task<long> InsertAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, long publication,
        ObjectionForm form, byte[]? objector, IReadOnlyList<long> payables, DateOnly dueOn, Actor? by, DateTimeOffset now)
    {
        var ids = payables.ToArray();
        var id = await connection.QuerySingleAsync<long>("""
            insert into objection (region, publication_id, channel, said, objector_sealed, lines, received_at, received_by, received_by_staff, due_on, state)
            values (@region, @publication, @channel, @Said, @objector, @lines, @now, @account, @staff, @dueOn, 1) returning id
            """,
            new { region, publication, channel = (short)form.Channel!.Value, form.Said, objector, lines = ids.Length, now, account = by?.Account, staff = by?.Staff, dueOn },
            transaction);
        await connection.ExecuteAsync("insert into objection_line (objection_id, payable_id) select @id, unnest(@ids)", new { id, ids }, transaction);
        Expect(await connection.ExecuteAsync("""
            update payable_publication s set standing = 2, open_objections = open_objections + 1
            from payable y where y.id = s.payable_id and s.payable_id = any(@ids) and s.standing in (1, 2, 3) and y.state = 1
            """, new { ids }, transaction), ids.Length);
        return id;
    }

    public static async Task<IReadOnlyList<ObjectedPayable>> LinesOfAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, long objection) =>
        [.. await connection.QueryAsync<ObjectedPayable>("""
            select o.payable_id as payable, l.claim_id as claim
            from objection_line o
            join payable y on y.id = o.payable_id
            left join claim_line l on l.id = y.claim_line_id
            where o.objection_id = @objection
            """, new { objection }, transaction)];

    /// <summary>The vouchers that the objection is about, and the claims that they stand in.</summary>
    public static async Task<(VoucherId[] Vouchers, IReadOnlyList<ClaimId> Claims)> AboutAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, long objection)
    {
        var lines = await connection.QueryAsync<long>("select payable_id from objection_line where objection_id = @objection", new { objection }, transaction);
        var vouchers = await PayableStore.VouchersOfAsync(connection, transaction, [.. lines]);
        var claims = await connection.QueryAsync<ClaimId>(
            "select distinct claim_id from claim_line where voucher_id = any(@vouchers) order by claim_id", new { vouchers = Numbers(vouchers) }, transaction);
        return (vouchers, [.. claims]);
    }

    /// <summary>Vouchers, then all that is owed for them; after the locks of the claims.</summary>
    public static async Task HoldAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, VoucherId[] vouchers)
    {
        await connection.ExecuteAsync("select from voucher where id = any(@vouchers) order by id for update", new { vouchers = Numbers(vouchers) }, transaction);
        await LockOwedAsync(connection, transaction, vouchers);
    }

    private static Task LockOwedAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, VoucherId[] vouchers) =>
        connection.ExecuteAsync(
            $"select from payable y where {PayableStore.IsForVouchers} order by y.id for update", new { vouchers = Numbers(vouchers) }, transaction);

    private static long[] Numbers(VoucherId[] vouchers) => [.. vouchers.Select(voucher => voucher.Value)];

    public static async Task<LockedObjection?> LockAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, long id)
    {
        var row = await connection.QuerySingleOrDefaultAsync<ObjectionRow>("""
            select id, publication_id, state, proposes_upheld, proposed_by_staff from objection where id = @id and region = @region for update
            """, new { id, region }, transaction);
        return row is null ? null : new LockedObjection(
            row.Id, row.PublicationId, new ObjectionStanding((ObjectionState)row.State, row.ProposesUpheld), row.ProposedByStaff);
    }

    public static async Task StepAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, LockedObjection before, ObjectionStanding after, ObjectionStep step, string reason, Actor by, DateTimeOffset now)
    {
        Expect(await connection.ExecuteAsync("""
            update objection set state = @state, proposes_upheld = @ProposesUpheld, decided_at = case when @state in (3, 4) then @now end,
                                 proposed_by_staff = case @state when 1 then null when 2 then @Staff else proposed_by_staff end
            where id = @Id and state = @was
            """, new { state = (short)after.State, after.ProposesUpheld, now, by.Staff, before.Id, was = (short)before.Standing.State }, transaction), 1);
        await connection.ExecuteAsync("""
            insert into objection_step (objection_id, number, step, reason, account_id, staff_id, at)
            select @Id, 1 + count(*), @step, @reason, @Account, @Staff, @now from objection_step where objection_id = @Id
            """, new { before.Id, step = (short)step, reason, by.Account, by.Staff, now }, transaction);
    }

    /// <summary>The frozen lines of the objection, with their payables' locks held.</summary>
    public static async Task<IReadOnlyList<LockedPublicationLine>> FrozenAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, long objection)
    {
        var rows = await connection.QueryAsync<LineRow>("""
            select l.position, y.id as payable, y.state as payable_state, s.standing, s.until_day, s.open_objections
            from objection_line o
            join payable y on y.id = o.payable_id
            join payable_publication s on s.payable_id = y.id and s.standing = 2
            join publication_line l on l.payable_id = y.id
            where o.objection_id = @objection order by y.id
            """, new { objection }, transaction);
        return [.. rows.Select(row => new LockedPublicationLine(
            row.Position, row.Payable, row.PayableState, new PublicationState((PublicationStanding)row.Standing, row.UntilDay, row.OpenObjections)))];
    }

    /// <summary>One objection less against them.</summary>
    public static async Task DismissAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<(long Payable, PublicationState State)> after) =>
        Expect(await connection.ExecuteAsync("""
            update payable_publication s set standing = i.standing, open_objections = i.open
            from unnest(@payables, @standings, @open) as i (payable, standing, open)
            where s.payable_id = i.payable and s.standing = 2 and s.open_objections = i.open + 1
            """,
            new
            {
                payables = after.Select(one => one.Payable).ToArray(), standings = after.Select(one => (short)one.State.Standing).ToArray(),
                open = after.Select(one => one.State.OpenObjections).ToArray(),
            }, transaction), after.Count);

    /// <summary>
    /// Nothing is paid any more that is still open for the vouchers: what was frozen, and what was approved beside it. Returns what is
    /// no longer owed; the posting is the caller's.
    /// </summary>
    public static async Task<IReadOnlyList<StruckPayable>> StrikeAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, LockedObjection objection, VoucherId[] vouchers)
    {
        var struck = (await connection.QueryAsync<StruckPayable>($"""
            select y.id as payable, y.budget_line_id as budget_line, y.amount_fen as amount, coalesce(l.voucher_id, a.voucher_id) as voucher
            from payable y left join claim_line l on l.id = y.claim_line_id left join allowance a on a.id = y.allowance_id
            where y.state = 1 and {PayableStore.IsForVouchers} order by y.id
            """, new { vouchers = Numbers(vouchers) }, transaction)).ToList();
        var ids = struck.Select(one => one.Payable).ToArray();
        Expect(await connection.ExecuteAsync("update payable set state = 4 where id = any(@ids) and state = 1", new { ids }, transaction), ids.Length);
        Expect(await connection.ExecuteAsync("""
            insert into payable_publication (payable_id, publication_id, standing, until_day, open_objections, struck_by)
            select y, @Publication, 4, p.until_day, 0, @Id from unnest(@ids) y join publication p on p.id = @Publication
            on conflict (payable_id) do update set standing = 4, open_objections = 0, struck_by = excluded.struck_by
            """, new { objection.Publication, objection.Id, ids }, transaction), ids.Length);
        return struck;
    }

    /// <summary>
    /// The claim lines of what was struck are rejected, unless their own money is in a payment; a claim of which nothing is left is
    /// closed. Returns what was kept back of them.
    /// </summary>
    public static async Task<IReadOnlyList<StruckPayable>> RejectLinesAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, long objection, IReadOnlyList<long> struck)
    {
        var lines = (await connection.QueryAsync<(long Line, long Claim, BudgetLineId BudgetLine, Fen Retained, VoucherId Voucher)>("""
            update claim_line l set state = 4, objection_id = @objection
            where l.id in (select claim_line_id from payable where id = any(@struck)) and l.state = 3 and l.payment_id is null
              and (exists (select from payable y where y.claim_line_id = l.id and y.kind = 1)
                   or not exists (select from payable y where y.claim_line_id = l.id and y.state in (2, 3)))
            returning l.id, l.claim_id, l.budget_line_id,
                      case when exists (select from retained_standing r where r.claim_line_id = l.id and r.state in (4, 5)) then 0 else l.retained_fen - l.retained_clawed_back_fen end, l.voucher_id
            """, new { objection, struck = struck.ToArray() }, transaction)).ToList();
        await connection.ExecuteAsync("""
            update claim c set status = 3
            where c.id = any(@claims) and c.status = 2 and not exists (select from live_claim_line l where l.claim_id = c.id)
            """, new { claims = lines.Select(line => line.Claim).Distinct().ToArray() }, transaction);
        return [.. lines.Where(line => line.Retained > Fen.Zero).OrderBy(line => line.Line)
            .Select(line => new StruckPayable(0, line.BudgetLine, line.Retained, line.Voucher))];
    }
}
