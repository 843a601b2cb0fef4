using System.Collections.Concurrent;
using System.Diagnostics;
using Voucher.Terminal.Link;
using Voucher.Terminal.Tests.Server;

namespace Voucher.Terminal.Tests.Link;

/// <summary>The server's span of a scan hangs on the terminal's, over hub and REST, and nothing is added to the scan.</summary>
public sealed class TraceTests
{
    [Theory]
    [InlineData(true, "scan over hub")]
    [InlineData(false, "scan over REST")]
    public async Task The_servers_span_belongs_to_the_terminals_trace(bool withHub, string name)
    {
        ConcurrentBag<Activity> seen = [];
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Voucher.Terminal" or "Microsoft.AspNetCore" || source.Name.StartsWith("Microsoft.AspNetCore.SignalR", StringComparison.Ordinal),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = seen.Add,
        };
        ActivitySource.AddActivityListener(listener);
        await using var server = await new ServerPeer(withHub).Start();
        await using var kiosk = await Server.Kiosk.StartOnline(server.Address);
        if (withHub) await kiosk.Until(state => state.Link().GetProperty("via").GetString() == LinkBoard.Hub);
        Assert.Equal("accepted", (await kiosk.CheckIn(server.County.NewVoucher())).Outcome());
        // The server's span ends after its answer is out.
        using var patience = new CancellationTokenSource(Server.Kiosk.Patience);
        while (!HasServersSpanIn(seen, name) && !patience.IsCancellationRequested) await Task.Delay(20, TestContext.Current.CancellationToken);
        Assert.True(HasServersSpanIn(seen, name), string.Join('\n', seen.Select(span => $"{span.Kind} {span.DisplayName} of {span.TraceId}")));
    }

    /// <summary>Other tests' kiosks scan beside this one: any of the terminal's traces that a server's span belongs to will do.</summary>
    private static bool HasServersSpanIn(ConcurrentBag<Activity> seen, string terminalsSpan)
    {
        var terminals = seen.Where(span => span.DisplayName == terminalsSpan).Select(span => span.TraceId).ToHashSet();
        return seen.Any(span => span.Kind == ActivityKind.Server && terminals.Contains(span.TraceId));
    }
}
