using System.Collections.Concurrent;
using System.Diagnostics;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Voucher.Core.Policies;
using Voucher.Core.Refusals;
using Voucher.Core.Vouchers;
using Voucher.Core.Wire;
using Voucher.Server.Fraud;
using Voucher.Server.Redis;
using Voucher.Server.Tests.Redeeming;
using Voucher.Testing;

namespace Voucher.Server.Tests.Fraud;

/// <summary>
/// A run of close enrolments with Redis whole, emptied, killed, hung, and started again from an old file in the middle of it:
/// the same vouchers are held. Each story has a server and a Redis of its own.
/// </summary>
public sealed class RedisLostTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private readonly GuardScene _scene = new(server);

    [Fact]
    public async Task Emptied_in_the_middle_the_row_is_still_held_at_once_or_afterwards()
    {
        await using var redis = new OwnRedis();
        await using var own = await StartAsync(redis);
        await HoldsTheFifthAsync(own, between: async () => await own.EmptyAsync());
    }

    [Fact]
    public async Task Killed_in_the_middle_the_fifth_is_held_from_PostgreSQL()
    {
        await using var redis = new OwnRedis();
        await using var own = await StartAsync(redis);
        await HoldsTheFifthAsync(own, between: () => { redis.Kill(); return Task.CompletedTask; });
        await own.BecomesAsync(GuardWarmth.Away);
        await redis.StartAsync();
        await own.BecomesAsync(GuardWarmth.Warm);
        Assert.NotEqual(0, own.Get<GuardState>().Snapshot().RebuiltFromScans);
    }

    [Fact]
    public async Task Hung_in_the_middle_the_fifth_is_held_from_PostgreSQL()
    {
        await using var redis = new OwnRedis();
        await using var own = await StartAsync(redis);
        await HoldsTheFifthAsync(own, between: redis.HangAsync);
        await own.BecomesAsync(GuardWarmth.Away);
        await redis.GoOnAsync();
        await own.BecomesAsync(GuardWarmth.Warm);
    }

    [Fact]
    public async Task Started_again_from_an_old_file_or_promoted_behind_the_times_it_is_warmed_anew()
    {
        await using var redis = new OwnRedis();
        await using var own = await StartAsync(redis);
        await redis.SaveAsync();
        await HoldsTheFifthAsync(own, between: async () =>
        {
            redis.Kill();
            await redis.StartAsync(); // With the marker of before, and none of the scans since.
        });
        await own.BecomesAsync(GuardWarmth.Warm);
    }

    [Theory]
    [InlineData(300)]
    [InlineData(1500)]
    [InlineData(6000)]
    public async Task A_server_that_started_while_Redis_hung_finds_it_when_it_goes_on(int hungMilliseconds)
    {
        await using var redis = new OwnRedis();
        await redis.StartAsync();
        await redis.HangAsync();
        await using var own = Build(redis);
        var goesOn = Task.Delay(hungMilliseconds, TestContext.Current.CancellationToken).ContinueWith(_ => redis.GoOnAsync(), TaskScheduler.Default).Unwrap();
        await own.App.StartAsync();
        await goesOn;
        await own.BecomesAsync(GuardWarmth.Warm);
    }

    [Fact]
    public async Task A_connection_that_died_without_a_word_is_replaced()
    {
        await using var redis = new OwnRedis();
        using var cable = new Cable(redis.Port);
        await using var own = await StartAsync(redis, $"127.0.0.1:{cable.Port}");
        ConcurrentQueue<byte> heard = [];
        await own.Get<RedisLink>().SubscribeAsync("test", message => heard.Enqueue(message[0]));
        cable.ForgetStanding();
        await own.BecomesAsync(GuardWarmth.Away);
        await own.BecomesAsync(GuardWarmth.Warm);
        for (byte tries = 1; heard.IsEmpty; tries++)
        {
            Assert.True(tries < 200, "The new connection does not listen.");
            own.Get<RedisLink>().Publish("test", [tries]);
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
        Assert.Equal(heard.Distinct(), heard);
    }

    [Fact]
    public async Task What_Redis_was_never_told_it_is_told_when_it_answers_again()
    {
        await using var redis = new OwnRedis();
        using var cable = new Cable(redis.Port);
        await using var own = await StartAsync(redis, $"127.0.0.1:{cable.Port}");
        using var terminal = await own.PairAsync(_scene);
        var training = await _scene.Scans.OpenClassAsync();
        var close = TimeSpan.FromMilliseconds(500);
        cable.ForgetStanding();
        var before = await _scene.EnrolAsync(terminal, training, 4, close);
        Assert.All(before, one => Assert.True(one.Answer.Accepted, one.Answer.Reason.En));
        for (var tries = 0; own.Get<UntoldScans>().Waiting().Count > 0 || own.Get<GuardState>().Warmth != GuardWarmth.Warm; tries++)
        {
            Assert.True(tries < 300, "Redis is not told.");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
        var window = (await own.ContentAsync()).Single(entry => entry.Key == GuardWindows.Tag(own.Get<County>(), 'e', terminal.Id));
        Assert.Equal(4, window.Value.Split(',').Length);
        var fifth = (await _scene.EnrolAsync(terminal, training, 1, close, lastAt: before[^1].Scan.ScannedAt + close))[0];
        Assert.Equal((int)RefusalCode.VoucherHeld, fifth.Answer.Refusal);
    }

    [Fact]
    public async Task A_server_whose_turn_to_rebuild_was_granted_too_late_to_hear_of_it_still_takes_it()
    {
        await using var redis = new OwnRedis();
        await using var own = await StartAsync(redis);
        var before = own.Get<GuardState>().Snapshot().RebuiltAt;
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        var pause = TimeSpan.FromSeconds(1.5);
        await own.EmptyAsync(thenHoldUpWritesFor: pause);
        await own.BecomesAsync(GuardWarmth.Warm, within: pause + (GuardWatch.RebuildWithin / 2), rebuiltAfter: before);
    }

    [Fact]
    public async Task What_another_server_let_pass_for_want_of_scans_that_were_not_told_is_held_afterwards()
    {
        await using var redis = new OwnRedis();
        using var cable = new Cable(redis.Port);
        await using var cutOff = await StartAsync(redis, $"127.0.0.1:{cable.Port}");
        await using var other = await StartAsync(redis);
        using var here = await cutOff.PairAsync(_scene);
        using var there = other.Reach(here);
        var training = await _scene.Scans.OpenClassAsync();
        var close = TimeSpan.FromMilliseconds(500);
        cable.Freeze();
        var fifth = await LetPassAsync(here, there, training, close);
        server.Clock.Advance(WarmUp.LateAnswer);
        cable.Heal();
        await BecomesHeldAsync(fifth);
    }

    /// <summary>A fifth close enrolment that was let pass: a server whose own Redis was too slow for this scan asks PostgreSQL and holds it, which is right as well.</summary>
    private async Task<VoucherId> LetPassAsync(TestTerminal here, TestTerminal there, Core.ClassId training, TimeSpan close)
    {
        for (var tries = 0; tries < 20; tries++)
        {
            server.Clock.Advance(TimeSpan.FromMinutes(10)); // Those of the last try are close to none of these.
            var before = await _scene.EnrolAsync(here, training, 4, close);
            var fifth = await _scene.Scans.IssueAsync();
            var answer = await there.SendAsync(here.NewScan(ScanMode.Enrol, training, fifth) with { ScannedAt = before[^1].Scan.ScannedAt + close });
            if (answer.Accepted) return fifth.Id;
            Assert.Equal((int)RefusalCode.VoucherHeld, answer.Refusal);
        }
        Assert.Fail("The other server never had its Redis in time.");
        return default;
    }

    [Fact]
    public async Task Windows_that_were_emptied_while_they_were_rebuilt_are_not_marked_whole()
    {
        await using var redis = new OwnRedis();
        await redis.StartAsync();
        using var connection = await StackExchange.Redis.ConnectionMultiplexer.ConnectAsync(redis.Address);
        var database = connection.GetDatabase();
        async Task<bool> MarkAsync() => (bool)await GuardWindows.RunAsync(database, GuardScripts.Whole, ["{r}", "{r}:began"], ["this time", "run id"]);
        Assert.False(await MarkAsync());
        await database.StringSetAsync("{r}:began", "another time");
        Assert.False(await MarkAsync());
        Assert.False(await database.KeyExistsAsync("{r}"));
        await database.StringSetAsync("{r}:began", "this time");
        Assert.True(await MarkAsync());
        Assert.Equal("run id", await database.StringGetAsync("{r}"));
    }

    [Fact]
    public async Task Rebuilt_windows_are_what_was_there()
    {
        await using var redis = new OwnRedis();
        await using var own = await StartAsync(redis);
        await own.EnrolAsync(_scene, 3);
        using var elsewhere = await own.PairAsync(_scene, institution: 2);
        await elsewhere.SendAsync(elsewhere.NewScan(ScanMode.CheckIn, new Core.ClassId(1), await _scene.Scans.IssueAsync()));
        await own.Get<GuardWatch>().LookAsync();
        var before = await own.ContentAsync();
        Assert.Contains(before.Keys, key => key.Contains(":e", StringComparison.Ordinal));
        Assert.Contains(before.Keys, key => key.Contains(":h", StringComparison.Ordinal));
        await own.EmptyAsync();
        await own.Get<GuardWatch>().LookAsync();
        await own.BecomesAsync(GuardWarmth.Warm);
        var after = await own.ContentAsync();
        // The rates slide on while this is looked at; they have tests of their own.
        foreach (var (key, value) in before.Where(entry => !entry.Key.Contains(":r", StringComparison.Ordinal)))
            Assert.Equal(value, after.GetValueOrDefault(key));
    }

    [Fact]
    public async Task A_lying_Redis_holds_nobody()
    {
        await using var redis = new OwnRedis();
        await using var own = await StartAsync(redis);
        using var terminal = await own.PairAsync(_scene);
        var training = await _scene.Scans.OpenClassAsync();
        var voucher = await _scene.Scans.IssueAsync();
        await own.LieAsync(terminal, voucher);
        Assert.True((await terminal.ScanAsync(ScanMode.Enrol, training, voucher)).Accepted);
        Assert.Equal(0, await _scene.HoldsOfAsync(voucher.Id));
    }

    /// <summary>Four close enrolments, then what happens to Redis, then the fifth: held, now or when the guard looks afterwards.</summary>
    private async Task HoldsTheFifthAsync(OwnServer own, Func<Task> between)
    {
        using var terminal = await own.PairAsync(_scene);
        var training = await _scene.Scans.OpenClassAsync();
        var close = TimeSpan.FromMilliseconds(500);
        var before = await _scene.EnrolAsync(terminal, training, 4, close);
        Assert.All(before, one => Assert.True(one.Answer.Accepted, one.Answer.Reason.En));
        await between();
        // Close by the terminal's clock, however long Redis took on a busy machine.
        var fifth = (await _scene.EnrolAsync(terminal, training, 1, close, lastAt: before[^1].Scan.ScannedAt + close))[0];
        await BecomesHeldAsync(fifth.Voucher.Id);
        foreach (var (voucher, _, _) in before) Assert.Equal(0, await _scene.HoldsOfAsync(voucher.Id));
        var again = await terminal.ScanAsync(fifth.Answer.Accepted ? ScanMode.Complete : ScanMode.Enrol, training, fifth.Voucher);
        Assert.Equal((int)RefusalCode.VoucherHeld, again.Refusal);
    }

    private async Task BecomesHeldAsync(VoucherId voucher)
    {
        for (var tries = 0; await _scene.HoldsOfAsync(voucher) == 0; tries++)
        {
            Assert.True(tries < 200, "The fifth was never held.");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }

    private async Task<OwnServer> StartAsync(OwnRedis redis, string? address = null)
    {
        await _scene.SetPolicyAsync(new PolicyParameters());
        await redis.StartAsync();
        var own = Build(redis, address);
        await own.App.StartAsync();
        await own.BecomesAsync(GuardWarmth.Warm);
        return own;
    }

    private OwnServer Build(OwnRedis redis, string? address = null) => new(
        ServerComposition.Build(
            [$"--VOUCHER_POSTGRES={server.ConnectionString}", $"--VOUCHER_REDIS={address ?? redis.Address},allowAdmin=true", $"--VOUCHER_HOME={server.Home}", "--urls=http://127.0.0.1:0"],
            services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(server.Clock))),
        redis);

    private sealed class OwnServer(WebApplication app, OwnRedis redis) : IAsyncDisposable
    {
        public WebApplication App => app;

        public T Get<T>() where T : notnull => app.Services.GetRequiredService<T>();

        /// <param name="rebuiltAfter">The windows must have been rebuilt since.</param>
        public async Task BecomesAsync(GuardWarmth warmth, TimeSpan? within = null, DateTimeOffset? rebuiltAfter = null)
        {
            var began = Stopwatch.GetTimestamp();
            while (Get<GuardState>().Warmth != warmth || (rebuiltAfter is { } before && !(Get<GuardState>().Snapshot().RebuiltAt > before)))
            {
                Assert.True(Stopwatch.GetElapsedTime(began) < (within ?? TimeSpan.FromSeconds(60)), $"The guard is {Get<GuardState>().Warmth}, not {warmth}.");
                await Task.Delay(100, TestContext.Current.CancellationToken);
            }
        }

        /// <summary>A paired terminal that talks to this server.</summary>
        public async Task<TestTerminal> PairAsync(GuardScene scene, int institution = 1)
        {
            var paired = await scene.Scans.PairAsync(institution); // Its key is the other one's too.
            return Reach(paired);
        }

        /// <summary>The same terminal, talking to this server.</summary>
        public TestTerminal Reach(TestTerminal terminal)
        {
            var client = new HttpClient { BaseAddress = ServerUnderTest.AddressOf(app) };
            client.DefaultRequestHeaders.Authorization = terminal.Client.DefaultRequestHeaders.Authorization;
            return new TestTerminal(client, terminal.Id, terminal.Key, Get<TimeProvider>());
        }

        public async Task EnrolAsync(GuardScene scene, int count)
        {
            using var terminal = await PairAsync(scene);
            await scene.EnrolAsync(terminal, await scene.Scans.OpenClassAsync(), count, TimeSpan.FromSeconds(5));
        }

        public async Task EmptyAsync(TimeSpan? thenHoldUpWritesFor = null) => await DoAsync(async database =>
        {
            await database.ExecuteAsync("FLUSHALL");
            if (thenHoldUpWritesFor is { } pause) await database.ExecuteAsync("CLIENT", "PAUSE", (long)pause.TotalMilliseconds, "WRITE");
            return true;
        });

        /// <summary>Every window with its content, times to live left out.</summary>
        public Task<Dictionary<string, string>> ContentAsync() => DoAsync(async database =>
        {
            Dictionary<string, string> content = new(StringComparer.Ordinal);
            var keys = (string[])(await database.ExecuteAsync("KEYS", "guard:*"))!;
            foreach (var key in keys.Where(key => !key.Contains("marker", StringComparison.Ordinal)))
            {
                content[key] = key.Contains(":e", StringComparison.Ordinal)
                    ? string.Join(',', (await database.SortedSetRangeByRankWithScoresAsync(key)).Select(entry => $"{entry.Element}={entry.Score:F0}"))
                    : string.Join(',', (await database.HashGetAllAsync(key)).Select(entry => $"{entry.Name}={entry.Value}").Order(StringComparer.Ordinal));
            }
            return content;
        });

        /// <summary>Fills the windows with what never was: the holder elsewhere a moment ago, and a village at this terminal.</summary>
        public Task LieAsync(TestTerminal terminal, PaperVoucher voucher) => DoAsync(async database =>
        {
            var now = Get<TimeProvider>().GetUtcNow().ToUnixTimeMilliseconds();
            var county = Get<County>();
            await database.HashSetAsync(GuardWindows.Tag(county, 'h', voucher.Holder.Value), "2", now - 1000);
            for (var i = 0; i < 60; i++) await database.SortedSetAddAsync(GuardWindows.Tag(county, 'e', terminal.Id), i, now - i);
            return true;
        });

        private async Task<T> DoAsync<T>(Func<StackExchange.Redis.IDatabase, Task<T>> act)
        {
            using var connection = await StackExchange.Redis.ConnectionMultiplexer.ConnectAsync($"{redis.Address},allowAdmin=true");
            return await act(connection.GetDatabase());
        }

        public async ValueTask DisposeAsync()
        {
            await app.StopAsync();
            await app.DisposeAsync();
        }
    }
}
