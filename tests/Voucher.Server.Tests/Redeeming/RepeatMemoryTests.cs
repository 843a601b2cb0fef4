using Voucher.Core.Wire;
using Voucher.Server.Redeeming;
using Voucher.Server.Redis;

namespace Voucher.Server.Tests.Redeeming;

public sealed class RepeatMemoryTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private readonly ScanScene _scene = new(server);

    [Fact]
    public async Task It_knows_another_scan_of_the_same_voucher_and_not_its_own_retry()
    {
        // Redis has 50 ms for a call; on a busy machine one may take longer, which counts as no answer: then another voucher.
        for (var tries = 0; tries < 20; tries++)
            if (await KnowsAsync(await _scene.IssueAsync())) return;
        Assert.Fail("It never knew another scan of the same voucher.");
    }

    private async Task<bool> KnowsAsync(PaperVoucher voucher)
    {
        var repeats = new RepeatMemory(server.Get<RedisLink>());
        var scan = new ScanRequest(Guid.NewGuid(), 1, ScanMode.Enrol, 1, voucher.Digits, null, null, server.Clock.GetUtcNow());
        Assert.False(await repeats.IsRepeatAsync(voucher.Id, scan));
        Assert.False(await repeats.IsRepeatAsync(voucher.Id, scan));
        var knows = await repeats.IsRepeatAsync(voucher.Id, scan with { ScanId = Guid.NewGuid() });
        Assert.False(await repeats.IsRepeatAsync(voucher.Id, scan with { ScanId = Guid.NewGuid(), Mode = ScanMode.CheckIn }));
        return knows;
    }
}
