using Dapper;
using Voucher.Core.OfflineLists;
using Voucher.Core.Vouchers;
using Voucher.Server.Demo;
using Voucher.Server.Issuing;
using Voucher.Server.Issuing.Keys;
using Voucher.Server.OfflineLists;
using Voucher.Server.Tests.Issuing;
using Voucher.Server.Vouchers;

namespace Voucher.Server.Tests.OfflineLists;

/// <summary>When a list is made and what it says, with nothing running beside the test.</summary>
public sealed class PublishingTests : IAsyncLifetime
{
    private readonly CountyAtRest _county = new();

    public ValueTask InitializeAsync() => _county.InitializeAsync();

    public ValueTask DisposeAsync() => _county.DisposeAsync();

    private Task<long?> PublishAsync(bool isWhole = false)
    {
        _county.Clock.Advance(StatusListPublisher.Every);
        return _county.Get<StatusListPublisher>().RunAsync(isWhole);
    }

    private async Task<PublishedList> NewestAsync()
    {
        _county.Clock.Advance(StatusListBook.KeepFor);
        return (await _county.Get<StatusListBook>().NewestAsync())!;
    }

    [Fact]
    public async Task Issuing_revoking_and_reprinting_show_in_the_next_list_and_the_steps_lead_to_it()
    {
        Assert.NotNull(await PublishAsync());
        var empty = await NewestAsync();
        Assert.Equal(1, empty.Signed.List.Count);
        var batch = await _county.IssuedBatchAsync(40);
        var clerk = await _county.ActorAsync("clerk");
        var ids = await IdsAsync(batch.Id.Value);
        Assert.NotNull(await PublishAsync());
        var issued = await NewestAsync();
        Assert.All(ids, id => Assert.Equal(VoucherStatus.Usable, issued.Signed.List.Status(id)));

        (await _county.Get<HandOver>().RunAsync(ids[0], clerk)).OrThrow();
        Assert.Null(await PublishAsync()); // Handing over changes no status.
        (await _county.Get<RevokeVoucher>().RunAsync(ids[1], "重复", clerk)).OrThrow();
        var successor = (await _county.Get<ReplaceVoucher>().RunAsync(ids[2], "遗失", clerk)).OrThrow();
        Assert.NotNull(await PublishAsync());
        var newest = await NewestAsync();
        Assert.Equal(
            [VoucherStatus.Usable, VoucherStatus.Revoked, VoucherStatus.Revoked, VoucherStatus.Usable],
            new[] { ids[0], ids[1], ids[2], successor }.Select(id => newest.Signed.List.Status(id)!.Value));
        foreach (var old in new[] { empty, issued })
        {
            // Of two or three changes in a list this small the delta is the larger; the step that leads to it is the same.
            var steps = newest.Steps.Where(step => step.Counter > old.Counter).SelectMany(step => step.Serials).Distinct().Order();
            Assert.Equal(ListFault.None, StatusListDelta.After(old.Counter, newest.Signed, steps).TryApply(old.Signed.List, out var next));
            Assert.Same(newest.Encoded, newest.For(old.Counter));
            Assert.Equal(newest.Signed.List.Said.ToArray(), next!.List.Said.ToArray());
        }
        Assert.Null(newest.For(newest.Counter));
        // What was read piece by piece is what reading everything gives.
        Assert.Null(await PublishAsync(isWhole: true));
        Assert.True((await NewestAsync()).AsOf > newest.AsOf);
    }

    [Fact]
    public async Task There_is_one_list_a_minute_at_most_and_one_a_day_at_least()
    {
        var first = await PublishAsync();
        await _county.IssuedBatchAsync(3);
        Assert.Null(await _county.Get<StatusListPublisher>().RunAsync());
        var second = await PublishAsync();
        Assert.True(second > first);
        for (var hour = 0; hour < 23; hour++)
        {
            _county.Clock.Advance(TimeSpan.FromHours(1));
            Assert.Null(await _county.Get<StatusListPublisher>().RunAsync());
        }
        _county.Clock.Advance(TimeSpan.FromHours(1));
        Assert.True(await PublishAsync() > second);
    }

