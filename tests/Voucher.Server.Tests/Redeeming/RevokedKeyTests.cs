using Voucher.Core.Refusals;
using Voucher.Core.Wire;
using Voucher.Server.Issuing.Keys;

namespace Voucher.Server.Tests.Redeeming;

/// <summary>After a key has leaked, nothing it signed is accepted. Revokes the key of its own server.</summary>
public sealed class RevokedKeyTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    [Fact]
    public async Task What_a_revoked_key_signed_is_refused_by_its_code_and_by_its_short_code()
    {
        var scene = new ScanScene(server);
        using var terminal = await scene.PairAsync();
        var voucher = await scene.IssueAsync();
        var training = await scene.OpenClassAsync();
        await server.Get<IssuingKeys>().RotateAsync();
        await server.Get<IssuingKeys>().RevokeAsync(1);
        var afresh = await scene.IssueAsync();

        var byCode = terminal.NewScan(ScanMode.Enrol, training, voucher);
        foreach (var scan in new[] { byCode, terminal.NewScan(ScanMode.Enrol, training, voucher) with { Digits = null, ShortCode = voucher.ShortCode.ToString() } })
            Assert.Equal(RefusalCode.KeyRevoked, (RefusalCode)(await terminal.SendAsync(scan)).Refusal);
        var typed = terminal.NewScan(ScanMode.Enrol, training, afresh) with { Digits = null, ShortCode = afresh.ShortCode.ToString() };
        Assert.True((await terminal.SendAsync(typed)).Accepted);
    }
}
