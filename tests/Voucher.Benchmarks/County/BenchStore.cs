using Voucher.Core.Regions;
using Voucher.Server.Accounts;

namespace Voucher.Benchmarks.County;

/// <summary>Fills the bench's own database and counts what a measure has left there.</summary>
internal sealed class BenchStore(NpgsqlDataSource database)
{
    /// <summary>Ids of the bench's people begin here, beyond those that the register gives out.</summary>
    public const long FirstPerson = 1_000_000_000;

    /// <summary>The first of so many institutions whose ids follow each other, with what they teach.</summary>
    public async Task<int> InstitutionsAsync(int count)
    {
        await using var connection = await database.OpenConnectionAsync();
        var ids = (await connection.QueryAsync<int>("select id from institution order by id limit @count", new { count })).ToList();
        if (ids.Count != count || ids[^1] - ids[0] != count - 1) throw new InvalidOperationException("The demo institutions' ids do not follow each other.");
        await connection.ExecuteAsync("update institution set capacity = 10000, accredited_from = '2020-01-01', accredited_until = '2099-12-31', is_suspended = false");
        await connection.ExecuteAsync("""
            insert into institution_programme (institution_id, programme_id)
            select i.id, (select min(id) from programme) from institution i on conflict do nothing
            """);
        return ids[0];
    }

    public async Task<long> AddClassesAsync(RegionCode region, int count, int firstInstitution, int institutions, AccountId by, DateOnly today)
    {
        await using var connection = await database.OpenConnectionAsync();
        var ids = (await connection.QueryAsync<long>("""
            insert into training_class (region, institution_id, programme_id, name, starts_on, ends_on, capacity, status, rate_fen, created_by, created_at, approved_by, approved_at)
            select @region, @firstInstitution + n % @institutions, (select min(id) from programme), 'bench ' || n, @today + 5, @today + 15, 10000, 2, 100000, @by, now(), @by, now()
            from generate_series(0, @count - 1) n order by n
            returning id
            """, new { region, count, firstInstitution, institutions, by, today })).ToList();
        return FirstOf(ids);
    }

    public async Task<int> AddTerminalsAsync(RegionCode region, int count, int firstInstitution, int institutions, byte[] publicKey)
    {
        await using var connection = await database.OpenConnectionAsync();
        var ids = (await connection.QueryAsync<long>("""
            insert into terminal (region, institution_id, name, public_key, fingerprint, status, paired_at, confirmed_at)
            select @region, @firstInstitution + n % @institutions, 'bench ' || n, @publicKey, 'BENCH', 2, now(), now()
            from generate_series(0, @count - 1) n order by n
            returning id
            """, new { region, count, firstInstitution, institutions, publicKey })).ToList();
        return (int)FirstOf(ids);
    }

    /// <summary>pgbench computes ids from the first.</summary>
    private static long FirstOf(List<long> ids) => ids.Max() - ids.Min() == ids.Count - 1
        ? ids.Min()
        : throw new InvalidOperationException("Ids do not follow each other.");

