using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Voucher.Core;
using Voucher.Core.Policies;
using Voucher.Core.Vouchers;
using Voucher.Core.Wire;
using Voucher.Server.Demo;
using Voucher.Server.Fraud;
using Voucher.Server.Policies;
using Voucher.Server.Redis;
using Voucher.Server.Tests.Redeeming;

namespace Voucher.Server.Tests.Fraud;

/// <summary>Scans, thresholds and the county's eyes, for tests of the guard.</summary>
public sealed class GuardScene(ServerUnderTest server)
{
    private static int _versions = 1;

    public ScanScene Scans { get; } = new(server);

    /// <summary>A new version of the county's policy with other thresholds, in force at once.</summary>
    public Task SetPolicyAsync(PolicyParameters parameters) => server.Get<PolicyStore>().AddAsync(
        DemoPolicy.For(DemoCounty.Region) with { Version = Interlocked.Increment(ref _versions), Parameters = parameters });

    /// <summary>Looks at Redis until the guard is warm, as its own watch does every second.</summary>
    public Task WarmAsync() => WarmAsync(server.Services);

    public static async Task WarmAsync(IServiceProvider services)
    {
        var began = Stopwatch.GetTimestamp();
        while (services.GetRequiredService<GuardState>().Warmth != GuardWarmth.Warm)
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(60), $"The guard does not become warm: {Stand(services)}");
            await services.GetRequiredService<GuardWatch>().LookAsync();
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    private static string Stand(IServiceProvider services)
    {
        var redis = services.GetRequiredService<RedisLink>();
        return $"{services.GetRequiredService<GuardState>().Snapshot()}, connected {redis.IsUp}, left alone {redis.IsBreakerOpen}.";
    }

    /// <summary>New vouchers, enrolled one after the other, so far apart by the terminal's clock, the last of them now or when it is said.</summary>
    public async Task<List<(PaperVoucher Voucher, ScanRequest Scan, ScanAnswer Answer)>> EnrolAsync(TestTerminal terminal, ClassId training, int count, TimeSpan apart, DateTimeOffset? lastAt = null)
    {
        List<(PaperVoucher, ScanRequest, ScanAnswer)> done = [];
        var last = lastAt ?? server.Clock.GetUtcNow();
        for (var i = 0; i < count; i++)
        {
            var voucher = await Scans.IssueAsync();
            var scan = terminal.NewScan(ScanMode.Enrol, training, voucher) with { ScannedAt = last - ((count - 1 - i) * apart) };
            done.Add((voucher, scan, await terminal.SendAsync(scan)));
        }
        return done;
    }

    public async Task<FraudEndpoints.HoldAnswer> OpenHoldOfAsync(VoucherId voucher)
    {
        using var reviewer = await server.LogInAsync("reviewer");
        var holds = await reviewer.GetFromJsonAsync<FraudEndpoints.HoldAnswer[]>("/api/fraud/holds");
        return Assert.Single(holds!, hold => hold.VoucherNumber == voucher.ToString());
    }

    public async Task<long> HoldsOfAsync(VoucherId voucher)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<long>("select count(*) from hold where voucher_id = @voucher", new { voucher });
    }

    public async Task DecideAsync(long hold, string verdict, HttpStatusCode expected = HttpStatusCode.NoContent)
    {
        using var reviewer = await server.LogInAsync("reviewer");
        using var answer = await reviewer.PostAsJsonAsync($"/api/fraud/holds/{hold}/decision", new { verdict, reason = "电话核对过" });
        Assert.Equal(expected, answer.StatusCode);
    }
}
