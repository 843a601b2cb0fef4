using Voucher.Core.Tokens;

namespace Voucher.Faults.County;

/// <summary>A voucher as its holder carries it.</summary>
public sealed record PaperVoucher(string Number, long Id, string Digits, string ShortCode, int HolderCheck);

/// <summary>What the run reads and sets in the county's database past the servers.</summary>
public sealed class CountyStore(NpgsqlDataSource database)
{
    private sealed record Row(long Id, byte[] Token);

    /// <summary>The paper of every voucher, in the order of issue.</summary>
    public async Task<IReadOnlyList<PaperVoucher>> PapersAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<Row>("select id, token from voucher order by id");
        return [.. rows.Select(row => PaperOf(row.Id, TokenDecoder.ReadStored(row.Token)))];
    }

    /// <summary>
    /// Lets every terminal scan as fast as it can, and nobody be held for a person: what is found must be of faults, not of
    /// limits. Servers read it when they start.
    /// </summary>
    public Task WidenLimitsAsync() => RunAsync("""
        insert into policy_pack (region, document_no, title, version, effective_from, effective_until, parameters, clauses)
        select region, document_no, title, version + 1, effective_from, effective_until, parameters || '{
            "scansPerTerminalPerMinute": 1000000, "scansPerInstitutionPerMinute": 0, "shortCodesPerTerminalPerHour": 1000000,
            "enrolmentsPerTerminalPerFiveMinutes": 0, "enrolmentSpacingSeconds": 0, "triedElsewhereMinutes": 0, "travelMinutes": 0}', clauses
        from policy_pack order by id desc limit 1
        """);

    /// <summary>The holder has passed, as the institution records it on the last day.</summary>
    public async Task PassAsync(long voucher)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync("""
            insert into assessment (enrolment_id, has_passed, recorded_by, recorded_at)
            select n.id, true, a.id, now() from enrolment n, account a where n.voucher_id = @voucher and n.is_active and a.login = 'manager'
            on conflict (enrolment_id) do nothing
            """, new { voucher });
    }

    /// <summary>Makes the database one that a newer server has migrated.</summary>
    public Task AddUnknownMigrationAsync() => RunAsync("insert into migration (name, hash, run_at) values ('9999_of_the_next_version.sql', repeat('0', 64), now())");

    public Task RemoveUnknownMigrationAsync() => RunAsync("delete from migration where name = '9999_of_the_next_version.sql'");

    /// <summary>Makes the database one that lacks the newest migration; it is kept aside.</summary>
    public Task HideNewestMigrationAsync() => RunAsync("""
        create table if not exists migration_aside (like migration);
        with newest as (delete from migration where name = (select max(name) from migration) returning *)
        insert into migration_aside select * from newest;
        """);

    public Task ShowNewestMigrationAsync() => RunAsync("""
        create table if not exists migration_aside (like migration);
        insert into migration select * from migration_aside on conflict do nothing;
        drop table migration_aside;
        """);

    /// <summary>Writes changes to the log until it has no more room, as another busy database on the disk would.</summary>
    public Task UseUpLogAsync() => RunAsync("select pg_logical_emit_message(false, 'filler', repeat('x', 500000))");

    private async Task RunAsync(string sql)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(sql);
    }

    private static PaperVoucher PaperOf(long id, VoucherToken token) => new(
        token.Voucher.ToString(), id, token.ToDigits(), token.ShortCode.ToString(), token.Holder.Value);
}
