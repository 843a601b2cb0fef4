using System.Text.Json;
using Voucher.Core.Wire;

namespace Voucher.Server.Terminals;

/// <summary>Terminals and their pairing codes.</summary>
public sealed class TerminalStore(NpgsqlDataSource database, County county)
{
    public sealed record Row(
        TerminalId Id, InstitutionId InstitutionId, string InstitutionName, string Name, byte[] PublicKey, string Fingerprint,
        TerminalStatus Status, DateTimeOffset PairedAt, DateTimeOffset? LastSeenAt, long LastSequence);

    private const string Select = """
        select t.id, t.institution_id, i.name as institution_name, t.name, t.public_key, t.fingerprint,
               t.status, t.paired_at, greatest(t.last_seen_at, s.received_at) as last_seen_at,
               greatest(coalesce(s.sequence, 0), coalesce(h.sequence, 0)) as last_sequence
        from terminal t
        join institution i on i.id = t.institution_id
        left join lateral (
            -- Beyond this are scans of a second history of the device, which count by themselves.
            select sequence, received_at from scan where terminal_id = t.id and sequence < 1000000000000 order by sequence desc limit 1) s on true
        left join journal_head h on h.terminal_id = t.id
        """;

    public async Task<Row?> FindAsync(TerminalId id)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<Row>($"{Select} where t.id = @id", new { id });
    }

    public async Task<IReadOnlyList<Row>> ListAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<Row>($"{Select} where t.region = @Region order by t.status, i.name, t.name", new { county.Region })];
    }

    /// <summary>The institutions that a terminal may be paired for.</summary>
    public async Task<IReadOnlyList<(InstitutionId Id, string Name)>> InstitutionsAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<(InstitutionId, string)>(
            "select id, name from institution where region = @Region order by id", new { county.Region })];
    }

    /// <summary>False when the institution is not of this county.</summary>
    public async Task<bool> AddCodeAsync(byte[] codeHash, InstitutionId institution, AccountId by, DateTimeOffset now, DateTimeOffset expires)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var added = await connection.ExecuteAsync("""
            insert into pairing_code (code_hash, institution_id, created_by, created_at, expires_at)
            select @codeHash, i.id, @by, @now, @expires from institution i where i.id = @institution and i.region = @Region
            """, new { codeHash, institution, by, now, expires, county.Region }, transaction);
        if (added == 1) await AuditTrail.AppendAsync(connection, transaction, now, by, "terminal.code", $"institution:{institution}");
        await transaction.CommitAsync();
        return added == 1;
    }

    /// <summary>Spends the code and adds the terminal, pending; <c>null</c> when the code is wrong, used or out of date.</summary>
    public async Task<TerminalId?> PairAsync(byte[] codeHash, string name, byte[] publicKey, string fingerprint, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<TerminalId?>("""
            with code as (
                update pairing_code set used_at = @now
                where code_hash = @codeHash and used_at is null and expires_at > @now
                returning institution_id)
            insert into terminal (region, institution_id, name, public_key, fingerprint, status, paired_at)
            select @Region, institution_id, @name, @publicKey, @fingerprint, 1, @now from code
            returning id
            """, new { codeHash, name, publicKey, fingerprint, now, county.Region });
    }

    /// <summary>Moves a terminal from one status to another; false when it is not in the first.</summary>
    public async Task<bool> ConfirmAsync(TerminalId id, AccountId by, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var done = await connection.ExecuteAsync(
            "update terminal set status = 2, confirmed_by = @by, confirmed_at = @now where id = @id and status = 1",
            new { id, by, now }, transaction) == 1;
        if (done) await AuditTrail.AppendAsync(connection, transaction, now, by, "terminal.confirm", $"terminal:{id}");
        await transaction.CommitAsync();
        return done;
    }

    public async Task<bool> RevokeAsync(TerminalId id, AccountId by, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var done = await connection.ExecuteAsync(
            "update terminal set status = 3, revoked_by = @by, revoked_at = @now where id = @id and status <> 3",
            new { id, by, now }, transaction) == 1;
        if (done) await AuditTrail.AppendAsync(connection, transaction, now, by, "terminal.revoke", $"terminal:{id}");
        await transaction.CommitAsync();
        return done;
    }

    public async Task SeenAsync(TerminalId id, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync("update terminal set last_seen_at = @now where id = @id", new { id, now });
    }

    /// <summary>Days after its end in which a class stays on the institution's terminals, for completions that come late.</summary>
    public const int ClassStaysDays = 30;

    /// <summary>How far ahead a terminal knows the sessions, so that it can record attendance without the server.</summary>
    public const int SessionsAheadDays = 14;

    /// <summary>The approved classes that a terminal of the institution may scan for.</summary>
    public async Task<IReadOnlyList<TerminalClass>> ClassesAsync(InstitutionId institution, DateOnly today)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<ClassRow>("""
            select c.id, c.name, p.name as programme, c.starts_on, c.ends_on, c.capacity,
                   c.enrolled,
                   array(select to_char(s.starts_at, 'HH24:MI') || '–' || to_char(s.ends_at, 'HH24:MI')
                         from class_session s where s.class_id = c.id and s.held_on = @today order by s.starts_at) as today,
                   p.code as programme_code, p.trade_code,
                   (select coalesce(json_agg(json_build_object(
                        'sessionId', s.id, 'heldOn', s.held_on, 'startsAt', s.starts_at, 'endsAt', s.ends_at) order by s.held_on, s.starts_at), '[]')::text
                    from class_session s where s.class_id = c.id and s.held_on between @today - 1 and @today + @SessionsAheadDays) as times
            from training_class c join programme p on p.id = c.programme_id
            where c.institution_id = @institution and c.status = 2 and c.ends_on >= @today - @ClassStaysDays
            order by c.starts_on, c.name
            """, new { institution, today, ClassStaysDays, SessionsAheadDays });
        return [.. rows.Select(row => new TerminalClass(
            row.Id, row.Name, row.Programme, row.StartsOn, row.EndsOn, row.Capacity, row.Enrolled, (string[])row.Today, row.ProgrammeCode, row.TradeCode,
            JsonSerializer.Deserialize<ClassTime[]>(row.Times, JsonSerializerOptions.Web)!))];
    }

    /// <param name="Today">A text[]: what it holds is known only with its values.</param>
    private sealed record ClassRow(
        long Id, string Name, string Programme, DateOnly StartsOn, DateOnly EndsOn, int Capacity, int Enrolled, Array Today, int ProgrammeCode, int TradeCode,
        string Times);
}
