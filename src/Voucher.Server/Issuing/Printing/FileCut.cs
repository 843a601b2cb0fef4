namespace Voucher.Server.Issuing.Printing;

/// <summary>What goes into one PDF: bundles of one township, in the order of delivery.</summary>
/// <param name="Part">Counts the files of the township from 1.</param>
public sealed record FileCut(string Title, int? Township, int Part, IReadOnlyList<VoucherId> Vouchers)
{
    /// <summary>
    /// Fills files with whole villages one after the other. A village that does not fit begins the next file; one that is larger
    /// than a file is cut. No file holds vouchers of two townships.
    /// </summary>
    public static IReadOnlyList<FileCut> Of(IReadOnlyList<UsableVoucher> vouchers, int most) =>
        [.. vouchers.GroupBy(voucher => (voucher.Township, voucher.TownshipName)).SelectMany(township =>
        {
            var files = Fill(township.GroupBy(voucher => voucher.Village).Select(village => village.Select(voucher => voucher.Id).ToList()), most);
            var name = township.Key.TownshipName ?? "未填乡镇";
            return files.Select((file, index) => new FileCut(
                files.Count == 1 ? name : $"{name}（{index + 1}/{files.Count}）", township.Key.Township, index + 1, file));
        })];

    private static List<List<VoucherId>> Fill(IEnumerable<List<VoucherId>> villages, int most)
    {
        var files = new List<List<VoucherId>> { new() };
        foreach (var village in villages)
        {
            if (files[^1].Count > 0 && files[^1].Count + village.Count > most) files.Add([]);
            foreach (var voucher in village)
            {
                if (files[^1].Count == most) files.Add([]);
                files[^1].Add(voucher);
            }
        }
        return files;
    }
}
