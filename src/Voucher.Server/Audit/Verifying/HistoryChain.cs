using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Voucher.Server.Invariants;

namespace Voucher.Server.Audit.Verifying;

/// <summary>
/// The steps by which money was decided: each row's content was hashed into a chain when it was committed. The chain is walked, and
/// every row is held against its last link: one that was edited, taken out or put in past the triggers is named.
/// </summary>
public static class HistoryChain
{
    public const string Number = "9.2";
    private const string Name = "history-chain";
    private const char Part = '\u001f';

    private static readonly Words Meaning = new(
        "结算各步骤的记录没有被改动、删除或插入。", "No step of settlement was edited, removed or inserted.");

    /// <summary>The tables whose rows are sealed, as migration 0042 and those after it seal them.</summary>
    public static readonly IReadOnlyList<string> Tables =
    [
        "certificate", "claim_approval", "claim_line_step", "phone_sample", "phone_attempt", "publication", "publication_line", "objection_line",
        "objection_step", "retained_list_line", "payment_row_sent", "payment_return", "payment_return_row", "payment_difference_note", "allowance_line",
        "recovery_line", "recovery_part", "recovery_step", "recovery_pay_in", "recovery_pay_in_line", "consequence_step",
    ];

    private sealed record Link(long Number, string History, string Key, long? Entry, byte[] Content, byte[] Hash)
    {
        public byte[] HashAfter(byte[] before) => SHA256.HashData([.. before, .. Encoding.UTF8.GetBytes(string.Join(
            Part, Number.ToString(CultureInfo.InvariantCulture), History, Key, (Entry ?? 0).ToString(CultureInfo.InvariantCulture), Convert.ToHexStringLower(Content)))]);
    }

    private sealed record Stray(string Key, bool IsSealed, bool IsThere, long Link);

    public static async Task<IReadOnlyList<Violation>> CheckAsync(NpgsqlConnection connection, int most) =>
        [.. (await WalkAsync(connection, most)).Faults.Select(fault => new Violation(Number, Name, Meaning, $"history_chain {fault.Named}", fault.Finding.En))];

    /// <summary>Within a transaction: times are read in one zone, as they were when they were hashed.</summary>
    public static async Task<ChainWalk> WalkAsync(NpgsqlConnection connection, int most)
    {
        List<ChainFault> faults = [];
        var (last, whole, hash) = (0L, 0L, new byte[SHA256.HashSizeInBytes]);
        await foreach (var link in connection.QueryUnbufferedAsync<Link>("select number, history, key, entry, content, hash from history_chain order by number"))
        {
            if (link.Number != last + 1) faults.Add(new ChainFault(whole, link.Number, last + 1, ChainFault.Missing(last + 1, link.Number - 1)));
            else if (!link.HashAfter(hash).AsSpan().SequenceEqual(link.Hash)) faults.Add(new ChainFault(whole, link.Number, link.Number, ChainFault.Edited(link.Number)));
            (last, hash) = (link.Number, link.Hash);
            if (faults.Count == 0) whole = link.Number;
            if (faults.Count >= most) break;
        }
        foreach (var table in Tables)
            if (faults.Count < most) faults.AddRange((await StraysAsync(connection, table, most - faults.Count)).Select(stray => FaultOf(table, stray, whole, last)));
        return new ChainWalk(last, faults);
    }

    public static Task<byte[]?> HashAtAsync(NpgsqlConnection connection, long number) =>
        connection.QuerySingleOrDefaultAsync<byte[]?>("select hash from history_chain where number = @number", new { number });

    /// <summary>A link is of the day of the audit entry that it was committed with.</summary>
    public static async Task<IReadOnlyList<ChainRoot>> RootsAsync(NpgsqlConnection connection, DateOnly until, int most)
    {
        var roots = await connection.QueryAsync<ChainRoot>("""
            select l.day, l.number, c.hash
            from (
                select (e.at at time zone 'Asia/Shanghai')::date as day, max(c.number) as number
                from history_chain c join audit_entry e on e.number = c.entry group by 1) l
            join history_chain c on c.number = l.number
            where l.day <= @until order by l.day desc limit @most
            """, new { until, most });
        return roots.AsList();
    }

    /// <summary>Rows that do not agree with their last link, links without their row, rows without a link.</summary>
    private static async Task<IEnumerable<Stray>> StraysAsync(NpgsqlConnection connection, string table, int most)
    {
        await connection.ExecuteAsync("select set_config('TimeZone', 'UTC', true), set_config('bytea_output', 'hex', true)");
        var key = await connection.QuerySingleAsync<string>("""
            select string_agg(format('h.%I', a.attname), ', ' order by array_position(i.indkey::smallint[], a.attnum))
            from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey::smallint[])
            where i.indrelid = @table::regclass and i.indisprimary
            """, new { table });
        return await connection.QueryAsync<Stray>($"""
            select coalesce(r.key, l.key) as key, l.key is not null as is_sealed, r.key is not null as is_there, coalesce(l.number, 0) as link
            from (select concat_ws(',', {key}) as key, sha256(convert_to(jsonb_strip_nulls(to_jsonb(h))::text, 'UTF8')) as content from {table} h) r
            full join (
                select distinct on (c.key) c.key, c.number, c.content from history_chain c where c.history = @table order by c.key, c.number desc) l
                on l.key = r.key
            where l.content is distinct from r.content
            order by 1 limit @most
            """, new { table, most }, commandTimeout: 600);
    }

    private static ChainFault FaultOf(string table, Stray stray, long whole, long last) => new(
        whole, stray.IsSealed ? stray.Link : last, stray.IsSealed ? stray.Link : last,
        (stray.IsSealed, stray.IsThere) switch
        {
            (true, true) => new($"{table} {stray.Key} 被改动（链上第 {stray.Link} 笔）", $"{table} {stray.Key} was edited (link {stray.Link})"),
            (true, false) => new($"{table} {stray.Key} 缺失（链上第 {stray.Link} 笔）", $"{table} {stray.Key} is missing (link {stray.Link})"),
            _ => new($"{table} {stray.Key} 不在链上：是插入的", $"{table} {stray.Key} is in no link of the chain: it was inserted"),
        });
}
