using Voucher.Core.Classes;
using Voucher.Core.Wire;
using Voucher.Server.Classes;
using Voucher.Server.Vouchers;

namespace Voucher.Server.Redeeming;

/// <summary>
/// Reads the facts of a batch of scans in one round trip and from one snapshot; asks only for what the modes in the batch need.
/// </summary>
internal static class ScanBatchFactReader
{
    private const string Terminals = """
        select i.n::int, s.terminal_id, s.content_hash, s.answer, q.id is not null and q.id <> i.scan_id,
               t.name, t.status, t.institution_id, x.name
        from unnest($1::uuid[], $2::int[], $3::bigint[]) with ordinality as i (scan_id, terminal_id, sequence, n)
        left join scan s on s.id = i.scan_id
        left join scan q on q.terminal_id = i.terminal_id and q.sequence = i.sequence
        left join terminal t on t.id = i.terminal_id
        left join institution x on x.id = t.institution_id
        """;

    /// <summary>Classes <c>$1</c> (bigint[]) as they are on the days <c>$2</c> (date[]); a row of it is read by <see cref="ReadClass"/>.</summary>
    public const string Classes = """
        select i.day, c.id, c.name, p.name, c.institution_id, p.code, p.trade_code, c.starts_on, c.ends_on, c.status = 2,
               not x.is_suspended and i.day between x.accredited_from and x.accredited_until
                   and exists (select from institution_programme k where k.institution_id = x.id and k.programme_id = p.id),
               c.capacity, c.enrolled
        from unnest($1::bigint[], $2::date[]) as i (class_id, day)
        join training_class c on c.id = i.class_id
        join programme p on p.id = c.programme_id
        join institution x on x.id = c.institution_id
        """;

    private const string Enrolments = """
        select i.n, f.other_class, f.last_number
        from unnest($1::int[], $2::bigint[], $3::bigint[]) as i (n, voucher_id, class_id)
        join voucher v on v.id = i.voucher_id and v.state in (1, 2)
        join training_class c on c.id = i.class_id
        cross join lateral (
            -- Aggregates rather than "order by … limit 1": for the many who have no enrolment yet a sort would cost more than all the rest.
            select min(k.name) filter (where n.voucher_id <> v.id and n.is_active and o.state = 3
                       and k.starts_on <= c.ends_on and k.ends_on >= c.starts_on) as other_class,
                   coalesce(max(n.number), 0) as last_number
            from enrolment n
            join training_class k on k.id = n.class_id
            join voucher o on o.id = n.voucher_id
            where n.person_id = v.person_id) f
        """;

    private const string Sessions = """
        select i.n, s.id, s.held_on, s.starts_at, s.ends_at, a.checked_in_at is not null, a.checked_out_at is not null
        from unnest($1::int[], $2::bigint[], $3::bigint[], $4::date[]) as i (n, voucher_id, class_id, day)
        join class_session s on s.class_id = i.class_id and s.held_on between i.day - 1 and i.day + 1
        left join enrolment n on n.voucher_id = i.voucher_id and n.is_active
        left join attendance a on a.session_id = s.id and a.enrolment_id = n.id
        """;

    private const string Completions = $"""
        select i.n,
               {RosterStore.AttendedSessions},
               (select count(*)::int from class_session s where s.class_id = i.class_id),
               r.has_passed
        from unnest($1::int[], $2::bigint[], $3::bigint[]) as i (n, voucher_id, class_id)
        left join enrolment n on n.voucher_id = i.voucher_id and n.is_active
        left join assessment r on r.enrolment_id = n.id
        """;

    public static async Task<ScanBatchFacts> ReadAsync(NpgsqlConnection connection, IReadOnlyList<PresentedScan> scans)
    {
        var facts = new ScanBatchFacts(scans.Count);
        await using var batch = connection.CreateBatch();
        var asked = new Questions(batch);
        asked.Add(Terminals, row => ReadTerminalsAsync(row, scans, facts),
            Array(scans, scan => scan.Scan.ScanId), Array(scans, scan => scan.Terminal.Value), Array(scans, scan => scan.Scan.Sequence));
        int[] told = [.. Enumerable.Range(0, scans.Count).Where(n => scans[n].Voucher is not null)];
        if (told.Length > 0) AskOfVouchers(asked, scans, told, facts);
        await asked.ReadAnswersAsync();
        return facts;
    }

    /// <param name="told">The scans that are about a voucher, by their place in the batch.</param>
    private static void AskOfVouchers(Questions asked, IReadOnlyList<PresentedScan> scans, int[] told, ScanBatchFacts facts)
    {
        asked.Add(VoucherStore.SelectByIds, row => ReadVouchersAsync(row, facts), Array([.. told.Select(n => scans[n].Voucher!.Value.Value).Distinct()], id => id));
        var classes = told.Select(n => (scans[n].Class, scans[n].Today)).Distinct().ToArray();
        asked.Add(Classes, row => ReadClassesAsync(row, facts), Array(classes, x => x.Class.Value), Array(classes, x => x.Today));
        if (Of(ScanMode.Enrol) is { Length: > 0 } enrolling) asked.Add(Enrolments, row => ReadEnrolmentsAsync(row, facts), Columns(enrolling));
        if (Of(ScanMode.Complete) is { Length: > 0 } completing) asked.Add(Completions, row => ReadCompletionsAsync(row, facts), Columns(completing));
        if (Of(ScanMode.CheckIn, ScanMode.CheckOut) is not { Length: > 0 } attending) return;
        asked.Add(Sessions, row => ReadSessionsAsync(row, facts), [.. Columns(attending), Array(attending, n => scans[n].Today)]);
        foreach (var n in attending) facts.Sessions[n] = [];

        int[] Of(params ScanMode[] modes) => [.. told.Where(n => modes.Contains(scans[n].Scan.Mode))];
        NpgsqlParameter[] Columns(int[] places) =>
            [Array(places, n => n), Array(places, n => scans[n].Voucher!.Value.Value), Array(places, n => scans[n].Scan.ClassId)];
    }

