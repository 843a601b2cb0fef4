using Dapper;
using Voucher.Core;
using Voucher.Core.Refusals;
using Voucher.Server.Accounts;
using Voucher.Server.Issuing;
using Voucher.Server.Issuing.Keys;
using Voucher.Server.Issuing.LeavingOut;
using Voucher.Server.Issuing.Stopping;
using Voucher.Server.Portal;
using Voucher.Server.Register;
using Voucher.Server.Reporting;
using Voucher.Server.Invariants;

namespace Voucher.Server.Tests.Issuing;

/// <summary>Whoever became ineligible after the drafting is left out of the batch by two persons, and the others get their vouchers.</summary>
[Collection(nameof(RestingCounty))]
public sealed class LeavingOutTests(CountyAtRest county)
{
    private const int People = BatchWriter.ChunkSize + 100;

    [Fact]
    public async Task An_approver_who_has_read_the_list_approves_a_batch_without_those_who_became_ineligible()
    {
        var people = await PeopleAsync(5);
        var id = await DraftAsync(people);
        await HitAsync(people[1], people[4]);
        var approver = await county.ActorAsync("approver");
        Assert.Equal(RefusalCode.NoLongerEligible, Refused(await county.Get<ApproveBatch>().RunAsync(id, approver)).Code);
        var reserved = await ReservedAsync();
        var places = await PlacesAsync(id, people[1], people[4]);
        var list = await ReadAsync(id);
        Assert.Equal((2, 3, 450_000L), (list.Total, list.PeopleAfter, list.MoneyAfter.Value));
        Assert.All(list.People, person => Assert.Equal("24", person.ReasonNumbers));

        var batch = (await county.Get<ApproveBatch>().RunAsync(id, approver, list.Mark)).OrThrow();
        Assert.Equal((BatchStatus.Approved, 3), (batch.Status, batch.People));
        Assert.Equal(450_000, await ReservedAsync() - reserved);
        await WriteAsync(batch);
        Assert.Equal(people.Where(person => person != people[1] && person != people[4]).Order(), await HoldersAsync(id));
        Assert.Equal([.. places.Select(place => (place.Person, place.Ordinal, "{24}", true, true))], await LeftOutAsync(id));
        await AssertSoundAsync();
    }

    [Fact]
    public async Task Nobody_is_left_out_by_a_list_that_has_changed_since_it_was_read_nor_by_whoever_drafted_the_batch()
    {
        var people = await PeopleAsync(4);
        var id = await DraftAsync(people);
        await HitAsync(people[0]);
        var approver = await county.ActorAsync("approver");
        var mark = (await ReadAsync(id)).Mark;
        Assert.Equal(RefusalCode.SamePerson, Refused(await county.Get<ApproveBatch>().RunAsync(id, await county.ActorAsync("clerk"), mark)).Code);
        await HitAsync(people[2]);
        Assert.Equal(RefusalCode.LeaveOutListChanged, Refused(await county.Get<ApproveBatch>().RunAsync(id, approver, mark)).Code);
        Assert.Equal(RefusalCode.LeaveOutListChanged, Refused(await county.Get<ApproveBatch>().RunAsync(id, approver, "")).Code);
        await HitAsync(people[1], people[3]);
        Assert.Equal(RefusalCode.NobodyWouldRemain, Refused(await county.Get<ApproveBatch>().RunAsync(id, approver, (await ReadAsync(id)).Mark)).Code);
        Assert.Empty(await LeftOutAsync(id));
        Assert.Equal(BatchStatus.Drafted, await StatusAsync(id));
    }

