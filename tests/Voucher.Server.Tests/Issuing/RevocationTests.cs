using Dapper;
using Voucher.Core;
using Voucher.Core.Refusals;
using Voucher.Core.Vouchers;
using Voucher.Server.Issuing;
using Voucher.Server.Issuing.Revoking;
using Voucher.Server.Vouchers;

namespace Voucher.Server.Tests.Issuing;

/// <summary>Many vouchers are taken out of use by two persons, in chunks, with their money and their places.</summary>
[Collection(nameof(RestingCounty))]
public sealed class RevocationTests(CountyAtRest county)
{
    [Fact]
    public async Task The_unused_vouchers_of_a_batch_are_revoked_by_two_persons_and_the_enrolled_stay()
    {
        var (clerk, approver) = (await county.ActorAsync("clerk"), await county.ActorAsync("approver"));
        var reserved = await ReservedAsync();
        var batch = await county.IssuedBatchAsync(RevocationWriter.ChunkSize + 5);
        var ids = await IdsAsync(batch.Id);
        (await county.Get<HandOver>().RunAsync(ids[0], clerk)).OrThrow();
        await TestEnrolment.EnrolAsync(county, ids[1]);
        (await county.Get<RevokeVoucher>().RunAsync(ids[2], "发错人", clerk)).OrThrow();

        var scope = RevocationScope.Of(batch.Id);
        var preview = (await county.Get<ProposeRevocation>().PreviewAsync(scope)).OrThrow();
        Assert.Equal((RevocationWriter.ChunkSize + 3, 1, 1, 0), (preview.Unused, preview.Enrolled, preview.Untouched, preview.InConflict));
        Assert.Equal(new Core.Money.Fen(150_000) * preview.Unused, preview.UnusedMoney);
        var proposed = (await county.Get<ProposeRevocation>().RunAsync(scope, includesEnrolled: false, "公示有异议", clerk)).OrThrow();
        Assert.False(await county.Get<RevocationWriter>().RunChunkAsync(CancellationToken.None));
        Assert.Equal(RefusalCode.RevocationOpen, Refused(await county.Get<ProposeRevocation>().RunAsync(scope, true, "又一次", clerk)));
        Assert.Equal(RefusalCode.SamePerson, Refused(await county.Get<DecideRevocation>().ApproveAsync(proposed.Id, clerk)));
        (await county.Get<DecideRevocation>().ApproveAsync(proposed.Id, approver)).OrThrow();
        Assert.Equal(RefusalCode.RevocationWrongStep, Refused(await county.Get<DecideRevocation>().ApproveAsync(proposed.Id, approver)));

        // One chunk, then the server dies; another goes on after it.
        Assert.True(await county.Get<RevocationWriter>().RunChunkAsync(CancellationToken.None));
        Assert.Equal(RevocationWriter.ChunkSize, (await FindAsync(proposed.Id)).Revoked);
        await SoundBooks.AssertAsync(county);
        while (await county.Get<RevocationWriter>().RunChunkAsync(CancellationToken.None)) { }
        var done = await FindAsync(proposed.Id);
        Assert.Equal((RevocationStatus.Done, RevocationWriter.ChunkSize + 3), (done.Status, done.Revoked));
        Assert.Equal(reserved + 150_000, await ReservedAsync()); // of the enrolled one
        Assert.Equal(VoucherState.Enrolled, await StateAsync(ids[1]));
        await using var connection = await county.Database.OpenConnectionAsync();
        var entry = (await VoucherRecordStore.HistoryAsync(connection, ids[0]))[^1];
        Assert.Equal((VoucherEventKind.Revoked, "公示有异议"), (entry.Kind, entry.Reason));
        Assert.Equal(RefusalCode.NothingToRevoke, Refused(await county.Get<ProposeRevocation>().RunAsync(scope, false, "再来", clerk)));
        await SoundBooks.AssertAsync(county);
    }

