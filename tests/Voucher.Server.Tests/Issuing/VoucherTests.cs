using Dapper;
using Voucher.Core;
using Voucher.Core.Refusals;
using Voucher.Core.Tokens;
using Voucher.Core.Vouchers;
using Voucher.Server.Issuing;
using Voucher.Server.Issuing.Keys;
using Voucher.Server.Vouchers;

namespace Voucher.Server.Tests.Issuing;

/// <summary>Handing over, revoking, replacing and expiring, with the money that goes along.</summary>
public sealed class VoucherTests(CountyAtRest county) : IClassFixture<CountyAtRest>
{
    [Fact]
    public async Task A_voucher_is_handed_over_once()
    {
        var (_, ids) = await IssuedAsync(1);
        var clerk = await county.ActorAsync("clerk");
        Assert.IsType<Outcome<VoucherId>.Done>(await county.Get<HandOver>().RunAsync(ids[0], clerk));
        var again = Assert.IsType<Outcome<VoucherId>.Refused>(await county.Get<HandOver>().RunAsync(ids[0], clerk));
        Assert.Equal(RefusalCode.AlreadyHandedOver, again.Refusal.Code);
        Assert.Equal("1,2", await StatesAsync(ids[0]));
    }

    [Fact]
    public async Task A_batch_is_handed_over_at_once_and_void_vouchers_are_left_alone()
    {
        var (batch, ids) = await IssuedAsync(30);
        var clerk = await county.ActorAsync("clerk");
        (await county.Get<RevokeVoucher>().RunAsync(ids[3], "重复", clerk)).OrThrow();
        (await county.Get<HandOver>().RunAsync(ids[4], clerk)).OrThrow();
        Assert.Equal(28, (await county.Get<HandOver>().RunAsync(batch.Id, new HandedOver(), clerk)).OrThrow());
        Assert.Equal(0, (await county.Get<HandOver>().RunAsync(batch.Id, new HandedOver(), clerk)).OrThrow());
        Assert.Equal("1,6", await StatesAsync(ids[3]));
        Assert.Equal("1,2", await StatesAsync(ids[5]));
        await AssertSoundAsync();
    }

    [Fact]
    public async Task A_revoked_voucher_gives_its_money_back_once()
    {
        var (_, ids) = await IssuedAsync(2);
        var clerk = await county.ActorAsync("clerk");
        var before = await ReservedAsync();
        var silent = Assert.IsType<Outcome<VoucherId>.Refused>(await county.Get<RevokeVoucher>().RunAsync(ids[0], "", clerk));
        Assert.Equal(RefusalCode.ReasonMissing, silent.Refusal.Code);
        Assert.IsType<Outcome<VoucherId>.BadInput>(await county.Get<RevokeVoucher>().RunAsync(ids[0], new string('长', 201), clerk));
        (await county.Get<RevokeVoucher>().RunAsync(ids[0], "发错人", clerk)).OrThrow();
        Assert.IsType<Outcome<VoucherId>.Refused>(await county.Get<RevokeVoucher>().RunAsync(ids[0], "发错人", clerk));
        Assert.Equal(before - 150_000, await ReservedAsync());
        await AssertSoundAsync();
    }

    [Theory]
    [InlineData(VoucherState.Issued, "1")]
    [InlineData(VoucherState.Claimed, "1,2")]
    [InlineData(VoucherState.Enrolled, "1,2,3")]
    public async Task A_reprint_takes_over_state_money_and_class_and_voids_the_old_paper(VoucherState state, string states)
    {
        var (_, ids) = await IssuedAsync(1);
        var clerk = await county.ActorAsync("clerk");
        if (state != VoucherState.Issued) (await county.Get<HandOver>().RunAsync(ids[0], clerk)).OrThrow();
        if (state == VoucherState.Enrolled) await EnrolAsync(ids[0]);
        var reserved = await ReservedAsync();

        var successor = (await county.Get<ReplaceVoucher>().RunAsync(ids[0], "遗失", clerk)).OrThrow();

        await using var connection = await county.Database.OpenConnectionAsync();
        var old = (await VoucherStore.LoadAsync(connection, ids[0]))!;
        var fresh = (await VoucherStore.LoadAsync(connection, successor))!;
        Assert.Equal((VoucherState.Replaced, (VoucherId?)successor, false), (old.Voucher.State, old.Voucher.ReplacedBy, old.IsReserved));
        Assert.Equal((state, true, old.FaceValue, old.Person), (fresh.Voucher.State, fresh.IsReserved, fresh.FaceValue, fresh.Person));
        Assert.Equal(state == VoucherState.Enrolled, fresh.EnrolmentId is not null);
        Assert.Null(old.EnrolmentId);
        Assert.Equal(states, await StatesAsync(successor));
        Assert.Equal(reserved, await ReservedAsync());
        var records = await VoucherRecordStore.ListAsync(connection, Voucher.Server.Demo.DemoCounty.Region, [ids[0], successor]);
        Assert.NotEqual(records[0].ShortCode, records[1].ShortCode);
        TokenDecoder.TryDecode(records[1].Digits(), out var token);
        Assert.Equal(RefusalCode.None, (await county.Get<IssuingKeys>().RingAsync()).Verify(token!, CountyTime.DayOf(county.Clock.GetUtcNow())));
        Assert.Equal(successor, token!.Voucher);
        await AssertSoundAsync();
    }

