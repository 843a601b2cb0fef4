using Dapper;
using Npgsql;
using Voucher.Core.Refusals;
using Voucher.Core.Vouchers;
using Voucher.Server.Journals;

namespace Voucher.Server.Tests.Journals.Permuting;

/// <summary>What the ledger says of one copy of a history.</summary>
/// <param name="Final">What may depend on nothing but the set of entries.</param>
/// <param name="Told">Beside it what desks were told and what was written on the way: the same when all was there before the merge.</param>
internal sealed record CopyState(IReadOnlyList<string> Final, IReadOnlyList<string> Told)
{
    public int InConflict => Final.Count(line => line.Contains(", contested", StringComparison.Ordinal));

    public int Enrolled => Final.Count(line => line.Contains(", enrolled", StringComparison.Ordinal));

    public int Attended => Final.Count(line => line.Contains(" attended ", StringComparison.Ordinal));
}

/// <summary>Reads the states of all copies at once, named by place and rounded to the minute: two copies are played seconds apart.</summary>
internal sealed class CopyStates(IReadOnlyList<HistoryCopy> copies)
{
    private readonly Dictionary<long, (int Copy, string Name)> _vouchers = Named(copies, copy => copy.Vouchers.Select(voucher => voucher.Id.Value), "voucher");
    private readonly Dictionary<long, (int Copy, string Name)> _classes = Named(copies, copy => copy.Classes, "class");
    private readonly Dictionary<long, (int Copy, string Name)> _desks = Named(copies, copy => copy.Terminals.Select(id => (long)id), "desk");
    private readonly Dictionary<Guid, string> _scans = copies.SelectMany(copy => copy.Scans).ToDictionary();
    private readonly List<string>[] _final = [.. copies.Select(_ => new List<string>())];
    private readonly List<string>[] _told = [.. copies.Select(_ => new List<string>())];

    public static async Task<IReadOnlyList<CopyState>> ReadAsync(NpgsqlConnection connection, IReadOnlyList<HistoryCopy> copies)
    {
        var states = new CopyStates(copies);
        await states.ReadVouchersAsync(connection);
        await states.ReadAttendanceAsync(connection);
        await states.ReadScansAsync(connection);
        await states.ReadCasesAsync(connection);
        await states.ReadEventsAsync(connection);
        await states.ReadDesksAsync(connection);
        await states.ReadCorrectionsAsync(connection);
        await states.ReadClassesAsync(connection);
        return [.. states._final.Zip(states._told, (final, told) => new CopyState([.. final.Order(StringComparer.Ordinal)], [.. told.Order(StringComparer.Ordinal)]))];
    }

    private static Dictionary<long, (int, string)> Named(IReadOnlyList<HistoryCopy> copies, Func<HistoryCopy, IEnumerable<long>> idsOf, string kind) =>
        copies.SelectMany((copy, number) => idsOf(copy).Select((id, index) => (id, number, name: $"{kind} {index}"))).ToDictionary(one => one.id, one => (one.number, one.name));

    private void Final(int copy, string line) => _final[copy].Add(line);

    private void Told(int copy, string line) => _told[copy].Add(line);

    private string Scan(Guid? id) => id is { } scan ? _scans.GetValueOrDefault(scan, "?") : "online";

    private string Class(long? id) => id is { } one && _classes.TryGetValue(one, out var found) ? found.Name : "no class";

    private static string Minute(DateTimeOffset? at) => at is { } time ? time.ToString("dd HH:mm", System.Globalization.CultureInfo.InvariantCulture) : "–";

    private long[] Vouchers => [.. _vouchers.Keys];

    private int[] Desks => [.. _desks.Keys.Select(id => (int)id)];

    private async Task ReadVouchersAsync(NpgsqlConnection connection)
    {
        foreach (var row in await connection.QueryAsync<(long Id, short State, bool Contested, bool Reserved, bool Payable, long? Class, DateTimeOffset? At, Guid? By)>("""
            select v.id, v.state, v.in_conflict, v.is_reserved,
                   v.state = 4 and not v.in_conflict and n.id is not null and not exists (select from hold h where h.voucher_id = v.id and h.released_at is null),
                   n.class_id, n.enrolled_at, n.claimed_by
            from voucher v left join enrolment n on n.voucher_id = v.id and n.is_active where v.id = any(@Vouchers)
            """, new { Vouchers }))
        {
            var (copy, name) = _vouchers[row.Id];
            var enrolled = row.Class is null ? "" : $", enrolled in {Class(row.Class)} since {Minute(row.At)} by {Scan(row.By)}";
            Final(copy, $"{name}: {(VoucherState)row.State}{(row.Contested ? ", contested" : "")}{(row.Reserved ? ", reserved" : "")}{(row.Payable ? ", payable" : "")}{enrolled}");
        }
    }

    private async Task ReadAttendanceAsync(NpgsqlConnection connection)
    {
        foreach (var row in await connection.QueryAsync<(long Voucher, DateTime Session, DateTimeOffset In, DateTimeOffset? Out, Guid InBy, Guid? OutBy)>("""
            select n.voucher_id, s.held_on + s.starts_at, a.checked_in_at, a.checked_out_at, a.in_scan_id, a.out_scan_id
            from attendance a join enrolment n on n.id = a.enrolment_id and n.is_active join class_session s on s.id = a.session_id
            where n.voucher_id = any(@Vouchers)
            """, new { Vouchers }))
        {
            var (copy, name) = _vouchers[row.Voucher];
            Final(copy, $"{name} attended {row.Session:dd HH:mm}: {Minute(row.In)} by {Scan(row.InBy)}, {Minute(row.Out)} by {(row.OutBy is null ? "–" : Scan(row.OutBy))}");
        }
    }

