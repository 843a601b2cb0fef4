using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using Voucher.Core.Refusals;
using Voucher.Core.Tokens;

namespace Voucher.Core.Tests.Tokens;

public sealed class SignatureTests
{
    [Fact]
    public void A_signed_token_is_accepted()
    {
        using var ring = TokenSample.Ring;
        Assert.Equal(RefusalCode.None, ring.Verify(TokenSample.Token, TokenSample.Today));
    }

    [Fact]
    public void Every_flipped_bit_of_claims_or_signature_is_refused()
    {
        using var ring = TokenSample.Ring;
        var falseSignatures = 0;
        for (var bit = 0; bit < TokenLayout.Length * 8; bit++)
        {
            var bytes = TokenSample.Token.Bytes.ToArray();
            bytes[bit / 8] ^= (byte)(1 << bit % 8);
            if (TokenDecoder.TryRead(bytes, out var token) != TokenFault.None) continue;
            var refusal = ring.Verify(token!, TokenSample.Today);
            Assert.InRange(refusal, RefusalCode.SuiteNotSupported, RefusalCode.SignatureFalse);
            if (refusal == RefusalCode.SignatureFalse) falseSignatures++;
        }
        // All but the head (layout, suite, key, region, kind) can only be told by the signature.
        Assert.InRange(falseSignatures, (TokenLayout.Length - TokenLayout.SerialAt) * 8, TokenLayout.Length * 8);
    }

    [Fact]
    public void Random_and_degenerate_signatures_are_refused_and_never_throw()
    {
        using var ring = TokenSample.Ring;
        var random = new Random(256);
        for (var i = 0; i < 2_000; i++)
            Assert.Equal(RefusalCode.SignatureFalse, ring.Verify(TokenSample.Altered(bytes => random.NextBytes(bytes.AsSpan(TokenLayout.SignatureAt))), TokenSample.Today));
        foreach (var filler in new byte[] { 0x00, 0x01, 0xFF })
            Assert.Equal(RefusalCode.SignatureFalse, ring.Verify(TokenSample.Altered(bytes => bytes.AsSpan(TokenLayout.SignatureAt).Fill(filler)), TokenSample.Today));
    }

    [Fact]
    public void A_signature_of_another_voucher_is_refused()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var ring = new KeyRing(new KeyList(TokenSample.Dongxiang.Value, 1, [TokenSample.KeyOf(key, 7)]));
        var other = TokenSample.Sign(TokenSample.Claims with { Nonce = 1 }, key).Signature.ToArray();
        var swapped = TokenSample.Altered(bytes => other.CopyTo(bytes.AsSpan(TokenLayout.SignatureAt)));
        Assert.Equal(RefusalCode.SignatureFalse, ring.Verify(swapped, TokenSample.Today));
    }

    /// <summary>
    /// ECDSA lets anyone turn (r, s) into (r, n − s), which verifies too. So the digits must never serve as a voucher's
    /// identity: only its number does, and that cannot be changed.
    /// </summary>
    [Fact]
    public void A_mirrored_signature_verifies_and_names_the_same_voucher()
    {
        var order = BigInteger.Parse("0FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551", NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        var mirrored = TokenSample.Altered(bytes =>
        {
            var s = bytes.AsSpan(TokenLayout.SignatureAt + 32);
            var mirror = order - new BigInteger(s, isUnsigned: true, isBigEndian: true);
            s.Clear();
            mirror.TryWriteBytes(s[(32 - mirror.GetByteCount(isUnsigned: true))..], out _, isUnsigned: true, isBigEndian: true);
        });
        using var ring = TokenSample.Ring;
        Assert.Equal(RefusalCode.None, ring.Verify(mirrored, TokenSample.Today));
        Assert.NotEqual(TokenSample.Token, mirrored);
        Assert.Equal(TokenSample.Token.SignedBytes.ToArray(), mirrored.SignedBytes.ToArray());
        Assert.Equal(TokenSample.Token.Voucher, mirrored.Voucher);
    }
}