    public async Task<int> BudgetLineAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleAsync<int>("select min(id) from budget_line");
    }

    public async Task<long> AddBatchAsync(RegionCode region, int budgetLine, PolicyId policy, Actor by, DateOnly today)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleAsync<long>("""
            insert into batch (region, name, kind, scope, face_value_fen, valid_from, valid_until, budget_line_id, policy_id, selection, status, people,
                               drafted_by, drafted_by_staff, drafted_at)
            values (@region, 'bench', 3, 0, 100, @today, @today + 300, @budgetLine, @policy, '{}', 3, 100000000, @Account, @Staff, now())
            returning id
            """, new { region, budgetLine, policy, by.Account, by.Staff, today });
    }

    /// <summary>Writes people, vouchers and their first events; only the tables' own checks look at them.</summary>
    public async Task AddVouchersAsync(BenchCounty county, IReadOnlyList<DeckVoucher> vouchers, DateOnly today)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync("set session_replication_role = replica");
        await using (var copy = await connection.BeginBinaryImportAsync(
            "copy person (id, region, id_number_hash, id_number_sealed, id_number_masked, holder_check, name, is_male, birth_date, content_hash, created_at, changed_at) from stdin (format binary)"))
        {
            foreach (var voucher in vouchers)
                await copy.WriteRowAsync(CancellationToken.None, voucher.Person, BenchCounty.Region.Value, voucher.Hash, voucher.Hash, "6229**********0000",
                    (int)voucher.Token.Holder.Value, "测试", true, new DateOnly(1990, 1, 1), voucher.Hash, DateTime.UnixEpoch, DateTime.UnixEpoch);
            await copy.CompleteAsync();
        }
        await using (var copy = await connection.BeginBinaryImportAsync(
            "copy voucher (id, batch_id, person_id, kind, scope, face_value_fen, budget_line_id, valid_from, valid_until, state, is_reserved, short_code, token) from stdin (format binary)"))
        {
            foreach (var voucher in vouchers)
                await copy.WriteRowAsync(CancellationToken.None, voucher.Token.Voucher.Value, county.Batch, voucher.Person, (short)voucher.Token.Kind, 0, 100L, county.BudgetLine,
                    today, voucher.Token.ValidUntil, (short)VoucherState.Issued, true, voucher.Token.ShortCode.Value, voucher.Token.Bytes.ToArray());
            await copy.CompleteAsync();
        }
        await using (var copy = await connection.BeginBinaryImportAsync("copy voucher_event (voucher_id, number, kind, from_state, to_state, at) from stdin (format binary)"))
        {
            foreach (var voucher in vouchers)
                await copy.WriteRowAsync(CancellationToken.None, voucher.Token.Voucher.Value, 1, (short)VoucherEventKind.Issued, (short)0, (short)VoucherState.Issued, DateTime.UnixEpoch);
            await copy.CompleteAsync();
        }
        await connection.ExecuteAsync("reset session_replication_role");
    }

    /// <summary>Fresh statistics and a log that starts alike for every round.</summary>
    public async Task SettleAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync("vacuum analyze voucher, voucher_event, person, enrolment, scan, training_class", commandTimeout: 600);
        await connection.ExecuteAsync("checkpoint;", commandTimeout: 600);
    }

    /// <summary>Accepted scans that the ledger holds of a stretch of sequences, and enrolments of a stretch of vouchers.</summary>
    public async Task<(long Accepted, long Recorded, long Enrolled)> CountAsync(long firstSequence, long lastSequence, VoucherId first, VoucherId last)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleAsync<(long, long, long)>("""
            select count(*) filter (where s.refusal = 0), count(*),
                   (select count(*) from enrolment n where n.voucher_id between @first and @last and n.is_active)
            from terminal t join scan s on s.terminal_id = t.id and s.sequence between @firstSequence and @lastSequence
            """, new { firstSequence, lastSequence, first = first.Value, last = last.Value });
    }

    /// <summary>The process that all of this cluster's processes are children of.</summary>
    public async Task<int> BackendAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleAsync<int>("select pg_backend_pid()");
    }

    public async Task<string> VersionAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleAsync<string>("show server_version");
    }

    /// <summary>People old and young enough for a voucher, who have none.</summary>
    public async Task AddPeopleAsync(int from, int until)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync("""
            insert into person (id, region, id_number_hash, id_number_sealed, id_number_masked, holder_check, name, is_male, birth_date, content_hash, created_at, changed_at)
            overriding system value
            select @first + n, (select region from county), sha256(int8send(n)), '\x00', '6229**********0000', 0, '测试', true, '1990-01-01', '\x00', now(), now()
            from generate_series(@from::bigint, @until::bigint - 1) n
            """, new { first = FirstPerson, from, until });
    }

    public async Task<int> VouchersAsync(BatchId batch)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleAsync<int>("select count(*)::int from voucher where batch_id = @batch", new { batch });
    }

    /// <summary>Copies this database under new names; nobody may be connected to it.</summary>
    public static async Task CopyAsync(string address, params string[] names)
    {
        var text = new NpgsqlConnectionStringBuilder(address);
        var original = text.Database;
        text.Database = "postgres";
        text.Pooling = false;
        await using var connection = new NpgsqlConnection(text.ConnectionString);
        await connection.OpenAsync();
        foreach (var name in names) await connection.ExecuteAsync($"create database {name} template {original}");
    }
}