    private async Task ReadScansAsync(NpgsqlConnection connection)
    {
        foreach (var row in await connection.QueryAsync<(Guid Id, int Desk, long Voucher, DateTimeOffset From, DateTimeOffset To, DateTimeOffset Made, short State, bool IsClaim, short Suspicion, short? Refusal)>("""
            select o.scan_id, o.terminal_id, o.voucher_id, o.from_at, o.to_at, o.made_at, o.state, o.is_claim, o.suspicion, s.refusal
            from offline_scan o left join scan s on s.id = o.scan_id where o.terminal_id = any(@Desks) order by o.scan_id
            """, new { Desks }))
        {
            var copy = _desks[row.Desk].Copy;
            var what = $"scan {Scan(row.Id)} of {_vouchers[row.Voucher].Name}, {Minute(row.Made)} within {Minute(row.From)} to {Minute(row.To)}";
            Final(copy, $"{what}{(row.IsClaim ? $", claim: {(OfflineScanState)row.State}" : "")}{(row.Suspicion == 0 ? "" : $", {(Suspicion)row.Suspicion}")}");
            Told(copy, $"{what}: {(OfflineScanState)row.State}, {(row.Refusal is { } code ? (RefusalCode)code : "no answer")}");
        }
    }

    private async Task ReadCasesAsync(NpgsqlConnection connection)
    {
        foreach (var row in await connection.QueryAsync<(long Voucher, bool IsOpen, Guid[] Claims)>("""
            select k.voucher_id, k.decided_at is null, array(select c.scan_id from conflict_claim c where c.case_id = k.id order by c.scan_id)
            from conflict_case k where k.voucher_id = any(@Vouchers) order by k.voucher_id, k.id
            """, new { Vouchers }))
        {
            var (copy, name) = _vouchers[row.Voucher];
            var line = $"{name} has {(row.IsOpen ? "an open" : "a closed")} case of {string.Join(", ", row.Claims.Select(claim => Scan(claim)))}";
            if (row.IsOpen) Final(copy, line);
            else Told(copy, line);
        }
    }

    private async Task ReadEventsAsync(NpgsqlConnection connection)
    {
        foreach (var row in await connection.QueryAsync<(long Voucher, int Number, short Kind, int? Desk, Guid? Scan, long? Class, DateTime? Session)>("""
            select e.voucher_id, e.number, e.kind, e.terminal_id, e.scan_id, e.class_id, s.held_on + s.starts_at
            from voucher_event e left join class_session s on s.id = e.session_id where e.voucher_id = any(@Vouchers) order by e.voucher_id, e.number
            """, new { Vouchers }))
        {
            var (copy, name) = _vouchers[row.Voucher];
            var where = row.Desk is { } desk ? _desks[desk].Name : "county";
            Told(copy, $"{name}, event {row.Number}: {(VoucherEventKind)row.Kind} at {where} by {(row.Scan is null ? "–" : Scan(row.Scan))}, {Class(row.Class)}, {row.Session:dd HH:mm}");
        }
    }

    private async Task ReadDesksAsync(NpgsqlConnection connection)
    {
        foreach (var row in await connection.QueryAsync<(int Desk, short Status, long Sequence, long BoundedTo, string Faults)>("""
            select t.id, t.status, coalesce(h.sequence, 0), coalesce(h.bounded_to, 0),
                   coalesce((select string_agg(f.kind || ' at ' || f.sequence, ', ' order by f.id) from journal_fault f where f.terminal_id = t.id), '')
            from terminal t left join journal_head h on h.terminal_id = t.id where t.id = any(@Desks)
            """, new { Desks }))
            Final(_desks[row.Desk].Copy, $"{_desks[row.Desk].Name}: status {row.Status}, held to {row.Sequence}, known to {row.BoundedTo}, faults [{row.Faults}]");
    }

    private async Task ReadCorrectionsAsync(NpgsqlConnection connection)
    {
        foreach (var row in await connection.QueryAsync<(int Desk, Guid Scan, short Reason, string Note, DateTimeOffset At)>(
            "select terminal_id, scan_id, reason, note, asked_at from correction_request where terminal_id = any(@Desks)", new { Desks }))
            Final(_desks[row.Desk].Copy, $"{_desks[row.Desk].Name} asks to correct {Scan(row.Scan)}: {row.Reason}, {row.Note}, {Minute(row.At)}");
    }

    private async Task ReadClassesAsync(NpgsqlConnection connection)
    {
        foreach (var row in await connection.QueryAsync<(long Id, int Enrolled, int Over)>(
            "select id, enrolled, over_capacity from training_class where id = any(@ids)", new { ids = _classes.Keys.ToArray() }))
        {
            var (copy, name) = _classes[row.Id];
            Final(copy, $"{name}: {row.Enrolled} enrolled");
            Told(copy, $"{name}: {row.Over} beyond capacity");
        }
    }
}
