using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Voucher.Core.Wire;
using Voucher.Server.Redeeming;

namespace Voucher.Server.Terminals;

/// <summary>The terminals' own line: scans one way, notices the other. REST does the same for a terminal that cannot keep it open.</summary>
[Authorize(AuthenticationSchemes = AccountSchemes.Terminal)]
public sealed class TerminalHub(ScanDesk desk, TerminalStore terminals, TerminalLines lines, PresenceStore presence) : Hub
{
    /// <summary>Largest message in bytes: a scan is about 700.</summary>
    public const int LargestMessageBytes = 16_384;

    /// <summary>Scans of one connection that are answered at the same time.</summary>
    public const int ScansAtOnce = 16;

    /// <summary>Terminals speak WebSocket or, where that cannot be had, REST.</summary>
    public static void Limit(HttpConnectionDispatcherOptions connection)
    {
        connection.Transports = HttpTransportType.WebSockets;
        connection.ApplicationMaxBufferSize = 2 * LargestMessageBytes;
        connection.TransportMaxBufferSize = Operating.Limits.HubGuard.MostUnreadBytes;
    }

    public override async Task OnConnectedAsync()
    {
        var id = TerminalLogIn.TerminalOf(Context.User!);
        // Before anything is asked, so that neither a move of the terminal nor its end slips between.
        lines.Opened(Context.ConnectionId, id);
        await Groups.AddToGroupAsync(Context.ConnectionId, TerminalNotices.GroupOf(id));
        var protocol = Protocol.Read(Context.GetHttpContext()?.Request.Query[Protocol.Query]);
        if (protocol < Protocol.OldestAccepted || await terminals.FindAsync(id) is not { Status: TerminalStatus.Active } terminal)
        {
            Context.Abort();
            return;
        }
        await Groups.AddToGroupAsync(Context.ConnectionId, TerminalNotices.GroupOf(terminal.InstitutionId));
        await presence.OpenedAsync(Context.ConnectionId, id);
        await base.OnConnectedAsync();
        // Every notice reaches it from here on. What changed since it fetched its setup it was not told; only the hub knows when to say so,
        // since it greets before this.
        await Clients.Caller.SendAsync(HubNames.SetupChanged);
    }

    public override async Task OnDisconnectedAsync(Exception? exception)
    {
        lines.Closed(Context.ConnectionId);
        await presence.ClosedAsync(Context.ConnectionId);
        await base.OnDisconnectedAsync(exception);
    }

    /// <exception cref="HubException">The scan was not taken (malformed, too fast, terminal not active); it may be sent again with the same id.</exception>
    [HubMethodName(HubNames.Scan)]
    public async Task<ScanAnswer> ScanAsync(ScanRequest scan) =>
        await desk.AnswerAsync(TerminalLogIn.TerminalOf(Context.User!), scan) switch
        {
            Outcome<ScanAnswer>.Done(var answer) => answer,
            Outcome<ScanAnswer>.Refused(var refusal) => throw new HubException($"refused:{(int)refusal.Code}"),
            Outcome<ScanAnswer>.BadInput(var errors) => throw new HubException($"bad-input:{string.Join(',', errors.Select(error => error.Field))}"),
            _ => throw new InvalidOperationException(),
        };
}
