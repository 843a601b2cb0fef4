using Voucher.Core.Classes;
using Voucher.Core.Fraud;
using Voucher.Core.Matching;
using Voucher.Server.Settling.Claims;

namespace Voucher.Server.Settling.Reviewing;

/// <summary>Reads what stands beside claim lines: marks, steps, and the whole file of one.</summary>
public sealed class LineFileStore(NpgsqlDataSource database)
{
    private sealed record SessionRow(
        DateOnly HeldOn, TimeOnly StartsAt, TimeOnly EndsAt, bool IsPractice, int Hours, DateTimeOffset? CheckedInAt, DateTimeOffset? CheckedOutAt,
        string? Terminal, bool WasOffline);

    private sealed record HoldRow(long Id, short Reason, DateTimeOffset OpenedAt, DateTimeOffset? ReleasedAt, string? DecidedBy, string? Decision);

    private sealed record MatchRow(short Source, DateOnly AsOf, bool Stands, string? DismissedBy, string? DismissedReason);

    private sealed record CertificateRow(short Kind, string Number, string Issuer, DateOnly IssuedOn, string RecordedBy, string? VoidReason);

    private sealed record LastStepRow(ClaimLineId Line, short Kind, string? Reason, string? Missing, string DoneBy, DateTimeOffset DoneAt);

