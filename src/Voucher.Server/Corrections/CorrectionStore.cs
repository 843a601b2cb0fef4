using Voucher.Core.Wire;
using System.Text;

namespace Voucher.Server.Corrections;

/// <summary>Requests to correct a scan, and what became of them.</summary>
public sealed class CorrectionStore(NpgsqlDataSource database, County county)
{
    /// <summary>Shown at once of the open ones, and of the decided ones.</summary>
    public const int MostShown = 100;

    /// <summary>
    /// Takes a request in; one a scan, and the first counts, so that a journal may bring it any number of times. False when it was
    /// there already. A note is a remark, not a reason to refuse a fact: it is cut to what fits.
    /// </summary>
    /// <param name="askedAt">By the terminal's clock.</param>
    public static async Task<bool> AskAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, TerminalId terminal, Guid scan, CorrectionReason reason, string? note,
        DateTimeOffset askedAt, DateTimeOffset now) =>
        await connection.ExecuteAsync("""
            insert into correction_request (region, terminal_id, scan_id, reason, note, asked_at, received_at)
            select t.region, t.id, @scan, @reason, @note, @askedAt, @now from terminal t where t.id = @terminal
            on conflict (scan_id) do nothing
            """, new { terminal, scan, reason = (short)reason, note = Cut(note), askedAt, now }, transaction) == 1;

    /// <summary>The same in a transaction of its own.</summary>
    public async Task<bool> AskAsync(TerminalId terminal, Guid scan, CorrectionReason reason, string? note, DateTimeOffset askedAt, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await AskAsync(connection, null, terminal, scan, reason, note, askedAt, now);
    }

    private const string Select = """
        select r.id, r.terminal_id, t.name as terminal_name, i.name as institution_name, r.scan_id, r.reason, r.note, r.asked_at,
               s.mode, s.scanned_at, s.refusal, s.class_id, c.name as class_name, s.voucher_id, s.answer::jsonb ->> 'holder' as holder,
               r.decision, f.name as decided_by, r.decided_at, r.decision_reason
        from correction_request r
        join terminal t on t.id = r.terminal_id
        left join scan s on s.id = r.scan_id and s.terminal_id = r.terminal_id
        left join training_class c on c.id = s.class_id
        join institution i on i.id = coalesce(c.institution_id, t.institution_id)
        left join account a on a.id = r.decided_by
        left join staff f on f.id = a.staff_id
        where r.region = @Region
        """;

    /// <summary>Those that wait, the oldest first.</summary>
    public Task<IReadOnlyList<Correction>> OpenAsync(int most = MostShown, int skip = 0) =>
        ReadAsync("and r.decision is null order by r.received_at, r.id", most, skip);

    /// <summary>Those decided, the newest first.</summary>
    public Task<IReadOnlyList<Correction>> DecidedAsync(int most = MostShown, int skip = 0) =>
        ReadAsync("and r.decision is not null order by r.decided_at desc, r.id", most, skip);

    /// <summary>False when it has been decided already, or is not there.</summary>
    public async Task<bool> DecideAsync(long id, CorrectionDecision decision, string reason, AccountId by, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var done = await connection.ExecuteAsync("""
            update correction_request set decision = @decision, decision_reason = @reason, decided_by = @by, decided_at = @now
            where id = @id and region = @Region and decision is null
            """, new { id, decision = (short)decision, reason, by, now, county.Region }, transaction) == 1;
        if (done) await AuditTrail.AppendAsync(connection, transaction, now, by, "correction.decide", $"correction:{id}", $"{decision}; {reason}", Ground.Given(reason, Permission.DecideCorrection));
        await transaction.CommitAsync();
        return done;
    }

    public async Task<CorrectionDecision?> DecisionOfAsync(long id)
    {
        await using var connection = await database.OpenConnectionAsync();
        return (CorrectionDecision?)await connection.ExecuteScalarAsync<short?>(
            "select decision from correction_request where id = @id and region = @Region", new { id, county.Region });
    }

    private async Task<IReadOnlyList<Correction>> ReadAsync(string which, int most, int skip)
    {
        await using var connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<Correction>($"{Select} {which} offset @skip limit @most", new { county.Region, most, skip })).AsList();
    }

    private static string Cut(string? note)
    {
        var text = new StringBuilder();
        foreach (var rune in (note ?? "").Trim().EnumerateRunes().Where(rune => rune != Rune.ReplacementChar && !Rune.IsControl(rune)).Take(Correction.LongestNote))
            text.Append(rune.ToString());
        return text.ToString();
    }
}
