using Microsoft.Extensions.DependencyInjection;
using Voucher.Core;
using Voucher.Core.People;
using Voucher.Core.Vouchers;
using Voucher.Core.Wire;
using Voucher.Server.Fraud;

namespace Voucher.Server.Tests.Fraud;

/// <summary>Scans that Redis never answered: which windows are not relied on, and when all are rebuilt.</summary>
public sealed class UntoldScansTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    [Fact]
    public void Only_windows_of_the_same_terminal_or_holder_are_concerned_and_only_until_told()
    {
        var untold = new UntoldScans();
        Assert.False(untold.Concern(Scan(1, 1)));
        untold.Add(Scan(1, 1));
        untold.Add(Scan(2, 2));
        Assert.True(untold.Concern(Scan(terminal: 1, holder: 9)));
        Assert.True(untold.Concern(Scan(terminal: 9, holder: 2)));
        Assert.False(untold.Concern(Scan(terminal: 9, holder: 9)));
        untold.Told(untold.Waiting().Take(1));
        Assert.False(untold.Concern(Scan(terminal: 1, holder: 1)));
        Assert.True(untold.Concern(Scan(terminal: 2, holder: 9)));
        untold.Told(untold.Waiting());
        Assert.False(untold.Concern(Scan(terminal: 2, holder: 2)));
    }

    [Fact]
    public void Beyond_the_limit_the_oldest_are_lost_and_no_window_is_relied_on()
    {
        var untold = new UntoldScans();
        for (var i = 0; i < UntoldScans.Most; i++) untold.Add(Scan(i, 0));
        Assert.False(untold.Concern(Scan(terminal: UntoldScans.Most, holder: 9)));
        Assert.False(untold.SomeAreLost);
        var told = untold.Waiting();
        untold.Add(Scan(UntoldScans.Most, 0));
        Assert.Equal(UntoldScans.Most, untold.Waiting().Count);
        Assert.True(untold.Concern(Scan(terminal: 0, holder: 9)));
        untold.Told(told);
        Assert.Equal(UntoldScans.Most, Assert.Single(untold.Waiting()).Terminal.Value);
        Assert.True(untold.SomeAreLost);
        untold.ForgetLost();
        Assert.False(untold.Concern(Scan(terminal: 0, holder: 9)));
    }

    [Fact]
    public async Task With_more_than_can_be_kept_the_windows_are_rebuilt_from_PostgreSQL()
    {
        await GuardScene.WarmAsync(server.Services);
        var before = server.Get<GuardState>().Snapshot().RebuiltAt;
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        // The server's own watch may tell some of them meanwhile.
        for (var i = 0; i <= UntoldScans.Most || (!server.Get<UntoldScans>().SomeAreLost && server.Get<GuardState>().Snapshot().RebuiltAt == before); i++)
            server.Get<UntoldScans>().Add(Scan(1, 1));
        await server.Get<GuardWatch>().LookAsync();
        await GuardScene.WarmAsync(server.Services);
        Assert.True(server.Get<GuardState>().Snapshot().RebuiltAt > before);
        Assert.Empty(server.Get<UntoldScans>().Waiting());
    }

    [Fact]
    public async Task A_server_that_starts_rebuilds_though_another_has_done_so()
    {
        await GuardScene.WarmAsync(server.Services);
        await using var another = await server.StartAnotherAsync();
        await GuardScene.WarmAsync(another.Services);
        Assert.NotNull(another.Services.GetRequiredService<GuardState>().Snapshot().RebuiltAt);
    }

    private static WindowScan Scan(int terminal, ushort holder) => new(
        new TerminalId(terminal), new InstitutionId(1), ScanMode.Enrol, new VoucherId(1), new HolderCheck(holder), DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, IsLate: false);
}
