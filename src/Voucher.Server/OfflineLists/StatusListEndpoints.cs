using System.Globalization;
using Voucher.Core.OfflineLists;
using Voucher.Core.Wire;
using Voucher.Server.Api;
using Voucher.Server.Issuing.Keys;
using Voucher.Server.Operating.Limits;
using Voucher.Server.Terminals;

namespace Voucher.Server.OfflineLists;

/// <summary>Lists for terminals that may lose their link: over the link, and as a file for a USB stick.</summary>
public static class StatusListEndpoints
{
    public const string FilePath = "/terminals/lists";

    public static void MapStatusLists(this WebApplication app)
    {
        var device = app.MapGroup("").WithTags("Terminal device").WithMetadata(RateLimit.Device)
            .RequireAuthorization(policy => policy.AddAuthenticationSchemes(AccountSchemes.Terminal).RequireAuthenticatedUser());
        device.MapGet(ListNames.StatusPath, StatusAsync).WithSummary("The status list: what has changed since the counter that the terminal has, or all of it")
            .Produces<byte[]>(200, "application/octet-stream").Produces(204).ProducesProblem(409);
        device.MapGet(ListNames.RosterPath, RosterAsync).WithSummary("Who is enrolled in the institution's classes, names masked")
            .Produces<TerminalRoster>().Produces(204).ProducesProblem(409);
        app.MapGet(FilePath, FileAsync).RequireAuthorization(Permission.PairTerminal).ExcludeFromDescription();
    }

    private static async Task<IResult> StatusAsync(long? have, StatusListBook book, TerminalStore terminals, HttpContext context)
    {
        if (await ActiveAsync(terminals, context) is null) return NotActive(context);
        if (await book.NewestAsync() is not { } list) return TypedResults.NoContent();
        context.Response.Headers[ListNames.AsOfHeader] = list.AsOf.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return list.For(have) is { } bytes ? TypedResults.Bytes(bytes, "application/octet-stream") : TypedResults.NoContent();
    }

    private static async Task<IResult> RosterAsync(string? have, RosterListStore rosters, TerminalStore terminals, TimeProvider clock, HttpContext context)
    {
        if (await ActiveAsync(terminals, context) is not { } terminal) return NotActive(context);
        var roster = await rosters.ReadAsync(terminal.InstitutionId, clock.GetUtcNow());
        return roster.Mark == have ? TypedResults.NoContent() : TypedResults.Ok(roster);
    }

    /// <summary>Key list and status list in one file, each signed; nothing of a person is in it.</summary>
    private static async Task<IResult> FileAsync(StatusListBook book, IssuingKeys keys, HttpContext context)
    {
        if (await book.NewestAsync() is not { } list) return TypedResults.NotFound();
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.File(
            ListFile.Encode(await keys.SignedListAsync(), list.Encoded), "application/octet-stream", ListFile.NameOf(list.Signed.List.Region, list.Counter));
    }

    private static async Task<TerminalStore.Row?> ActiveAsync(TerminalStore terminals, HttpContext context) =>
        await terminals.FindAsync(TerminalLogIn.TerminalOf(context.User)) is { Status: TerminalStatus.Active } terminal ? terminal : null;

    private static IResult NotActive(HttpContext context) => Problems.Of(Refusal.Of(RefusalCode.TerminalNotActive), context);
}
