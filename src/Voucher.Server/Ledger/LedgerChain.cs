using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Voucher.Server.Audit.Verifying;
using Voucher.Server.Invariants;

namespace Voucher.Server.Ledger;

/// <summary>
/// Walks the chain of posted transactions and computes every hash again, from the rows and without the database's own function: a
/// transaction, posting or voucher that was edited, taken out or put in breaks the chain and is named. (What is cut off at the end,
/// chain and all, leaves no trace in the database itself; the root of a closed month, or one kept elsewhere, shows it.)
/// </summary>
public static class LedgerChain
{
    public const string Number = "3.30";
    private const string Name = "ledger-chain";
    private const char Part = '\u001f';

    /// <summary>Transactions read at once: some have thousands of vouchers.</summary>
    private const int Chunk = 200;

    private static readonly Words Meaning = new(
        "账目、分录和券的去向没有被改动、删除或插入。", "No ledger transaction, posting or voucher of one was edited, removed or inserted.");

    private sealed record Link(long Number, long TransactionId, byte[] Hash, Posted? Content);

    private sealed record Posted(
        long Id, DateTimeOffset At, int Kind, string Cause, string Rule, int? AccountId, int? StaffId, int? SubjectKind, long? SubjectId, string? DocumentNo, long? Corrects);

    private sealed record PostingRow(long TransactionId, int AccountId, int BudgetLineId, int Kind, long AmountFen);

    private sealed record MoveRow(long TransactionId, long VoucherId, int BudgetLineId, int FromKind, int ToKind, long AmountFen);

    /// <summary>One break of the chain.</summary>
    /// <param name="Subject">The row that is wrong or missing.</param>
    private sealed record Break(long WholeUpTo, long At, string Subject, Words Finding);

    /// <summary>The breaks in their order, at most <paramref name="most"/>; the first is where the books were touched first.</summary>
    public static async Task<IReadOnlyList<Violation>> CheckAsync(NpgsqlConnection connection, int most) =>
        [.. (await BreaksAsync(connection, most)).Breaks.Select(found => new Violation(Number, Name, Meaning, found.Subject, found.Finding.En))];

    /// <summary>The same for <see cref="HashChain"/>: rows are named by their number in the chain, and by the transaction.</summary>
    public static async Task<ChainWalk> WalkAsync(NpgsqlConnection connection, int most)
    {
        var (last, breaks) = await BreaksAsync(connection, most);
        return new ChainWalk(last, [.. breaks.Select(found => new ChainFault(
            found.WholeUpTo, found.At, found.At, new($"{found.Subject}：{found.Finding.Zh}", $"{found.Subject} {found.Finding.En}")))]);
    }

    public static Task<byte[]?> HashAtAsync(NpgsqlConnection connection, long number) =>
        connection.QuerySingleOrDefaultAsync<byte[]?>("select hash from ledger_chain where number = @number", new { number });

    /// <summary>After the last transaction posted on each day of the county, newest first.</summary>
    public static async Task<IReadOnlyList<ChainRoot>> RootsAsync(NpgsqlConnection connection, DateOnly until, int most)
    {
        var roots = await connection.QueryAsync<ChainRoot>("""
            select l.day, l.number, e.hash
            from (
                select (t.posted_at at time zone 'Asia/Shanghai')::date as day, max(c.number) as number
                from ledger_chain c join ledger_transaction t on t.id = c.transaction_id group by 1) l
            join ledger_chain e on e.number = l.number
            where l.day <= @until order by l.day desc limit @most
            """, new { until, most });
        return roots.AsList();
    }

    private static async Task<(long Last, IReadOnlyList<Break> Breaks)> BreaksAsync(NpgsqlConnection connection, int most)
    {
        List<Break> found = [];
        var (last, whole, hash) = (0L, 0L, new byte[SHA256.HashSizeInBytes]);
        while (found.Count < most && await ReadAsync(connection, last) is { Count: > 0 } links)
        {
            var ids = links.Select(link => link.TransactionId).ToArray();
            var (postings, moves) = (await PostingsAsync(connection, ids), await MovesAsync(connection, ids));
            foreach (var link in links)
            {
                if (BreakAt(link, last, whole, hash, postings, moves) is { } broken) found.Add(broken);
                (last, hash) = (link.Number, link.Hash);
                if (found.Count == 0) whole = link.Number;
            }
        }
        found.AddRange(await OutsideAsync(connection, whole, last, most));
        return (last, [.. found.Take(most)]);
    }

