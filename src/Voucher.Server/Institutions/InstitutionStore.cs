namespace Voucher.Server.Institutions;

/// <summary>Institutions, what each may teach, and where it is paid.</summary>
public sealed class InstitutionStore(NpgsqlDataSource database, County county)
{
    private const string Columns = """
        i.id, i.uscc, i.name, i.address, i.phone, i.capacity, i.accredited_from, i.accredited_until, i.is_suspended,
        y.payee_name, y.payee_bank, y.payee_account_masked, i.is_demo
        """;

    private const string From = "from institution i left join institution_payee y on y.institution_id = i.id";

    /// <summary>All of the county, or the one that an institution's people may see.</summary>
    public async Task<IReadOnlyList<Institution>> ListAsync(InstitutionId? only)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<Institution>($"""
            select {Columns} {From}
            where i.region = @Region and (@only::int is null or i.id = @only)
            order by i.name
            """, new { county.Region, only });
        return rows.AsList();
    }

    public async Task<Institution?> FindAsync(InstitutionId id)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<Institution>(
            $"select {Columns} {From} where i.region = @Region and i.id = @id", new { county.Region, id });
    }

    public static Task<Institution?> FindForUpdateAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, InstitutionId id) =>
        connection.QuerySingleOrDefaultAsync<Institution>(
            $"select {Columns} {From} where i.id = @id for update of i", new { id }, transaction);

    /// <summary>Codes of the programmes that the institution may teach.</summary>
    public async Task<IReadOnlyList<int>> ProgrammeCodesAsync(InstitutionId id)
    {
        await using var connection = await database.OpenConnectionAsync();
        var codes = await connection.QueryAsync<int>("""
            select p.code from institution_programme t join programme p on p.id = t.programme_id
            where t.institution_id = @id order by p.code
            """, new { id });
        return codes.AsList();
    }

    /// <summary>
    /// What the accreditation that covers the day allows: the one whose terms stand in the institution's row, or, for a class of the
    /// next year, another one.
    /// </summary>
    public async Task<ClassTerms> TermsOnAsync(InstitutionId id, int programmeCode, DateOnly day)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleAsync<ClassTerms>("""
            select coalesce(a.approved_capacity, i.capacity) as capacity,
                   case when a.id is null then exists (select from institution_programme t join programme p on p.id = t.programme_id where t.institution_id = i.id and p.code = @programmeCode)
                   else exists (select from accreditation_programme x join programme p on p.id = x.programme_id where x.accreditation_id = a.id and x.is_approved and p.code = @programmeCode)
                   end as teaches
            from institution i
            left join accreditation a on a.institution_id = i.id and a.id is distinct from i.accreditation_id and a.state in (4, 5)
                 and @day between a.valid_from and a.valid_until
            where i.id = @id and i.region = @Region
            """, new { id, programmeCode, day, county.Region });
    }

    /// <summary>Codes among the given ones that the county's menu does not have.</summary>
    public async Task<IReadOnlyList<int>> UnknownCodesAsync(int[] codes)
    {
        await using var connection = await database.OpenConnectionAsync();
        var unknown = await connection.QueryAsync<int>("""
            select given.code from unnest(@codes) as given(code)
            where not exists (select from programme p where p.region = @Region and p.code = given.code)
            """, new { codes, county.Region });
        return unknown.AsList();
    }

    /// <summary>Adds the institution, not accredited on any day, or returns <c>null</c> when its code is registered already.</summary>
    public Task<InstitutionId?> AddAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, InstitutionEntry entry) =>
        connection.QuerySingleOrDefaultAsync<InstitutionId?>("""
            insert into institution (region, uscc, name, address, phone, capacity, accredited_from, accredited_until)
            values (@Region, @Uscc, @Name, @Address, @Phone, 0, '2000-01-02', '2000-01-01')
            on conflict (uscc) do nothing returning id
            """, Parameters(entry), transaction);

    /// <exception cref="PostgresException">Unique violation: another institution has the code.</exception>
    public Task ChangeAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, InstitutionId id, InstitutionEntry entry)
    {
        var parameters = Parameters(entry);
        parameters.Add("id", id);
        return connection.ExecuteAsync("""
            update institution
            set uscc = @Uscc, name = @Name, address = @Address, phone = @Phone
            where id = @id
            """, parameters, transaction);
    }

    private DynamicParameters Parameters(InstitutionEntry entry) => new(new
    {
        county.Region, Uscc = entry.Uscc.ToString(), entry.Name, entry.Address, entry.Phone,
    });
}
