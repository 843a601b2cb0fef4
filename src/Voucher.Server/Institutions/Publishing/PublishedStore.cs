namespace Voucher.Server.Institutions.Publishing;

/// <summary>One line of the published list.</summary>
/// <param name="Programmes">Names of what it may teach.</param>
/// <param name="Places">Practice places, as its accreditation names them.</param>
public sealed record PublishedInstitution(
    InstitutionId Id, string Name, Uscc Uscc, string Address, string Phone, int Capacity, DateOnly AccreditedFrom, DateOnly AccreditedUntil,
    bool IsSuspended, string LicenceNo, string Programmes, string Places);

/// <summary>What the county publishes of its institutions (向社会公布). No person is in it.</summary>
public sealed class PublishedStore(NpgsqlDataSource database, County county)
{
    /// <summary>More than any county has.</summary>
    public const int Most = 2_000;

    /// <summary>Those that are accredited on the day; suspended ones are among them and say so.</summary>
    public async Task<IReadOnlyList<PublishedInstitution>> ListAsync(DateOnly day, int? trade)
    {
        await using var connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<PublishedInstitution>("""
            select i.id, i.name, i.uscc, i.address, i.phone, i.capacity, i.accredited_from, i.accredited_until, i.is_suspended,
                   coalesce(a.licence_no, '') as licence_no,
                   coalesce((select string_agg(p.name, '、' order by p.code) from institution_programme x join programme p on p.id = x.programme_id
                             where x.institution_id = i.id and p.is_open), '') as programmes,
                   coalesce((select string_agg(l.name || '（' || l.address || '）', '；' order by l.number) from accreditation_place l
                             where l.accreditation_id = i.accreditation_id), '') as places
            from institution i left join accreditation a on a.id = i.accreditation_id
            where i.region = @Region and @day between i.accredited_from and i.accredited_until
              and (@trade::int is null or exists (
                  select from institution_programme x join programme p on p.id = x.programme_id where x.institution_id = i.id and p.trade_code = @trade))
            order by i.name, i.id limit @Most
            """, new { county.Region, day, trade, Most })).AsList();
    }
}
