using Voucher.Core.Settling;

namespace Voucher.Server.Settling.Publishing;

/// <summary>What waits to be published of one claim; <paramref name="ClaimId"/> is empty for allowances of monthly lists.</summary>
public sealed record WaitingClaim(int? InstitutionId, string Institution, long? ClaimId, int Lines, Fen AmountFen);

/// <param name="Objected">Lines that are frozen.</param>
/// <param name="Struck">Lines that are not paid, since an objection was upheld.</param>
public sealed record PublicationSummary(
    long Id, string Heading, DateOnly FromDay, DateOnly UntilDay, int WorkingDays, string Phone, string Place, string Rule, int Lines, Fen AmountFen,
    string PublishedBy, DateTimeOffset PublishedAt, int Objected, int Struck)
{
    public string Number => PublicationNumber.Of(Id);

    public PublicationPeriod Period => new(FromDay, UntilDay);
}

/// <summary>A line as it was shown, and how it stands now: frozen also by an objection against something else of its voucher.</summary>
public sealed record PublicationLine(
    int Position, string Institution, string Course, long? ClassId, string ClassName, int Vouchers, string VoucherTail, string MaskedName,
    Fen AmountFen, Fen RetainedFen, PublicationStanding Standing, short PayableState);

public static class PublicationNumber
{
    /// <summary>公示编号, as it is said on the telephone: GS000012.</summary>
    public static string Of(long id) => $"GS{id:000000}";
}

/// <summary>Reads publications for the county's pages, lists and API.</summary>
public sealed class PublicationReading(NpgsqlDataSource database, County county)
{
    private const string Select = """
        select p.id, p.heading, p.from_day, p.until_day, p.working_days, p.phone, p.place, p.rule, p.lines, p.amount_fen,
               w.name as published_by, p.published_at,
               (select count(*)::int from payable_publication s where s.publication_id = p.id and s.standing = 2) as objected,
               (select count(*)::int from payable_publication s where s.publication_id = p.id and s.standing = 4) as struck
        from publication p join staff w on w.id = p.published_by_staff
        where p.region = @region
        """;

    /// <summary>The most working days that a pack behind what is to be put up wants; of the pack in force for what no claim made.</summary>
    public static async Task<int> LongestOfPacksAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, PublicationForm form, Policy policy)
    {
        var ofClaims = await connection.ExecuteScalarAsync<int?>($"""
            select max(coalesce((k.parameters ->> 'publicityWorkingDays')::int, 0))
            from payable y join claim_line l on l.id = y.claim_line_id join claim c on c.id = l.claim_id join policy_pack k on k.id = c.policy_id
            where {PublicationStore.Waits} and {PublicationStore.IsMeant}
            """, new { form.InstitutionId, form.ClaimId }, transaction);
        return Math.Max(ofClaims ?? 0, policy.Parameters.PublicityWorkingDays);
    }

    public async Task<IReadOnlyList<WaitingClaim>> WaitingAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<WaitingClaim>($"""
            select i.id as institution_id, coalesce(i.name, '') as institution, c.id as claim_id, count(*)::int as lines,
                   sum(y.amount_fen + {PublicationStore.StillRetained})::bigint as amount_fen
            from payable y
            left join claim_line l on l.id = y.claim_line_id
            left join claim c on c.id = l.claim_id
            left join allowance w on w.id = y.allowance_id
            left join training_class t on t.id = w.class_id
            left join institution i on i.id = coalesce(y.institution_id, c.institution_id, t.institution_id)
            where y.region = @Region and {PublicationStore.Waits}
            group by i.id, c.id order by i.id, c.id
            """, new { county.Region })];
    }

    /// <summary>Newest first.</summary>
    public async Task<IReadOnlyList<PublicationSummary>> ListAsync(int skip, int take)
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<PublicationSummary>(
            $"{Select} order by p.id desc offset @skip limit @take", new { region = county.Region, skip, take })];
    }

    public async Task<PublicationSummary?> FindAsync(long id)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<PublicationSummary>($"{Select} and p.id = @id", new { region = county.Region, id });
    }

    public async Task<IReadOnlyList<PublicationLine>> LinesAsync(long id, int skip, int take)
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<PublicationLine>($"""
            select l.position, l.institution, l.course, l.class_id, l.class as class_name, l.vouchers, l.voucher_tail, l.masked_name, l.amount_fen, l.retained_fen,
                   case when y.state = 1 and s.standing <> 4 and coalesce(c.voucher_id, w.voucher_id) in ({PublicationStore.ObjectedVouchers}) then 2::smallint else s.standing end as standing,
                   y.state as payable_state
            from publication_line l
            join payable_publication s on s.payable_id = l.payable_id
            join payable y on y.id = l.payable_id
            left join claim_line c on c.id = y.claim_line_id
            left join allowance w on w.id = y.allowance_id
            where l.publication_id = @id order by l.position offset @skip limit @take
            """, new { id, skip, take })];
    }

    /// <summary>Classes of the list, so that an objection may be against a whole one.</summary>
    public async Task<IReadOnlyList<(long Id, string Name)>> ClassesAsync(long id)
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<(long, string)>("""
            select class_id, min(institution || ' · ' || class) from publication_line where publication_id = @id and class_id is not null group by class_id order by class_id
            """, new { id })];
    }
}
