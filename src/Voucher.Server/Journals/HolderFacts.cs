using System.Text.Json;
using Voucher.Core.Journals;
using Voucher.Core.Wire;
using Voucher.Server.Redeeming;
using Voucher.Server.Vouchers;

namespace Voucher.Server.Journals;

/// <summary>An offline scan as it is merged.</summary>
/// <param name="IsClaim">An enrolment that was found allowed before.</param>
public sealed record MergedScan(
    ScanRequest Scan, ScanningTerminal Terminal, short Branch, VoucherId Voucher, TimeBounds Bounds, DateTimeOffset MadeAt, DateTimeOffset ReceivedAt,
    OfflineScanState State, bool IsClaim, ClaimRuling Ruling)
{
    /// <summary>
    /// The institution could enrol for the class's programme when the scan was made: neither a suspension since then nor a new year undoes
    /// what was lawful, and nothing is lawful because it came late. <c>null</c>: as the class's facts say.
    /// </summary>
    public bool? WasAccredited { get; init; }

    public Guid Id => Scan.ScanId;

    public DateOnly Day => CountyTime.DayOf(MadeAt);
}

/// <summary>A session of a class and what online scans have recorded of a voucher at it.</summary>
public sealed record RecordedSession(VoucherId Voucher, ClassId Class, AttendedSession Session);

/// <summary>All that is known of one person's vouchers: what the merge decides from.</summary>
/// <param name="TurnedAway">Check-ins and check-outs that came online while nobody could say which class the voucher is of.</param>
/// <param name="EnrolledBy">The offline scans on which present enrolments rest; those committed online are not in it.</param>
public sealed record HolderFacts(
    IReadOnlyDictionary<VoucherId, StoredVoucher> Vouchers,
    IReadOnlyList<MergedScan> Scans,
    IReadOnlyDictionary<(ClassId Id, DateOnly Day), ScannedClass> Classes,
    IReadOnlyList<RecordedSession> Sessions,
    IReadOnlyDictionary<VoucherId, Guid> EnrolledBy,
    IReadOnlyDictionary<VoucherId, long> OpenCases,
    int Enrolments,
    IReadOnlyList<OfflineAttendance> TurnedAway);

/// <summary>Locks a person's vouchers and reads <see cref="HolderFacts"/>.</summary>
public static class HolderFactStore
{
    private sealed record Row(
        TerminalId TerminalId, short Branch, InstitutionId InstitutionId, VoucherId VoucherId, DateTimeOffset FromAt, DateTimeOffset ToAt, DateTimeOffset MadeAt,
        DateTimeOffset ReceivedAt, OfflineScanState State, bool IsClaim, ClaimRuling Ruling, string Content, string TerminalName, TerminalStatus TerminalStatus,
        string InstitutionName, bool? WasAccredited)
    {
        public MergedScan ToScan() => new(
            JsonSerializer.Deserialize(Content, WireJson.Default.ScanRequest)!,
            new ScanningTerminal(TerminalId, TerminalName, InstitutionId, InstitutionName, TerminalStatus),
            Branch, VoucherId, new TimeBounds(FromAt, ToAt), MadeAt, ReceivedAt, State, IsClaim, Ruling)
        {
            WasAccredited = WasAccredited,
        };
    }

    private sealed record SessionRow(VoucherId Voucher, ClassId Class, SessionId Id, DateOnly HeldOn, TimeOnly StartsAt, TimeOnly EndsAt, DateTimeOffset? OnlineIn, DateTimeOffset? OnlineOut);

