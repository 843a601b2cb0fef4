using Voucher.Server.Settling.Claims;

namespace Voucher.Server.Settling.Reviewing;

/// <summary>What was done with a line. Numbers are stored: they never change meaning.</summary>
public enum LineStepKind
{
    Passed = 1,
    Rejected = 2,
    Returned = 3,
    Held = 4,
    Released = 5,
    HandedInAgain = 6,
    TakenBack = 7,
    HeldAfterDenial = 8,

    /// <summary>Too few of the class were reached by telephone.</summary>
    HeldUnreached = 9,
}

/// <summary>One step of a line's history.</summary>
/// <param name="Missing">What the institution was asked to complete.</param>
public sealed record LineStep(LineStepKind Kind, string? Reason, string? Missing, string DoneBy, DateTimeOffset DoneAt);

/// <summary>Writes steps of lines and what comes of them; every step is kept, whatever stands now.</summary>
public static class LineStepStore
{
    private sealed record Row(short Kind, string? Reason, string? Missing, string DoneBy, DateTimeOffset DoneAt);

    /// <summary>Takes lines that are all in one state to the next, as the machine decided.</summary>
    /// <param name="next">What every one of them becomes.</param>
    /// <exception cref="InvalidOperationException">A line was elsewhere: a bug, since the claim was locked.</exception>
    public static async Task ApplyAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<ClaimLineId> lines, ClaimLineState from, ClaimLine next,
        LineStepKind kind, string? reason, string? missing, Actor actor, DateTimeOffset now)
    {
        var ids = lines.Select(line => line.Value).ToArray();
        await AddAsync(connection, transaction, ids, kind, reason, missing, actor, now);
        var written = await connection.ExecuteAsync("""
            update claim_line l
            set state = @to, verdict = @verdict, review_reason = case when @verdict::smallint is null then null else @reason end,
                reviewed_by = case when @verdict::smallint is null then null else @Account end,
                reviewed_by_staff = case when @verdict::smallint is null then null else @Staff end,
                reviewed_at = case when @verdict::smallint is null then null else @now end
            from claim c
            where l.id = any(@ids) and l.state = @from and c.id = l.claim_id and c.status in (1, 5)
            """,
            new { ids, from = (short)from, to = (short)next.State, verdict = (short?)next.Verdict, reason, actor.Account, actor.Staff, now }, transaction);
        if (written != ids.Length) throw new InvalidOperationException($"{ids.Length} lines were to change, {written} did.");
    }

    /// <summary>The line is handed in again: what it rests on is frozen anew, and what it rested on is kept with the step.</summary>
    public static async Task HandInAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, ClaimLineId line, NewClaimLine frozen, Actor actor, DateTimeOffset now)
    {
        await connection.ExecuteAsync("""
            insert into claim_line_step (claim_line_id, number, kind, evidence, done_by, done_by_staff, done_at)
            select @line, 1 + (select count(*) from claim_line_step where claim_line_id = @line), 6, evidence, @Account, @Staff, @now
            from claim_line where id = @line
            """, new { line, actor.Account, actor.Staff, now }, transaction);
        var written = await connection.ExecuteAsync("""
            update claim_line
            set state = 2, evidence = @evidence::jsonb, amount_fen = @amount, delivered_hours = @AttendedHours, planned_hours = @PlannedHours, full_pay_percent = @percent
            where id = @line and state = 8
            """,
            new
            {
                line, evidence = frozen.Evidence.ToJson(), amount = frozen.Amount.Value,
                frozen.Amount.Delivered!.AttendedHours, frozen.Amount.Delivered.PlannedHours, percent = (short)frozen.Amount.Delivered.FullPayPercent,
            }, transaction);
        if (written != 1) throw new InvalidOperationException("The line was no longer returned.");
    }

    private static Task AddAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, long[] ids, LineStepKind kind, string? reason, string? missing, Actor actor, DateTimeOffset now) =>
        connection.ExecuteAsync("""
            insert into claim_line_step (claim_line_id, number, kind, reason, missing, done_by, done_by_staff, done_at)
            select id, 1 + (select count(*) from claim_line_step s where s.claim_line_id = line.id), @kind, @reason, @missing, @Account, @Staff, @now
            from unnest(@ids) as line (id)
            """, new { ids, kind = (short)kind, reason, missing, actor.Account, actor.Staff, now }, transaction);

    /// <summary>Everybody who has ever said something of a line of the claim, or called somebody for it.</summary>
    public static async Task<IReadOnlyList<(Words Duty, StaffId? By)>> ReviewersEverAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, ClaimId claim)
    {
        var rows = await connection.QueryAsync<(bool IsCall, StaffId Staff)>("""
            select distinct false, s.done_by_staff from claim_line_step s join claim_line l on l.id = s.claim_line_id
            where l.claim_id = @claim and s.kind in (1, 2, 3, 4, 5, 7)
            union select distinct true, a.called_by_staff from phone_attempt a join claim_line l on l.id = a.claim_line_id where l.claim_id = @claim
            """, new { claim }, transaction);
        return [.. rows.Select(row => (row.IsCall ? Duties.PhoneCheck : Duties.Review, (StaffId?)row.Staff))];
    }

    /// <summary>Whose other acts keep them from reviewing a line: sole spot check, release of a hold, approval of the class or of a part of the claim.</summary>
    public static async Task<IReadOnlyList<(Words Duty, StaffId? By)>> BarredAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<ClaimLineId> lines)
    {
        var rows = await connection.QueryAsync<(int Duty, StaffId Staff)>("""
            with line as (
                select l.voucher_id, (l.evidence ->> 'classId')::bigint as class_id from claim_line l where l.id = any(@ids))
            select 1, min(person_of(a.staff_id)) from (select distinct class_id from line) c join spot_check k on k.class_id = c.class_id join account a on a.id = k.checked_by
            group by c.class_id having count(distinct person_of(a.staff_id)) = 1
            union select 2, d.decided_by_staff from line join hold h on h.voucher_id = line.voucher_id join hold_decision d on d.hold_id = h.id where d.verdict = 1
            union select 3, a.staff_id from (select distinct class_id from line) c join training_class t on t.id = c.class_id join account a on a.id = t.approved_by
            union select 4, o.approved_by_staff from claim_line l join claim_approval o on o.claim_id = l.claim_id where l.id = any(@ids)
            """, new { ids = lines.Select(line => line.Value).ToArray() }, transaction);
        return [.. rows.Select(row => (row.Duty switch { 1 => Duties.SoleSpotCheck, 2 => Duties.HoldRelease, 3 => Duties.ClassApproval, _ => Duties.Approval }, (StaffId?)row.Staff))];
    }

    /// <summary>A line's history, oldest first.</summary>
    public static async Task<IReadOnlyList<LineStep>> ListAsync(NpgsqlConnection connection, ClaimLineId line) =>
        [.. (await connection.QueryAsync<Row>("""
            select s.kind, s.reason, s.missing, p.name as done_by, s.done_at
            from claim_line_step s join staff p on p.id = s.done_by_staff where s.claim_line_id = @line order by s.number
            """, new { line })).Select(row => new LineStep((LineStepKind)row.Kind, row.Reason, row.Missing, row.DoneBy, row.DoneAt))];
}

public static class LineStepWords
{
    public static Words Name(this LineStepKind kind) => kind switch
    {
        LineStepKind.Passed => new("通过", "passed"),
        LineStepKind.Rejected => new("不通过", "rejected"),
        LineStepKind.Returned => new("退回补正", "returned to be completed"),
        LineStepKind.Held => new("暂缓", "held"),
        LineStepKind.Released => new("解除暂缓", "released"),
        LineStepKind.HandedInAgain => new("补正后交回", "handed in again"),
        LineStepKind.TakenBack => new("撤回结论", "verdict taken back"),
        LineStepKind.HeldAfterDenial => new("回访否认，暂缓", "denied on the telephone, held"),
        LineStepKind.HeldUnreached => new("回访没有够数，暂缓", "too few reached by telephone, held"),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown step of a line."),
    };
}
