using Voucher.Core.Wire;

namespace Voucher.Server.Redeeming;

/// <summary>
/// The one statement that writes a batch of scans: vouchers, events, roster, attendance, completions and the scans themselves,
/// for any mix of modes. It stands as a whole: when one voucher is not as it was read, nothing of the batch is written.
/// </summary>
/// <remarks>Autocommit, so that a batch costs one round trip and one flush of the log.</remarks>
public static class ScanBatchStatement
{
    /// <summary>SQLSTATE of the function <c>must_hold</c>.</summary>
    public const string FactsChanged = "VX001";

    /// <summary>
    /// Twenty arrays, one element a scan: id, terminal, sequence, hash, mode, class, voucher, refusal, scanned at, received
    /// at, answer; then, null when the voucher does not move: events before, kind of event, its two states, institution, session,
    /// enrolment, person, number of a new enrolment.
    /// </summary>
    public const string Sql = """
        with input as materialized (
            select * from unnest(
                $1::uuid[], $2::int[], $3::bigint[], $4::bytea[], $5::smallint[], $6::bigint[], $7::bigint[], $8::smallint[],
                $9::timestamptz[], $10::timestamptz[], $11::text[],
                $12::int[], $13::smallint[], $14::smallint[], $15::smallint[], $16::int[], $17::bigint[], $18::bigint[], $19::bigint[], $20::int[])
            as i (scan_id, terminal_id, sequence, content_hash, mode, class_id, voucher_id, refusal,
                  scanned_at, received_at, answer,
                  events, kind, from_state, to_state, institution_id, session_id, enrolment_id, person_id, enrolment_number)
        ),
        moved as (
            update voucher v set state = i.to_state, events = v.events + 1
            from input i
            where v.id = i.voucher_id and i.kind is not null and v.events = i.events and v.state = i.from_state
              and (i.kind <> 3 or v.is_reserved)
              and (i.kind not in (3, 6) or not v.in_conflict)
              and (i.kind not in (3, 6) or not exists (select from hold h where h.voucher_id = v.id and h.released_at is null))
            returning v.id
        ),
        noted as (
            insert into voucher_event (voucher_id, number, kind, from_state, to_state, at, terminal_id, scan_id, institution_id, class_id, session_id)
            select voucher_id, events + 1, kind, from_state, to_state, received_at, terminal_id, scan_id, institution_id, class_id, session_id
            from input where kind is not null
        ),
        enrolled as (
            insert into enrolment (voucher_id, person_id, class_id, enrolled_at, number)
            select voucher_id, person_id, class_id, received_at, enrolment_number from input where kind = 3
        ),
        checked_in as (
            insert into attendance (enrolment_id, session_id, checked_in_at, in_scan_id)
            select enrolment_id, session_id, received_at, scan_id from input where kind = 4
        ),
        checked_out as (
            update attendance a set checked_out_at = i.received_at, out_scan_id = i.scan_id
            from input i
            where i.kind = 5 and a.enrolment_id = i.enrolment_id and a.session_id = i.session_id and a.checked_out_at is null
            returning a.session_id
        ),
        completed as (
            insert into completion (voucher_id, enrolment_id, completed_at, scan_id)
            select voucher_id, enrolment_id, received_at, scan_id from input where kind = 6
        ),
        recorded as (
            insert into scan (id, terminal_id, sequence, content_hash, mode, class_id, voucher_id, event_number, refusal, scanned_at, received_at, answer)
            select scan_id, terminal_id, sequence, content_hash, mode, class_id, voucher_id, events + 1, refusal, scanned_at, received_at, answer
            from input
        )
        select must_hold((select count(*) from input where kind is not null), (select count(*) from moved)),
               must_hold((select count(*) from input where kind = 5), (select count(*) from checked_out))
        """;

    /// <summary>
    /// The same for a batch in which no voucher moves, with the first eleven arrays alone: most of what the large statement
    /// costs is getting it under way, and a flood of repeats shall not pay for it.
    /// </summary>
    public const string RefusalsSql = """
        insert into scan (id, terminal_id, sequence, content_hash, mode, class_id, voucher_id, refusal, scanned_at, received_at, answer)
        select * from unnest(
            $1::uuid[], $2::int[], $3::bigint[], $4::bytea[], $5::smallint[], $6::bigint[], $7::bigint[], $8::smallint[],
            $9::timestamptz[], $10::timestamptz[], $11::text[])
        """;

    /// <summary>Rows are locked in the order of vouchers, so that two servers never wait for each other in a circle.</summary>
    public static async Task WriteAsync(NpgsqlConnection connection, IReadOnlyList<ScanEntry> unordered)
    {
        ScanEntry[] entries = [.. unordered.OrderBy(entry => entry.Voucher?.Value ?? 0)];
        var moves = entries.Any(entry => entry.Move is not null);
        await using var command = new NpgsqlCommand(moves ? Sql : RefusalsSql, connection);
        foreach (var column in moves ? ScanColumns(entries).Concat(MoveColumns(entries)) : ScanColumns(entries)) command.Parameters.Add(column);
        await command.ExecuteNonQueryAsync();
    }

    private static IEnumerable<NpgsqlParameter> ScanColumns(ScanEntry[] entries)
    {
        yield return Column(entries, entry => entry.Presented.Scan.ScanId);
        yield return Column(entries, entry => entry.Presented.Terminal.Value);
        yield return Column(entries, entry => entry.Presented.Scan.Sequence);
        yield return Column(entries, entry => entry.Presented.ContentHash);
        yield return Column(entries, entry => (short)entry.Presented.Scan.Mode);
        yield return Column(entries, entry => entry.Presented.Scan.ClassId);
        yield return Column(entries, entry => entry.Voucher?.Value);
        yield return Column(entries, entry => (short)entry.Answer.Refusal);
        yield return Column(entries, entry => entry.Presented.Scan.ScannedAt.UtcDateTime);
        yield return Column(entries, entry => entry.Presented.ReceivedAt.UtcDateTime);
        yield return Column(entries, entry => WireJson.Write(entry.Answer));
    }

    private static IEnumerable<NpgsqlParameter> MoveColumns(ScanEntry[] entries)
    {
        yield return Column(entries, entry => entry.Move?.Before.Events);
        yield return Column(entries, entry => (short?)entry.Move?.Step.Kind);
        yield return Column(entries, entry => (short?)entry.Move?.Step.From);
        yield return Column(entries, entry => (short?)entry.Move?.Step.To);
        yield return Column(entries, entry => entry.Move?.Step.Institution?.Value);
        yield return Column(entries, entry => entry.Move?.Step.Session?.Value);
        yield return Column(entries, entry => entry.Move?.Before.EnrolmentId);
        yield return Column(entries, entry => entry.Move?.Before.Person.Value);
        yield return Column(entries, entry => entry.Move?.EnrolmentNumber);
    }

    private static NpgsqlParameter<T[]> Column<T>(ScanEntry[] entries, Func<ScanEntry, T> value) =>
        new() { TypedValue = Array.ConvertAll(entries, entry => value(entry)) };
}
