using Voucher.Core.Wire;
using Voucher.Terminal.Journal;
using Voucher.Terminal.Link;
using Voucher.Terminal.Tests.Server;

namespace Voucher.Terminal.Tests.Link;

/// <summary>A village's line that takes longer the more it carries. Two minutes pass in a second and a half here.</summary>
public sealed class SlowLineTests
{
    private static readonly TimeSpan OneUpload = TimeSpan.FromMilliseconds(1_500);

    [Theory]
    [InlineData(90, 12, 45)]
    [InlineData(110, 12, 30)]
    public async Task Less_is_sent_at_once_until_it_gets_through_and_all_arrives(int millisecondsOfEntry, int mostAtOnce, int scans)
    {
        var line = new HurriedClock();
        await using var site = await CabledKiosk.Start(line);
        await site.Cut();
        for (var i = 0; i < scans; i++) Append(site);
        site.Server.Journal.LineTakes = entries => TimeSpan.FromMilliseconds(entries * millisecondsOfEntry);
        await site.HealUntilSent();
        Assert.Equal(scans, site.Server.Ledger.Count);
        Assert.Empty(site.Server.Journal.Strange);
        Assert.InRange(site.Server.Journal.Uploads.Max(), LinkLimits.FewestEntriesAtOnce, mostAtOnce);
        // Once it is known how much gets through, no upload is tried in vain again.
        Assert.InRange(line.Given, 0, 8);
    }

    [Fact]
    public async Task A_line_so_slow_that_ten_take_their_time_is_sent_ten_and_never_fewer()
    {
        await using var site = await CabledKiosk.Start(new HurriedClock());
        await site.Cut();
        for (var i = 0; i < 25; i++) Append(site);
        // Nothing gets through for a while, however little it is.
        var tried = new List<int>();
        site.Server.Journal.LineTakes = entries =>
        {
            lock (tried) tried.Add(entries);
            return tried.Count <= 5 ? TimeSpan.FromSeconds(30) : TimeSpan.Zero;
        };
        await site.HealUntilSent();
        Assert.All(tried.Take(5), entries => Assert.True(entries > LinkLimits.FewestEntriesAtOnce));
        Assert.Equal(LinkLimits.FewestEntriesAtOnce, tried[5]);
        Assert.Equal(25, site.Server.Ledger.Count);
    }

    private static void Append(CabledKiosk site) =>
        site.Kiosk.Journal.Append(new NewScan(Guid.NewGuid(), ScanMode.CheckIn, 31, site.Server.County.NewVoucher(), ShortCode: null, HolderCheck: null), isProvisional: true);

    /// <summary>The time of an upload is over soon, and what elapses is longer by as much; other waits take as long as ever.</summary>
    private sealed class HurriedClock : TimeProvider
    {
        private int _given;

        public override long TimestampFrequency => base.TimestampFrequency / (long)(LinkLimits.UploadWithin / OneUpload);

        /// <summary>How many uploads ran out of time.</summary>
        public int Given => _given;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            dueTime == LinkLimits.UploadWithin ? base.CreateTimer(late => Late(callback, late), state, OneUpload, period) : base.CreateTimer(callback, state, dueTime, period);

        private void Late(TimerCallback callback, object? state)
        {
            Interlocked.Increment(ref _given);
            callback(state);
        }
    }
}
