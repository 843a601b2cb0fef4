using System.Diagnostics;
using Voucher.Server.Database;

namespace Voucher.Server.Tests.Database;

/// <summary>What wakes the background workers.</summary>
public sealed class WorkBellTests
{
    private static readonly TimeSpan Never = TimeSpan.FromHours(1);

    [Fact]
    public async Task However_often_it_rings_before_the_worker_listens_it_wakes_it_once()
    {
        var bell = new WorkBell(Never);
        for (var i = 0; i < 1_000; i++) bell.Ring();
        await bell.WaitAsync(CancellationToken.None);
        using var stop = new CancellationTokenSource();
        var second = bell.WaitAsync(stop.Token);
        Assert.False(second.IsCompleted);
        await stop.CancelAsync();
        await second;
    }

    [Fact]
    public async Task A_ring_while_the_worker_works_is_not_lost()
    {
        var bell = new WorkBell(Never);
        bell.Ring();
        await bell.WaitAsync(CancellationToken.None);
        bell.Ring();
        await bell.WaitAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_worker_that_nobody_wakes_looks_by_itself_after_its_own_pause()
    {
        var (pause, watch) = (TimeSpan.FromMilliseconds(100), Stopwatch.StartNew());
        await new WorkBell(pause).WaitAsync(CancellationToken.None);
        // Timers of the platform may fire up to a tick early.
        Assert.True(watch.Elapsed > pause / 2);
    }
}
