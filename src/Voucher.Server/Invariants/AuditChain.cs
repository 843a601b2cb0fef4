using System.Security.Cryptography;

namespace Voucher.Server.Invariants;

/// <summary>
/// Walks the audit trail and computes every hash again: an entry that was edited, taken out or put in breaks the chain and
/// is named. (Entries cut off at the end leave no trace in the database itself; a head kept elsewhere would show them.)
/// </summary>
public static class AuditChain
{
    private const string Number = "9.1";
    private const string Name = "audit-chain";

    private static readonly Words Meaning = new("审计记录没有被改动、删除或插入。", "No entry of the audit trail was edited, removed or inserted.");

    private sealed record Row(long Number, DateTimeOffset At, AccountId? AccountId, string Action, string Subject, string Detail, byte[] Hash);

    public static async Task<IReadOnlyList<Violation>> CheckAsync(NpgsqlConnection connection, int most)
    {
        List<Violation> found = [];
        var hash = new byte[SHA256.HashSizeInBytes];
        long last = 0;
        var rows = connection.QueryUnbufferedAsync<Row>(
            "select number, at, account_id, action, subject, detail, hash from audit_entry order by number");
        await foreach (var row in rows)
        {
            // After a gap the hash before is not known; the gap itself is the finding.
            var isNext = row.Number == last + 1;
            if (!isNext) found.Add(Say(last + 1, row.Number == last + 2 ? "is missing" : $"to {row.Number - 1} are missing"));
            else if (!Expected(row, hash).AsSpan().SequenceEqual(row.Hash)) found.Add(Say(row.Number, "was edited, or the one before it was replaced"));
            if (found.Count >= most) break;
            (last, hash) = (row.Number, row.Hash);
        }
        return found;
    }

    private static byte[] Expected(Row row, byte[] before) =>
        new AuditEntry(row.Number, row.At, row.AccountId, row.Action, row.Subject, row.Detail, row.Hash).HashAfter(before);

    private static Violation Say(long number, string finding) => new(Number, Name, Meaning, $"audit_entry {number}", finding);
}
