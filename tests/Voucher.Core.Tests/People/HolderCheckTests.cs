using System.Security.Cryptography;
using System.Text;
using Voucher.Core.People;

namespace Voucher.Core.Tests.People;

public sealed class HolderCheckTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, HolderCheck.BindingKeyLength).Select(i => (byte)i)];

    /// <summary>Vectors made with Python: <c>hmac.new(bytes(range(32)), number, sha256)</c>; a66755453b10… and 1cc6ed93e786….</summary>
    [Theory]
    [InlineData("11010519491231002X", 0xA667)]
    [InlineData("440524188001010014", 0x1CC6)]
    public void It_is_the_first_16_bits_of_the_HMAC_of_the_number(string number, int expected)
    {
        Assert.Equal(new HolderCheck((ushort)expected), HolderCheck.Of(IdNumber.Parse(number), Key));
    }

    [Fact]
    public void A_number_typed_in_another_way_gives_the_same_check()
    {
        Assert.Equal(
            HolderCheck.Of(IdNumber.Parse("11010519491231002X"), Key),
            HolderCheck.Of(IdNumber.Parse(" １１０１０５１９４９１２３１００２ｘ"), Key));
    }

    [Fact]
    public void Another_regions_key_gives_another_check()
    {
        var other = SHA256.HashData(Encoding.UTF8.GetBytes("other"));
        Assert.NotEqual(HolderCheck.Of(IdNumber.Parse("11010519491231002X"), Key), HolderCheck.Of(IdNumber.Parse("11010519491231002X"), other));
    }

    [Fact]
    public void It_prints_as_four_hexadecimal_digits() => Assert.Equal("00AB", new HolderCheck(0xAB).ToString());
}
