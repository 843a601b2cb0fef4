using Voucher.Server.Settling.Recovering;

namespace Voucher.Server.Institutions.Consequences;

public sealed record ConsequenceStepRow(ConsequenceId Consequence, ConsequenceStep Step, string Text, DateOnly? DueOn, string Rule, string By, DateTimeOffset At);

/// <summary>A consequence as its pages show it.</summary>
/// <param name="Notice">Number of what was served; empty before it was imposed.</param>
public sealed record ConsequenceRecord(
    ConsequenceId Id, InstitutionId InstitutionId, string Institution, Consequence Machine, string Finding, string Demand, string Notice, RecoveryId? Recovery,
    string ProposedBy, DateTimeOffset CreatedAt, string? ImposedBy, DateTimeOffset? ImposedAt)
{
    public bool IsOverdueOn(DateOnly day) => Machine.RungOn(day) == ConsequenceRung.OverdueRectification;
}

/// <summary>Reads consequences: the county all, an institution its own once they are imposed.</summary>
public sealed class ConsequenceReading(NpgsqlDataSource database, County county)
{
    private sealed record Row(
        ConsequenceId Id, InstitutionId InstitutionId, string Institution, int Rung, int State, int Pending, StaffId PendingByStaff, DateOnly? DueOn, DateOnly? NewDueOn,
        string Finding, string Demand, int? NoticeYear, int? NoticeNo, RecoveryId? RecoveryId, string ProposedBy, DateTimeOffset CreatedAt, string? ImposedBy, DateTimeOffset? ImposedAt);

    private sealed record StepRow(ConsequenceId Consequence, int Step, string Text, DateOnly? DueOn, string Rule, string By, DateTimeOffset At);

    private const string Select = """
        select c.id, c.institution_id, i.name as institution, c.rung::int as rung, c.state::int as state, c.pending::int as pending, c.pending_by_staff,
               c.due_on, c.new_due_on, c.finding, c.demand, c.notice_year, c.notice_no, c.recovery_id, p.name as proposed_by, c.created_at,
               m.name as imposed_by, c.imposed_at
        from consequence c
        join institution i on i.id = c.institution_id
        join staff p on p.id = c.proposed_by_staff
        left join staff m on m.id = c.imposed_by_staff
        where c.region = @Region and (@all or c.institution_id = @own and c.imposed_at is not null)
        """;

    /// <summary>What waits for a decision or is overdue before all else, then newest first.</summary>
    /// <param name="institution">Of this one only; <c>null</c> for all that the actor may see.</param>
    public async Task<IReadOnlyList<ConsequenceRecord>> ListAsync(Actor actor, InstitutionId? institution, DateOnly today, int skip, int most)
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. (await connection.QueryAsync<Row>($"""
            {Select} and (@institution::int is null or c.institution_id = @institution)
            order by c.pending <> 0 desc, (c.state in (2, 3) and c.due_on < @today) is true desc, c.id desc offset @skip limit @most
            """, new { county.Region, all = actor.IsCounty, own = actor.Institution, institution, today, skip, most })).Select(Read)];
    }

    public async Task<ConsequenceRecord?> FindAsync(ConsequenceId id, Actor actor)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<Row>($"{Select} and c.id = @id", new { county.Region, all = actor.IsCounty, own = actor.Institution, id }) is { } row
            ? Read(row)
            : null;
    }

    /// <summary>The histories of those that were read with the actor's eyes.</summary>
    public async Task<ILookup<ConsequenceId, ConsequenceStepRow>> StepsAsync(IEnumerable<ConsequenceRecord> of)
    {
        await using var connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<StepRow>("""
            select t.consequence_id as consequence, t.step::int as step, t.text, t.due_on, t.rule, s.name as by, t.at
            from consequence_step t join staff s on s.id = t.staff_id where t.consequence_id = any(@ids) order by t.consequence_id, t.number
            """, new { ids = of.Select(one => one.Id.Value).ToArray() }))
            .Select(row => new ConsequenceStepRow(row.Consequence, (ConsequenceStep)row.Step, row.Text, row.DueOn, row.Rule, row.By, row.At))
            .ToLookup(step => step.Consequence);
    }

    public async Task<IReadOnlyList<ConsequenceRung>> RungsAsync(InstitutionId institution, DateOnly today)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await ConsequenceStore.RungsAsync(connection, null, institution, today);
    }

    private static ConsequenceRecord Read(Row row) => new(
        row.Id, row.InstitutionId, row.Institution,
        new Consequence((ConsequenceRung)row.Rung, (ConsequenceState)row.State, (ConsequencePending)row.Pending, row.PendingByStaff, row.DueOn, row.NewDueOn),
        row.Finding, row.Demand, row is { NoticeYear: { } year, NoticeNo: { } no } ? new NoticeNumber(NoticeNumber.KindOf((ConsequenceRung)row.Rung), year, no).ToString() : "",
        row.RecoveryId, row.ProposedBy, row.CreatedAt, row.ImposedBy, row.ImposedAt);
}
