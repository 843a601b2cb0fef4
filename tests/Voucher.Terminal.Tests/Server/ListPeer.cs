using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Voucher.Core.OfflineLists;

namespace Voucher.Terminal.Tests.Server;

/// <summary>The peer's lists: what it answers, and what it was asked with.</summary>
internal sealed class ListPeer
{
    /// <summary>Full list, delta or anything; nothing: 204.</summary>
    public Func<long, byte[]?> Answer { get; set; } = _ => null;

    public TerminalRoster? Roster { get; set; }

    public DateTimeOffset AsOf { get; set; } = TimeProvider.System.GetUtcNow();

    /// <summary>The terminal is not active any more.</summary>
    public bool IsConflict { get; set; }

    public List<long> Asked { get; } = [];

    public void Map(WebApplication app, Func<HttpContext, bool> isAllowed)
    {
        app.MapGet("/" + ListNames.StatusPath, (long have, HttpContext http) =>
        {
            if (!isAllowed(http)) return Results.Unauthorized();
            lock (Asked) Asked.Add(have);
            http.Response.Headers[ListNames.AsOfHeader] = $"{AsOf.ToUnixTimeSeconds()}";
            return Answer(have) is { } bytes ? Results.Bytes(bytes) : Results.NoContent();
        });
        app.MapGet("/" + ListNames.RosterPath, (string? have, HttpContext http) =>
            !isAllowed(http) ? Results.Unauthorized()
            : IsConflict ? Results.Problem(statusCode: 409)
            : Roster is null || Roster.Mark == have ? Results.NoContent() : Results.Ok(Roster));
    }
}