    /// <summary>The locks come first and alone, in one order: what is read or written later is as it stands after the wait.</summary>
    public static async Task<VoucherId[]> LockVouchersAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, PersonId person) =>
        [.. await connection.QueryAsync<VoucherId>("select id from voucher where person_id = @person order by id for update", new { person }, transaction)];

    /// <param name="ids">The person's vouchers, locked by <see cref="LockVouchersAsync"/>.</param>
    public static async Task<HolderFacts> ReadAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, PersonId person, VoucherId[] ids)
    {
        var vouchers = await VouchersAsync(connection, transaction, ids);
        var scans = await ScansAsync(connection, transaction, person);
        return new HolderFacts(
            vouchers, scans, await ClassesAsync(connection, transaction, scans, vouchers.Values), await SessionsAsync(connection, transaction, scans),
            (await connection.QueryAsync<(VoucherId Voucher, Guid Scan)>(
                "select voucher_id, claimed_by from enrolment where voucher_id = any(@ids) and is_active and claimed_by is not null",
                new { ids = Values(ids) }, transaction)).ToDictionary(row => row.Voucher, row => row.Scan),
            (await connection.QueryAsync<(VoucherId Voucher, long Id)>(
                "select voucher_id, id from conflict_case where voucher_id = any(@ids) and decided_at is null", new { ids = Values(ids) }, transaction)).ToDictionary(row => row.Voucher, row => row.Id),
            await connection.ExecuteScalarAsync<int>("select coalesce(max(number), 0) from enrolment where person_id = @person", new { person }, transaction),
            await TurnedAwayAsync(connection, transaction, ids));
    }

    /// <summary>The trainee sat in class all the same: once it is decided which one, these count.</summary>
    private static async Task<IReadOnlyList<OfflineAttendance>> TurnedAwayAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, VoucherId[] ids) =>
        [.. (await connection.QueryAsync<(Guid Id, VoucherId Voucher, ClassId Class, ScanMode Mode, DateTimeOffset At)>("""
            select s.id, s.voucher_id, s.class_id, s.mode, s.received_at
            from conflict_case k
            join scan s on s.voucher_id = k.voucher_id and s.received_at >= k.opened_at and s.mode in (2, 3) and s.refusal = @inConflict
            where k.voucher_id = any(@ids)
            """, new { ids = Values(ids), inConflict = (short)RefusalCode.VoucherInConflict }, transaction))
            .Select(row => new OfflineAttendance(row.Id, row.Voucher, row.Class, row.Mode, row.At)).DistinctBy(scan => scan.ScanId)];

    private static long[] Values(IEnumerable<VoucherId> ids) => [.. ids.Select(id => id.Value)];

    private static async Task<Dictionary<VoucherId, StoredVoucher>> VouchersAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, VoucherId[] ids)
    {
        await using var command = new NpgsqlCommand(VoucherStore.SelectByIds, connection, transaction);
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = Values(ids) });
        await using var row = await command.ExecuteReaderAsync();
        var found = new Dictionary<VoucherId, StoredVoucher>();
        while (await row.ReadAsync())
        {
            var stored = VoucherStore.Read(row);
            found[stored.Voucher.Id] = stored;
        }
        return found;
    }

    /// <summary>Suspect ones are no facts until a person has let them in.</summary>
    private static async Task<IReadOnlyList<MergedScan>> ScansAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, PersonId person) =>
        [.. (await connection.QueryAsync<Row>("""
            select o.terminal_id, o.branch, o.institution_id, o.voucher_id, o.from_at, o.to_at, o.made_at, o.received_at, o.state, o.is_claim, o.ruling,
                   e.content, t.name as terminal_name, t.status as terminal_status, i.name as institution_name,
                   case when o.mode = 1 and o.state = 1 then accredited_at(c.institution_id, c.programme_id, o.made_at) end as was_accredited
            from offline_scan o
            join journal_entry e on e.terminal_id = o.terminal_id and e.branch = o.branch and e.sequence = o.sequence
            join terminal t on t.id = o.terminal_id
            join institution i on i.id = o.institution_id
            left join training_class c on c.id = o.class_id
            where o.person_id = @person and o.state <> 5
            order by o.to_at, o.scan_id
            """, new { person }, transaction)).Select(row => row.ToScan())];

    /// <summary>The classes that were scanned for on those days, and those in which the person is enrolled.</summary>
    private static async Task<Dictionary<(ClassId, DateOnly), ScannedClass>> ClassesAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<MergedScan> scans, IEnumerable<StoredVoucher> vouchers)
    {
        var enrolled = vouchers.Select(stored => stored.Voucher.Enrolment).OfType<Enrolment>().Select(enrolment => (Class: enrolment.Class.Value, Day: CountyTime.DayOf(enrolment.At)));
        var wanted = scans.Select(scan => (Class: scan.Scan.ClassId, scan.Day)).Concat(enrolled).Distinct().ToArray();
        await using var command = new NpgsqlCommand(ScanBatchFactReader.Classes, connection, transaction);
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. wanted.Select(one => one.Class)] });
        command.Parameters.Add(new NpgsqlParameter<DateOnly[]> { TypedValue = [.. wanted.Select(one => one.Day)] });
        await using var row = await command.ExecuteReaderAsync();
        var found = new Dictionary<(ClassId, DateOnly), ScannedClass>();
        while (await row.ReadAsync())
        {
            var (day, scanned) = ScanBatchFactReader.ReadClass(row);
            found[(scanned.Id, day)] = scanned;
        }
        return found;
    }

    /// <summary>The sessions of every class that was scanned for, with what online scans of the same voucher and class recorded, in whatever enrolment.</summary>
    private static async Task<IReadOnlyList<RecordedSession>> SessionsAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<MergedScan> scans)
    {
        var wanted = scans.Select(scan => (scan.Voucher, Class: scan.Scan.ClassId)).Distinct().ToArray();
        var rows = await connection.QueryAsync<SessionRow>("""
            select i.voucher, i.class, s.id, s.held_on, s.starts_at, s.ends_at,
                   min(a.checked_in_at) filter (where not exists (select from offline_scan o where o.scan_id = a.in_scan_id)) as online_in,
                   min(a.checked_out_at) filter (where not exists (select from offline_scan o where o.scan_id = a.out_scan_id)) as online_out
            from unnest(@vouchers, @classes) as i (voucher, class)
            join class_session s on s.class_id = i.class
            left join enrolment n on n.voucher_id = i.voucher and n.class_id = i.class
            left join attendance a on a.enrolment_id = n.id and a.session_id = s.id
            group by i.voucher, i.class, s.id
            """, new { vouchers = Values(wanted.Select(one => one.Voucher)), classes = wanted.Select(one => one.Class).ToArray() }, transaction);
        return [.. rows.Select(row => new RecordedSession(row.Voucher, row.Class, new AttendedSession(
            row.Id, CountyTime.At(row.HeldOn, row.StartsAt), CountyTime.At(row.HeldOn, row.EndsAt), row.OnlineIn, row.OnlineOut)))];
    }
}
