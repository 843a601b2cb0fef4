namespace Voucher.Server.Settling.Payees;

/// <summary>Reads accounts for the county's people: masked, with their whole history.</summary>
public sealed class PayeeReading(NpgsqlDataSource database, County county, TimeProvider clock)
{
    private sealed record Row(
        int Id, InstitutionId? InstitutionId, PersonId? PersonId, string Payee, string HolderName, string Bank, string AccountMasked, string? Reason,
        string? SharedReason, string? ProposedBy, DateTimeOffset ProposedAt, string? VerifiedBy, DateTimeOffset? VerifiedAt, DateOnly? UsableFrom,
        DateOnly? ReplacedFrom, string? EndedBy, DateTimeOffset? EndedAt, string? EndReason, string? AlsoOf);

    private const string Select = """
        select * from (
            select a.id, a.institution_id, a.person_id, coalesce(i.name, p.name) as payee, a.holder_name, a.bank, a.account_masked, a.reason,
                   a.same_account_reason as shared_reason, ps.name as proposed_by, a.proposed_at, vs.name as verified_by, a.verified_at, a.usable_from,
                   case when a.ended_at is null then k.replaced_from end as replaced_from,
                   es.name as ended_by, a.ended_at, a.end_reason,
                   (select string_agg(distinct coalesce(oi.name, left(op.name, 1) || '**'), '、')
                    from payee_account o left join institution oi on oi.id = o.institution_id left join person op on op.id = o.person_id
                    where o.account_hash = a.account_hash and (o.institution_id is distinct from a.institution_id or o.person_id is distinct from a.person_id)) as also_of
            from payee_account a
            left join replaced_payee_account k on k.payee_account_id = a.id
            left join institution i on i.id = a.institution_id
            left join person p on p.id = a.person_id
            left join staff ps on ps.id = a.proposed_by_staff
            left join staff vs on vs.id = a.verified_by_staff
            left join staff es on es.id = a.ended_by_staff
            where a.region = @Region) account
        """;

    public DateOnly Today => CountyTime.DayOf(clock.GetUtcNow());

    /// <summary>Newest first.</summary>
    /// <param name="waits">Only those that wait to be verified.</param>
    public async Task<IReadOnlyList<PayeeAccount>> ListAsync(bool waits, int skip, int most)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<Row>($"""
            {Select} where not @waits or verified_at is null and ended_at is null order by id desc offset @skip limit @most
            """, new { county.Region, waits, skip, most });
        return [.. rows.Select(Read)];
    }

    /// <summary>All accounts that the payee has ever had, newest first.</summary>
    public async Task<IReadOnlyList<PayeeAccount>> OfAsync(PayeeOwner owner)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<Row>($"""
            {Select} where institution_id = @institution::int or person_id = @person::bigint order by id desc
            """, new { county.Region, institution = owner.Institution?.Value, person = owner.Person?.Value });
        return [.. rows.Select(Read)];
    }

    /// <summary>Name of the payee, a trainee's masked; <c>null</c> where there is none such.</summary>
    public async Task<string?> NameAsync(PayeeOwner owner)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await PayeeStore.NameAsync(connection, null, county.Region, owner) is { } name ? Shown(owner, name) : null;
    }

    private static string Shown(PayeeOwner owner, string name) => owner.Person is null ? name : PersonName.Masked(name);

    private static PayeeAccount Read(Row row)
    {
        var owner = new PayeeOwner(row.InstitutionId, row.PersonId);
        return new PayeeAccount(
            row.Id, owner, Shown(owner, row.Payee), Shown(owner, row.HolderName), row.Bank, row.AccountMasked, row.Reason, row.SharedReason, row.ProposedBy, row.ProposedAt,
            row.VerifiedBy, row.VerifiedAt, row.UsableFrom, row.ReplacedFrom, row.EndedBy, row.EndedAt, row.EndReason, row.AlsoOf);
    }
}
