using System.Globalization;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Voucher.Core.Journals;
using Voucher.Core.Wire;

namespace Voucher.Terminal.Journal;

/// <summary>
/// The journal's SQL. SQLite in WAL mode with <c>synchronous=FULL</c>: a commit has reached the disk before it returns.
/// One connection, used by one caller at a time (<see cref="ScanJournal"/> sees to that).
/// </summary>
internal sealed class JournalStore : IDisposable
{
    private const string Columns =
        "sequence, entry_id, content, previous_hash, hash, signature, boot_id, monotonic_ms, wall_ms, checkpoint_ms, answer, kind, "
        + "exists (select 1 from provisional p where p.sequence = entry.sequence) as is_provisional, answered_ms";

    private readonly SqliteConnection _connection;

    public JournalStore(string path)
    {
        // Pooling would keep the file open after the journal is closed.
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        _connection.Open();
        Execute("pragma journal_mode = wal");
        Execute("pragma synchronous = full");
        JournalSchema.BringUpToDate(_connection);
    }

    private JournalStore(SqliteConnection opened) => _connection = opened;

    /// <summary>Opens a journal only to look at it: nothing is written, and the terminal that owns it may be running.</summary>
    /// <exception cref="SqliteException">There is no such file, or it is no journal.</exception>
    public static JournalStore OpenToRead(string path)
    {
        var place = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, Mode = SqliteOpenMode.ReadOnly };
        var connection = new SqliteConnection(place.ToString());
        connection.Open();
        return new JournalStore(connection);
    }

    public JournalEntry? Find(Guid scanId) =>
        ReadAll($"select {Columns} from entry where entry_id = $id and kind = 1", ("$id", Text(scanId))).SingleOrDefault();

    public JournalEntry? Last() => ReadAll($"select {Columns} from entry order by sequence desc limit 1").SingleOrDefault();

    /// <summary>The latest scans, newest first.</summary>
    public List<JournalEntry> Latest(int count) =>
        ReadAll($"select {Columns} from entry where kind = 1 order by sequence desc limit $count", ("$count", count));

    /// <summary>Scans of one voucher, newest first.</summary>
    public List<JournalEntry> OfVoucher(string digits, int count) =>
        ReadAll($"select {Columns} from entry where kind = 1 and content ->> 'digits' = $digits order by sequence desc limit $count", ("$digits", digits), ("$count", count));

    /// <summary>Scans for one class among the latest entries, newest first.</summary>
    public List<JournalEntry> OfClass(long classId, int among) =>
        ReadAll(
            $"""
            select {Columns} from entry
            where kind = 1 and sequence > (select coalesce(max(sequence), 0) from entry) - $among and content ->> 'classId' = $class order by sequence desc
            """, ("$among", among), ("$class", classId));

    public bool HasEntry(Guid id) => Number("select count(*) from entry where entry_id = $id", ("$id", Text(id))) > 0;

    /// <summary>Entries after a sequence, in order, a page at a time.</summary>
    public List<JournalEntry> After(long sequence, int count) =>
        ReadAll(
            $"select {Columns} from entry where sequence > $after order by sequence limit $count",
            ("$after", sequence), ("$count", count));

    /// <summary>The first scans that are asked of the server one by one, in order.</summary>
    public List<JournalEntry> FirstToAsk(int count) =>
        ReadAll($"select {Columns} from entry where state = 'waiting' and not is_provisional order by sequence limit $count", ("$count", count));

    /// <summary>The first scans after a number that the desk was told of and the server has not answered, in order.</summary>
    public List<JournalEntry> Provisional(int count, long after) =>
        ReadAll(
            $"select {Columns} from entry where state = 'waiting' and is_provisional and sequence > $after order by sequence limit $count",
            ("$count", count), ("$after", after));

    /// <summary>
    /// Enrolments that the desk was told of: those that no receipt closed in yet at a scan's place in the journal, as the server counts
    /// them against the limit, answered or not; and those in one class that are not answered, which its places are for.
    /// </summary>
    public (int Unclosed, int InClass) CountProvisionalEnrolments(long classId, Guid? exceptScan)
    {
        using var command = Command(
            """
            with scan as (select coalesce((select sequence from entry where entry_id = $except and kind = 1), 9223372036854775807) as place),
                closed as (select coalesce(max(sequence), 0) as upto from entry, scan where kind = 2 and sequence < place)
            select
                (select count(*) from provisional p join entry e using (sequence), scan, closed
                 where p.sequence > upto and p.sequence <> place and e.content ->> 'mode' = 1),
                (select count(*) from entry e, scan
                 where e.state = 'waiting' and e.sequence in (select sequence from provisional) and e.sequence <> place
                     and e.content ->> 'mode' = 1 and e.content ->> 'classId' = $class)
            """, ("$class", classId), ("$except", exceptScan is { } except ? Text(except) : ""));
        using var reader = command.ExecuteReader();
        reader.Read();
        return (reader.GetInt32(0), reader.GetInt32(1));
    }

    public void InsertProvisional(long sequence, long wallMs)
    {
        using var command = Command("insert into provisional (sequence, wall_ms) values ($s, $at) on conflict do nothing", ("$s", sequence), ("$at", wallMs));
        command.ExecuteNonQuery();
    }

    /// <summary>The first entries that the server does not have, or does not know to be provisional, in order.</summary>
    public List<JournalEntry> ToUpload(int count) =>
        ReadAll(
            $"""
            select {Columns} from entry
            where sequence > (select sequence from uploaded) or sequence in (select sequence from provisional where is_sent = 0)
            order by sequence limit $count
            """, ("$count", count));

    /// <summary>All that decides whether there is something to send, in one question.</summary>
    public JournalBacklog Backlog()
    {
        using var command = Command(
            """
            select last.sequence, last.hash,
                receipt.content ->> 'sequence', receipt.boot_id, receipt.wall_ms,
                (select coalesce(max(sequence), 0) from provisional),
                (select count(*) from entry where sequence > uploaded.sequence), (select min(wall_ms) from entry where sequence > uploaded.sequence),
                exists (select 1 from provisional where is_sent = 0),
                exists (select 1 from entry where state = 'waiting'),
                exists (select 1 from entry where state = 'waiting' and sequence in (select sequence from provisional))
            from uploaded
            left join (select sequence, hash from entry order by sequence desc limit 1) last
            left join (select content, boot_id, wall_ms from entry where kind = 2 order by sequence desc limit 1) receipt
            """);
        using var row = command.ExecuteReader();
        row.Read();
        return new JournalBacklog(
            row.IsDBNull(0) ? null : new JournalHead(row.GetInt64(0), (byte[])row[1]),
            row.IsDBNull(2) ? null : new ReceiptPlace(row.GetInt64(2), Guid.Parse(row.GetString(3)), row.GetInt64(4)),
            row.GetInt64(5), row.GetInt32(6), TimeOf(row, 7), row.GetBoolean(8), row.GetBoolean(9), row.GetBoolean(10));
    }

    private static DateTimeOffset? TimeOf(SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));

    public long Uploaded() => Number("select sequence from uploaded");

    /// <summary>The server has everything up to here, and knows which of these are provisional.</summary>
    public void SetUploaded(long sequence, IEnumerable<long> knownProvisional)
    {
        using var transaction = _connection.BeginTransaction();
        Execute($"update uploaded set sequence = {sequence.ToString(CultureInfo.InvariantCulture)}");
        foreach (var one in knownProvisional) Execute($"update provisional set is_sent = 1 where sequence = {one.ToString(CultureInfo.InvariantCulture)}");
        transaction.Commit();
    }

    /// <summary>A scan that the desk is told of at once: both are on the disk together, or neither.</summary>
    public void InsertProvisional(JournalEntry entry)
    {
        using var transaction = _connection.BeginTransaction();
        Insert(entry);
        InsertProvisional(entry.Sequence, entry.Link.Clock.WallMs);
        transaction.Commit();
    }

    public (long Count, long? OldestMs) CountWaiting()
    {
        using var command = Command("select count(*), min(wall_ms) from entry where state = 'waiting'");
        return ReadCount(command);
    }

    private static (long Count, long? OldestMs) ReadCount(SqliteCommand command)
    {
        using var reader = command.ExecuteReader();
        reader.Read();
        return (reader.GetInt64(0), reader.IsDBNull(1) ? null : reader.GetInt64(1));
    }

    public void Insert(JournalEntry entry)
    {
        using var command = Command(
            """
            insert into entry (sequence, kind, entry_id, content, previous_hash, hash, signature, boot_id, monotonic_ms, wall_ms, checkpoint_ms, state, answer, answered_ms)
            values ($sequence, $kind, $id, $content, $previous, $hash, $signature, $boot, $monotonic, $wall, $checkpoint,
                    iif($kind = 1, 'waiting', 'answered'), iif($kind = 1, null, '{}'), iif($kind = 1, null, $wall))
            """,
            ("$sequence", entry.Sequence), ("$kind", (int)entry.Kind), ("$id", Text(entry.Id)), ("$content", entry.Content),
            ("$previous", entry.Link.PreviousHash), ("$hash", entry.Hash), ("$signature", entry.Signature),
            ("$boot", Text(entry.Link.Clock.BootId)), ("$monotonic", entry.Link.Clock.MonotonicMs), ("$wall", entry.Link.Clock.WallMs),
            ("$checkpoint", entry.Link.CheckpointMs));
        command.ExecuteNonQuery();
    }

    /// <summary>Adds the answer; <c>false</c> when the scan is not known or has its answer already.</summary>
    public bool SetAnswer(ScanAnswer answer, long answeredMs)
    {
        using var command = Command(
            "update entry set state = 'answered', answer = $answer, answered_ms = $at where entry_id = $id and kind = 1 and state = 'waiting'",
            ("$answer", JsonSerializer.Serialize(answer, WebJson.Options)), ("$at", answeredMs), ("$id", Text(answer.ScanId)));
        return command.ExecuteNonQuery() == 1;
    }

    /// <summary>Marks an answered scan as known at the desk; <c>false</c> when there is no such scan.</summary>
    public bool InsertSeen(Guid scanId, long wallMs)
    {
        using var command = Command(
            """
            insert into told (sequence, wall_ms) select sequence, $at from entry where entry_id = $id and kind = 1 and state = 'answered'
            on conflict (sequence) do update set wall_ms = wall_ms
            """,
            ("$at", wallMs), ("$id", Text(scanId)));
        return command.ExecuteNonQuery() == 1;
    }

    /// <summary>The first refusals of which nobody at the desk knows, in order.</summary>
    public List<JournalEntry> UnseenRefusals(int count) =>
        ReadAll(
            $"""
            select {Columns} from entry where state = 'answered' and answer ->> 'accepted' = 0
            and not exists (select 1 from told where told.sequence = entry.sequence) order by sequence limit $count
            """,
            ("$count", count));

    /// <summary>The highest sequence after which the count went on by the server's word; 0 when that never happened.</summary>
    public long LastResumed() => Number("select coalesce(max(after_sequence), 0) from resumed");

    public bool IsResumedAt(long sequence) => Number("select count(*) from resumed where after_sequence = $s", ("$s", sequence)) > 0;

    public void InsertResumed(long afterSequence, long wallMs)
    {
        using var command = Command("insert into resumed (after_sequence, wall_ms) values ($s, $at)", ("$s", afterSequence), ("$at", wallMs));
        command.ExecuteNonQuery();
    }

    public byte[]? Signer()
    {
        using var command = Command("select public_key from signer");
        return (byte[]?)command.ExecuteScalar();
    }

    public void InsertSigner(byte[] publicKey)
    {
        using var command = Command("insert into signer (public_key) values ($key)", ("$key", publicKey));
        command.ExecuteNonQuery();
    }

    /// <summary>How the file is run, as SQLite itself says; for the diagnostics and the tests.</summary>
    public string Setting(string pragma)
    {
        using var command = Command($"select * from pragma_{pragma}");
        return Convert.ToString(command.ExecuteScalar(), CultureInfo.InvariantCulture) ?? "";
    }

    public void Dispose() => _connection.Dispose();

    private List<JournalEntry> ReadAll(string sql, params ReadOnlySpan<(string Name, object Value)> values)
    {
        using var command = Command(sql, values);
        using var reader = command.ExecuteReader();
        var entries = new List<JournalEntry>();
        while (reader.Read()) entries.Add(Read(reader));
        return entries;
    }

    private static JournalEntry Read(SqliteDataReader row) => new(
        row.GetInt64(0), (JournalEntryKind)row.GetInt16(11), Guid.Parse(row.GetString(1)), row.GetString(2),
        new ChainLink((byte[])row[3], new DeviceClock(Guid.Parse(row.GetString(6)), row.GetInt64(7), row.GetInt64(8)), row.GetInt64(9)),
        (byte[])row[4], (byte[])row[5], row.GetBoolean(12),
        row.IsDBNull(10) || row.GetInt16(11) != (short)JournalEntryKind.Scan ? null : JsonSerializer.Deserialize<ScanAnswer>(row.GetString(10), WebJson.Options),
        TimeOf(row, 13));

    private long Number(string sql, params ReadOnlySpan<(string Name, object Value)> values)
    {
        using var command = Command(sql, values);
        return (long)command.ExecuteScalar()!;
    }

    private void Execute(string sql)
    {
        using var command = Command(sql);
        command.ExecuteNonQuery();
    }

    private SqliteCommand Command(string sql, params ReadOnlySpan<(string Name, object Value)> values)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values) command.Parameters.AddWithValue(name, value);
        return command;
    }

    private static string Text(Guid id) => id.ToString("D");
}
