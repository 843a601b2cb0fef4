using Voucher.Server.Register;

namespace Voucher.Server.Tests.Register;

public sealed class TownshipNamesTests
{
    private static readonly TownshipNames Names = new("东乡族自治县",
    [
        new(1, "城关镇"), new(2, "城关乡"), new(3, "河滩镇"), new(4, "东城街道"), new(5, "唐汪镇"),
    ]);

    [Theory]
    [InlineData("城关镇", 1)]
    [InlineData("城关乡", 2)]
    [InlineData("东乡族自治县城关乡", 2)]
    [InlineData("河滩", 3)]
    [InlineData("河滩乡", 3)]
    [InlineData("东城街道", 4)]
    [InlineData("东城", 4)]
    [InlineData("东城街道办事处", 4)]
    [InlineData("唐汪街道", 5)]
    public void A_township_is_known_by_its_name_with_whatever_rank_it_once_had(string text, int code) => Assert.Equal(code, Names.Named(text));

    [Theory]
    [InlineData("城关")]
    [InlineData("城关街道")]
    [InlineData("镇")]
    [InlineData("街道")]
    [InlineData("")]
    public void What_may_be_two_townships_or_none_is_not_guessed(string text) => Assert.Null(Names.Named(text));

    [Theory]
    [InlineData("甘肃省东乡族自治县东城街道南路社区3号", 4)]
    [InlineData("甘肃省东乡县城关乡王家村", 2)]
    [InlineData("甘肃省东乡县城关镇王家村", 1)]
    [InlineData("东乡县河滩乡王家村，原城关镇", 3)]
    [InlineData("临夏县河滩镇王家村", null)]
    [InlineData("东乡县城关街道王家村", null)]
    public void An_address_names_its_township(string address, int? code) => Assert.Equal(code, Names.WithinAddress(address));
}