    public async Task<IReadOnlyDictionary<ClaimLineId, IReadOnlyList<LineMark>>> MarksAsync(ClaimId claim, Policy policy)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await LineMarkStore.OfClaimAsync(connection, null, claim, policy);
    }

    /// <summary>Of each line that is returned or held, the step that made it so.</summary>
    public async Task<IReadOnlyDictionary<ClaimLineId, LineStep>> LastStepsAsync(ClaimId claim)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<LastStepRow>("""
            select distinct on (l.id) l.id as line, s.kind, s.reason, s.missing, p.name as done_by, s.done_at
            from claim_line l join claim_line_step s on s.claim_line_id = l.id join staff p on p.id = s.done_by_staff
            where l.claim_id = @claim and l.state in (8, 9) order by l.id, s.number desc
            """, new { claim });
        return rows.ToDictionary(row => row.Line, row => new LineStep((LineStepKind)row.Kind, row.Reason, row.Missing, row.DoneBy, row.DoneAt));
    }

    public async Task<LineFile> ReadAsync(ClaimLineId line)
    {
        await using var connection = await database.OpenConnectionAsync();
        return new LineFile(
            await SessionsAsync(connection, line), await ChecksAsync(connection, line), await HoldsAsync(connection, line),
            await MatchesAsync(connection, line), await ConflictsAsync(connection, line), await RejectionsAsync(connection, line),
            await ActorsAsync(connection, line), await LineStepStore.ListAsync(connection, line), await CertificatesAsync(connection, line));
    }

    private static async Task<IReadOnlyList<FileSession>> SessionsAsync(NpgsqlConnection connection, ClaimLineId line) =>
        [.. (await connection.QueryAsync<SessionRow>("""
            select s.held_on, s.starts_at, s.ends_at, s.is_practice, s.hours, a.checked_in_at, a.checked_out_at, t.name as terminal,
                   exists (select from offline_scan o where o.scan_id in (a.in_scan_id, a.out_scan_id)) as was_offline
            from claim_line l
            join completion d on d.voucher_id = l.voucher_id
            join enrolment n on n.id = d.enrolment_id
            join class_session s on s.class_id = n.class_id
            left join attendance a on a.enrolment_id = n.id and a.session_id = s.id
            left join scan c on c.id = a.in_scan_id
            left join terminal t on t.id = c.terminal_id
            where l.id = @line order by s.held_on, s.starts_at
            """, new { line })).Select(row => new FileSession(
                row.HeldOn, row.StartsAt, row.EndsAt, row.IsPractice, row.Hours, row.CheckedInAt, row.CheckedOutAt, row.Terminal, row.WasOffline))];

    private static async Task<IReadOnlyList<FileCheck>> ChecksAsync(NpgsqlConnection connection, ClaimLineId line) =>
        [.. await connection.QueryAsync<FileCheck>("""
            select k.id, k.checked_at, p.name as checked_by, k.present, k.finding, k.is_clean,
                   (select count(*)::int from spot_check_photo o where o.spot_check_id = k.id) as photos
            from claim_line l
            join spot_check k on k.class_id = (l.evidence ->> 'classId')::bigint
            join account a on a.id = k.checked_by join staff p on p.id = a.staff_id
            where l.id = @line order by k.id
            """, new { line })];

    private static async Task<IReadOnlyList<FileHold>> HoldsAsync(NpgsqlConnection connection, ClaimLineId line) =>
        [.. (await connection.QueryAsync<HoldRow>("""
            select h.id, h.reason, h.opened_at, h.released_at, p.name as decided_by, d.reason as decision
            from claim_line l join hold h on h.voucher_id = l.voucher_id
            left join lateral (select * from hold_decision x where x.hold_id = h.id order by x.number desc limit 1) d on true
            left join staff p on p.id = d.decided_by_staff
            where l.id = @line order by h.id
            """, new { line })).Select(row => new FileHold(row.Id, (HoldReason)row.Reason, row.OpenedAt, row.ReleasedAt, row.DecidedBy, row.Decision))];

    private static async Task<IReadOnlyList<FileMatch>> MatchesAsync(NpgsqlConnection connection, ClaimLineId line) =>
        [.. (await connection.QueryAsync<MatchRow>("""
            select h.source, r.as_of, h.dismissed_at is null and h.ended_at is null as stands, p.name as dismissed_by, h.dismissed_reason
            from claim_line l join voucher v on v.id = l.voucher_id
            join match_hit h on h.person_id in (v.person_id, (select o.merged_into from person o where o.id = v.person_id))
            join match_run r on r.id = h.run_id
            left join account a on a.id = h.dismissed_by left join staff p on p.id = a.staff_id
            where l.id = @line order by h.id
            """, new { line })).Select(row => new FileMatch((MatchSource)row.Source, row.AsOf, row.Stands, row.DismissedBy, row.DismissedReason))];

    private static async Task<IReadOnlyList<FileConflict>> ConflictsAsync(NpgsqlConnection connection, ClaimLineId line) =>
        [.. await connection.QueryAsync<FileConflict>("""
            select k.id, k.opened_at, k.decided_at, k.decided_reason as reason
            from claim_line l join conflict_case k on k.voucher_id = l.voucher_id where l.id = @line order by k.id
            """, new { line })];

    private static async Task<IReadOnlyList<FileRejection>> RejectionsAsync(NpgsqlConnection connection, ClaimLineId line) =>
        [.. await connection.QueryAsync<FileRejection>("""
            select x.claim_id, x.reviewed_at as at, p.name as by, x.review_reason as reason
            from claim_line l join claim_line x on x.voucher_id = l.voucher_id and x.state = 4 and x.id <> l.id
            join staff p on p.id = x.reviewed_by_staff where l.id = @line order by x.id
            """, new { line })];

    private static async Task<IReadOnlyList<FileActor>> ActorsAsync(NpgsqlConnection connection, ClaimLineId line) =>
        [.. await connection.QueryAsync<FileActor>("""
            with line as (
                select l.voucher_id, v.batch_id, (l.evidence ->> 'classId')::bigint as class_id
                from claim_line l join voucher v on v.id = l.voucher_id where l.id = @line),
            act as (
                select 'draft' as duty, b.drafted_by_staff as staff, b.drafted_at as at from line join batch b on b.id = line.batch_id
                union all select 'issue', b.approved_by_staff, b.approved_at from line join batch b on b.id = line.batch_id
                union all select 'class', a.staff_id, c.approved_at from line join training_class c on c.id = line.class_id join account a on a.id = c.approved_by
                union all select 'check', a.staff_id, k.checked_at from line join spot_check k on k.class_id = line.class_id join account a on a.id = k.checked_by
                union all select 'release', d.decided_by_staff, d.decided_at from line join hold h on h.voucher_id = line.voucher_id join hold_decision d on d.hold_id = h.id where d.verdict = 1
                union all select 'reissue', r.decided_by_staff, r.decided_at from line join reissue_request r on r.successor = line.voucher_id
                union all select 'assess', a.staff_id, s.recorded_at from line join completion d on d.voucher_id = line.voucher_id
                    join assessment s on s.enrolment_id = d.enrolment_id join account a on a.id = s.recorded_by)
            select act.duty, p.name, act.at from act join staff p on p.id = act.staff order by act.at
            """, new { line })];

    /// <summary>Of the training that the voucher completed; those that were made void too, since a number that changed is worth a look.</summary>
    private static async Task<IReadOnlyList<FileCertificate>> CertificatesAsync(NpgsqlConnection connection, ClaimLineId line) =>
        [.. (await connection.QueryAsync<CertificateRow>("""
            select c.kind, c.number, c.issuer, c.issued_on, p.name as recorded_by, c.void_reason
            from claim_line l
            join completion d on d.voucher_id = l.voucher_id
            join certificate c on c.enrolment_id = d.enrolment_id
            join staff p on p.id = c.recorded_by_staff
            where l.id = @line order by c.voided_at is not null, c.kind, c.id
            """, new { line })).Select(row => new FileCertificate((CertificateKind)row.Kind, row.Number, row.Issuer, row.IssuedOn, row.RecordedBy, row.VoidReason))];
}