    [Fact]
    public async Task The_unfinished_trainees_of_an_institution_lose_vouchers_and_places_and_those_of_others_do_not()
    {
        var (clerk, approver) = (await county.ActorAsync("clerk"), await county.ActorAsync("approver"));
        var batch = await county.IssuedBatchAsync(3);
        var ids = await IdsAsync(batch.Id);
        await TestEnrolment.EnrolAsync(county, ids[0]);
        await TestEnrolment.EnrolAsync(county, ids[2]);
        await using var connection = await county.Database.OpenConnectionAsync();
        var institution = await connection.QuerySingleAsync<InstitutionId>(
            "select c.institution_id from enrolment n join training_class c on c.id = n.class_id where n.voucher_id = @id and n.is_active", new { id = ids[0] });
        var proposed = (await county.Get<ProposeRevocation>().RunAsync(RevocationScope.Of(institution), false, "资质取消", clerk)).OrThrow();
        Assert.True(proposed.IncludesEnrolled);
        Assert.False(proposed.HasChanged);
        // Between proposal and approval one enrols and one leaves: the first is not taken, and the approver is told of the second.
        await TestEnrolment.EnrolAsync(county, ids[1]);
        (await county.Get<RevokeVoucher>().RunAsync(ids[2], "本人申请", clerk)).OrThrow();
        Assert.Equal((proposed.Vouchers, proposed.Vouchers - 1), ((await FindAsync(proposed.Id)).Vouchers, (await FindAsync(proposed.Id)).StillTaken));
        (await county.Get<DecideRevocation>().ApproveAsync(proposed.Id, approver)).OrThrow();
        while (await county.Get<RevocationWriter>().RunChunkAsync(CancellationToken.None)) { }
        Assert.Equal(VoucherState.Revoked, await StateAsync(ids[0]));
        Assert.Equal(VoucherState.Enrolled, await StateAsync(ids[1]));
        Assert.Equal(proposed.Vouchers - 1, (await FindAsync(proposed.Id)).Revoked);
        Assert.Equal(0, await connection.ExecuteScalarAsync<int>("select count(*)::int from enrolment where voucher_id = @id and is_active", new { id = ids[0] }));
        await SoundBooks.AssertAsync(county);
    }

    [Fact]
    public async Task A_persons_vouchers_are_proposed_turned_down_with_a_reason_and_then_proposed_anew()
    {
        var (clerk, approver) = (await county.ActorAsync("clerk"), await county.ActorAsync("approver"));
        var batch = await county.IssuedBatchAsync(2);
        var ids = await IdsAsync(batch.Id);
        await using var connection = await county.Database.OpenConnectionAsync();
        var person = await connection.QuerySingleAsync<PersonId>("select person_id from voucher where id = @id", new { id = ids[0] });
        var scope = RevocationScope.Of(person);
        var first = (await county.Get<ProposeRevocation>().RunAsync(scope, false, "举报倒卖", clerk)).OrThrow();
        Assert.Equal(1, first.Vouchers);
        Assert.Equal(RefusalCode.ReasonMissing, Refused(await county.Get<DecideRevocation>().RefuseAsync(first.Id, "", approver)));
        Assert.Equal(RevocationStatus.Refused, (await county.Get<DecideRevocation>().RefuseAsync(first.Id, "证据不足", approver)).OrThrow().Status);
        var second = (await county.Get<ProposeRevocation>().RunAsync(scope, false, "已核实", clerk)).OrThrow();
        // Nobody keeps a voucher by losing it: the reprint goes the same way.
        var reprint = (await county.Get<ReplaceVoucher>().RunAsync(ids[0], "遗失", clerk)).OrThrow();
        (await county.Get<DecideRevocation>().ApproveAsync(second.Id, approver)).OrThrow();
        while (await county.Get<RevocationWriter>().RunChunkAsync(CancellationToken.None)) { }
        Assert.Equal((VoucherState.Revoked, VoucherState.Issued), (await StateAsync(reprint), await StateAsync(ids[1])));
        Assert.Equal(1, (await FindAsync(second.Id)).Revoked);
    }