    [Fact]
    public async Task A_batch_that_is_halted_half_written_goes_on_without_one_who_died_and_nothing_that_was_written_is_revoked()
    {
        var (clerk, approver) = (await county.ActorAsync("clerk"), await county.ActorAsync("approver"));
        var reserved = await ReservedAsync();
        var batch = await county.ApprovedBatchAsync(People);
        await WriteWithAsync(batch, async () => (await county.Get<PauseBatch>().RunAsync(batch.Id, "有人去世", asksToStop: false, clerk)).OrThrow());
        var (first, middle) = (await PersonAtAsync(batch.Id, BatchWriter.ChunkSize), await PersonAtAsync(batch.Id, BatchWriter.ChunkSize + 50));
        await HitAsync(first, middle);
        Assert.Equal(RefusalCode.NoLongerEligible, Refused(await county.Get<ResumeBatch>().RunAsync(batch.Id, clerk)).Code);
        var mark = (await ReadAsync(batch.Id)).Mark;
        Assert.Equal(RefusalCode.LeaveOutNotAsked, Refused(await county.Get<DecideLeaveOut>().ApproveAsync(batch.Id, mark, approver)).Code);
        Assert.Equal(RefusalCode.ReasonMissing, Refused(await county.Get<AskLeaveOut>().RunAsync(batch.Id, mark, " ", clerk)).Code);
        (await county.Get<AskLeaveOut>().RunAsync(batch.Id, mark, "两人去世", clerk)).OrThrow();
        Assert.Equal(RefusalCode.SamePerson, Refused(await county.Get<DecideLeaveOut>().ApproveAsync(batch.Id, mark, clerk)).Code);
        Assert.Equal(RefusalCode.LeaveOutListChanged, Refused(await county.Get<DecideLeaveOut>().ApproveAsync(batch.Id, new string('0', 64), approver)).Code);
        var decided = (await county.Get<DecideLeaveOut>().ApproveAsync(batch.Id, mark, approver)).OrThrow();
        Assert.Equal((BatchStatus.Approved, People - 2, false), (decided.Status, decided.People, decided.IsPaused));
        Assert.Equal((People - 2) * 150_000L, await ReservedAsync() - reserved);
        await AssertSoundAsync();

        await WriteAsync(batch);
        Assert.Equal(BatchStatus.Issued, await StatusAsync(batch.Id));
        await using var connection = await county.Database.OpenConnectionAsync();
        // Numbers without a gap, nobody twice, neither of the two, and none revoked.
        Assert.Equal((People - 2, People - 2, People - 3L, 1), await connection.QuerySingleAsync<(int, int, long, int)>("""
            select count(*)::int, count(distinct person_id)::int, max(id) - min(id), max(state)::int from voucher where batch_id = @Id and person_id <> all(@gone)
            """, new { batch.Id, gone = new[] { first, middle } }));
        Assert.Equal([(first, BatchWriter.ChunkSize, "{24}", true, true), (middle, BatchWriter.ChunkSize + 50, "{24}", true, true)], await LeftOutAsync(batch.Id));
        await AssertSoundAsync();
    }

    [Fact]
    public async Task A_chunk_that_was_signed_before_somebody_was_left_out_is_never_written()
    {
        var (clerk, approver) = (await county.ActorAsync("clerk"), await county.ActorAsync("approver"));
        var batch = await county.ApprovedBatchAsync(People);
        var gone = await PersonAtAsync(batch.Id, BatchWriter.ChunkSize);
        // The whole matter is over before the writer comes to the chunk that it has signed for the person.
        await WriteWithAsync(batch, async () =>
        {
            (await county.Get<PauseBatch>().RunAsync(batch.Id, "有人去世", asksToStop: false, clerk)).OrThrow();
            await HitAsync(gone);
            var mark = (await ReadAsync(batch.Id)).Mark;
            (await county.Get<AskLeaveOut>().RunAsync(batch.Id, mark, "去世", clerk)).OrThrow();
            (await county.Get<DecideLeaveOut>().ApproveAsync(batch.Id, mark, approver)).OrThrow();
        });
        await WriteAsync(batch);
        var holders = await HoldersAsync(batch.Id);
        Assert.Equal(People - 1, holders.Count);
        Assert.DoesNotContain(gone, holders);
        await AssertSoundAsync();
    }

