using Voucher.Core.Tokens;

namespace Voucher.Server.Vouchers;

/// <summary>A voucher as its own page shows it.</summary>
public sealed record VoucherRecord(
    VoucherId Id, BatchId BatchId, string BatchName, VoucherKind Kind, VoucherScope Scope, string? ScopeName, Fen FaceValueFen,
    DateOnly ValidFrom, DateOnly ValidUntil, VoucherState State, bool InConflict, VoucherId? ReplacedBy, VoucherId? Replaces,
    ShortCode ShortCode, byte[] Token, string Holder, string? Township, string HouseholdPlace, string? ClassName, string? InstitutionName,
    PersonId PersonId, string IdNumberMasked, string? Village, int Reissues)
{
    public string Digits() => TokenDecoder.ReadStored(Token).ToDigits();

    public bool IsExpiredOn(DateOnly today) => State.IsExpiredOn(today, ValidUntil);

    public Words Standing(DateOnly today) => IsExpiredOn(today) ? VoucherStates.Expired : State.Name();

    /// <summary>Whether paper or phone may still show its code.</summary>
    public bool IsUsable(DateOnly today) => State is VoucherState.Issued or VoucherState.Claimed or VoucherState.Enrolled && !IsExpiredOn(today);
}

/// <summary>A step in a voucher's history, with the names of those behind it.</summary>
public sealed record HistoryEntry(
    int Number, VoucherEventKind Kind, VoucherState To, DateTimeOffset At, string? By, string? Terminal, string? Institution, string? Class, string? Reason);

/// <summary>Reads single vouchers and their history.</summary>
public static class VoucherRecordStore
{
    private const string Columns = """
        select v.id, v.batch_id, b.name as batch_name, v.kind, v.scope, coalesce(g.name, t.name) as scope_name, v.face_value_fen,
               v.valid_from, v.valid_until, v.state, v.in_conflict, v.replaced_by, o.id as replaces,
               v.short_code, v.token, p.name as holder, w.name as township, p.household_place,
               c.name as class_name, i.name as institution_name, v.person_id,
               p.id_number_masked, u.name as village, v.reissues
        from voucher v
        join batch b on b.id = v.batch_id
        join person p on p.id = v.person_id
        left join township w on w.code = p.township_code
        left join village u on u.code = p.village_code
        left join trade t on t.code = v.scope
        left join programme g on g.region = b.region and g.code = v.scope
        left join voucher o on o.replaced_by = v.id
        left join enrolment n on n.voucher_id = v.id and n.is_active
        left join training_class c on c.id = n.class_id
        left join institution i on i.id = c.institution_id

        """;

    public static async Task<VoucherRecord?> FindAsync(NpgsqlConnection connection, RegionCode region, VoucherId id) =>
        await connection.QuerySingleOrDefaultAsync<VoucherRecord>(Columns + "where v.id = @id and b.region = @region", new { id, region });

    public static Task<VoucherId?> FindByShortCodeAsync(NpgsqlConnection connection, RegionCode region, ShortCode code) =>
        connection.QuerySingleOrDefaultAsync<VoucherId?>("""
            select v.id from voucher v join batch b on b.id = v.batch_id and b.region = @region where v.short_code = @code
            """, new { region, code });

    /// <summary>In the order in which the ids are given.</summary>
    public static async Task<IReadOnlyList<VoucherRecord>> ListAsync(NpgsqlConnection connection, RegionCode region, IReadOnlyList<VoucherId> ids) =>
        [.. await connection.QueryAsync<VoucherRecord>(
            Columns + "where v.id = any(@ids) and b.region = @region order by array_position(@ids, v.id)",
            new { ids = ids.Select(id => id.Value).ToArray(), region })];

    public static async Task<IReadOnlyList<HistoryEntry>> HistoryAsync(NpgsqlConnection connection, VoucherId id) =>
        [.. await connection.QueryAsync<HistoryEntry>("""
            select e.number, e.kind, e.to_state as to, e.at, s.name as by, t.name as terminal, i.name as institution, c.name as class, e.reason
            from voucher_event e
            left join account a on a.id = e.account_id
            left join staff s on s.id = a.staff_id
            left join terminal t on t.id = e.terminal_id
            left join institution i on i.id = e.institution_id
            left join training_class c on c.id = e.class_id
            where e.voucher_id = @id
            order by e.number
            """, new { id })];
}
