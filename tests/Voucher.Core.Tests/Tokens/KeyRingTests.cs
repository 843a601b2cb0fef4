using System.Security.Cryptography;
using Voucher.Core.Refusals;
using Voucher.Core.Regions;
using Voucher.Core.Tokens;
using Voucher.Core.Vouchers;

namespace Voucher.Core.Tests.Tokens;

public sealed class KeyRingTests : IDisposable
{
    private readonly ECDsa _old = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa _new = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    [Theory]
    [InlineData("2025-12-31", RefusalCode.KeyNotInForce)]
    [InlineData("2026-01-01", RefusalCode.None)]
    [InlineData("2027-12-31", RefusalCode.None)]
    [InlineData("2028-01-01", RefusalCode.KeyNotInForce)]
    public void A_key_is_in_force_from_its_first_to_its_last_day(string day, RefusalCode expected)
    {
        using var ring = TokenSample.Ring;
        Assert.Equal(expected, ring.Verify(TokenSample.Token, DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void A_key_that_is_not_listed_is_not_known()
    {
        using var ring = RingOf(TokenSample.Key with { Id = 8 });
        Assert.Equal(RefusalCode.KeyNotKnown, ring.Verify(TokenSample.Token, TokenSample.Today));
        using var empty = RingOf();
        Assert.Equal(RefusalCode.KeyNotKnown, empty.Verify(TokenSample.Token, TokenSample.Today));
    }

    [Fact]
    public void A_key_that_is_listed_for_another_suite_is_not_known()
    {
        using var ring = RingOf(TokenSample.Key with { Suite = SignatureSuite.Sm2 });
        Assert.Equal(RefusalCode.KeyNotKnown, ring.Verify(TokenSample.Token, TokenSample.Today));
    }

    [Fact]
    public void A_revoked_key_is_refused()
    {
        using var ring = RingOf(TokenSample.Key with { Revoked = true });
        Assert.Equal(RefusalCode.KeyRevoked, ring.Verify(TokenSample.Token, TokenSample.Today));
    }

    [Fact]
    public void A_voucher_of_another_region_is_refused()
    {
        using var ring = new KeyRing(new KeyList(622927, 1, [TokenSample.Key]));
        Assert.Equal(RefusalCode.OtherRegion, ring.Verify(TokenSample.Token, TokenSample.Today));
    }

    [Fact]
    public void Suite_2_is_refused_as_not_supported_before_anything_else()
    {
        var token = TokenSample.Altered(bytes => bytes[0] = 0x12);
        using var ring = new KeyRing(new KeyList(622927, 1, [TokenSample.Key with { Revoked = true, Suite = SignatureSuite.Sm2 }]));
        Assert.Equal(RefusalCode.SuiteNotSupported, ring.Verify(token, TokenSample.Today));
    }

    [Fact]
    public void Of_several_reasons_the_smallest_number_is_said()
    {
        var before = new DateOnly(2020, 1, 1);
        var forged = TokenSample.Altered(bytes => bytes[^1] ^= 1);
        using var revoked = RingOf(TokenSample.Key with { Revoked = true });
        using var elsewhere = new KeyRing(new KeyList(622927, 1, []));
        Assert.Equal(RefusalCode.OtherRegion, elsewhere.Verify(forged, before));
        Assert.Equal(RefusalCode.KeyNotInForce, revoked.Verify(forged, before));
        Assert.Equal(RefusalCode.KeyRevoked, revoked.Verify(forged, TokenSample.Today));
    }

    [Fact]
    public void Two_keys_are_live_at_once_while_keys_rotate()
    {
        var keys = new[] { TokenSample.KeyOf(_old, 1), TokenSample.KeyOf(_new, 2) with { ValidFrom = new DateOnly(2026, 11, 1) } };
        using var ring = RingOf(keys);
        var byOld = TokenSample.Sign(TokenSample.Claims with { KeyId = 1 }, _old);
        var byNew = TokenSample.Sign(TokenSample.Claims with { KeyId = 2 }, _new);
        Assert.Equal(RefusalCode.None, ring.Verify(byOld, TokenSample.Today));
        Assert.Equal(RefusalCode.None, ring.Verify(byNew, TokenSample.Today));
        Assert.Equal(RefusalCode.KeyNotInForce, ring.Verify(byNew, new DateOnly(2026, 10, 31)));

        using var afterwards = RingOf(keys[0] with { Revoked = true }, keys[1]);
        Assert.Equal(RefusalCode.KeyRevoked, afterwards.Verify(byOld, TokenSample.Today));
        Assert.Equal(RefusalCode.None, afterwards.Verify(byNew, TokenSample.Today));
    }

    [Fact]
    public void A_token_that_names_the_other_live_key_is_false()
    {
        using var ring = RingOf(TokenSample.KeyOf(_old, 1), TokenSample.KeyOf(_new, 2));
        var token = TokenSample.Sign(TokenSample.Claims with { KeyId = 2 }, _old);
        Assert.Equal(RefusalCode.SignatureFalse, ring.Verify(token, TokenSample.Today));
    }

    [Fact]
    public void Many_threads_verify_at_once()
    {
        using var ring = RingOf(TokenSample.KeyOf(_old, 1), TokenSample.KeyOf(_new, 2));
        var tokens = Enumerable.Range(0, 64)
            .Select(i => TokenSample.Sign(
                TokenSample.Claims with { KeyId = (byte)(1 + i % 2), Voucher = new VoucherId(TokenSample.Dongxiang, (uint)i) },
                i % 2 == 0 ? _old : _new))
            .ToArray();
        var forged = tokens.Select(Forge).ToArray();
        Parallel.For(0, 4_000, new ParallelOptions { MaxDegreeOfParallelism = 16 }, i =>
        {
            Assert.Equal(RefusalCode.None, ring.Verify(tokens[i % 64], TokenSample.Today));
            Assert.Equal(RefusalCode.SignatureFalse, ring.Verify(forged[i % 64], TokenSample.Today));
        });
    }

    [Fact]
    public void A_ring_keeps_the_version_of_its_list()
    {
        using var ring = new KeyRing(new KeyList(622926, 42, []));
        Assert.Equal(42, ring.Version);
    }

    public void Dispose()
    {
        _old.Dispose();
        _new.Dispose();
    }

    private static KeyRing RingOf(params IssuingKey[] keys) => new(new KeyList(TokenSample.Dongxiang.Value, 1, keys));

    private static VoucherToken Forge(VoucherToken token)
    {
        var bytes = token.Bytes.ToArray();
        bytes[TokenLayout.HolderCheckAt] ^= 1;
        Assert.Equal(TokenFault.None, TokenDecoder.TryRead(bytes, out var forged));
        return forged!;
    }
}
