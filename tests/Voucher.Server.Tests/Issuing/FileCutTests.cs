using Voucher.Core.Vouchers;
using Voucher.Server.Demo;
using Voucher.Server.Issuing;
using Voucher.Server.Issuing.Printing;

namespace Voucher.Server.Tests.Issuing;

/// <summary>How a batch is cut into files and bundles.</summary>
public sealed class FileCutTests
{
    [Fact]
    public void Files_hold_whole_villages_of_one_township_and_only_a_village_larger_than_a_file_is_cut()
    {
        var vouchers = Bundle(1, 11, 6).Concat(Bundle(1, 12, 4)).Concat(Bundle(1, 13, 3)).Concat(Bundle(2, 21, 23)).Concat(Bundle(2, null, 2)).Concat(Bundle(null, null, 1)).ToList();
        var files = FileCut.Of(vouchers, most: 10);
        Assert.Equal(
            [("乡1（1/2）", 1, 10), ("乡1（2/2）", 2, 3), ("乡2（1/3）", 1, 10), ("乡2（2/3）", 2, 10), ("乡2（3/3）", 3, 5), ("未填乡镇", 1, 1)],
            files.Select(file => (file.Title, file.Part, file.Vouchers.Count)));
        Assert.Equal(vouchers.Select(voucher => voucher.Id), files.SelectMany(file => file.Vouchers));
    }

    [Fact]
    public void Nothing_to_print_makes_no_file() => Assert.Empty(FileCut.Of([], most: 10));

    private static IEnumerable<UsableVoucher> Bundle(int? township, long? village, int count) =>
        Enumerable.Range(0, count).Select(index => new UsableVoucher(
            new VoucherId(DemoCounty.Region, (uint)(HashCode.Combine(township, village) & 0xFFFFFF) + (uint)index),
            township, township is null ? null : $"乡{township}", village, village is null ? null : $"村{village}"));
}