    [Fact]
    public async Task The_counter_grows_over_a_database_restored_to_an_earlier_day_and_over_a_clock_set_back()
    {
        await _county.IssuedBatchAsync(2);
        await PublishAsync();
        await ExecuteAsync("create table kept as select * from status_list");
        var lost = 0L;
        for (var n = 0; n < 3; n++)
        {
            await _county.IssuedBatchAsync(1);
            lost = (await PublishAsync())!.Value;
        }
        await ExecuteAsync("delete from status_list; delete from status_list_delta; insert into status_list select * from kept");
        var restored = (await PublishAsync())!.Value;
        Assert.True(restored > lost);

        _county.Clock.Advance(TimeSpan.FromHours(-3));
        await _county.IssuedBatchAsync(1);
        Assert.Equal(restored + 1, await PublishAsync());
        var newest = await NewestAsync();
        Assert.Equal(ListFault.None, newest.Signed.Check(await _county.Get<IssuingKeys>().RingAsync(), DemoCounty.Region));
    }

    [Fact]
    public async Task A_list_whose_key_is_revoked_is_made_anew_with_the_next_key()
    {
        await _county.IssuedBatchAsync(2);
        await PublishAsync();
        var keys = _county.Get<IssuingKeys>();
        await keys.RotateAsync();
        await keys.RevokeAsync(1);
        Assert.NotNull(await PublishAsync());
        var newest = await NewestAsync();
        Assert.Equal(2, newest.Signed.KeyId);
        Assert.Equal(ListFault.None, newest.Signed.Check(await keys.RingAsync(), DemoCounty.Region));
    }

    [Fact]
    public async Task A_change_that_no_event_of_the_last_minutes_tells_of_is_found_by_the_hourly_look_at_everything()
    {
        var ids = await IdsAsync((await _county.IssuedBatchAsync(2)).Id.Value);
        await PublishAsync();
        _county.Clock.Advance(StatusListPublisher.Margin);
        Assert.Null(await PublishAsync());
        await ExecuteAsync("update voucher set state = 3 where id = @Value", new { ids[0].Value });
        Assert.Null(await PublishAsync());
        _county.Clock.Advance(StatusListPublisher.WholeEvery);
        Assert.NotNull(await PublishAsync());
        Assert.Equal(VoucherStatus.Enrolled, (await NewestAsync()).Signed.List.Status(ids[0]));
    }

    [Fact]
    public async Task Old_steps_are_let_go_and_a_terminal_from_before_them_takes_the_full_list()
    {
        var ids = await IdsAsync((await _county.IssuedBatchAsync(1)).Id.Value);
        var first = (await PublishAsync())!.Value;
        await ExecuteAsync("""
            insert into status_list_delta (region, counter, previous, serials)
            select @Region, @first + n, @first + n - 1, '{1}' from generate_series(1, @count) n;
            update status_list set counter = @first + @count
            """, new { DemoCounty.Region, first, count = StatusListPublisher.KeepDeltas });
        await ExecuteAsync("update voucher set state = 3 where id = @Value", new { ids[0].Value });
        Assert.NotNull(await PublishAsync(isWhole: true));
        await using var connection = await _county.Database.OpenConnectionAsync();
        Assert.Equal(StatusListPublisher.KeepDeltas, await connection.ExecuteScalarAsync<int>("select count(*)::int from status_list_delta"));
        Assert.Same((await NewestAsync()).Encoded, (await NewestAsync()).For(first));
    }

    private async Task<IReadOnlyList<VoucherId>> IdsAsync(long batch)
    {
        await using var connection = await _county.Database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<VoucherId>("select id from voucher where batch_id = @batch order by id", new { batch })];
    }

    private async Task ExecuteAsync(string sql, object? values = null)
    {
        await using var connection = await _county.Database.OpenConnectionAsync();
        await connection.ExecuteAsync(sql, values);
    }
}