    [Fact]
    public async Task Where_all_who_wait_are_left_out_the_batch_is_issued_with_those_who_have_theirs()
    {
        var (clerk, approver) = (await county.ActorAsync("clerk"), await county.ActorAsync("approver"));
        var batch = await county.ApprovedBatchAsync(BatchWriter.ChunkSize + 2);
        await WriteWithAsync(batch, async () => (await county.Get<PauseBatch>().RunAsync(batch.Id, "核对", asksToStop: false, clerk)).OrThrow(), waitFor: 1);
        await HitAsync(await PersonAtAsync(batch.Id, BatchWriter.ChunkSize), await PersonAtAsync(batch.Id, BatchWriter.ChunkSize + 1));
        var mark = (await ReadAsync(batch.Id)).Mark;
        (await county.Get<AskLeaveOut>().RunAsync(batch.Id, mark, "去世", clerk)).OrThrow();
        var decided = (await county.Get<DecideLeaveOut>().ApproveAsync(batch.Id, mark, approver)).OrThrow();
        Assert.Equal((BatchStatus.Issued, BatchWriter.ChunkSize, BatchWriter.ChunkSize), (decided.Status, decided.People, decided.Written));
        Assert.NotNull(decided.FinishedAt);
        // The trail says that this issued it, not that it went on.
        await using var connection = await county.Database.OpenConnectionAsync();
        var trail = (await connection.QueryAsync<(string Action, string Detail)>(
            "select action, detail from audit_entry where subject = @subject order by number", new { subject = $"batch:{batch.Id}" })).ToList();
        Assert.EndsWith(" people:2 issued", Assert.Single(trail, entry => entry.Action == "batch.leave-out").Detail, StringComparison.Ordinal);
        Assert.DoesNotContain(trail, entry => entry.Action == "batch.resume");
        await AssertSoundAsync();
    }

    [Fact]
    public async Task The_pages_of_the_list_are_in_the_order_of_delivery_and_under_one_mark()
    {
        var people = await PeopleAsync(PortalPage.PageSize + 10);
        var id = await DraftAsync(people);
        await HitAsync(people[5..]);
        var (first, second) = (await ReadAsync(id), await ReadAsync(id, page: 2));
        Assert.Equal((PortalPage.PageSize, 5, first.Mark), (first.People.Count, second.People.Count, second.Mark));
        var places = await PlacesAsync(id, people[5..]);
        Assert.Equal(places.Select(place => place.Person), first.People.Concat(second.People).Select(person => person.Id.Value));
        Assert.All(first.People.Concat(second.People), person => Assert.Equal(("24", true), (person.ReasonNumbers, person.Township is not null)));
    }

