using Voucher.Core.OfflineLists;
using Voucher.Core.Regions;

namespace Voucher.Core.Tests.OfflineLists;

public sealed class ListFileTests : IDisposable
{
    private readonly ListSample _county = new();

    public void Dispose() => _county.Dispose();

    [Fact]
    public void Both_lists_come_back_and_are_believed()
    {
        Assert.Equal(ListFault.None, ListFile.TryRead(Genuine(), out var file));
        Assert.Equal(3, file!.Keys.Open(_county.Root, ListSample.Region)!.Version);
        Assert.Equal(ListFault.None, file.Statuses.Check(_county.Ring, ListSample.Region));
        Assert.Equal(VoucherStatus.Closed, file.Statuses.List.Status(ListSample.Voucher(2)));
        Assert.Equal("voucher-lists-622926-5.vlist", ListFile.NameOf(ListSample.Region, 5));
    }

    [Fact]
    public void No_bit_of_a_file_can_be_changed_without_notice()
    {
        var genuine = Genuine();
        for (var at = 0; at < genuine.Length; at++)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                var changed = (byte[])genuine.Clone();
                changed[at] ^= (byte)(1 << bit);
                if (ListFile.TryRead(changed, out var file) != ListFault.None) continue;
                var isBelieved = file!.Keys.Open(_county.Root, ListSample.Region) is not null
                    && file.Statuses.Check(_county.Ring, ListSample.Region) == ListFault.None;
                Assert.False(isBelieved && !file.Statuses.List.Said.Span.SequenceEqual(ListSample.Ten().Said.Span), $"byte {at}, bit {bit}");
            }
        }
    }

    [Fact]
    public void What_is_no_file_of_lists_is_told_apart_from_one_that_is_damaged()
    {
        var genuine = Genuine();
        Assert.Equal(ListFault.NotAList, ListFile.TryRead([], out _));
        Assert.Equal(ListFault.NotAList, ListFile.TryRead("%PDF-1.7"u8, out _));
        Assert.Equal(ListFault.Damaged, ListFile.TryRead(genuine.AsSpan(0, 16), out _));
        Assert.Equal(ListFault.Damaged, ListFile.TryRead(genuine.AsSpan(0, genuine.Length - 1), out _));
        Assert.Equal(ListFault.TooLarge, ListFile.TryRead(new byte[ListFile.LargestBytes + 1], out _));
        for (var length = 16; length < genuine.Length; length++) Assert.Equal(ListFault.Damaged, ListFile.TryRead(genuine.AsSpan(0, length), out _));
    }

    [Fact]
    public void Every_fault_says_what_is_wrong_and_what_to_do_in_both_languages()
    {
        foreach (var fault in Enum.GetValues<ListFault>())
            foreach (var words in new[] { fault.Reason(), fault.NextStep() })
                Assert.True(words.Zh.EndsWith('。') && words.En.EndsWith('.'));
    }

    private byte[] Genuine() => ListFile.Encode(_county.SignedKeys(), _county.Sign(ListSample.Ten()).Encode());
}
