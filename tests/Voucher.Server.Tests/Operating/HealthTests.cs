using System.Net;
using System.Text.Json;
using Dapper;
using Npgsql;
using Voucher.Server.Operating;
using Voucher.Server.Operating.Health;
using Voucher.Server.Redis;

namespace Voucher.Server.Tests.Operating;

/// <summary>Each thing that a server rests on is taken away and given back, one after the other, on a server of its own.</summary>
public sealed class HealthTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    [Fact]
    public async Task Health_says_what_is_missing_and_is_well_again_when_it_is_back()
    {
        Assert.Equal((HttpStatusCode.OK, "ready", ""), await LookAsync());

        await using (var connection = await server.Database.OpenConnectionAsync())
        {
            await connection.ExecuteAsync("insert into migration (name, hash, run_at) values ('9999_newer.sql', '', now())");
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "down", nameof(HealthReason.SchemaAhead)), await LookAsync());
            await connection.ExecuteAsync("update migration set name = '0001' where name = '0001_accounts.sql'; delete from migration where name = '9999_newer.sql'");
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "down", nameof(HealthReason.SchemaBehind)), await LookAsync());
            await connection.ExecuteAsync("update migration set name = '0001_accounts.sql' where name = '0001'");
        }
        Assert.Equal((HttpStatusCode.OK, "ready", ""), await LookAsync());

        server.Get<Meters>().ObserveQueue(() => 7, 7);
        Assert.Equal((HttpStatusCode.OK, "degraded", nameof(HealthReason.ScanQueueFull)), await LookAsync());
        server.Get<Meters>().ObserveQueue(() => 6, 7);

        var binding = Path.Combine(server.Home, "keys", "binding.key");
        File.Move(binding, binding + ".away");
        Assert.Equal((HttpStatusCode.OK, "degraded", nameof(HealthReason.KeyFileMissing)), await LookAsync());
        File.Move(binding + ".away", binding);

        await LoseDatabaseAsync(async () =>
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "down", nameof(HealthReason.DatabaseAway)), await LookAsync()));
        Assert.Equal((HttpStatusCode.OK, "ready", ""), await LookAsync());

        server.Clock.Advance(TimeSpan.FromDays(620)); // A key of 1,095 days signs as long as its vouchers and their courses fit: 640 days.
        Assert.Equal((HttpStatusCode.OK, "degraded", nameof(HealthReason.SigningKeyExpiring)), await LookUntilAsync(nameof(HealthReason.SigningKeyExpiring)));
        server.Clock.Advance(TimeSpan.FromDays(30));
        Assert.Equal((HttpStatusCode.OK, "degraded", nameof(HealthReason.SigningKeyMissing)), await LookUntilAsync(nameof(HealthReason.SigningKeyMissing)));

        server.Get<RedisLink>().Dispose();
        Assert.Equal((HttpStatusCode.OK, "degraded", $"{nameof(HealthReason.RedisAway)},{nameof(HealthReason.SigningKeyMissing)}"), await LookAsync());

        await server.Get<Draining>().StoppingAsync(default);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await LookAsync()).Status);
        using var client = new HttpClient { BaseAddress = server.Address };
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health/live")).StatusCode);
    }

    [Theory]
    [InlineData(2L << 30, 100L << 30, false)]
    [InlineData(900L << 20, 100L << 30, true)]
    [InlineData(900L << 20, 4L << 30, false)]
    public void A_disk_is_nearly_full_when_little_is_left_both_in_bytes_and_in_share(long free, long total, bool isFull) =>
        Assert.Equal(isFull, HealthCheck.IsNearlyFull(free, total));

    private async Task<(HttpStatusCode Status, string Word, string Reasons)> LookUntilAsync(string reason)
    {
        for (var tries = 0; tries < 40; tries++)
        {
            if (await LookAsync() is var look && look.Reasons == reason) return look;
        }
        return await LookAsync();
    }

    private async Task<(HttpStatusCode Status, string Word, string Reasons)> LookAsync()
    {
        await Task.Delay(HealthCheck.Keep + TimeSpan.FromMilliseconds(50)); // A look is believed for a moment.
        using var client = new HttpClient { BaseAddress = server.Address };
        using var answer = await client.GetAsync("/health/ready");
        var text = await answer.Content.ReadAsStringAsync();
        Assert.DoesNotContain(server.Home, text);
        Assert.DoesNotContain("Host=", text);
        var body = JsonDocument.Parse(text).RootElement;
        var reasons = body.GetProperty("reasons").EnumerateArray().Select(reason => reason.GetProperty("name").GetString()).Order(StringComparer.Ordinal);
        return (answer.StatusCode, body.GetProperty("status").GetString()!, string.Join(',', reasons));
    }

    /// <summary>The database takes no connections while <paramref name="during"/> runs.</summary>
    private async Task LoseDatabaseAsync(Func<Task> during)
    {
        var own = new NpgsqlConnectionStringBuilder(server.ConnectionString);
        await using var admin = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = "postgres", Pooling = false }.ConnectionString);
        await admin.OpenAsync();
        await admin.ExecuteAsync($"alter database {own.Database} allow_connections false");
        await admin.ExecuteAsync("select pg_terminate_backend(pid) from pg_stat_activity where datname = @Database", new { own.Database });
        try
        {
            await during();
        }
        finally
        {
            await admin.ExecuteAsync($"alter database {own.Database} allow_connections true");
        }
    }
}
