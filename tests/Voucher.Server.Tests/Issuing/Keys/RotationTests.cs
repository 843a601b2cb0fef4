using Voucher.Core;
using Voucher.Server.Issuing.Keys;

namespace Voucher.Server.Tests.Issuing.Keys;

public sealed class RotationTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    [Fact]
    public async Task Rotation_without_the_root_fails_and_succeeds_once_the_root_is_back()
    {
        var keys = server.Get<IssuingKeys>();
        var root = Path.Combine(server.Home, "keys", "root.pem");
        var away = Path.Combine(server.Home, "root.away");
        File.Move(root, away);
        await Assert.ThrowsAsync<InvalidOperationException>(keys.RotateAsync);
        await Assert.ThrowsAsync<InvalidOperationException>(keys.RotateAsync);
        File.Move(away, root);

        var id = await keys.RotateAsync();
        Assert.Equal(2, id);
        Assert.Equal(2, (await keys.RingAsync()).Version);
        var signing = await keys.SigningKeyAsync(CountyTime.DayOf(server.Clock.GetUtcNow()).AddDays(30));
        Assert.Equal(id, signing!.Value.KeyId);
    }
}
