using Dapper;
using Npgsql;
using Voucher.Core;
using Voucher.Core.People;
using Voucher.Core.Refusals;
using Voucher.Core.Tokens;
using Voucher.Server.Issuing;
using Voucher.Server.Issuing.Keys;

namespace Voucher.Server.Tests.Issuing;

/// <summary>Approved batches become vouchers exactly once, whatever dies in between.</summary>
public sealed class WritingTests(CountyAtRest county) : IClassFixture<CountyAtRest>
{
    private const int People = BatchWriter.ChunkSize * 2 + 500;

    /// <summary>Bytes that are drawn for the smallest chunk.</summary>
    private const int LeastOfAChunk = 500 * sizeof(uint);

    [Fact]
    public async Task A_writer_that_dies_between_chunks_is_followed_without_gap_or_double()
    {
        var batch = await county.ApprovedBatchAsync(People);
        using var power = new CancellationTokenSource();
        // The third chunk is signed while the second is written; there the power goes.
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Writer(Drawing(3, power.Cancel)).WriteAsync(batch.Id, batch.ValidUntil, power.Token));
        Assert.Contains(await CountAsync(batch.Id), new[] { BatchWriter.ChunkSize, BatchWriter.ChunkSize * 2 });
        await FinishAsync(batch);
        await AssertWholeAsync(batch);
    }

    [Theory]
    [InlineData("voucher")] // Before the first row of the chunk is in,
    [InlineData("voucher_event")] // and when its vouchers are but not its events.
    public async Task A_connection_that_is_cut_inside_a_chunk_leaves_nothing_of_it(string table)
    {
        var batch = await county.ApprovedBatchAsync(People);
        await CutWhileWritingAsync(table, batch.Id, written: BatchWriter.ChunkSize);
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => FinishAsync(batch));
        Assert.Equal(BatchWriter.ChunkSize, await CountAsync(batch.Id));
        await ExecuteAsync("drop function cut_here() cascade");
        await FinishAsync(batch);
        await AssertWholeAsync(batch);
    }

    [Fact]
    public async Task A_fault_in_signing_ahead_loses_nothing_of_the_chunk_that_is_being_written()
    {
        var batch = await county.ApprovedBatchAsync(People);
        await Assert.ThrowsAsync<IOException>(() => Writer(Drawing(2, () => throw new IOException("no randomness"))).WriteAsync(batch.Id, batch.ValidUntil, CancellationToken.None));
        Assert.Equal(BatchWriter.ChunkSize, await CountAsync(batch.Id));
        await FinishAsync(batch);
        await AssertWholeAsync(batch);
    }

    [Fact]
    public async Task A_chunk_that_another_writer_has_written_meanwhile_is_thrown_away()
    {
        var batch = await county.ApprovedBatchAsync(People);
        // When the first chunk has its nonces, another server writes the whole batch.
        Assert.True(await Writer(Drawing(1, () => FinishAsync(batch).GetAwaiter().GetResult())).WriteAsync(batch.Id, batch.ValidUntil, CancellationToken.None));
        await AssertWholeAsync(batch);
    }

    [Fact]
    public async Task What_a_key_has_signed_ahead_is_not_written_once_it_is_revoked()
    {
        await using var other = new DisposableCounty();
        await other.County.InitializeAsync();
        var (county, keys) = (other.County, other.County.Get<IssuingKeys>());
        var batch = await county.ApprovedBatchAsync(People);
        // It is revoked when the second chunk is about to be signed with it, which is while the first is written.
        Assert.False(await Writer(county, Drawing(2, () => keys.RevokeAsync(1).GetAwaiter().GetResult())).WriteAsync(batch.Id, batch.ValidUntil, CancellationToken.None));
        Assert.Equal((1, BatchWriter.ChunkSize), await KeysAsync(county, batch.Id));
        await keys.RotateAsync();
        Assert.True(await Writer(county, Random).WriteAsync(batch.Id, batch.ValidUntil, CancellationToken.None));
        Assert.Equal((2, BatchWriter.ChunkSize), await KeysAsync(county, batch.Id));
        await AssertWholeAsync(county, batch);
    }

    [Fact]
    public async Task Several_writers_at_once_write_each_voucher_once()
    {
        var batch = await county.ApprovedBatchAsync(People);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => FinishAsync(batch))));
        await FinishAsync(batch);
        await AssertWholeAsync(batch);
    }

    [Fact]
    public async Task A_taken_short_code_is_drawn_again()
    {
        var batch = await county.ApprovedBatchAsync(3);
        var first = await county.Get<IssuingKeys>().SigningKeyAsync(batch.ValidUntil);
        using var press = new TokenPress(first!.Value.KeyId, first.Value.NewSigner, Random);
        var id = new Core.Vouchers.VoucherId(Voucher.Server.Demo.DemoCounty.Region, 7);
        var asked = 0;
        // The database calls the first draw taken, whatever it is.
        var nonces = await press.DrawNoncesAsync([id], codes => Task.FromResult<IReadOnlySet<long>>(
            asked++ == 0 ? codes.Select(code => code.Value).ToHashSet() : new HashSet<long>()));
        Assert.Equal(2, asked);
        Assert.Single(nonces);
    }

    [Fact]
    public async Task Randomness_that_always_says_the_same_is_a_fault_and_writes_nothing()
    {
        var batch = await county.ApprovedBatchAsync(3);
        var key = (await county.Get<IssuingKeys>().SigningKeyAsync(batch.ValidUntil))!.Value;
        using var press = new TokenPress(key.KeyId, key.NewSigner, bytes => bytes.Clear());
        var id = new Core.Vouchers.VoucherId(Voucher.Server.Demo.DemoCounty.Region, 7);
        await Assert.ThrowsAsync<System.Security.Cryptography.CryptographicException>(() => press.DrawNoncesAsync(
            [id, id], _ => Task.FromResult<IReadOnlySet<long>>(new HashSet<long>())));
        Assert.Equal(0, await CountAsync(batch.Id));
    }

    [Theory]
    [InlineData("batch")]
    [InlineData("person")]
    [InlineData("budget_line")]
    [InlineData("account")]
    public async Task What_a_voucher_refers_to_without_a_foreign_key_is_never_deleted(string table)
    {
        await county.IssuedBatchAsync(1);
        var refused = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync($"delete from {table}"));
        Assert.Equal(PostgresErrorCodes.RestrictViolation, refused.SqlState);
    }

    [Fact]
    public async Task Every_token_verifies_and_says_what_the_voucher_says()
    {
        var batch = await county.ApprovedBatchAsync(40);
        await FinishAsync(batch);
        var ring = await county.Get<IssuingKeys>().RingAsync();
        await using var connection = await county.Database.OpenConnectionAsync();
        var vouchers = await BatchVoucherStore.ListAsync(connection, batch.Id, null, 0, 100);
        Assert.Equal(40, vouchers.Count);
        foreach (var voucher in vouchers)
        {
            Assert.Equal(TokenFault.None, TokenDecoder.TryDecode(voucher.Digits, out var token));
            Assert.Equal(RefusalCode.None, ring.Verify(token!, CountyTime.DayOf(county.Clock.GetUtcNow())));
            Assert.Equal((voucher.Id, batch.Kind, batch.Scope, batch.ValidUntil), (token!.Voucher, token.Kind, token.Scope, token.ValidUntil));
            Assert.Equal(voucher.ShortCode, token.ShortCode);
            var check = await connection.QuerySingleAsync<HolderCheck>(
                "select holder_check from person p join voucher v on v.person_id = p.id where v.id = @Id", new { voucher.Id });
            Assert.Equal(check, token.Holder);
        }
    }

    [Fact]
    public async Task A_revoked_key_signs_nothing_and_approval_is_refused()
    {
        await using var other = new DisposableCounty();
        await other.County.InitializeAsync();
        var batch = await other.County.ApprovedBatchAsync(3);
        await other.County.Get<IssuingKeys>().RevokeAsync(1);
        Assert.False(await other.County.Get<BatchWriter>().WriteAsync(batch.Id, batch.ValidUntil, CancellationToken.None));
        var ids = await TestPeople.AddAsync(
            other.County.Database, other.County.Get<Voucher.Server.Register.PersonalData>(), other.County.Get<KeyFolder>(), 2);
        var list = await TestPeople.AddListAsync(other.County.Database, ids);
        var draft = (await other.County.Get<DraftBatch>().RunAsync(TestPeople.Request(list), await other.County.ActorAsync("clerk"))).OrThrow();
        var refused = Assert.IsType<Outcome<Batch>.Refused>(
            await other.County.Get<ApproveBatch>().RunAsync(draft, await other.County.ActorAsync("approver")));
        Assert.Equal(RefusalCode.NoSigningKey, refused.Refusal.Code);
        // A new key lets the waiting batch through.
        await other.County.Get<IssuingKeys>().RotateAsync();
        Assert.True(await other.County.Get<BatchWriter>().WriteAsync(batch.Id, batch.ValidUntil, CancellationToken.None));
    }

    private sealed class DisposableCounty : IAsyncDisposable
    {
        public CountyAtRest County { get; } = new();

        public ValueTask DisposeAsync() => County.DisposeAsync();
    }

    private static void Random(Span<byte> bytes) => TokenPress.SystemRandom(bytes);

    /// <summary>Does something when the nonces of the so-manieth chunk are drawn; the few that collide are drawn again, which does not count.</summary>
    private static FillRandom Drawing(int chunk, Action act)
    {
        var drawn = 0;
        return bytes =>
        {
            Random(bytes);
            if (bytes.Length >= LeastOfAChunk && Interlocked.Increment(ref drawn) == chunk) act();
        };
    }

    private BatchWriter Writer(FillRandom random) => Writer(county, random);

    private static BatchWriter Writer(CountyAtRest county, FillRandom random) =>
        new(county.Database, county.Get<IssuingKeys>(), county.Get<County>(), county.Clock, random, county.Get<Voucher.Server.Reporting.LiveFeed>());

    private Task FinishAsync(Batch batch) => Writer(Random).WriteAsync(batch.Id, batch.ValidUntil, CancellationToken.None);

    /// <summary>From now on the connection dies that begins to write rows of the table once so many vouchers are there.</summary>
    private Task CutWhileWritingAsync(string table, Core.BatchId batch, int written) => ExecuteAsync($"""
        create function cut_here() returns trigger language plpgsql as $$
        begin
            if (select b.written from batch b where b.id = {batch.Value}) = {written} then perform pg_terminate_backend(pg_backend_pid()); end if;
            return null;
        end $$;
        create trigger cut_here {(table == "voucher" ? "before" : "after")} insert on {table} for each statement execute function cut_here();
        """);

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = await county.Database.OpenConnectionAsync();
        await connection.ExecuteAsync(sql);
    }

    /// <summary>How many keys have signed vouchers of the batch, and how many of those the first has signed.</summary>
    private static async Task<(int Keys, int OfFirst)> KeysAsync(CountyAtRest county, Core.BatchId batch)
    {
        await using var connection = await county.Database.OpenConnectionAsync();
        var ids = await connection.QueryAsync<int>(
            $"select get_byte(token, {TokenLayout.KeyIdAt}) from voucher where batch_id = @batch", new { batch });
        return (ids.Distinct().Count(), ids.Count(id => id == 1));
    }

    private async Task<int> CountAsync(Core.BatchId batch)
    {
        await using var connection = await county.Database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<int>("select count(*) from voucher where batch_id = @batch", new { batch });
    }

    private Task AssertWholeAsync(Batch batch) => AssertWholeAsync(county, batch);

    private static async Task AssertWholeAsync(CountyAtRest county, Batch batch)
    {
        await using var connection = await county.Database.OpenConnectionAsync();
        var found = await connection.QuerySingleAsync<(int Vouchers, int People, long Span, int Events, int Status, int Written)>("""
            select count(*)::int, count(distinct v.person_id)::int, max(v.id) - min(v.id) + 1,
                   (select count(*)::int from voucher_event e join voucher w on w.id = e.voucher_id where w.batch_id = @Id),
                   (select status::int from batch where id = @Id), (select written from batch where id = @Id)
            from voucher v where v.batch_id = @Id
            """, new { batch.Id });
        Assert.Equal((batch.People, batch.People, batch.People, batch.People, (int)BatchStatus.Issued, batch.People), found);
        var matching = await connection.ExecuteScalarAsync<int>("""
            select count(*) from batch b join batch_person m on m.batch_id = b.id
            join voucher v on v.batch_id = b.id and v.person_id = m.person_id and (v.id & 4294967295) = b.first_serial + m.ordinal
            where b.id = @Id
            """, new { batch.Id });
        Assert.Equal(batch.People, matching);
    }
}
