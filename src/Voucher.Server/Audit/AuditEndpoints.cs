using Voucher.Server.Api;

namespace Voucher.Server.Audit;

/// <summary>The audit trail over HTTP.</summary>
public static class AuditEndpoints
{
    public const int LargestPage = 500;
    public const int MostDays = 3660;

    /// <param name="Origin">Address of the caller, <c>terminal:N</c> or <c>server</c>; <c>null</c> in entries from before it was noted.</param>
    /// <param name="Ground">Rule and clause, reason, or <c>permission:…</c>; <c>null</c> or empty in entries from before every act had to name one.</param>
    /// <param name="Hash">SHA-256 in hexadecimal.</param>
    public sealed record Entry(
        long Number, DateTimeOffset At, string? Who, string? Login, string? Origin, string Action, string Subject, string Detail, string? Ground, string Hash);

    /// <param name="County">Six digits.</param>
    /// <param name="Chain"><c>audit</c>; further chains bear further names.</param>
    /// <param name="Hash">SHA-256 in hexadecimal, after the day's last entry.</param>
    public sealed record DayRoot(string County, string Chain, DateOnly Day, long Number, string Hash);

    public static void MapAudit(this WebApplication app)
    {
        var audit = app.MapGroup("/api/audit").RequireAuthorization(Permission.ReadAudit).WithTags("Audit");
        audit.MapGet("", ReadAsync).WithSummary("Entries, newest first; ask on with before = the smallest number seen")
            .Produces<Entry[]>().ProducesProblem(StatusCodes.Status400BadRequest);
        audit.MapGet("/check", async (AuditStore trail) => TypedResults.Ok(await trail.CheckAsync()))
            .WithSummary("Walks the hash chain: whole up to which entry, broken at which");
        audit.MapGet("/roots", async (AuditStore trail, TimeProvider clock, HttpContext context) =>
                TypedResults.Ok((await trail.TakeRootsAsync(context.Actor(), MostDays, clock.GetUtcNow())).Select(
                    root => new DayRoot(root.County, root.Chain, root.Day, root.Number, Convert.ToHexStringLower(root.Hash)))))
            .WithSummary("The chains' hash at the end of each day, newest first; taking them is on the trail");
    }

    private static async Task<IResult> ReadAsync(
        AuditStore trail, HttpContext context, long? before = null, string? action = null, DateOnly? from = null, DateOnly? until = null, int most = 100)
    {
        var read = new FieldReader();
        read.Text("action", action, AuditTrail.LongestAction, isOptional: true);
        if (read.Errors.Count > 0) return Problems.Of(read.Errors, context);
        var lines = await trail.ReadAsync(new AuditStore.Wish(before, action, from, until), Math.Clamp(most, 1, LargestPage));
        return TypedResults.Ok(lines.Select(line => new Entry(
            line.Number, line.At, line.Who, line.Login, line.Origin, line.Action, line.Subject, line.Detail, line.Ground, Convert.ToHexStringLower(line.Hash))).ToArray());
    }
}
