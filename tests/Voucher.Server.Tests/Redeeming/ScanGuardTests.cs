using Voucher.Core.Wire;
using Voucher.Server.Redeeming;
using Voucher.Server.Redis;

namespace Voucher.Server.Tests.Redeeming;

public sealed class ScanGuardTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private readonly ScanScene _scene = new(server);

    [Fact]
    public async Task The_guard_knows_another_scan_of_the_same_voucher_and_not_its_own_retry()
    {
        var guard = new ScanGuard(server.Get<RedisLink>());
        var voucher = await _scene.IssueAsync();
        var scan = new ScanRequest(Guid.NewGuid(), 1, ScanMode.Enrol, 1, voucher.Digits, null, null, server.Clock.GetUtcNow());
        Assert.False(await guard.IsRepeatAsync(voucher.Id, scan));
        Assert.False(await guard.IsRepeatAsync(voucher.Id, scan));
        Assert.True(await guard.IsRepeatAsync(voucher.Id, scan with { ScanId = Guid.NewGuid() }));
        Assert.False(await guard.IsRepeatAsync(voucher.Id, scan with { ScanId = Guid.NewGuid(), Mode = ScanMode.CheckIn }));
    }
}
