using Voucher.Core.Wire;
using Voucher.Terminal.Journal;
using Voucher.Terminal.Tests.Server;

namespace Voucher.Terminal.Tests.Offline;

/// <summary>Scans that wait for a person may be many, and wait for long.</summary>
public sealed class ManyAnswersTests
{
    [Fact]
    public async Task Those_that_wait_for_a_person_are_not_in_the_way_of_the_ones_behind_them()
    {
        await using var site = await CabledKiosk.Start();
        await site.Cut();
        var scans = Enumerable.Range(0, JournalLimits.AnswersAtOnce + 5).Select(_ => Guid.NewGuid()).ToList();
        foreach (var id in scans)
            site.Kiosk.Journal.Append(new NewScan(id, ScanMode.CheckIn, 31, site.Server.County.NewVoucher(), ShortCode: null, HolderCheck: null), isProvisional: true);
        site.Server.Journal.Undecided.UnionWith(scans.Take(JournalLimits.AnswersAtOnce));
        site.Cable.Heal();
        await site.Kiosk.Until(state => state.WaitingCount() == JournalLimits.AnswersAtOnce);
        // And when the persons have decided, those are told too.
        site.Server.Journal.Undecided.Clear();
        await site.Kiosk.Until(state => state.WaitingCount() == 0);
    }
}
