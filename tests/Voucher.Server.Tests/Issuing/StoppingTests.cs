using Dapper;
using Voucher.Core;
using Voucher.Core.Refusals;
using Voucher.Server.Issuing;
using Voucher.Server.Issuing.Keys;
using Voucher.Server.Issuing.Revoking;
using Voucher.Server.Issuing.Stopping;
using Voucher.Server.Reporting;
using Voucher.Server.Settling;

namespace Voucher.Server.Tests.Issuing;

/// <summary>A batch is halted by one person while it is written, goes on, or is ended by two.</summary>
[Collection(nameof(RestingCounty))]
public sealed class StoppingTests(CountyAtRest county)
{
    private const int People = BatchWriter.ChunkSize + 100;

    [Fact]
    public async Task A_batch_that_is_paused_while_it_is_written_goes_on_later_without_gap_or_double()
    {
        var clerk = await county.ActorAsync("clerk");
        var batch = await county.ApprovedBatchAsync(People);
        await WriteWithAsync(batch, () => county.Get<PauseBatch>().RunAsync(batch.Id, "名单有误", asksToStop: false, clerk));
        Assert.Equal(BatchWriter.ChunkSize, await CountAsync(batch.Id));
        // Nobody writes on meanwhile, however often they look.
        Assert.True(await county.Get<BatchWriter>().WriteAsync(batch.Id, batch.ValidUntil, CancellationToken.None));
        Assert.Equal(BatchWriter.ChunkSize, await CountAsync(batch.Id));
        var again = Refused(await county.Get<PauseBatch>().RunAsync(batch.Id, "再停", asksToStop: false, clerk));
        Assert.Equal(RefusalCode.BatchWrongStep, again.Code);

        (await county.Get<ResumeBatch>().RunAsync(batch.Id, clerk)).OrThrow();
        await county.Get<BatchWriter>().WriteAsync(batch.Id, batch.ValidUntil, CancellationToken.None);
        Assert.Equal(People, await CountAsync(batch.Id));
        Assert.Equal(RefusalCode.BatchWrongStep, Refused(await county.Get<ResumeBatch>().RunAsync(batch.Id, clerk)).Code);
        Assert.Equal(RefusalCode.BatchWrongStep, Refused(await county.Get<PauseBatch>().RunAsync(batch.Id, "晚了", asksToStop: false, clerk)).Code);
    }

    [Fact]
    public async Task A_stopped_batch_gives_the_rest_nothing_revokes_what_was_written_and_frees_all_its_money()
    {
        var (clerk, approver) = (await county.ActorAsync("clerk"), await county.ActorAsync("approver"));
        var reserved = await ReservedAsync();
        var batch = await county.ApprovedBatchAsync(People);
        await WriteWithAsync(batch, () => county.Get<PauseBatch>().RunAsync(batch.Id, "发错对象", asksToStop: true, clerk));
        var stopped = (await county.Get<StopBatch>().RunAsync(batch.Id, approver)).OrThrow();
        Assert.Equal((BatchStatus.Stopped, BatchWriter.ChunkSize, "发错对象"), (stopped.Status, stopped.Written, stopped.ClosingReason));
        await AssertSoundAsync();
        while (await county.Get<RevocationWriter>().RunChunkAsync(CancellationToken.None)) { }
        Assert.Equal(reserved, await ReservedAsync());
        await county.Get<BatchWriter>().WriteAsync(batch.Id, batch.ValidUntil, CancellationToken.None);
        await using var connection = await county.Database.OpenConnectionAsync();
        Assert.Equal((BatchWriter.ChunkSize, 6, 6), await connection.QuerySingleAsync<(int, int, int)>(
            "select count(*)::int, min(state)::int, max(state)::int from voucher where batch_id = @Id", new { batch.Id }));
        Assert.Equal(RefusalCode.StopNotAsked, Refused(await county.Get<StopBatch>().RunAsync(batch.Id, approver)).Code);
        await AssertSoundAsync();
    }

    [Fact]
    public async Task Whoever_asked_for_a_stop_does_not_decide_on_it_and_nobody_stops_what_nobody_asked_to_stop()
    {
        var (clerk, approver) = (await county.ActorAsync("clerk"), await county.ActorAsync("approver"));
        var batch = await county.ApprovedBatchAsync(3);
        Assert.Equal(RefusalCode.StopNotAsked, Refused(await county.Get<StopBatch>().RunAsync(batch.Id, approver)).Code);
        Assert.Equal(RefusalCode.ReasonMissing, Refused(await county.Get<PauseBatch>().RunAsync(batch.Id, " ", asksToStop: true, clerk)).Code);
        (await county.Get<PauseBatch>().RunAsync(batch.Id, "先停一下", asksToStop: false, clerk)).OrThrow();
        Assert.Equal(RefusalCode.StopNotAsked, Refused(await county.Get<StopBatch>().RunAsync(batch.Id, approver)).Code);
        (await county.Get<PauseBatch>().RunAsync(batch.Id, "还是不发了", asksToStop: true, clerk)).OrThrow();
        Assert.Equal(RefusalCode.SamePerson, Refused(await county.Get<StopBatch>().RunAsync(batch.Id, clerk)).Code);
        Assert.Equal(BatchStatus.Stopped, (await county.Get<StopBatch>().RunAsync(batch.Id, approver)).OrThrow().Status);
        await using var connection = await county.Database.OpenConnectionAsync();
        Assert.Equal(0, await connection.ExecuteScalarAsync<int>("select count(*)::int from revocation where batch_id = @Id", new { batch.Id }));
        await AssertSoundAsync();
    }

