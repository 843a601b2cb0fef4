using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;

namespace Voucher.Server.Reporting;

/// <summary>Where live pages listen: the county to everything, an institution to what is its own. Pages only listen, they ask nothing.</summary>
[Authorize(Policy = Permission.WatchLive)]
public sealed class LiveHub(LiveConnections open) : Hub
{
    public const string Path = "/hub/live";

    /// <summary>Server → page: one <see cref="LiveMessage"/>.</summary>
    public const string Happened = "Happened";

    private const string County = "county";

    public override async Task OnConnectedAsync()
    {
        var group = Actor.Of(Context.User!).Institution is { } institution ? GroupOf(institution) : County;
        await Groups.AddToGroupAsync(Context.ConnectionId, group);
        open.Add(Context);
        await base.OnConnectedAsync();
    }

    public override Task OnDisconnectedAsync(Exception? exception)
    {
        open.Remove(Context.ConnectionId);
        return base.OnDisconnectedAsync(exception);
    }

    public static IReadOnlyList<string> AudienceOf(LiveEvent happened) =>
        happened.Institution is { } institution ? [County, GroupOf(institution)] : [County];

    private static string GroupOf(InstitutionId institution) => $"institution:{institution}";
}
