namespace Voucher.Core.Tests;

public sealed class FullWidthTests
{
    [Fact]
    public void Exactly_the_full_width_forms_and_the_ideographic_blank_become_ASCII()
    {
        for (var code = 0; code <= char.MaxValue; code++)
        {
            var expected = code == 0x3000 ? ' ' : code is >= 0xFF01 and <= 0xFF5E ? (char)(code - 0xFF01 + '!') : (char)code;
            Assert.Equal(expected, FullWidth.ToAscii((char)code));
        }
    }
}
