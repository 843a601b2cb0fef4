using Dapper;
using Npgsql;
using Voucher.Core;
using Voucher.Core.Policies;
using Voucher.Core.Refusals;
using Voucher.Core.Vouchers;
using Voucher.Server.Demo;
using Voucher.Server.Issuing;
using Voucher.Server.Policies;
using Voucher.Server.Vouchers;
using Voucher.Server.Vouchers.Delivery;

namespace Voucher.Server.Tests.Issuing;

/// <summary>What goes with a voucher is recorded where the pack asks for it; a batch is handed over by village from the signed lists.</summary>
[Collection(nameof(RestingCounty))]
public sealed class DeliveryTests(CountyAtRest county)
{
    [Fact]
    public async Task Under_a_pack_that_asks_for_it_nothing_is_handed_over_without_its_record()
    {
        var clerk = await county.ActorAsync("clerk");
        var (_, ids) = await IssuedAsync(3);
        await OnADayWithRecordsAsync(async () =>
        {
            var refusal = Assert.IsType<Outcome<VoucherId>.Refused>(await county.Get<HandOver>().RunAsync(ids[0], clerk)).Refusal;
            Assert.Equal((RefusalCode.DeliveryRecordMissing, "二（四）"), (refusal.Code, refusal.Rule!.Clause));
            (await county.Get<HandOver>().RunAsync(ids[0], clerk, DeliveryItems.PolicyCard | DeliveryItems.ContactCard, isSigned: true)).OrThrow();
            // The holder opened it on a phone: that is theirs, and the papers are recorded when they come.
            (await county.Get<HandOver>().RunAsync(ids[1], null)).OrThrow();
            Assert.Null(await RecordAsync(ids[1]));
            (await county.Get<RecordDelivery>().RunAsync(ids[1], DeliveryItems.All, true, clerk)).OrThrow();
            (await county.Get<RecordDelivery>().RunAsync(ids[1], DeliveryItems.Posts, false, clerk)).OrThrow();
        });
        Assert.Equal((DeliveryItems.PolicyCard | DeliveryItems.ContactCard, true, "马经办"), (await RecordAsync(ids[0])) is { } first ? (first.Items, first.IsSigned, first.By) : default);
        Assert.Equal(DeliveryItems.All, (await RecordAsync(ids[1]))!.Items);
        await using var connection = await county.Database.OpenConnectionAsync();
        await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync("update delivery set items = 1"));
    }

    [Fact]
    public async Task A_village_is_handed_over_from_its_signed_list_but_for_who_did_not_sign()
    {
        var clerk = await county.ActorAsync("clerk");
        var (batch, ids) = await IssuedAsync(6);
        await using var connection = await county.Database.OpenConnectionAsync();
        var township = DemoPlaces.Townships[0].Code;
        var village = township * 1000L + 901;
        await connection.ExecuteAsync("""
            insert into village (code, region, township_code, name) values (@village, @Region, @township, '示例测试村') on conflict do nothing;
            update person set township_code = @township, village_code = @village where id in (select person_id from voucher where id = any(@ids))
            """, new { village, DemoCounty.Region, township, ids = ids.Take(4).Select(id => id.Value).ToArray() });
        var what = new HandedOver(township, village) { Except = [ids[3]], Items = DeliveryItems.PolicyCard, IsSigned = true };
        Assert.Equal(3, (await county.Get<HandOver>().RunAsync(batch, what, clerk)).OrThrow());
        var listed = await BatchVoucherStore.ListAsync(connection, batch, township, 0, 10, village);
        Assert.Equal(4, listed.Count);
        Assert.Equal(ids[3], Assert.Single(listed, voucher => voucher.State == VoucherState.Issued).Id);
        Assert.Equal((DeliveryItems.PolicyCard, true), (await RecordAsync(ids[0])) is { } record ? (record.Items, record.IsSigned) : default);
        Assert.Null(await RecordAsync(ids[3]));
        Assert.Equal((village, "示例测试村", 4, 1), (await BatchVoucherStore.VillagesAsync(connection, batch, township)).Select(v => (v.Code, v.Name, v.Vouchers, v.ToHandOver)).Single());
    }

    /// <summary>A pack that asks for records is in force on one day only; the clock goes there and back.</summary>
    private async Task OnADayWithRecordsAsync(Func<Task> act)
    {
        var day = CountyTime.DayOf(county.Clock.GetUtcNow()).AddDays(5);
        var usual = DemoPolicy.For(DemoCounty.Region);
        await county.Get<PolicyStore>().AddAsync(usual with
        {
            DocumentNo = "绥人社〔2019〕1号", EffectiveFrom = day, EffectiveUntil = day,
            Parameters = new PolicyParameters { DeliveryRecordRequired = true },
            Clauses = new Dictionary<Clause, string>(usual.Clauses) { [Clause.Delivery] = "二（四）" },
        });
        county.Clock.Advance(TimeSpan.FromDays(5));
        try
        {
            await act();
        }
        finally
        {
            county.Clock.Advance(TimeSpan.FromDays(-5));
        }
    }

    private async Task<(BatchId Batch, IReadOnlyList<VoucherId> Ids)> IssuedAsync(int people)
    {
        var batch = await county.IssuedBatchAsync(people);
        await using var connection = await county.Database.OpenConnectionAsync();
        return (batch.Id, [.. (await BatchVoucherStore.ListAsync(connection, batch.Id, null, 0, people)).Select(voucher => voucher.Id)]);
    }

    private async Task<DeliveryRecord?> RecordAsync(VoucherId id)
    {
        await using var connection = await county.Database.OpenConnectionAsync();
        return await DeliveryStore.FindAsync(connection, id);
    }
}
