using Voucher.Core.Refusals;
using Voucher.Core.Vouchers;
using Voucher.Server.Issuing;
using Voucher.Server.Vouchers;
using Voucher.Server.Vouchers.Reissuing;

namespace Voucher.Server.Tests.Issuing;

/// <summary>The third reissue of a paper takes two persons.</summary>
[Collection(nameof(RestingCounty))]
public sealed class ReissueTests(CountyAtRest county)
{
    [Fact]
    public async Task A_paper_is_replaced_twice_by_one_person_and_the_third_time_by_two()
    {
        var (clerk, approver) = (await county.ActorAsync("clerk"), await county.ActorAsync("approver"));
        var paper = await ThirdPaperAsync();
        Assert.Equal(2, (await RecordAsync(paper)).Reissues);
        var refusal = Assert.IsType<Outcome<VoucherId>.Refused>(await county.Get<ReplaceVoucher>().RunAsync(paper, "又丢了", clerk)).Refusal;
        Assert.Equal(RefusalCode.ReissueNeedsReview, refusal.Code);
        Assert.NotNull(refusal.Rule);

        var request = (await county.Get<RequestReissue>().RunAsync(paper, "又丢了", clerk)).OrThrow();
        Assert.Equal(RefusalCode.ReissueRequestOpen, Refused(await county.Get<RequestReissue>().RunAsync(paper, "又丢了", clerk)));
        Assert.Equal(RefusalCode.SamePerson, Refused(await county.Get<DecideReissue>().ApproveAsync(request, clerk)));
        var successor = (await county.Get<DecideReissue>().ApproveAsync(request, approver)).OrThrow();
        Assert.Equal((3, (VoucherId?)paper), ((await RecordAsync(successor)).Reissues, (await RecordAsync(successor)).Replaces));
        Assert.Equal(VoucherState.Replaced, (await RecordAsync(paper)).State);
        Assert.Equal(RefusalCode.ReissueWrongStep, Refused(await county.Get<DecideReissue>().ApproveAsync(request, approver)));
        await SoundBooks.AssertAsync(county);
    }

    [Fact]
    public async Task A_review_may_say_no_with_a_reason_and_the_paper_stays_good()
    {
        var (clerk, approver) = (await county.ActorAsync("clerk"), await county.ActorAsync("approver"));
        var paper = await ThirdPaperAsync();
        var request = (await county.Get<RequestReissue>().RunAsync(paper, "又丢了", clerk)).OrThrow();
        Assert.Equal(RefusalCode.ReasonMissing, Refused(await county.Get<DecideReissue>().RefuseAsync(request, " ", approver)));
        (await county.Get<DecideReissue>().RefuseAsync(request, "先查是否倒卖", approver)).OrThrow();
        Assert.Equal(VoucherState.Issued, (await RecordAsync(paper)).State);
        // Asked again, and revoked before anybody reviews it: then there is nothing to replace.
        var again = (await county.Get<RequestReissue>().RunAsync(paper, "查清了", clerk)).OrThrow();
        (await county.Get<RevokeVoucher>().RunAsync(paper, "倒卖属实", clerk)).OrThrow();
        Assert.Equal(RefusalCode.VoucherRevoked, Refused(await county.Get<DecideReissue>().ApproveAsync(again, approver)));
    }

    [Fact]
    public async Task A_first_reissue_is_not_reviewed_and_several_reviewers_at_once_make_one_reprint()
    {
        var (clerk, approver) = (await county.ActorAsync("clerk"), await county.ActorAsync("approver"));
        var first = await FirstPaperAsync();
        Assert.Equal(RefusalCode.ReissueNotDue, Refused(await county.Get<RequestReissue>().RunAsync(first, "丢了", clerk)));
        Assert.Equal(RefusalCode.NotFound, Refused(await county.Get<DecideReissue>().ApproveAsync(long.MaxValue, approver)));
        var request = (await county.Get<RequestReissue>().RunAsync(await ThirdPaperAsync(), "丢了", clerk)).OrThrow();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => county.Get<DecideReissue>().ApproveAsync(request, approver)));
        Assert.Single(outcomes.OfType<Outcome<VoucherId>.Done>());
    }

    private async Task<VoucherId> FirstPaperAsync()
    {
        var batch = await county.IssuedBatchAsync(1);
        await using var connection = await county.Database.OpenConnectionAsync();
        return (await BatchVoucherStore.ListAsync(connection, batch.Id, null, 0, 1))[0].Id;
    }

    private async Task<VoucherId> ThirdPaperAsync()
    {
        var clerk = await county.ActorAsync("clerk");
        var second = (await county.Get<ReplaceVoucher>().RunAsync(await FirstPaperAsync(), "丢了", clerk)).OrThrow();
        return (await county.Get<ReplaceVoucher>().RunAsync(second, "丢了", clerk)).OrThrow();
    }

    private async Task<VoucherRecord> RecordAsync(VoucherId id)
    {
        await using var connection = await county.Database.OpenConnectionAsync();
        return (await VoucherRecordStore.FindAsync(connection, Voucher.Server.Demo.DemoCounty.Region, id))!;
    }

    private static RefusalCode Refused<T>(Outcome<T> outcome) => Assert.IsType<Outcome<T>.Refused>(outcome).Refusal.Code;
}
