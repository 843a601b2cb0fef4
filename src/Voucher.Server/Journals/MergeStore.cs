using Voucher.Core.Journals;
using Voucher.Core.Wire;
using Voucher.Server.Redeeming;

namespace Voucher.Server.Journals;

/// <summary>Writes what the merge has decided; all within its transaction, with the person's vouchers locked.</summary>
public static class MergeStore
{
    /// <summary>
    /// Added for each history of a device beyond the first, so that a scan of a second history never has the number of
    /// another scan.
    /// </summary>
    public const long BranchStride = 1_000_000_000_000;

    public static async Task<long> OpenCaseAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, VoucherId voucher, DateTimeOffset now) =>
        await connection.ExecuteScalarAsync<long>(
            "insert into conflict_case (region, voucher_id, opened_at) values (@region, @voucher, @now) returning id", new { region, voucher, now }, transaction);

    public static Task AddClaimsAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, long caseId, IReadOnlyCollection<Guid> scans) =>
        connection.ExecuteAsync(
            "insert into conflict_claim (case_id, scan_id) select @caseId, unnest(@scans) on conflict do nothing", new { caseId, scans = scans.ToArray() }, transaction);

    /// <summary>An earlier claim has come: nothing is left to decide.</summary>
    public static Task ClearCaseAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, long caseId, DateTimeOffset now) =>
        connection.ExecuteAsync("update conflict_case set outcome = 3, decided_at = @now where id = @caseId and decided_at is null", new { caseId, now }, transaction);

    public static Task SetConflictAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, VoucherId voucher, bool inConflict) =>
        connection.ExecuteAsync("update voucher set in_conflict = @inConflict where id = @voucher and in_conflict <> @inConflict", new { voucher, inConflict }, transaction);

    /// <summary>Enrols beyond the class's capacity if it must: the trainee sits there.</summary>
    public static Task EnrolAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, VoucherId voucher, PersonId person, long classId, Guid claim, DateTimeOffset at, int number) =>
        connection.ExecuteAsync("""
            update training_class set over_capacity = enrolled + 1 - capacity where id = @classId and enrolled + 1 > capacity + over_capacity;
            insert into enrolment (voucher_id, person_id, class_id, enrolled_at, number, claimed_by) values (@voucher, @person, @classId, @at, @number, @claim);
            """, new { voucher, person, classId, at, number, claim }, transaction);

    /// <summary>An earlier claim for the same class has come.</summary>
    public static Task RestOnAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, VoucherId voucher, Guid claim, DateTimeOffset at) =>
        connection.ExecuteAsync("update enrolment set claimed_by = @claim, enrolled_at = @at where voucher_id = @voucher and is_active", new { voucher, claim, at }, transaction);

    /// <summary>The register of attendance as the marks say it; a session with a check-out alone has no line until its check-in comes.</summary>
    public static Task MarkAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, VoucherId voucher, IReadOnlyList<SessionMarks> marks)
    {
        var whole = marks.Where(mark => mark.In is not null).ToArray();
        return connection.ExecuteAsync("""
            -- What offline scans alone had put there, and by all that is known now belongs to another session.
            delete from attendance a using enrolment n
            where n.id = a.enrolment_id and n.voucher_id = @voucher and n.is_active and not a.session_id = any(@sessions)
              and exists (select from offline_scan x where x.scan_id = a.in_scan_id)
              and (a.out_scan_id is null or exists (select from offline_scan x where x.scan_id = a.out_scan_id));
            insert into attendance (enrolment_id, session_id, checked_in_at, checked_out_at, in_scan_id, out_scan_id)
            select n.id, i.session, i.came, case when i.went is not null then greatest(i.went, i.came) end,
                   coalesce(i.came_by, o.in_scan_id), case when i.went is not null then coalesce(i.went_by, o.out_scan_id) end
            from unnest(@sessions, @came, @cameBy, @went, @wentBy) as i (session, came, came_by, went, went_by)
            join enrolment n on n.voucher_id = @voucher and n.is_active
            left join lateral (
                select min(a.in_scan_id::text) filter (where not exists (select from offline_scan x where x.scan_id = a.in_scan_id))::uuid as in_scan_id,
                       min(a.out_scan_id::text) filter (where not exists (select from offline_scan x where x.scan_id = a.out_scan_id))::uuid as out_scan_id
                from attendance a join enrolment m on m.id = a.enrolment_id
                where m.voucher_id = @voucher and m.class_id = n.class_id and a.session_id = i.session) o on true
            on conflict (enrolment_id, session_id) do update
            set checked_in_at = excluded.checked_in_at, checked_out_at = excluded.checked_out_at,
                in_scan_id = excluded.in_scan_id, out_scan_id = excluded.out_scan_id
            """,
            new
            {
                voucher, sessions = whole.Select(mark => mark.Session.Value).ToArray(),
                came = whole.Select(mark => mark.In!.Value.UtcDateTime).ToArray(), cameBy = whole.Select(mark => mark.InBy).ToArray(),
                went = whole.Select(mark => mark.Out?.ToUniversalTime()).ToArray(), wentBy = whole.Select(mark => mark.OutBy).ToArray(),
            }, transaction);
    }

    /// <summary>Events of attendance, and the number of events that the voucher has after them.</summary>
    public static async Task AttendAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<OfflineAnswer> answers)
    {
        var steps = answers.Where(answer => answer.Step is not null).ToArray();
        if (steps.Length == 0) return;
        await connection.ExecuteAsync("""
            insert into voucher_event (voucher_id, number, kind, from_state, to_state, at, terminal_id, scan_id, institution_id, class_id, session_id)
            select i.voucher, i.number, i.kind, 3, 3, @at, i.terminal, i.scan, i.institution, i.class, i.session
            from unnest(@vouchers, @numbers, @kinds, @terminals, @scans, @institutions, @classes, @sessions)
                as i (voucher, number, kind, terminal, scan, institution, class, session);
            update voucher v set events = i.events
            from (select voucher, max(number) as events from unnest(@vouchers, @numbers) as i (voucher, number) group by voucher) i
            where v.id = i.voucher;
            """,
            new
            {
                at = steps[0].Step!.At, vouchers = steps.Select(one => one.Scan.Voucher.Value).ToArray(), numbers = steps.Select(one => one.EventNumber!.Value).ToArray(),
                kinds = steps.Select(one => (short)one.Step!.Kind).ToArray(), terminals = steps.Select(one => one.Scan.Terminal.Id.Value).ToArray(),
                scans = steps.Select(one => one.Answer is null ? (Guid?)null : one.Scan.Id).ToArray(), institutions = steps.Select(one => one.Scan.Terminal.Institution.Value).ToArray(),
                classes = steps.Select(one => one.Step!.Class?.Value).ToArray(), sessions = steps.Select(one => one.Step!.Session?.Value).ToArray(),
            }, transaction);
    }

    /// <summary>The answers, each for ever, and what the scans are now.</summary>
    public static async Task AnswerAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<OfflineAnswer> answers, IReadOnlySet<Guid> claims, DateTimeOffset now)
    {
        if (answers.Count == 0) return;
        await TellAsync(connection, transaction, [.. answers.Where(answer => answer.Answer is not null)], now);
        T[] Column<T>(Func<OfflineAnswer, T> value) => [.. answers.Select(value)];
        await connection.ExecuteAsync("""
            update offline_scan o set state = i.state, is_claim = i.is_claim, parked_at = null
            from unnest(@ids, @states, @areClaims) as i (id, state, is_claim) where o.scan_id = i.id
            """, new { ids = Column(x => x.Scan.Id), states = Column(x => (short)x.State), areClaims = Column(x => claims.Contains(x.Scan.Id)) }, transaction);
    }

    private static Task TellAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, OfflineAnswer[] answers, DateTimeOffset now)
    {
        T[] Column<T>(Func<OfflineAnswer, T> value) => [.. answers.Select(value)];
        return connection.ExecuteAsync("""
            insert into scan (id, terminal_id, sequence, content_hash, mode, class_id, voucher_id, event_number, refusal, scanned_at, received_at, answer)
            select i.id, i.terminal, i.sequence, i.hash, i.mode, i.class, i.voucher, i.event, i.refusal, i.scanned, @now, i.answer
            from unnest(@ids, @terminals, @sequences, @hashes, @modes, @classes, @vouchers, @events, @refusals, @scanned, @answers)
                as i (id, terminal, sequence, hash, mode, class, voucher, event, refusal, scanned, answer)
            """,
            new
            {
                now, ids = Column(x => x.Scan.Id), terminals = Column(x => x.Scan.Terminal.Id.Value), sequences = Column(x => SequenceOf(x.Scan)),
                hashes = Column(x => ScanRequestCheck.ContentHash(x.Scan.Scan)), modes = Column(x => (short)x.Scan.Scan.Mode), classes = Column(x => x.Scan.Scan.ClassId),
                vouchers = Column(x => x.Scan.Voucher.Value), events = Column(x => x.EventNumber), refusals = Column(x => (short)x.Answer!.Refusal),
                scanned = Column(x => x.Scan.MadeAt.UtcDateTime), answers = Column(x => WireJson.Write(x.Answer!)),
            }, transaction);
    }

    private static long SequenceOf(MergedScan scan) => scan.Branch * BranchStride + scan.Scan.Sequence;

    /// <summary>Claims that were answered before and stand otherwise now.</summary>
    public static Task TurnAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<(Guid Id, OfflineScanState State)> turned) =>
        turned.Count == 0 ? Task.CompletedTask : connection.ExecuteAsync(
            "update offline_scan o set state = i.state from unnest(@ids, @states) as i (id, state) where o.scan_id = i.id",
            new { ids = turned.Select(one => one.Id).ToArray(), states = turned.Select(one => (short)one.State).ToArray() }, transaction);

    public static Task ParkAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<Guid> scans, DateTimeOffset now) =>
        scans.Count == 0 ? Task.CompletedTask
            : connection.ExecuteAsync("update offline_scan set parked_at = @now where scan_id = any(@scans)", new { scans = scans.ToArray(), now }, transaction);
}