    private static Break? BreakAt(
        Link link, long last, long whole, byte[] before, ILookup<long, PostingRow> postings, ILookup<long, MoveRow> moves)
    {
        // After a gap the hash before is not known: the row behind it is named too.
        if (link.Number != last + 1)
            return new Break(whole, last + 1, $"ledger_chain {last + 1}", link.Number == last + 2
                ? new($"缺失，第 {link.Number} 笔（ledger_transaction {link.TransactionId}）因此无法核对", $"is missing, and number {link.Number} (ledger_transaction {link.TransactionId}) cannot be verified without it")
                : new($"至 {link.Number - 1} 缺失，第 {link.Number} 笔（ledger_transaction {link.TransactionId}）因此无法核对", $"to {link.Number - 1} are missing, and number {link.Number} (ledger_transaction {link.TransactionId}) cannot be verified without them"));
        if (link.Content is not { } content)
            return new Break(whole, link.Number, $"ledger_transaction {link.TransactionId}", new($"缺失（链上第 {link.Number} 笔）", $"is missing, number {link.Number} of the chain"));
        return HashOf(link.Number, content, postings[content.Id], moves[content.Id], before).AsSpan().SequenceEqual(link.Hash)
            ? null
            : new Break(whole, link.Number, $"ledger_transaction {content.Id}", new(
                "本笔、其分录或券被改动、删除或插入，或前一笔的摘要被替换",
                "it, a posting or a voucher of it was edited, removed or inserted, or the hash before it was replaced"));
    }

    private static byte[] HashOf(long number, Posted posted, IEnumerable<PostingRow> postings, IEnumerable<MoveRow> moves, byte[] before)
    {
        var invariant = CultureInfo.InvariantCulture;
        string?[] parts =
        [
            number.ToString(invariant), posted.Id.ToString(invariant), ((posted.At.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / 10).ToString(invariant),
            posted.Kind.ToString(invariant), posted.Cause, posted.Rule, posted.AccountId?.ToString(invariant), posted.StaffId?.ToString(invariant),
            posted.SubjectKind?.ToString(invariant), posted.SubjectId?.ToString(invariant), posted.DocumentNo, posted.Corrects?.ToString(invariant),
            string.Join(';', postings.OrderBy(row => row.AccountId).Select(row => string.Create(invariant, $"{row.AccountId}:{row.BudgetLineId}:{row.Kind}:{row.AmountFen}"))),
            string.Join(';', moves
                .OrderBy(row => row.VoucherId).ThenBy(row => row.BudgetLineId).ThenBy(row => row.FromKind).ThenBy(row => row.ToKind).ThenBy(row => row.AmountFen)
                .Select(row => string.Create(invariant, $"{row.VoucherId}:{row.BudgetLineId}:{row.FromKind}:{row.ToKind}:{row.AmountFen}"))),
        ];
        return SHA256.HashData([.. before, .. Encoding.UTF8.GetBytes(string.Join(Part, parts))]);
    }

    private static async Task<IReadOnlyList<Link>> ReadAsync(NpgsqlConnection connection, long after)
    {
        var rows = await connection.QueryAsync<(long Number, long Transaction, byte[] Hash)>(
            "select number, transaction_id, hash from ledger_chain where number > @after order by number limit @Chunk", new { after, Chunk });
        var links = rows.AsList();
        var contents = (await connection.QueryAsync<Posted>("""
            select id, posted_at as at, kind::int as kind, cause, rule, account_id, staff_id, subject_kind::int as subject_kind, subject_id, document_no, corrects
            from ledger_transaction where id = any(@ids)
            """, new { ids = links.Select(link => link.Transaction).ToArray() })).ToDictionary(row => row.Id);
        return [.. links.Select(link => new Link(link.Number, link.Transaction, link.Hash, contents.GetValueOrDefault(link.Transaction)))];
    }

    private static async Task<ILookup<long, PostingRow>> PostingsAsync(NpgsqlConnection connection, long[] ids) =>
        (await connection.QueryAsync<PostingRow>("""
            select p.transaction_id, a.id as account_id, a.budget_line_id, a.kind::int as kind, p.amount_fen
            from ledger_posting p join ledger_account a on a.id = p.ledger_account_id where p.transaction_id = any(@ids)
            """, new { ids })).ToLookup(row => row.TransactionId);

    private static async Task<ILookup<long, MoveRow>> MovesAsync(NpgsqlConnection connection, long[] ids) =>
        (await connection.QueryAsync<MoveRow>("""
            select transaction_id, voucher_id, budget_line_id, from_kind::int as from_kind, to_kind::int as to_kind, amount_fen
            from ledger_voucher_move where transaction_id = any(@ids)
            """, new { ids })).ToLookup(row => row.TransactionId);

    /// <summary>Transactions that were never sealed: put in past every guard.</summary>
    private static async Task<IEnumerable<Break>> OutsideAsync(NpgsqlConnection connection, long whole, long last, int most) =>
        (await connection.QueryAsync<long>("""
            select t.id from ledger_transaction t where not exists (select from ledger_chain c where c.transaction_id = t.id) order by t.id limit @most
            """, new { most })).Select(id => new Break(
                whole, last + 1, $"ledger_transaction {id}", new("不在链上：是插入的", "is in no link of the chain: it was inserted")));
}
