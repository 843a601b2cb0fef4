using Voucher.Server.Settling.Recovering;

namespace Voucher.Server.Institutions.Consequences;

/// <summary>A consequence under its lock.</summary>
public sealed record LockedConsequence(ConsequenceId Id, InstitutionId Institution, Consequence Machine);

/// <summary>Writes consequences and says what they block. Every update repeats what was seen; steps are only added.</summary>
public static class ConsequenceStore
{
    /// <summary>The last guard against the same rung twice; see the migration.</summary>
    public const string OnceARung = "consequence_once_a_rung";

    private sealed record Row(
        ConsequenceId Id, InstitutionId InstitutionId, int Rung, int State, int Pending, StaffId PendingByStaff, DateOnly? DueOn, DateOnly? NewDueOn);

    private sealed record Standing(int Rung, int State, DateOnly? DueOn);

    /// <summary>
    /// The refusal of new classes, claims or payments for an institution that stands on a rung which blocks them, or <c>null</c>.
    /// The suspension is read from the accreditation's own standing.
    /// </summary>
    public static async Task<Refusal?> BlocksAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, InstitutionId institution, Blocked what, DateOnly today, Policy policy) =>
        ConsequenceRules.Refuse(policy, await RungsAsync(connection, transaction, institution, today), what);

    /// <summary>The rungs on which the institution stands on the day, lowest first.</summary>
    public static async Task<IReadOnlyList<ConsequenceRung>> RungsAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, InstitutionId institution, DateOnly today)
    {
        var rows = await connection.QueryAsync<Standing>("""
            select rung::int as rung, state::int as state, due_on from consequence where institution_id = @institution and state in (2, 3, 7)
            union all
            select @suspension, 2, null from institution where id = @institution and is_suspended
            """, new { institution, suspension = (int)ConsequenceRung.Suspension }, transaction);
        return [.. rows.Select(row => new Consequence(
                (ConsequenceRung)row.Rung, (ConsequenceState)row.State, ConsequencePending.None, default, row.DueOn).RungOn(today))
            .OfType<ConsequenceRung>().Order()];
    }

    /// <summary>All institutions that the ladder keeps from it on the day.</summary>
    public static async Task<IReadOnlyList<InstitutionId>> BlockedAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, Blocked what, DateOnly today, Policy policy)
    {
        var standing = await connection.QueryAsync<InstitutionId>("""
            select institution_id from consequence where state in (2, 3, 7) union select id from institution where is_suspended order by 1
            """, null, transaction);
        List<InstitutionId> blocked = [];
        foreach (var institution in standing)
            if (await BlocksAsync(connection, transaction, institution, what, today, policy) is not null) blocked.Add(institution);
        return blocked;
    }

    public static Task<ConsequenceId> InsertAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, InstitutionId institution, Consequence first,
        string finding, string demand, RecoveryId? recovery, PolicyId policy, DateTimeOffset now) =>
        connection.QuerySingleAsync<ConsequenceId>("""
            insert into consequence (region, institution_id, rung, state, pending, finding, demand, due_on, recovery_id, follows_id, policy_id,
                                     proposed_by_staff, pending_by_staff, created_at)
            values (@region, @institution, @rung, 1, 1, @finding, @demand, @DueOn,
                    (select id from recovery where id = @recovery and institution_id = @institution),
                    (select max(id) from consequence where institution_id = @institution and state in (2, 3)), @policy, @ProposedBy, @ProposedBy, @now)
            returning id
            """, new { region, institution, rung = (short)first.Rung, finding, demand, first.DueOn, recovery, policy, first.ProposedBy, now }, transaction);

    public static async Task<LockedConsequence?> LockAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, ConsequenceId id)
    {
        var row = await connection.QuerySingleOrDefaultAsync<Row>("""
            select id, institution_id, rung::int as rung, state::int as state, pending::int as pending, pending_by_staff, due_on, new_due_on
            from consequence where id = @id for update
            """, new { id }, transaction);
        return row is null ? null : new LockedConsequence(row.Id, row.InstitutionId, new Consequence(
            (ConsequenceRung)row.Rung, (ConsequenceState)row.State, (ConsequencePending)row.Pending, row.PendingByStaff, row.DueOn, row.NewDueOn));
    }

    /// <summary>Writes the next standing over the one that was seen; imposing it also says who, when, and under which number.</summary>
    public static async Task MoveAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, LockedConsequence known, Consequence next, NoticeNumber? notice, StaffId by, DateTimeOffset now)
    {
        var isImposed = known.Machine.State == ConsequenceState.Proposed && next.State == ConsequenceState.InForce;
        var written = await connection.ExecuteAsync("""
            update consequence
            set state = @to, pending = @toPending, pending_by_staff = @ProposedBy, due_on = @DueOn, new_due_on = @NewDueOn,
                imposed_by_staff = case when @isImposed then @by else imposed_by_staff end, imposed_at = case when @isImposed then @now else imposed_at end,
                notice_year = coalesce(@year, notice_year), notice_no = coalesce(@no, notice_no)
            where id = @Id and state = @from and pending = @fromPending and (not @isImposed or person_of(proposed_by_staff) <> person_of(@by))
            """,
            new
            {
                known.Id, from = (short)known.Machine.State, fromPending = (short)known.Machine.Pending, to = (short)next.State, toPending = (short)next.Pending,
                next.ProposedBy, next.DueOn, next.NewDueOn, isImposed, by, now, year = notice?.Year, no = notice?.No,
            }, transaction);
        Expect(written, 1);
    }

    public static Task AppendAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, ConsequenceId id, ConsequenceStep step, string text, DateOnly? dueOn, Rule rule, Actor actor, DateTimeOffset now) =>
        connection.ExecuteAsync("""
            insert into consequence_step (consequence_id, number, step, text, due_on, rule, account_id, staff_id, at)
            select @id, coalesce(max(number), 0) + 1, @step, @text, @dueOn, @rule, @Account, @Staff, @now from consequence_step where consequence_id = @id
            """, new { id, step = (short)step, text, dueOn, rule = rule.ToString(), actor.Account, actor.Staff, now }, transaction);
}
