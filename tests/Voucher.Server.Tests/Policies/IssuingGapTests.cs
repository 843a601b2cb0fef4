using Dapper;
using Voucher.Core;
using Voucher.Core.Vouchers;
using Voucher.Server.Issuing;
using Voucher.Server.Issuing.Keys;
using Voucher.Server.Issuing.Revoking;
using Voucher.Server.Issuing.Stopping;
using Voucher.Server.Policies;
using Voucher.Server.Register;
using Voucher.Server.Tests.Issuing;
using Voucher.Server.Vouchers;
using Voucher.Server.Vouchers.Delivery;

namespace Voucher.Server.Tests.Policies;

/// <summary>Batches and vouchers on a day that no pack covers: nobody gets anything new, and whatever is wrong can be stopped.</summary>
public sealed class IssuingGapTests(CountyAtRest county) : IClassFixture<CountyAtRest>
{
    [Fact]
    public async Task Without_a_rule_nothing_is_issued_and_everything_can_be_stopped_taken_back_and_recorded()
    {
        var (clerk, approver) = (await county.ActorAsync("clerk"), await county.ActorAsync("approver"));
        var (request, drafted, cancelled) = (await RequestAsync(), await DraftedAsync(), await DraftedAsync());
        var (halted, stopped, issued) = (await county.ApprovedBatchAsync(2), await county.ApprovedBatchAsync(2), await county.IssuedBatchAsync(5));
        var vouchers = await VouchersAsync(issued.Id);
        var today = CountyTime.DayOf(county.Clock.GetUtcNow());
        await PolicyGap.OpenAsync(county.Get<PolicyStore>(), county.Database, today, today);

        GapActs acts = new();
        acts.Refused("preview a batch", () => county.Get<DraftBatch>().PreviewAsync(request));
        acts.Refused("draft a batch", () => county.Get<DraftBatch>().RunAsync(request, clerk));
        acts.Refused("approve a batch", () => county.Get<ApproveBatch>().RunAsync(drafted, approver));
        acts.GoesOn("cancel a batch", () => county.Get<CloseBatch>().CancelAsync(cancelled, "名单有误", clerk));
        acts.GoesOn("pause a batch", () => county.Get<PauseBatch>().RunAsync(halted.Id, "名单有误", asksToStop: false, clerk));
        acts.GoesOn("go on with what was approved", () => county.Get<ResumeBatch>().RunAsync(halted.Id, clerk));
        acts.GoesOn("ask to stop a batch", () => county.Get<PauseBatch>().RunAsync(stopped.Id, "发错对象", asksToStop: true, clerk));
        acts.GoesOn("stop a batch", () => county.Get<StopBatch>().RunAsync(stopped.Id, approver));
        acts.Refused("hand over a voucher", () => county.Get<HandOver>().RunAsync(vouchers[0], clerk));
        acts.Refused("replace a voucher", () => county.Get<ReplaceVoucher>().RunAsync(vouchers[0], "遗失", clerk));
        acts.GoesOn("record a delivery", () => county.Get<RecordDelivery>().RunAsync(vouchers[0], DeliveryItems.PolicyCard, true, clerk));
        acts.GoesOn("revoke a voucher", () => county.Get<RevokeVoucher>().RunAsync(vouchers[1], "发错人", clerk));
        acts.GoesOn("ask to revoke many", () => county.Get<ProposeRevocation>().RunAsync(RevocationScope.Of(issued.Id), false, "公示有异议", clerk));
        acts.GoesOn("revoke many", async () => await county.Get<DecideRevocation>().ApproveAsync(await ProposalAsync(issued.Id), approver));
        await acts.AssertAsync();
        while (await county.Get<RevocationWriter>().RunChunkAsync(CancellationToken.None)) { }
        await SoundBooks.AssertAsync(county);
    }

    private async Task<BatchRequest> RequestAsync()
    {
        var people = await TestPeople.AddAsync(county.Database, county.Get<PersonalData>(), county.Get<KeyFolder>(), 2);
        return TestPeople.Request(await TestPeople.AddListAsync(county.Database, people));
    }

    private async Task<BatchId> DraftedAsync() => (await county.Get<DraftBatch>().RunAsync(await RequestAsync(), await county.ActorAsync("clerk"))).OrThrow();

    private async Task<IReadOnlyList<VoucherId>> VouchersAsync(BatchId batch)
    {
        await using var connection = await county.Database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<VoucherId>("select id from voucher where batch_id = @batch order by id", new { batch })];
    }

    private async Task<long> ProposalAsync(BatchId batch)
    {
        await using var connection = await county.Database.OpenConnectionAsync();
        return await connection.QuerySingleAsync<long>("select id from revocation where batch_id = @batch", new { batch });
    }
}