    /// <summary>Queries that go out together, and who reads the answer of each.</summary>
    private sealed class Questions(NpgsqlBatch batch)
    {
        private readonly List<Func<NpgsqlDataReader, Task>> _readers = [];

        public void Add(string sql, Func<NpgsqlDataReader, Task> read, params NpgsqlParameter[] parameters)
        {
            var command = new NpgsqlBatchCommand(sql);
            command.Parameters.AddRange(parameters);
            batch.BatchCommands.Add(command);
            _readers.Add(read);
        }

        public async Task ReadAnswersAsync()
        {
            await using var reader = await batch.ExecuteReaderAsync();
            foreach (var read in _readers)
            {
                await read(reader);
                await reader.NextResultAsync();
            }
        }
    }

    private static NpgsqlParameter<TValue[]> Array<T, TValue>(IReadOnlyList<T> items, Func<T, TValue> value)
    {
        var values = new TValue[items.Count];
        for (var i = 0; i < values.Length; i++) values[i] = value(items[i]);
        return new NpgsqlParameter<TValue[]> { TypedValue = values };
    }

    private static async Task ReadTerminalsAsync(NpgsqlDataReader row, IReadOnlyList<PresentedScan> scans, ScanBatchFacts facts)
    {
        while (await row.ReadAsync())
        {
            var n = row.GetInt32(0) - 1; // Ordinality counts from 1.
            if (!row.IsDBNull(1))
                facts.Recorded[n] = new RecordedScan(new TerminalId(row.GetInt32(1)), row.GetFieldValue<byte[]>(2), WireJson.ReadAnswer(row.GetString(3)));
            facts.SequenceUsed[n] = row.GetBoolean(4);
            if (!row.IsDBNull(5))
                facts.Terminals[n] = new ScanningTerminal(
                    scans[n].Terminal, row.GetString(5), new InstitutionId(row.GetInt32(7)), row.GetString(8), (TerminalStatus)row.GetInt16(6));
        }
    }

    private static async Task ReadVouchersAsync(NpgsqlDataReader row, ScanBatchFacts facts)
    {
        while (await row.ReadAsync())
        {
            var stored = VoucherStore.Read(row);
            facts.Vouchers.Add(stored.Voucher.Id, stored);
        }
    }

    private static async Task ReadClassesAsync(NpgsqlDataReader row, ScanBatchFacts facts)
    {
        while (await row.ReadAsync())
        {
            var (day, found) = ReadClass(row);
            facts.Classes.Add((found.Id, day), found);
        }
    }

    public static (DateOnly Day, ScannedClass Class) ReadClass(NpgsqlDataReader row) => (
        row.GetFieldValue<DateOnly>(0),
        new ScannedClass(
            new ClassId(row.GetInt64(1)), row.GetString(2), row.GetString(3), new InstitutionId(row.GetInt32(4)), row.GetInt32(5), row.GetInt32(6),
            row.GetFieldValue<DateOnly>(7), row.GetFieldValue<DateOnly>(8), row.GetBoolean(9), row.GetBoolean(10), row.GetInt32(11), row.GetInt32(12)));

    private static async Task ReadEnrolmentsAsync(NpgsqlDataReader row, ScanBatchFacts facts)
    {
        while (await row.ReadAsync())
            facts.Enrolment[row.GetInt32(0)] = new EnrolmentFacts(row.IsDBNull(1) ? null : row.GetString(1), row.GetInt32(2) + 1);
    }

    private static async Task ReadSessionsAsync(NpgsqlDataReader row, ScanBatchFacts facts)
    {
        while (await row.ReadAsync())
        {
            var day = row.GetFieldValue<DateOnly>(2);
            facts.Sessions[row.GetInt32(0)]!.Add(new NearbySession(
                new SessionId(row.GetInt64(1)), CountyTime.At(day, row.GetFieldValue<TimeOnly>(3)), CountyTime.At(day, row.GetFieldValue<TimeOnly>(4)),
                row.GetBoolean(5), row.GetBoolean(6)));
        }
    }

    private static async Task ReadCompletionsAsync(NpgsqlDataReader row, ScanBatchFacts facts)
    {
        while (await row.ReadAsync())
            facts.Completion[row.GetInt32(0)] = new CompletionFacts(row.GetInt32(1), row.GetInt32(2), row.IsDBNull(3) ? null : row.GetBoolean(3));
    }
}