    [Fact]
    public async Task What_was_asked_is_turned_down_with_a_reason_or_overtaken_by_a_newer_list_a_stop_or_going_on()
    {
        var (clerk, approver) = (await county.ActorAsync("clerk"), await county.ActorAsync("approver"));
        var batch = await county.ApprovedBatchAsync(4);
        Assert.Equal(RefusalCode.BatchWrongStep, Refused(await county.Get<AskLeaveOut>().RunAsync(batch.Id, "", "去世", clerk)).Code);
        (await county.Get<PauseBatch>().RunAsync(batch.Id, "核对", asksToStop: false, clerk)).OrThrow();
        Assert.Equal(RefusalCode.LeaveOutListChanged, Refused(await county.Get<AskLeaveOut>().RunAsync(batch.Id, (await ReadAsync(batch.Id)).Mark, "没有人", clerk)).Code);
        await HitAsync(await PersonAtAsync(batch.Id, 1));
        await AskAsync(batch.Id, clerk);
        await HitAsync(await PersonAtAsync(batch.Id, 2));
        var now = await ReadAsync(batch.Id);
        Assert.True(now.HasChanged);
        Assert.Equal(RefusalCode.LeaveOutListChanged, Refused(await county.Get<DecideLeaveOut>().ApproveAsync(batch.Id, now.Open!.Mark, approver)).Code);
        await AskAsync(batch.Id, clerk);
        Assert.Equal(RefusalCode.SamePerson, Refused(await county.Get<DecideLeaveOut>().RefuseAsync(batch.Id, "不", clerk)).Code);
        Assert.Equal(RefusalCode.ReasonMissing, Refused(await county.Get<DecideLeaveOut>().RefuseAsync(batch.Id, " ", approver)).Code);
        Assert.True((await county.Get<DecideLeaveOut>().RefuseAsync(batch.Id, "名单有误", approver)).OrThrow().IsPaused);
        await AskAsync(batch.Id, clerk);
        (await county.Get<PauseBatch>().RunAsync(batch.Id, "不发了", asksToStop: true, clerk)).OrThrow();
        Assert.Equal(RefusalCode.BatchWrongStep, Refused(await county.Get<AskLeaveOut>().RunAsync(batch.Id, now.Mark, "去世", clerk)).Code);
        await using var connection = await county.Database.OpenConnectionAsync();
        await connection.ExecuteAsync("update match_hit set dismissed_at = now(), dismissed_by = 1, dismissed_reason = '核实' where person_id in (select person_id from batch_person where batch_id = @Id)", new { batch.Id });
        (await county.Get<ResumeBatch>().RunAsync(batch.Id, clerk)).OrThrow();
        Assert.Equal(new short?[] { 3, 2, 3 }, await connection.QueryAsync<short?>("select decision from batch_leave_out where batch_id = @Id order by id", new { batch.Id }));
        await WriteAsync(batch);
        Assert.Equal(4, (await HoldersAsync(batch.Id)).Count);
        await AssertSoundAsync();
    }

