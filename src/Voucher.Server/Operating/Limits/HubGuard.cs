using Microsoft.AspNetCore.SignalR;
using Voucher.Server.Reporting;
using Voucher.Server.Terminals;

namespace Voucher.Server.Operating.Limits;

/// <summary>Stands before every hub: counts its connections, bounds the messages of each, and counts what was no message.</summary>
public sealed partial class HubGuard(Meters meters, BadInputs badInputs, ServerSettings settings, TimeProvider clock, ILogger<HubGuard> log) : IHubFilter
{
    /// <summary>Calls that one connection may make in a second, times <c>VOUCHER_RATE_SCALE</c>.</summary>
    public const int MessagesPerSecond = 100;

    /// <summary>A connection that goes on, refused each time, is closed after so many refused calls in one second.</summary>
    public const int RefusedBeforeClosed = 100;

    /// <summary>The first message of a connection must say which protocol it speaks within this time.</summary>
    public static readonly TimeSpan HandshakeWithin = TimeSpan.FromSeconds(5);

    /// <summary>A connection is gone when nothing, not even a ping, came for so long.</summary>
    public static readonly TimeSpan GoneAfter = TimeSpan.FromSeconds(20);
    public static readonly TimeSpan PingEvery = TimeSpan.FromSeconds(5);

    /// <summary>Live pages only listen: a handshake and pings.</summary>
    public const int LargestLiveMessageBytes = 1_024;

    /// <summary>Answers that may wait for a connection that reads slowly, in bytes.</summary>
    public const int MostUnreadBytes = 65_536;

    private static readonly object TallyKey = new();

    private sealed class Tally
    {
        public long Second;
        public int Calls;
    }

    public async Task OnConnectedAsync(HubLifetimeContext context, Func<HubLifetimeContext, Task> next)
    {
        meters.HubOpened(NameOf(context.Hub));
        context.Context.Items[TallyKey] = new Tally();
        if (context.Context.GetHttpContext() is { } request) request.Items[TallyKey] = true;
        await next(context);
    }

    public async Task OnDisconnectedAsync(HubLifetimeContext context, Exception? exception, Func<HubLifetimeContext, Exception?, Task> next)
    {
        meters.HubClosed(NameOf(context.Hub));
        if (exception is InvalidDataException { Message: var why } && why.Contains("maximum message size", StringComparison.Ordinal))
            badInputs.Count(BadInputKind.Oversized, NameOf(context.Hub));
        await next(context, exception);
    }

    public async ValueTask<object?> InvokeMethodAsync(HubInvocationContext call, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        var over = CallsBeyond(call.Context);
        if (over <= 0) return await CallAsync(call, next);
        meters.Limited(RateLimit.HubMessages.Name);
        badInputs.Count(BadInputKind.TooFast, RateLimit.HubMessages.Name);
        if (over > RefusedBeforeClosed) call.Context.Abort();
        throw new HubException($"refused:{(int)RefusalCode.TooManyScans}");
    }

    /// <summary>A refusal is an answer; only a fault is logged, here, since SignalR would log both as errors.</summary>
    private async ValueTask<object?> CallAsync(HubInvocationContext call, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        try
        {
            return await next(call);
        }
        catch (Exception fault) when (fault is not HubException)
        {
            LogFailed(fault, call.HubMethodName);
            throw;
        }
    }

    private int CallsBeyond(HubCallerContext caller)
    {
        var second = clock.GetTimestamp() / clock.TimestampFrequency;
        var tally = (Tally)caller.Items[TallyKey]!;
        lock (tally)
        {
            if (tally.Second != second) (tally.Second, tally.Calls) = (second, 0);
            return unchecked(++tally.Calls) - MessagesPerSecond * settings.RateScale;
        }
    }

    /// <summary>Counts a WebSocket to a hub that ended without a handshake: silent, or with something else before it.</summary>
    public static async Task CountUngreetedAsync(HttpContext context, RequestDelegate next)
    {
        await next(context);
        var isHubSocket = context.Response.StatusCode == StatusCodes.Status101SwitchingProtocols && RateLimits.Of(context.GetEndpoint()) == RateLimit.HubConnect;
        if (isHubSocket && !context.Items.ContainsKey(TallyKey))
            context.RequestServices.GetRequiredService<BadInputs>().Count(BadInputKind.OutOfOrder, "hub handshake");
    }

    [LoggerMessage(9103, LogLevel.Error, "The hub method {Method} failed")]
    private partial void LogFailed(Exception fault, string method);

    private static string NameOf(Hub hub) => hub switch
    {
        TerminalHub => "terminal",
        LiveHub => "live",
        _ => "other",
    };
}
