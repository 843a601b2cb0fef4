using Voucher.Core.OfflineLists;
using Voucher.Core.Tokens;
using Voucher.Core.Vouchers;
using Voucher.Terminal.OfflineLists;
using Voucher.Terminal.Tests.Server;

namespace Voucher.Terminal.Tests.OfflineLists;

public sealed class StatusListCacheTests : IDisposable
{
    private static readonly DateTimeOffset Made = new(2026, 11, 22, 3, 0, 0, TimeSpan.Zero);
    private readonly TestFolder _folder = new();
    private readonly County _county = new();
    private readonly KeyRing _keys;

    public StatusListCacheTests() => _keys = Ring(_county);

    public void Dispose()
    {
        _keys.Dispose();
        _county.Dispose();
        _folder.Dispose();
    }

    private static KeyRing Ring(County county) => new(county.KeyList().Open(county.RootPublicKey, County.Region)!);

    private SignedStatusList List(long counter, int closed = 1) =>
        _county.Sign(StatusList.Of(County.Region, counter, Made.AddMinutes(counter), 200, [new StatusChange(closed, VoucherStatus.Closed)]));

    private ListFault Take(StatusListCache cache, SignedStatusList list) => cache.Accept(list, list.List.MadeAt, _keys, County.Region);

    private StatusListCache Restarted(KeyRing? keys = null)
    {
        var cache = new StatusListCache(_folder.Path);
        cache.Load(keys ?? _keys, County.Region);
        return cache;
    }

    [Fact]
    public void A_list_is_there_after_a_restart_with_the_time_to_which_it_is_right()
    {
        Assert.Null(Restarted().Current);
        var cache = new StatusListCache(_folder.Path);
        Assert.Equal(ListFault.None, Take(cache, List(5)));
        cache.Confirm(4, Made.AddHours(9)); // Of another list.
        cache.Confirm(5, Made.AddHours(2));
        var held = Restarted().Current!;
        Assert.Equal((5, Made.AddHours(2)), (held.Counter, held.RefreshedAt));
        Assert.Equal(VoucherStatus.Closed, held.Status(new VoucherId(County.Region, 1)));
        Assert.Null(held.Status(new VoucherId(County.Region, 200)));
    }

    [Fact]
    public void The_counter_never_goes_back()
    {
        var cache = new StatusListCache(_folder.Path);
        Assert.Equal(ListFault.None, Take(cache, List(5)));
        Assert.Equal(ListFault.Older, Take(cache, List(4)));
        Assert.Equal(ListFault.None, Take(cache, List(5)));
        cache = Restarted();
        Assert.Equal(ListFault.Older, Take(cache, List(4)));
        Assert.Equal(5, cache.Current!.Counter);
        Assert.Equal(ListFault.None, Take(cache, List(6)));
        Assert.Equal(6, Restarted().Current!.Counter);
    }

    [Fact]
    public void A_list_that_the_county_has_not_signed_is_not_taken_in_nor_read_back()
    {
        using var stranger = new County();
        using var strange = Ring(stranger);
        var cache = new StatusListCache(_folder.Path);
        Assert.Equal(ListFault.SignatureFalse, cache.Accept(stranger.Sign(List(9).List), Made, _keys, County.Region));
        Assert.Null(cache.Current);
        Assert.Equal(ListFault.None, Take(cache, List(5)));
        Assert.Null(Restarted(strange).Current);
    }

    [Fact]
    public void A_damaged_file_is_worth_no_more_than_none()
    {
        Assert.Equal(ListFault.None, Take(new StatusListCache(_folder.Path), List(5)));
        var whole = File.ReadAllBytes(_folder.At("status-list"));
        for (var at = 0; at < whole.Length; at++)
        {
            var damaged = (byte[])whole.Clone();
            damaged[at] ^= 0x10;
            File.WriteAllBytes(_folder.At("status-list"), damaged);
            Assert.True(Restarted().Current is null or { Counter: 5 } && (at >= 111 || Restarted().Current is null), $"byte {at}");
            File.WriteAllBytes(_folder.At("status-list"), whole.AsSpan(0, at));
            Assert.Null(Restarted().Current);
        }
        File.WriteAllBytes(_folder.At("status-list"), new byte[SignedStatusList.LargestBytes + 1]);
        Assert.Null(Restarted().Current);
        // It starts by itself: the next list is taken in.
        Assert.Equal(ListFault.None, Take(Restarted(), List(2)));
        Assert.Equal(2, Restarted().Current!.Counter);
    }

    [Fact]
    public void A_power_cut_at_any_byte_of_the_writing_leaves_the_old_list_or_the_new_one()
    {
        Assert.Equal(ListFault.None, Take(new StatusListCache(_folder.Path), List(5)));
        var next = List(6, closed: 2);
        var bytes = next.Encode();
        for (var written = 0; written <= bytes.Length; written++)
        {
            File.WriteAllBytes(_folder.At("status-list.new"), bytes.AsSpan(0, written));
            Assert.Equal(5, Restarted().Current!.Counter);
        }
        // What was left behind is in nobody's way.
        Assert.Equal(ListFault.None, Take(Restarted(), next));
        Assert.Equal(6, Restarted().Current!.Counter);
        Assert.False(File.Exists(_folder.At("status-list.new")));
    }

    [Fact]
    public void A_list_that_cannot_be_saved_is_not_taken_in()
    {
        Directory.CreateDirectory(_folder.At("status-list"));
        var cache = new StatusListCache(_folder.Path);
        Assert.Equal(ListFault.NotSaved, Take(cache, List(5)));
        Assert.Null(cache.Current);
    }

    [Fact]
    public void A_delta_is_applied_to_the_list_that_is_held_and_what_comes_of_it_is_checked()
    {
        var cache = new StatusListCache(_folder.Path);
        var next = _county.Sign(List(5).List.With(8, Made.AddHours(1), 300, [new StatusChange(299, VoucherStatus.Revoked)]));
        var delta = StatusListDelta.After(5, next, [299]);
        Assert.Equal(ListFault.DoesNotFit, cache.Accept(delta, Made, _keys, County.Region));
        Assert.Equal(ListFault.None, Take(cache, List(5)));
        Assert.Equal(ListFault.SignatureFalse, cache.Accept(delta with { Changes = [] }, Made, _keys, County.Region));
        Assert.Equal(5, cache.Current!.Counter);
        Assert.Equal(ListFault.None, cache.Take(delta.Encode(), Made.AddHours(1), _keys, County.Region));
        Assert.Equal(VoucherStatus.Revoked, Restarted().Current!.Status(new VoucherId(County.Region, 299)));
        Assert.Equal(ListFault.Older, cache.Accept(delta, Made, _keys, County.Region));
        Assert.Equal(ListFault.NotAList, cache.Take("<html>"u8.ToArray(), Made, _keys, County.Region));
    }
}
