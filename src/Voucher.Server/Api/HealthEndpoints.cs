using Voucher.Server.Redis;

namespace Voucher.Server.Api;

/// <summary>For whatever watches the server: alive, ready, and what it does without.</summary>
public static class HealthEndpoints
{
    /// <param name="Status"><c>ready</c>, or <c>degraded</c> when Redis is away (answers stay right, some come slower).</param>
    public sealed record Health(string Status, bool Database, bool Redis);

    public static void MapHealth(this WebApplication app)
    {
        app.MapGet("/health/live", () => TypedResults.Ok()).AllowAnonymous().WithTags("Health").WithSummary("The process answers").DisableRateLimiting();
        app.MapGet("/health/ready", ReadyAsync).AllowAnonymous().WithTags("Health").WithSummary("The database answers").DisableRateLimiting();
    }

    private static async Task<IResult> ReadyAsync(NpgsqlDataSource database, RedisLink redis, CancellationToken cancel)
    {
        try
        {
            await using var connection = await database.OpenConnectionAsync(cancel);
            await connection.ExecuteScalarAsync<int>("select 1 from county");
        }
        catch (Exception fault) when (fault is NpgsqlException or TimeoutException)
        {
            return TypedResults.Json(new Health("down", false, redis.IsUp), statusCode: StatusCodes.Status503ServiceUnavailable);
        }
        var isDegraded = redis.IsConfigured && !redis.IsUp;
        return TypedResults.Ok(new Health(isDegraded ? "degraded" : "ready", true, redis.IsUp));
    }
}
