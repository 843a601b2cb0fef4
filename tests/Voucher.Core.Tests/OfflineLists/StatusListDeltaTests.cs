using FsCheck;
using FsCheck.Fluent;
using Voucher.Core.OfflineLists;
using Voucher.Core.Regions;

namespace Voucher.Core.Tests.OfflineLists;

public sealed class StatusListDeltaTests : IDisposable
{
    private readonly ListSample _county = new();

    public void Dispose() => _county.Dispose();

    /// <summary>What a register may go through: it grows, and its vouchers change to and fro, against a plain array.</summary>
    [Fact]
    public void A_chain_of_deltas_ends_at_the_full_list_whatever_happened_and_so_does_one_that_joins_them()
    {
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), IsSameByEveryWay).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    private bool IsSameByEveryWay(int seed)
    {
        var random = new Random(seed);
        var model = new VoucherStatus[1 + random.Next(40)];
        var first = Full(1, model);
        SignedStatusList held = _county.Sign(first), full = held;
        SortedSet<int> joined = [];
        for (var counter = 2; counter < 8; counter++)
        {
            Array.Resize(ref model, model.Length + random.Next(20));
            for (var n = random.Next(6); n > 0; n--) model[random.Next(model.Length)] = (VoucherStatus)random.Next(4);
            full = _county.Sign(Full(counter, model));
            var changed = held.List.ChangedIn(full.List).ToList();
            joined.UnionWith(changed);
            held = Apply(held.List, StatusListDelta.After(counter - 1, full, changed));
            Assert.Equal(full.List.Said.ToArray(), held.List.Said.ToArray());
            Assert.Equal(ListFault.None, held.Check(_county.Ring, ListSample.Region));
        }
        var atOnce = Apply(first, StatusListDelta.After(1, full, joined));
        return atOnce.List.Said.Span.SequenceEqual(full.List.Said.Span) && atOnce.Check(_county.Ring, ListSample.Region) == ListFault.None
            && model.Index().All(voucher => atOnce.List[voucher.Index] == voucher.Item);
    }

    private static StatusList Full(long counter, VoucherStatus[] model) => StatusList.Of(
        ListSample.Region, counter, ListSample.Made, model.Length, model.Select((status, serial) => new StatusChange(serial, status)));

    /// <summary>As it travels.</summary>
    private static SignedStatusList Apply(StatusList held, StatusListDelta delta)
    {
        var bytes = delta.Encode();
        Assert.Equal(ListFault.None, StatusListDelta.TryRead(bytes, out var read));
        Assert.Equal(bytes, read!.Encode());
        Assert.Equal(ListFault.None, read.TryApply(held, out var next));
        return next!;
    }

    private StatusListDelta SomeDelta()
    {
        var next = ListSample.Ten().With(9, ListSample.Made.AddMinutes(1), 300, [new(2, VoucherStatus.Revoked), new(299, VoucherStatus.Enrolled)]);
        return StatusListDelta.After(5, _county.Sign(next), [2, 299]);
    }

    [Fact]
    public void A_delta_that_begins_elsewhere_goes_back_or_shrinks_is_refused()
    {
        var delta = SomeDelta();
        Assert.Equal(ListFault.None, delta.TryApply(ListSample.Ten(), out _));
        Assert.Equal(ListFault.DoesNotFit, delta.TryApply(ListSample.Ten(4), out _));
        Assert.Equal(ListFault.DoesNotFit, delta.TryApply(ListSample.Ten(6), out _));
        Assert.Equal(ListFault.Older, delta.TryApply(ListSample.Ten(9), out _));
        Assert.Equal(ListFault.Older, delta.TryApply(ListSample.Ten(10), out _));
        Assert.Equal(ListFault.DoesNotFit, (delta with { Count = 9, Changes = [] }).TryApply(ListSample.Ten(), out _));
        Assert.Equal(ListFault.OtherRegion, (delta with { Region = new RegionCode(231200) }).TryApply(ListSample.Ten(), out _));
        Assert.Equal(ListFault.Damaged, StatusListDelta.TryRead((delta with { To = 5 }).Encode(), out _));
    }

    [Fact]
    public void No_bit_of_a_delta_can_be_changed_without_notice()
    {
        var genuine = SomeDelta().Encode();
        for (var at = 0; at < genuine.Length; at++)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                var changed = (byte[])genuine.Clone();
                changed[at] ^= (byte)(1 << bit);
                var fault = StatusListDelta.TryRead(changed, out var delta);
                SignedStatusList? next = null;
                if (fault == ListFault.None) fault = delta!.TryApply(ListSample.Ten(), out next);
                if (fault == ListFault.None) fault = next!.Check(_county.Ring, ListSample.Region);
                Assert.True(fault != ListFault.None, $"byte {at}, bit {bit}");
            }
        }
        for (var length = 0; length < genuine.Length; length++)
        {
            var fault = StatusListDelta.TryRead(genuine.AsSpan(0, length), out var delta);
            if (fault != ListFault.None || delta!.TryApply(ListSample.Ten(), out var next) != ListFault.None) continue;
            Assert.NotEqual(ListFault.None, next!.Check(_county.Ring, ListSample.Region));
        }
    }

    [Theory]
    [InlineData(new byte[] { 0x89, 0x00 })] // 9 with a closing zero.
    [InlineData(new byte[] { 0x89 })]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0x01 })]
    [InlineData(new byte[] { 0xB0, 0x09 })] // Serial 300 of 300.
    [InlineData(new byte[] { 0x04, 0xAC, 0x09 })] // One more, in two steps.
    public void A_change_has_one_spelling_and_lies_within_the_list(byte[] changes)
    {
        var head = (SomeDelta() with { Changes = [] }).Encode();
        Assert.Equal(ListFault.None, StatusListDelta.TryRead([.. head, 0x09], out _));
        Assert.Equal(ListFault.Damaged, StatusListDelta.TryRead([.. head, .. changes], out _));
    }

    [Fact]
    public void A_delta_is_bounded()
    {
        var head = (SomeDelta() with { Changes = [] }).Encode();
        Assert.Equal(ListFault.TooLarge, StatusListDelta.TryRead([.. head, .. new byte[StatusListDelta.LargestBytes]], out _));
        Assert.Equal(ListFault.NotAList, StatusListDelta.TryRead("voucher-status-list-1\n"u8, out _));
    }
}
