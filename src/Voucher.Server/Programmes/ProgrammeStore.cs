namespace Voucher.Server.Programmes;

/// <summary>The county's menu of programmes, by trade.</summary>
public sealed class ProgrammeStore(NpgsqlDataSource database, County county)
{
    private const string Select = """
        select p.id, p.code, p.name, p.trade_code, t.name as trade, p.theory_hours, p.practice_hours, p.subsidy_fen, p.is_open,
               (select count(*)::int from institution_programme ip where ip.programme_id = p.id) as institutions,
               p.level, p.kind, p.mode, p.safety_hours
        from programme p join trade t on t.code = p.trade_code
        where p.region = @Region
        """;

    public async Task<IReadOnlyList<Programme>> ListAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<Programme>($"{Select} order by p.trade_code, p.code", new { county.Region })).AsList();
    }

    public async Task<Programme?> FindAsync(ProgrammeId id)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<Programme>($"{Select} and p.id = @id", new { county.Region, id });
    }

    public async Task<Programme?> FindAsync(int code)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<Programme>($"{Select} and p.code = @code", new { county.Region, code });
    }

    public async Task<IReadOnlyList<Trade>> TradesAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<Trade>("select code, name from trade order by code")).AsList();
    }

    /// <summary>Who may teach the programme.</summary>
    public async Task<IReadOnlyList<(InstitutionId Id, string Name)>> TeachersAsync(ProgrammeId id)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<(InstitutionId, string)>("""
            select i.id, i.name from institution_programme t join institution i on i.id = t.institution_id
            where t.programme_id = @id order by i.name
            """, new { id });
        return rows.AsList();
    }

    /// <summary>Programmes of which the institution may open a class.</summary>
    public async Task<IReadOnlyList<Programme>> TaughtByAsync(InstitutionId institution)
    {
        await using var connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<Programme>($"""
            {Select} and p.is_open
            and exists (select from institution_programme ip where ip.programme_id = p.id and ip.institution_id = @institution)
            order by p.code
            """, new { county.Region, institution })).AsList();
    }

    /// <exception cref="PostgresException">Unique violation: code or name is taken.</exception>
    public Task<ProgrammeId> AddAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, ProgrammeEntry entry) =>
        connection.QuerySingleAsync<ProgrammeId>("""
            insert into programme (
                region, code, name, trade_code, theory_hours, practice_hours, subsidy_fen, is_open, level, kind, mode, safety_hours)
            values (@Region, @Code, @Name, @TradeCode, @Theory, @Practice, @Subsidy, @IsOpen, @Level, @Kind, @Mode, @SafetyHours) returning id
            """, Parameters(entry), transaction);

    /// <summary>Everything but the code, which is printed in vouchers. Returns the subsidy as it was, or <c>null</c> when there is no such programme.</summary>
    /// <exception cref="PostgresException">Unique violation: the name is taken.</exception>
    public async Task<Fen?> ChangeAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, ProgrammeId id, ProgrammeEntry entry)
    {
        var before = await connection.QuerySingleOrDefaultAsync<Fen?>(
            "select subsidy_fen from programme where id = @id and region = @Region for update", new { id, county.Region }, transaction);
        var parameters = Parameters(entry);
        parameters.Add("id", id);
        await connection.ExecuteAsync("""
            update programme
            set name = @Name, trade_code = @TradeCode, theory_hours = @Theory, practice_hours = @Practice,
                subsidy_fen = @Subsidy, is_open = @IsOpen, level = @Level, kind = @Kind, mode = @Mode, safety_hours = @SafetyHours
            where id = @id and region = @Region
            """, parameters, transaction);
        return before;
    }

    private DynamicParameters Parameters(ProgrammeEntry entry) => new(new
    {
        county.Region, entry.Code, entry.Name, entry.TradeCode, entry.Hours.Theory, entry.Hours.Practice, entry.Subsidy, entry.IsOpen,
        Level = (short)entry.Level, Kind = (short)entry.Kind, Mode = (short)entry.Mode, entry.SafetyHours,
    });
}
