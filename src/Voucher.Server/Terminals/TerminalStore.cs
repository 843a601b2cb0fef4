using System.Text.Json;
using Voucher.Core.Wire;
using Voucher.Server.Journals;

namespace Voucher.Server.Terminals;

/// <summary>Terminals and their pairing codes.</summary>
public sealed class TerminalStore(NpgsqlDataSource database, County county)
{
    public sealed record Row(
        TerminalId Id, InstitutionId InstitutionId, string InstitutionName, string Name, byte[] PublicKey, string Fingerprint,
        TerminalStatus Status, DateTimeOffset PairedAt, DateTimeOffset? LastSeenAt, long LastSequence, TerminalId? Replaces);

    /// <summary>The index by which one institution's terminals have different names.</summary>
    public const string OneName = "terminal_name";

    private static readonly string Select = FormattableString.Invariant($"""
        select t.id, t.institution_id, i.name as institution_name, t.name, t.public_key, t.fingerprint,
               t.status, t.paired_at, greatest(t.last_seen_at, s.received_at) as last_seen_at,
               greatest(coalesce(s.sequence, 0), coalesce(h.sequence, 0)) as last_sequence, t.replaces
        from terminal t
        join institution i on i.id = t.institution_id
        left join lateral (
            -- Beyond this are scans of a second history of the device, which count by themselves.
            select sequence, received_at from scan where terminal_id = t.id and sequence < {MergeStore.BranchStride} order by sequence desc limit 1) s on true
        left join journal_head h on h.terminal_id = t.id
        """);

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
    /// <param name="replaces">Whose place the device takes that will present the code.</param>
    public async Task<bool> AddCodeAsync(
        byte[] codeHash, InstitutionId institution, TerminalId? replaces, AccountId by, DateTimeOffset now, DateTimeOffset expires)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var added = await connection.ExecuteAsync("""
            insert into pairing_code (code_hash, institution_id, replaces, created_by, created_at, expires_at)
            select @codeHash, i.id, @replaces, @by, @now, @expires from institution i where i.id = @institution and i.region = @Region
            """, new { codeHash, institution, replaces, by, now, expires, county.Region }, transaction);
        var subject = replaces is { } old ? $"terminal:{old}" : $"institution:{institution}";
        if (added == 1) await AuditTrail.AppendAsync(connection, transaction, now, by, "terminal.code", subject, "", Ground.Under(Permission.PairTerminal));
        await transaction.CommitAsync();
        return added == 1;
    }

    /// <summary>What became of a code that a device has presented.</summary>
    /// <param name="Id">Of the new terminal; <c>null</c> when the code is wrong, used or out of date, or the name is taken.</param>
    public sealed record Paired(TerminalId? Id, bool IsNameTaken);

    /// <summary>Spends the code and adds the terminal, pending. A code to replace another terminal brings that one's name with it.</summary>
    public async Task<Paired> PairAsync(byte[] codeHash, string name, byte[] publicKey, string fingerprint, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var code = await connection.QuerySingleOrDefaultAsync<(InstitutionId Institution, TerminalId? Replaces, string? OldName)?>("""
            update pairing_code c set used_at = @now
            where code_hash = @codeHash and used_at is null and expires_at > @now
            returning institution_id, replaces, (select name from terminal t where t.id = c.replaces)
            """, new { codeHash, now }, transaction);
        if (code is not { } spent) return new Paired(null, IsNameTaken: false);
        try
        {
            var id = await connection.QuerySingleAsync<TerminalId>("""
                insert into terminal (region, institution_id, name, public_key, fingerprint, status, paired_at, replaces)
                values (@Region, @Institution, @name, @publicKey, @fingerprint, 1, @now, @Replaces)
                returning id
                """, new { county.Region, spent.Institution, name = spent.OldName ?? name, publicKey, fingerprint, now, spent.Replaces }, transaction);
            await transaction.CommitAsync();
            return new Paired(id, IsNameTaken: false);
        }
        catch (PostgresException fault) when (fault is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: OneName })
        {
            // Rolled back: the code is not spent, and the desk types another name.
            return new Paired(null, IsNameTaken: true);
        }
    }

    /// <param name="protocol">As the terminal said with its log-in.</param>
    public async Task SeenAsync(TerminalId id, int protocol, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            "update terminal set last_seen_at = @now, protocol = @protocol where id = @id", new { id, protocol, now });
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
                    from class_session s where s.class_id = c.id and s.held_on between @today - 1 and @today + @SessionsAheadDays) as times,
                   case when not x.is_suspended and @today between x.accredited_from and x.accredited_until
                             and exists (select from institution_programme k where k.institution_id = x.id and k.programme_id = p.id)
                        then x.accredited_until else date '0001-01-01' end as accredited_until
            from training_class c join programme p on p.id = c.programme_id join institution x on x.id = c.institution_id
            where c.institution_id = @institution and c.status = 2 and c.ends_on >= @today - @ClassStaysDays
            order by c.starts_on, c.name
            """, new { institution, today, ClassStaysDays, SessionsAheadDays });
        return [.. rows.Select(row => new TerminalClass(
            row.Id, row.Name, row.Programme, row.StartsOn, row.EndsOn, row.Capacity, row.Enrolled, (string[])row.Today, row.ProgrammeCode, row.TradeCode,
            JsonSerializer.Deserialize<ClassTime[]>(row.Times, JsonSerializerOptions.Web)!, row.AccreditedUntil))];
    }

    /// <param name="Today">A text[]: what it holds is known only with its values.</param>
    private sealed record ClassRow(
        long Id, string Name, string Programme, DateOnly StartsOn, DateOnly EndsOn, int Capacity, int Enrolled, Array Today, int ProgrammeCode, int TradeCode,
        string Times, DateOnly AccreditedUntil);
}
