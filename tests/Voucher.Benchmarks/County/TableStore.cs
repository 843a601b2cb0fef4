using Voucher.Core.People;
using Voucher.Core.Tokens;

namespace Voucher.Benchmarks.County;

/// <summary>
/// A copy of the bench's database that is filled with so many vouchers, written by the database itself. Vouchers of one
/// person stand together; the bench scans at most one of each person.
/// </summary>
internal sealed class TableStore(BenchCounty county, string name, int vouchers) : IAsyncDisposable
{
    private const int MostPeople = 100_000;
    private const int RowsAtOnce = 500_000;

    /// <summary>Of one statement: half a million rows, or tidying up after all of them.</summary>
    private const int LongestSeconds = 900;

    /// <summary>Chooses people all over the table; shares no factor with any number of them.</summary>
    private const long Step = 7_919;

    private readonly NpgsqlDataSource _database = NpgsqlDataSource.Create(AddressOf(county, name));

    public int Vouchers => vouchers;
    private int People => Math.Min(MostPeople, vouchers);

    public static string AddressOf(BenchCounty county, string name) => new NpgsqlConnectionStringBuilder(county.Settings.Postgres) { Database = name }.ConnectionString;

    /// <summary>The database's address, with all that it keeps open itself.</summary>
    public string Address => AddressOf(county, name);

    public BenchStore Store => new(_database);

    public async Task FillAsync(byte keyId, DateOnly today)
    {
        await using var connection = await _database.OpenConnectionAsync();
        await connection.ExecuteAsync("set session_replication_role = replica; set synchronous_commit = off");
        await connection.ExecuteAsync("""
            insert into person (id, region, id_number_hash, id_number_sealed, id_number_masked, holder_check, name, is_male, birth_date, content_hash, created_at, changed_at)
            overriding system value
            select @first + n, @region, sha256(int8send(n)), '\x00', '6229**********0000', 0, '测试', true, '1990-01-01', '\x00', now(), now()
            from generate_series(0, @people - 1) n
            """, new { first = BenchStore.FirstPerson, region = BenchCounty.Region.Value, people = (long)People }, commandTimeout: LongestSeconds);
        var bytes = BytesOf(keyId, 0, today);
        for (long from = 0; from < vouchers; from += RowsAtOnce)
            await connection.ExecuteAsync(Fill, new
            {
                from, until = Math.Min(from + RowsAtOnce, vouchers) - 1, firstVoucher = new VoucherId(BenchCounty.Region, DeckMaker.FirstSerial).Value,
                firstSerial = (long)DeckMaker.FirstSerial, firstPerson = BenchStore.FirstPerson, each = (long)(vouchers / People), county.Batch, county.BudgetLine, today,
                head = bytes[..TokenLayout.SerialAt], tail = bytes[TokenLayout.NonceAt..],
            }, commandTimeout: LongestSeconds);
        await connection.ExecuteAsync("vacuum analyze", commandTimeout: LongestSeconds);
        await connection.ExecuteAsync("checkpoint;", commandTimeout: LongestSeconds);
    }

    private const string Fill = """
        with new_voucher as (
            insert into voucher (id, batch_id, person_id, kind, scope, face_value_fen, budget_line_id, valid_from, valid_until, state, is_reserved, short_code, token)
            select @firstVoucher + n, @Batch, @firstPerson + n / @each, 3, 0, 100, @BudgetLine, @today, @today + 300, 1, true, n, @head || int4send((@firstSerial + n)::int) || @tail
            from generate_series(@from, @until) n
        )
        insert into voucher_event (voucher_id, number, kind, from_state, to_state, at)
        select @firstVoucher + n, 1, 1, 0, 1, now() from generate_series(@from, @until) n
        """;

    /// <summary>A token as the table holds it: the holder's check is 0, the signature holds for nothing.</summary>
    private static byte[] BytesOf(byte keyId, uint serial, DateOnly today)
    {
        var bytes = new byte[TokenLayout.Length];
        new TokenClaims(
            SignatureSuite.P256, keyId, new VoucherId(BenchCounty.Region, serial), VoucherKind.General, 1, today.AddDays(300), VoucherScope.Any, new HolderCheck(0)).WriteTo(bytes);
        return bytes;
    }

    /// <summary>Vouchers from all over the table, none of which was chosen before.</summary>
    public Deck Choose(int first, int count, int number, byte keyId, DateOnly today)
    {
        var each = vouchers / People;
        var tokens = Enumerable.Range(first, count).Select(m =>
        {
            var person = m * Step % People;
            var serial = DeckMaker.FirstSerial + (uint)(person * each + m * Step % each);
            return new DeckVoucher(TokenDecoder.ReadStored(BytesOf(keyId, serial, today)));
        });
        return new Deck(county, [.. tokens], 1 + number * Deck.Sequences, number, BenchCounty.Institutions);
    }

    public async ValueTask DisposeAsync() => await _database.DisposeAsync();
}
