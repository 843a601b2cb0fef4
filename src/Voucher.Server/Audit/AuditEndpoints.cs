using Voucher.Server.Api;

namespace Voucher.Server.Audit;

/// <summary>The audit trail over HTTP.</summary>
public static class AuditEndpoints
{
    public const int LargestPage = 500;
    public const int MostDays = 3660;

    /// <param name="Hash">SHA-256 in hexadecimal.</param>
    public sealed record Entry(long Number, DateTimeOffset At, string? Who, string? Login, string Action, string Subject, string Detail, string Hash);

    /// <param name="Hash">SHA-256 in hexadecimal, after the day's last entry.</param>
    public sealed record DayRoot(DateOnly Day, long Number, string Hash);

    public static void MapAudit(this WebApplication app)
    {
        var audit = app.MapGroup("/api/audit").RequireAuthorization(Permission.ReadAudit).WithTags("Audit");
        audit.MapGet("", ReadAsync).WithSummary("Entries, newest first; ask on with before = the smallest number seen")
            .Produces<Entry[]>().ProducesProblem(StatusCodes.Status400BadRequest);
        audit.MapGet("/check", async (AuditStore trail) => TypedResults.Ok(await trail.CheckAsync()))
            .WithSummary("Walks the hash chain: whole up to which entry, broken at which");
        audit.MapGet("/roots", async (AuditStore trail) => TypedResults.Ok((await trail.RootsAsync(MostDays)).Select(
                root => new DayRoot(root.Day, root.Number, Convert.ToHexStringLower(root.Hash)))))
            .WithSummary("The chain's hash at the end of each day, newest first");
    }

    private static async Task<IResult> ReadAsync(
        AuditStore trail, HttpContext context, long? before = null, string? action = null, DateOnly? from = null, DateOnly? until = null, int most = 100)
    {
        var read = new FieldReader();
        read.Text("action", action, AuditTrail.LongestAction, isOptional: true);
        if (read.Errors.Count > 0) return Problems.Of(read.Errors, context);
        var lines = await trail.ReadAsync(new AuditStore.Wish(before, action, from, until), Math.Clamp(most, 1, LargestPage));
        return TypedResults.Ok(lines.Select(line => new Entry(
            line.Number, line.At, line.Who, line.Login, line.Action, line.Subject, line.Detail, Convert.ToHexStringLower(line.Hash))).ToArray());
    }
}