    [Fact]
    public async Task A_revocation_that_fails_lets_the_others_go_first_and_is_tried_again_later()
    {
        var (clerk, approver) = (await county.ActorAsync("clerk"), await county.ActorAsync("approver"));
        var batches = new[] { await county.IssuedBatchAsync(1), await county.IssuedBatchAsync(1) };
        var proposals = new List<long>();
        foreach (var batch in batches)
        {
            var proposed = (await county.Get<ProposeRevocation>().RunAsync(RevocationScope.Of(batch.Id), false, "有误", clerk)).OrThrow();
            proposals.Add((await county.Get<DecideRevocation>().ApproveAsync(proposed.Id, approver)).OrThrow().Id);
        }
        var poisoned = (await IdsAsync(batches[0].Id))[0];
        await using var connection = await county.Database.OpenConnectionAsync();
        await connection.ExecuteAsync($"create trigger poison before update on voucher for each row when (old.id = {poisoned.Value}) execute function refuse_change()");
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => county.Get<RevocationWriter>().RunChunkAsync(CancellationToken.None));
        while (await county.Get<RevocationWriter>().RunChunkAsync(CancellationToken.None)) { }
        Assert.Equal((RevocationStatus.UnderWay, RevocationStatus.Done), ((await FindAsync(proposals[0])).Status, (await FindAsync(proposals[1])).Status));
        Assert.True((await FindAsync(proposals[0])).RetryAt > county.Clock.GetUtcNow());
        await connection.ExecuteAsync("drop trigger poison on voucher; update revocation set retry_at = '2020-01-01' where retry_at is not null");
        while (await county.Get<RevocationWriter>().RunChunkAsync(CancellationToken.None)) { }
        Assert.Equal(RevocationStatus.Done, (await FindAsync(proposals[0])).Status);
        await SoundBooks.AssertAsync(county);
    }

    [Fact]
    public async Task What_does_not_exist_or_is_not_one_thing_is_not_revoked()
    {
        var clerk = await county.ActorAsync("clerk");
        Assert.Null(RevocationScope.Read(1, 1, null));
        Assert.IsType<Outcome<Revocation>.BadInput>(await county.Get<ProposeRevocation>().RunAsync(RevocationScope.Read(null, null, null), false, "x", clerk));
        Assert.Equal(RefusalCode.NotFound, Refused(await county.Get<ProposeRevocation>().RunAsync(RevocationScope.Of(new BatchId(long.MaxValue)), false, "x", clerk)));
        var writing = await county.ApprovedBatchAsync(1);
        Assert.Equal(RefusalCode.NotFound, Refused(await county.Get<ProposeRevocation>().RunAsync(RevocationScope.Of(writing.Id), false, "x", clerk)));
        Assert.Equal(RefusalCode.NotFound, Refused(await county.Get<DecideRevocation>().ApproveAsync(-1, clerk)));
    }

    private static RefusalCode Refused<T>(Outcome<T> outcome) => Assert.IsType<Outcome<T>.Refused>(outcome).Refusal.Code;

    private async Task<IReadOnlyList<VoucherId>> IdsAsync(BatchId batch)
    {
        await using var connection = await county.Database.OpenConnectionAsync();
        return [.. (await BatchVoucherStore.ListAsync(connection, batch, null, 0, 10)).Select(voucher => voucher.Id)];
    }

    private async Task<Revocation> FindAsync(long id)
    {
        await using var connection = await county.Database.OpenConnectionAsync();
        return (await RevocationStore.FindAsync(connection, Voucher.Server.Demo.DemoCounty.Region, id))!;
    }

    private async Task<VoucherState> StateAsync(VoucherId id)
    {
        await using var connection = await county.Database.OpenConnectionAsync();
        return (await VoucherStore.LoadAsync(connection, id))!.Voucher.State;
    }

    private async Task<long> ReservedAsync()
    {
        await using var connection = await county.Database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<long>("select coalesce(sum(balance_fen), 0)::bigint from ledger_account where kind = 3");
    }
}
