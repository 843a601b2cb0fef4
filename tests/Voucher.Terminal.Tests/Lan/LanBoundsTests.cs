using System.Net;
using Voucher.Terminal.Lan;

namespace Voucher.Terminal.Tests.Lan;

public sealed class LanBoundsTests
{
    [Theory]
    [InlineData("FRONT-DESK", "front-desk", "front-desk.local")]
    [InlineData("desktop7", "desktop7", "desktop7.local")]
    [InlineData("pc1.gov.cn", "pc1", "pc1.local")]
    public void A_machine_is_known_by_its_name(string machine, string bare, string local) => Assert.Equal([bare, local], LanAddresses.NamesOf(machine));

    [Theory]
    [InlineData("center", "center.local")]
    [InlineData("CN", "cn.local")]
    [InlineData("前台", "xn--ldrt3b.local")]
    public void A_name_that_could_be_a_public_ending_is_vouched_for_only_as_a_local_one(string machine, string local) =>
        Assert.Equal([local], LanAddresses.NamesOf(machine));

    [Theory]
    [InlineData("")]
    [InlineData("localhost")]
    [InlineData("a-name-that-is-longer-than-the-sixty-three-characters-of-any-label")]
    public void What_is_no_name_is_left_out(string machine) => Assert.Empty(LanAddresses.NamesOf(machine));

    [Theory]
    [InlineData("10.0.0.0")]
    [InlineData("172.31.0.9")]
    [InlineData("192.168.255.255")]
    [InlineData("169.254.1.1")]
    [InlineData("203.0.113.7")]
    [InlineData("fdff::1")]
    [InlineData("febf::1")]
    public void Private_addresses_and_the_machines_own_are_within_the_bounds(string address) => Assert.True(Bounds().Has(IPAddress.Parse(address)));

    [Theory]
    [InlineData("172.32.0.1")]
    [InlineData("192.169.0.1")]
    [InlineData("203.0.113.8")]
    [InlineData("127.0.0.1")]
    [InlineData("fec0::1")]
    [InlineData("2001:db8::1")]
    public void Other_addresses_are_not(string address) => Assert.False(Bounds().Has(IPAddress.Parse(address)));

    [Fact]
    public void A_machine_without_a_name_is_bound_all_the_same()
    {
        var bounds = LanBounds.Of([], []);
        Assert.NotEmpty(bounds.Names);
        Assert.False(bounds.Has("www.bank.example"));
        Assert.False(bounds.Has(""));
    }

    private static LanBounds Bounds() => LanBounds.Of([IPAddress.Parse("203.0.113.7"), IPAddress.Parse("192.168.1.4")], ["desk-1", "desk-1.local"]);
}
