using System.Security.Cryptography;
using Voucher.Server.Settling.Claims;

namespace Voucher.Server.Settling.Reviewing;

/// <summary>Somebody who is to be called, as the caller sees them; the number is shown on demand only.</summary>
/// <param name="HasPhone">Whether the register knows a number.</param>
/// <param name="Result">Of the last attempt.</param>
/// <param name="Replaces">The voucher of whoever was not reached before them.</param>
public sealed record SampledPerson(
    ClaimLineId Line, VoucherId Voucher, string Holder, long ClassId, string ClassName, bool HasPhone, int Attempts, PhoneResult? Result, string? Note,
    string? CalledBy, DateTimeOffset? CalledAt, VoucherId? Replaces)
{
    public bool IsOpen => Result is null || Result == PhoneResult.NotReached && Attempts < PhoneSample.MostAttempts;
}

/// <summary>The telephone sample of claims: drawn once at the first review, every call kept.</summary>
public static class PhoneStore
{
    private sealed record Row(
        ClaimLineId Line, VoucherId Voucher, string Holder, long ClassId, string ClassName, bool HasPhone, int Attempts, short? Result, string? Note,
        string? CalledBy, DateTimeOffset? CalledAt, VoucherId? Replaces);

    private const string Open = """
        not exists (select from phone_attempt a where a.claim_line_id = p.claim_line_id and (a.result in (1, 2) or a.number >= @MostAttempts))
        """;

    /// <summary><see cref="PhoneSample.FellShort"/> over the sample <c>p</c> of one class of a claim, of which everybody has been drawn.</summary>
    public const string FellShort = $"""
        count(*) > 0 and count(*) filter (where {Open}) = 0
        and count(*) filter (where exists (select from phone_attempt a where a.claim_line_id = p.claim_line_id and a.result in (1, 2)))
            < count(*) filter (where p.replaces is null)
        """;

    /// <summary>Draws the sample of a claim that has none yet; <c>true</c> when it did. The claim is locked.</summary>
    public static async Task<bool> DrawAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, ClaimId claim, IReadOnlyList<LockedLine> lines, Policy policy, DateTimeOffset now)
    {
        // A pack from before there was a least share may ask for none.
        if (policy.Parameters.PhoneCheckPercent == 0) return false;
        var seed = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        if (await connection.ExecuteAsync(
            "update claim set sample_seed = @seed where id = @claim and sample_seed is null", new { claim, seed }, transaction) == 0) return false;
        var drawn = lines.GroupBy(line => line.Class)
            .SelectMany(of => PhoneSample.Draw([.. of.Select(line => line.Id)], policy.Parameters.PhoneCheckPercent, seed).Select(line => (Line: line, Class: of.Key)))
            .ToList();
        await connection.ExecuteAsync("""
            insert into phone_sample (claim_line_id, claim_id, class_id, drawn_at)
            select line, @claim, class, @now from unnest(@lines, @classes) as drawn (line, class)
            """,
            new
            {
                claim, now, lines = drawn.Select(one => one.Line.Value).ToArray(), classes = drawn.Select(one => one.Class.Value).ToArray(),
            }, transaction);
        return true;
    }

    /// <summary>How many people of the sample have no result yet.</summary>
    public static Task<int> OpenAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, ClaimId claim) =>
        connection.ExecuteScalarAsync<int>(
            $"select count(*)::int from phone_sample p where p.claim_id = @claim and {Open}", new { claim, PhoneSample.MostAttempts }, transaction);

    /// <summary>Whether nobody of the class is left to call and too few were reached.</summary>
    public static Task<bool> FellShortAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, ClaimId claim, ClassId ofClass) =>
        connection.ExecuteScalarAsync<bool>(
            $"select {FellShort} from phone_sample p where p.claim_id = @claim and p.class_id = @ofClass",
            new { claim, ofClass, PhoneSample.MostAttempts }, transaction);

    public static async Task<IReadOnlyList<SampledPerson>> ListAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, ClaimId claim)
    {
        var rows = await connection.QueryAsync<Row>("""
            select p.claim_line_id as line, l.voucher_id as voucher, h.name as holder, p.class_id, c.name as class_name, h.phone_sealed is not null as has_phone,
                   coalesce(a.number, 0)::int as attempts, a.result, a.note, s.name as called_by, a.called_at, r.voucher_id as replaces
            from phone_sample p
            join claim_line l on l.id = p.claim_line_id
            join voucher v on v.id = l.voucher_id
            join person h on h.id = v.person_id
            join training_class c on c.id = p.class_id
            left join lateral (select * from phone_attempt t where t.claim_line_id = l.id order by t.number desc limit 1) a on true
            left join staff s on s.id = a.called_by_staff
            left join claim_line r on r.id = p.replaces
            where p.claim_id = @claim order by p.class_id, p.drawn_at, l.id
            """, new { claim }, transaction);
        return [.. rows.Select(row => new SampledPerson(
            row.Line, row.Voucher, PersonName.Masked(row.Holder), row.ClassId, row.ClassName, row.HasPhone, row.Attempts, (PhoneResult?)row.Result,
            row.Note, row.CalledBy, row.CalledAt, row.Replaces))];
    }

    public static Task AddAttemptAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, ClaimLineId line, int number, PhoneResult result, string? note, Actor actor, DateTimeOffset now) =>
        connection.ExecuteAsync("""
            insert into phone_attempt (claim_line_id, number, result, note, called_by, called_by_staff, called_at)
            values (@line, @number, @result, @note, @Account, @Staff, @now)
            """, new { line, number, result = (short)result, note, actor.Account, actor.Staff, now }, transaction);

    /// <summary>Draws the next of the class for somebody who was not reached; nobody where all of it have been drawn.</summary>
    public static async Task ReplaceAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, ClaimId claim, LockedLine missed, IReadOnlyList<LockedLine> lines, DateTimeOffset now)
    {
        var seed = await connection.QuerySingleAsync<string>("select sample_seed from claim where id = @claim", new { claim }, transaction);
        var drawn = (await connection.QueryAsync<ClaimLineId>(
            "select claim_line_id from phone_sample where claim_id = @claim", new { claim }, transaction)).ToHashSet();
        if (PhoneSample.Next(lines.Where(line => line.Class == missed.Class).Select(line => line.Id), drawn, seed) is not { } next) return;
        await connection.ExecuteAsync("""
            insert into phone_sample (claim_line_id, claim_id, class_id, drawn_at, replaces) values (@next, @claim, @Class, @now, @Id)
            """, new { next, claim, missed.Class, now, missed.Id }, transaction);
    }

    /// <summary>The sealed number of somebody in the sample; <c>null</c> when they are not in it or have none.</summary>
    public static Task<byte[]?> SealedPhoneAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, ClaimId claim, ClaimLineId line) =>
        connection.QuerySingleOrDefaultAsync<byte[]?>("""
            select h.phone_sealed from phone_sample p
            join claim_line l on l.id = p.claim_line_id
            join voucher v on v.id = l.voucher_id
            join person h on h.id = v.person_id
            where p.claim_id = @claim and p.claim_line_id = @line
            """, new { claim, line }, transaction);
}