    [Fact]
    public async Task Many_reprints_of_one_voucher_at_once_make_one()
    {
        var (batch, ids) = await IssuedAsync(1);
        var clerk = await county.ActorAsync("clerk");
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => county.Get<ReplaceVoucher>().RunAsync(ids[0], "遗失", clerk)));
        Assert.Single(outcomes.OfType<Outcome<VoucherId>.Done>());
        Assert.Equal(7, outcomes.OfType<Outcome<VoucherId>.Refused>().Count(refused => refused.Refusal.Code == RefusalCode.VoucherReplaced));
        await using var connection = await county.Database.OpenConnectionAsync();
        Assert.Equal(2, await BatchVoucherStore.CountAsync(connection, batch.Id, null));
        await AssertSoundAsync();
    }

    [Fact]
    public async Task Expired_vouchers_give_their_money_back_once_and_enrolled_ones_keep_it()
    {
        await using var holder = new OwnCounty();
        await holder.County.InitializeAsync();
        var tests = new VoucherTests(holder.County);
        var (batch, ids) = await tests.IssuedAsync(10);
        await tests.EnrolAsync(ids[0]);
        Assert.Equal(0, await holder.County.Get<ReleaseExpired>().RunAsync(CancellationToken.None));
        holder.County.Clock.MoveTo(batch.ValidUntil.AddDays(1), new TimeOnly(0, 5));
        var runs = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => holder.County.Get<ReleaseExpired>().RunAsync(CancellationToken.None)));
        Assert.Equal(9, runs.Sum());
        Assert.Equal(0, await holder.County.Get<ReleaseExpired>().RunAsync(CancellationToken.None));
        Assert.Equal(150_000, await tests.ReservedAsync());
        // Revoking it afterwards releases nothing a second time.
        (await holder.County.Get<RevokeVoucher>().RunAsync(ids[1], "清理", await holder.County.ActorAsync("clerk"))).OrThrow();
        Assert.Equal(150_000, await tests.ReservedAsync());
        await tests.AssertSoundAsync();
    }

    [Fact]
    public async Task A_foreign_or_unknown_number_is_not_found()
    {
        var clerk = await county.ActorAsync("clerk");
        foreach (var id in new[] { new VoucherId(Voucher.Server.Demo.DemoCounty.Region, 4_000_000_000), new VoucherId(new Core.Regions.RegionCode(110101), 1), new VoucherId(-1) })
        {
            var refused = Assert.IsType<Outcome<VoucherId>.Refused>(await county.Get<HandOver>().RunAsync(id, clerk));
            Assert.Equal(RefusalCode.NotFound, refused.Refusal.Code);
        }
    }

    [Fact]
    public void A_phone_address_is_read_back_and_a_changed_one_is_not()
    {
        var keys = county.Get<PhoneKeys>();
        var id = new VoucherId(Voucher.Server.Demo.DemoCounty.Region, 123);
        var key = keys.Of(id);
        Assert.Equal(PhoneKeys.Length, key.Length);
        Assert.Equal(id, keys.Read(key));
        for (var i = 0; i < key.Length; i++)
        {
            // The last character carries two bits that no byte uses: those spellings must not pass either.
            var changed = key[..i] + (key[i] == 'A' ? 'Q' : 'A') + key[(i + 1)..];
            Assert.Null(keys.Read(changed));
        }
        foreach (var text in new[] { null, "", "x", new string('A', 22), new string('!', 22), key + "A", key[..21] }) Assert.Null(keys.Read(text));
    }

    private sealed class OwnCounty : IAsyncDisposable
    {
        public CountyAtRest County { get; } = new();

        public ValueTask DisposeAsync() => County.DisposeAsync();
    }

    private async Task<(Batch Batch, VoucherId[] Ids)> IssuedAsync(int people)
    {
        var batch = await county.IssuedBatchAsync(people);
        await using var connection = await county.Database.OpenConnectionAsync();
        return (batch, [.. (await BatchVoucherStore.ListAsync(connection, batch.Id, null, 0, people)).Select(voucher => voucher.Id)]);
    }

    /// <summary>Enrols as a scan would, without the whole of a class's life around it.</summary>
    private Task EnrolAsync(VoucherId id) => TestEnrolment.EnrolAsync(county, id);

    private async Task<string> StatesAsync(VoucherId id)
    {
        await using var connection = await county.Database.OpenConnectionAsync();
        return string.Join(',', await connection.QueryAsync<int>("select to_state::int from voucher_event where voucher_id = @id order by number", new { id }));
    }

    private async Task<long> ReservedAsync()
    {
        await using var connection = await county.Database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<long>("select coalesce(sum(balance_fen), 0) from ledger_account where kind = 3");
    }

    /// <summary>What is reserved is what the vouchers reserve; every event starts where the one before ended; states are those of the last events.</summary>
    private Task AssertSoundAsync() => SoundBooks.AssertAsync(county);
}