    [Fact]
    public async Task A_paused_batch_goes_on_only_while_all_who_wait_are_still_eligible_and_it_is_still_valid()
    {
        var (clerk, approver) = (await county.ActorAsync("clerk"), await county.ActorAsync("approver"));
        var (matched, late) = (await county.ApprovedBatchAsync(3), await county.ApprovedBatchAsync(1));
        foreach (var batch in new[] { matched, late })
            (await county.Get<PauseBatch>().RunAsync(batch.Id, "先核对", asksToStop: false, clerk)).OrThrow();
        await using var connection = await county.Database.OpenConnectionAsync();
        await HitAsync(await connection.QuerySingleAsync<long>("select person_id from batch_person where batch_id = @Id and ordinal = 1", new { matched.Id }));
        await connection.ExecuteAsync("update batch set valid_from = '2020-01-01', valid_until = '2020-12-31' where id = @Id", new { late.Id });
        Assert.Equal(RefusalCode.NoLongerEligible, Refused(await county.Get<ResumeBatch>().RunAsync(matched.Id, clerk)).Code);
        Assert.Equal(RefusalCode.BatchExpired, Refused(await county.Get<ResumeBatch>().RunAsync(late.Id, clerk)).Code);
        foreach (var batch in new[] { matched, late })
        {
            (await county.Get<PauseBatch>().RunAsync(batch.Id, "不再符合", asksToStop: true, clerk)).OrThrow();
            Assert.Equal(BatchStatus.Stopped, (await county.Get<StopBatch>().RunAsync(batch.Id, approver)).OrThrow().Status);
        }
        await AssertSoundAsync();
    }

    [Fact]
    public async Task Somebody_who_became_ineligible_after_drafting_keeps_the_batch_from_being_approved()
    {
        var people = await TestPeople.AddAsync(county.Database, county.Get<Voucher.Server.Register.PersonalData>(), county.Get<KeyFolder>(), 3);
        var list = await TestPeople.AddListAsync(county.Database, people);
        var id = (await county.Get<DraftBatch>().RunAsync(TestPeople.Request(list), await county.ActorAsync("clerk"))).OrThrow();
        await HitAsync(people[1]);
        var refusal = Refused(await county.Get<ApproveBatch>().RunAsync(id, await county.ActorAsync("approver")));
        Assert.Equal(RefusalCode.NoLongerEligible, refusal.Code);
        Assert.Contains("死亡人员 1", refusal.Reason.Zh, StringComparison.Ordinal);
    }

    /// <summary>The person stands in the list of the dead.</summary>
    private async Task HitAsync(long person)
    {
        await using var connection = await county.Database.OpenConnectionAsync();
        await connection.ExecuteAsync("""
            with run as (
                insert into match_run (region, source, file_name, as_of, created_by, created_at) values (622926, 4, 'x', '2026-01-01', 1, now()) returning id)
            insert into match_hit (run_id, region, person_id, source) select id, 622926, @person, 4 from run
            """, new { person });
    }

    /// <summary>Writes the batch until its second chunk is being signed; then <paramref name="halt"/> happens.</summary>
    private async Task WriteWithAsync(Batch batch, Func<Task<Outcome<Batch>>> halt)
    {
        // A chunk draws its nonces at once; the second is signed while the first is written, and waits here for the halt.
        var chunks = 0;
        Task<Outcome<Batch>>? halted = null;
        void Fill(Span<byte> bytes)
        {
            TokenPress.SystemRandom(bytes);
            if (bytes.Length >= 100 * sizeof(uint) && ++chunks == 2) halted = Task.Run(HaltAsync);
            halted?.Wait();
        }
        async Task<Outcome<Batch>> HaltAsync()
        {
            // The first chunk is committed by another thread, which waits for nothing of this one.
            await Patience.UntilAsync(async () => await CountAsync(batch.Id) > 0, "The first chunk was not written.");
            return await halt();
        }
        var writer = new BatchWriter(county.Database, county.Get<IssuingKeys>(), county.Get<County>(), county.Clock, Fill, county.Get<LiveFeed>());
        Assert.True(await writer.WriteAsync(batch.Id, batch.ValidUntil, CancellationToken.None));
        (await halted!).OrThrow();
    }

    private static Refusal Refused<T>(Outcome<T> outcome) => Assert.IsType<Outcome<T>.Refused>(outcome).Refusal;

    private async Task<int> CountAsync(BatchId batch)
    {
        await using var connection = await county.Database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<int>("select count(*)::int from voucher where batch_id = @batch", new { batch });
    }

    private async Task<long> ReservedAsync()
    {
        await using var connection = await county.Database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<long>("select coalesce(sum(balance_fen), 0)::bigint from ledger_account where kind = 3");
    }

    private Task AssertSoundAsync() => SoundBooks.AssertAsync(county);
}
