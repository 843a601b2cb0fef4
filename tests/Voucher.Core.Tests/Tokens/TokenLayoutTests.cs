using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using Voucher.Core.People;
using Voucher.Core.Regions;
using Voucher.Core.Tokens;
using Voucher.Core.Vouchers;

namespace Voucher.Core.Tests.Tokens;

public sealed class TokenLayoutTests
{
    /// <summary>622926 is 0x9814E; 2026-12-31 is day 2556 (0x09FC) after 2020-01-01; 1234 is 0x04D2.</summary>
    private static readonly byte[] HandWritten =
    [
        0x11,
        0x07,
        0x98, 0x14, 0xE4,
        0x01, 0x02, 0x03, 0x04,
        0xA1, 0xB2, 0xC3, 0xD4,
        0x09, 0xFC,
        0x04, 0xD2,
        0xBE, 0xEF,
    ];

    [Fact]
    public void Claims_are_written_byte_for_byte_as_the_layout_says()
    {
        Assert.Equal(HandWritten, TokenSample.Token.SignedBytes.ToArray());
    }

    [Fact]
    public void A_token_is_83_bytes_19_of_claims_and_64_of_signature()
    {
        Assert.Equal(83, TokenSample.Token.Bytes.Length);
        Assert.Equal(19, TokenSample.Token.SignedBytes.Length);
        Assert.Equal(64, TokenSample.Token.Signature.Length);
        Assert.Equal(TokenSample.Token.Bytes[19..].ToArray(), TokenSample.Token.Signature.ToArray());
    }

    [Fact]
    public void Every_field_comes_back_from_the_digits()
    {
        Assert.Equal(TokenFault.None, TokenDecoder.TryDecode(TokenSample.Token.ToDigits(), out var token));
        Assert.Equal(TokenSample.Claims, ClaimsOf(token!));
        Assert.Equal(TokenSample.Token, token);
        Assert.Equal(TokenSample.Token.GetHashCode(), token!.GetHashCode());
    }

    [Fact]
    public void Extreme_values_of_every_field_come_back()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        TokenClaims[] extremes =
        [
            new(SignatureSuite.P256, 0, new VoucherId(new RegionCode(110000), 0), VoucherKind.FaceValue, 0,
                TokenLayout.Epoch, VoucherScope.Any, new HolderCheck(0)),
            new(SignatureSuite.P256, 255, new VoucherId(new RegionCode(829999), uint.MaxValue), VoucherKind.Directed, uint.MaxValue,
                new DateOnly(2199, 6, 6), new VoucherScope(65535), new HolderCheck(65535)),
        ];
        foreach (var claims in extremes)
        {
            Assert.Equal(TokenFault.None, TokenDecoder.TryDecode(TokenSample.Sign(claims, key).ToDigits(), out var token));
            Assert.Equal(claims, ClaimsOf(token!));
        }
    }

    [Fact]
    public void Fields_of_ten_thousand_random_tokens_come_back_from_the_digits()
    {
        var random = new Random(17);
        for (var i = 0; i < 10_000; i++)
        {
            var bytes = TokenSample.WellFormed(random);
            Assert.Equal(TokenFault.None, TokenDecoder.TryRead(bytes, out var token));
            Assert.Equal(TokenFault.None, TokenDecoder.TryDecode(token!.ToDigits(), out var decoded));
            Assert.Equal(bytes, decoded!.Bytes.ToArray());
            var claims = new byte[TokenLayout.ClaimsLength];
            ClaimsOf(decoded).WriteTo(claims);
            Assert.Equal(bytes[..TokenLayout.ClaimsLength], claims);
        }
    }

    [Fact]
    public void The_digits_are_the_number_zero_padded_to_200_and_two_check_digits()
    {
        var random = new Random(83);
        for (var i = 0; i < 1_000; i++)
        {
            Assert.Equal(TokenFault.None, TokenDecoder.TryRead(TokenSample.WellFormed(random), out var token));
            var digits = token!.ToDigits();
            var number = BigInteger.Parse("0" + Convert.ToHexString(token.Bytes), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            Assert.Equal(202, digits.Length);
            Assert.Equal(number.ToString("D200", CultureInfo.InvariantCulture), digits[..200]);
            Assert.Equal((98 - number * 100 % 97).ToString("D2", CultureInfo.InvariantCulture), digits[200..]);
            Assert.Equal(BigInteger.One, BigInteger.Parse(digits, CultureInfo.InvariantCulture) % 97);
        }
    }

    [Fact]
    public void Layout_one_always_begins_with_a_padding_zero()
    {
        Assert.Equal('0', TokenSample.Token.ToDigits()[0]);
    }

    [Fact]
    public void A_validity_that_does_not_fit_is_a_fault()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var early = TokenSample.Claims with { ValidUntil = new DateOnly(2019, 12, 31) };
        var late = TokenSample.Claims with { ValidUntil = new DateOnly(2199, 6, 7) };
        Assert.Throws<InvalidOperationException>(() => TokenSample.Sign(early, key));
        Assert.Throws<InvalidOperationException>(() => TokenSample.Sign(late, key));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(-1)]
    public void A_kind_that_the_decoder_would_refuse_is_not_signed(int kind)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.Throws<InvalidOperationException>(() => TokenSample.Sign(TokenSample.Claims with { Kind = (VoucherKind)kind }, key));
    }

    [Fact]
    public void The_signer_refuses_another_key_id_and_suite_2()
    {
        using var signer = new TokenSigner(8, ECDsa.Create(ECCurve.NamedCurves.nistP256));
        Assert.Throws<ArgumentException>(() => signer.Sign(TokenSample.Claims));
        Assert.Throws<NotSupportedException>(() => signer.Sign(TokenSample.Claims with { KeyId = 8, Suite = SignatureSuite.Sm2 }));
    }

    [Fact]
    public void A_token_prints_as_its_voucher_only()
    {
        Assert.Equal("token of 6229 2600 1690 9060", TokenSample.Token.ToString());
        Assert.DoesNotContain(TokenSample.Token.ToDigits(), $"{TokenSample.Token}", StringComparison.Ordinal);
    }

    private static TokenClaims ClaimsOf(VoucherToken token) => new(
        token.Suite, token.KeyId, token.Voucher, token.Kind, token.Nonce, token.ValidUntil, token.Scope, token.Holder);
}
