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

    [Fact]
    public async Task A_writer_that_dies_between_chunks_is_followed_without_gap_or_double()
    {
        var batch = await county.ApprovedBatchAsync(People);
        using var power = new CancellationTokenSource();
        var drawn = 0;
        // The nonces of the second chunk are drawn after the first was committed; there the power goes.
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Writer(bytes =>
        {
            Random(bytes);
            if (++drawn > BatchWriter.ChunkSize) power.Cancel();
        }).WriteAsync(batch.Id, batch.ValidUntil, power.Token));
        Assert.Equal(BatchWriter.ChunkSize, await CountAsync(batch.Id));
        await FinishAsync(batch);
        await AssertWholeAsync(batch);
    }

    [Fact]
    public async Task A_connection_that_is_cut_inside_a_chunk_leaves_nothing_of_it()
    {
        var batch = await county.ApprovedBatchAsync(People);
        var drawn = 0;
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => Writer(bytes =>
        {
            Random(bytes);
            if (++drawn == BatchWriter.ChunkSize + 10) CutConnectionsInTransaction();
        }).WriteAsync(batch.Id, batch.ValidUntil, CancellationToken.None));
        Assert.Equal(BatchWriter.ChunkSize, await CountAsync(batch.Id));
        await FinishAsync(batch);
        await AssertWholeAsync(batch);
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

    private BatchWriter Writer(FillRandom random) =>
        new(county.Database, county.Get<IssuingKeys>(), county.Get<County>(), county.Clock, random, county.Get<Voucher.Server.Reporting.LiveFeed>());

    private Task FinishAsync(Batch batch) => Writer(Random).WriteAsync(batch.Id, batch.ValidUntil, CancellationToken.None);

    private void CutConnectionsInTransaction()
    {
        using var connection = county.Database.OpenConnection();
        connection.Execute("""
            select pg_terminate_backend(pid) from pg_stat_activity
            where datname = current_database() and pid <> pg_backend_pid() and state = 'idle in transaction'
            """);
    }

    private async Task<int> CountAsync(Core.BatchId batch)
    {
        await using var connection = await county.Database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<int>("select count(*) from voucher where batch_id = @batch", new { batch });
    }

    private async Task AssertWholeAsync(Batch batch)
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