    [Fact]
    public async Task Who_was_left_out_no_longer_waits_for_a_voucher_and_no_row_is_lost()
    {
        var people = await PeopleAsync(3);
        var id = await DraftAsync(people);
        await HitAsync(people[1]);
        (await county.Get<ApproveBatch>().RunAsync(id, await county.ActorAsync("approver"), (await ReadAsync(id)).Mark)).OrThrow();
        await using var connection = await county.Database.OpenConnectionAsync();
        await connection.ExecuteAsync("update match_hit set dismissed_at = now(), dismissed_by = 1, dismissed_reason = '核实' where person_id = @person", new { person = people[1] });
        // The next batch may have them again.
        var next = await DraftAsync(people);
        Assert.Equal(people[1], await connection.QuerySingleAsync<long>("select person_id from batch_person where batch_id = @next", new { next }));
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => connection.ExecuteAsync("delete from batch_person where batch_id = @id", new { id }));
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => connection.ExecuteAsync("delete from batch_left_out where batch_id = @id", new { id }));
    }

    private async Task AskAsync(BatchId batch, Actor by) =>
        (await county.Get<AskLeaveOut>().RunAsync(batch, (await ReadAsync(batch)).Mark, "去世", by)).OrThrow();

    private Task<long[]> PeopleAsync(int count) => TestPeople.AddAsync(county.Database, county.Get<PersonalData>(), county.Get<KeyFolder>(), count);

    private async Task<BatchId> DraftAsync(long[] people) =>
        (await county.Get<DraftBatch>().RunAsync(TestPeople.Request(await TestPeople.AddListAsync(county.Database, people)), await county.ActorAsync("clerk"))).OrThrow();

    private async Task<IneligibleView> ReadAsync(BatchId id, int page = 1)
    {
        await using var connection = await county.Database.OpenConnectionAsync();
        return await county.Get<IneligibleReader>().ReadAsync((await BatchStore.FindAsync(connection, county.Get<County>().Region, id))!, page);
    }

    private async Task HitAsync(params long[] people)
    {
        await using var connection = await county.Database.OpenConnectionAsync();
        await connection.ExecuteAsync("""
            with run as (
                insert into match_run (region, source, file_name, as_of, created_by, created_at) values (622926, 4, 'x', '2026-01-01', 1, now()) returning id)
            insert into match_hit (run_id, region, person_id, source) select id, 622926, person, 4 from run, unnest(@people) as person
            """, new { people });
    }

    private Task WriteAsync(Batch batch) => county.Get<BatchWriter>().WriteAsync(batch.Id, batch.ValidUntil, CancellationToken.None);

    /// <summary>Writes until the first chunk is written and the second signed, or is about to be; then <paramref name="meanwhile"/> happens.</summary>
    /// <param name="waitFor">From how many nonces on a drawing is a chunk's.</param>
    private async Task WriteWithAsync(Batch batch, Func<Task> meanwhile, int waitFor = 100)
    {
        var chunks = 0;
        Task? happened = null;
        void Fill(Span<byte> bytes)
        {
            TokenPress.SystemRandom(bytes);
            if (bytes.Length >= waitFor * sizeof(uint) && ++chunks == 2) happened = Task.Run(HappenAsync);
            happened?.Wait();
        }
        async Task HappenAsync()
        {
            await Patience.UntilAsync(async () => (await HoldersAsync(batch.Id)).Count > 0, "The first chunk was not written.");
            await meanwhile();
        }
        var writer = new BatchWriter(county.Database, county.Get<IssuingKeys>(), county.Get<County>(), county.Clock, Fill, county.Get<LiveFeed>());
        Assert.True(await writer.WriteAsync(batch.Id, batch.ValidUntil, CancellationToken.None));
        await happened!;
    }

    private async Task<IReadOnlyList<long>> HoldersAsync(BatchId batch)
    {
        await using var connection = await county.Database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<long>("select person_id from voucher where batch_id = @batch order by person_id", new { batch })];
    }

    private async Task<IReadOnlyList<(long Person, int Ordinal, string Reasons, bool HasRule, bool IsByTwo)>> LeftOutAsync(BatchId batch)
    {
        await using var connection = await county.Database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<(long, int, string, bool, bool)>("""
            select o.person_id, o.ordinal, o.reasons::text, o.rule like '%第%', l.decided_by_staff <> coalesce(l.asked_by_staff, b.drafted_by_staff)
            from batch_left_out o join batch_leave_out l on l.id = o.leave_out_id join batch b on b.id = o.batch_id
            where o.batch_id = @batch order by o.ordinal
            """, new { batch })];
    }

    private async Task<long> PersonAtAsync(BatchId batch, int ordinal)
    {
        await using var connection = await county.Database.OpenConnectionAsync();
        return await connection.QuerySingleAsync<long>("select person_id from batch_person where batch_id = @batch and ordinal = @ordinal", new { batch, ordinal });
    }

    /// <summary>Where they stand in the batch, in the order of its places.</summary>
    private async Task<IReadOnlyList<(long Person, int Ordinal)>> PlacesAsync(BatchId batch, params long[] people)
    {
        await using var connection = await county.Database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<(long, int)>(
            "select person_id, ordinal from batch_person where batch_id = @batch and person_id = any(@people) order by ordinal", new { batch, people })];
    }

    private async Task<BatchStatus> StatusAsync(BatchId batch)
    {
        await using var connection = await county.Database.OpenConnectionAsync();
        return (BatchStatus)await connection.QuerySingleAsync<short>("select status from batch where id = @batch", new { batch });
    }

    private async Task<long> ReservedAsync()
    {
        await using var connection = await county.Database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<long>("select coalesce(sum(balance_fen), 0)::bigint from ledger_account where kind = 3");
    }

    private async Task AssertSoundAsync()
    {
        await SoundBooks.AssertAsync(county);
        await using var connection = await county.Database.OpenConnectionAsync();
        Assert.DoesNotContain((await InvariantChecks.RunAsync(connection)).Violations, violation => violation.Number is "1.9" or "7.5" or "7.6" or "3.5");
    }

    private static Refusal Refused<T>(Outcome<T> outcome) => Assert.IsType<Outcome<T>.Refused>(outcome).Refusal;
}
