using System.Security.Cryptography;
using Voucher.Core.People;
using Voucher.Core.Refusals;
using Voucher.Core.Regions;
using Voucher.Core.Tokens;
using Voucher.Core.Vouchers;
using Voucher.Server.Redeeming;

namespace Voucher.Server.Tests.Redeeming;

public sealed class VerifiedTokensTests : IDisposable
{
    private static readonly DateOnly Today = new(2026, 3, 2);
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private KeyRing Ring(bool isRevoked = false) => new(new KeyList(
        622926, 1, [new IssuingKey(1, SignatureSuite.P256, _key.ExportSubjectPublicKeyInfo(), Today, Today.AddYears(3), isRevoked)]));

    private string Digits(uint serial)
    {
        using var key = ECDsa.Create(_key.ExportParameters(includePrivateParameters: true));
        using var signer = new TokenSigner(1, key);
        var claims = new TokenClaims(
            SignatureSuite.P256, 1, new VoucherId(new RegionCode(622926), serial), VoucherKind.General, 7, Today.AddDays(90), new VoucherScope(0), new HolderCheck(1));
        return signer.Sign(claims).ToDigits();
    }

    [Fact]
    public void A_token_that_was_verified_is_remembered_and_judged_by_the_day()
    {
        using var ring = Ring();
        var tokens = new VerifiedTokens();
        var digits = Digits(1);
        Assert.Equal(RefusalCode.None, tokens.Read(digits, ring, Today).Refusal);
        Assert.Equal(1, tokens.Count);
        Assert.Equal(RefusalCode.None, tokens.Read(digits, ring, Today).Refusal);
        Assert.Equal(RefusalCode.KeyNotInForce, tokens.Read(digits, ring, Today.AddYears(4)).Refusal);
    }

    [Fact]
    public void A_forged_token_is_never_remembered()
    {
        using var ring = Ring();
        using var forger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var tokens = new VerifiedTokens();
        using var signer = new TokenSigner(1, forger);
        var claims = new TokenClaims(
            SignatureSuite.P256, 1, new VoucherId(new RegionCode(622926), 5), VoucherKind.General, 7, Today.AddDays(90), new VoucherScope(0), new HolderCheck(1));
        var digits = signer.Sign(claims).ToDigits();
        for (var n = 0; n < 2; n++) Assert.Equal(RefusalCode.SignatureFalse, tokens.Read(digits, ring, Today).Refusal);
        Assert.Equal(TokenFault.NotDigits, tokens.Read("https://pay", ring, Today).Fault);
        Assert.Equal(0, tokens.Count);
    }

    [Fact]
    public void A_new_key_list_forgets_what_the_old_one_verified()
    {
        using var ring = Ring();
        using var revoked = Ring(isRevoked: true);
        var tokens = new VerifiedTokens();
        var digits = Digits(1);
        Assert.Equal(RefusalCode.None, tokens.Read(digits, ring, Today).Refusal);
        Assert.Equal(RefusalCode.KeyRevoked, tokens.Read(digits, revoked, Today).Refusal);
        Assert.Equal(0, tokens.Count);
    }

    [Fact]
    public void No_more_tokens_are_kept_than_the_limit_and_the_latest_stay()
    {
        using var ring = Ring();
        var tokens = new VerifiedTokens(most: 8);
        var all = Enumerable.Range(1, 20).Select(serial => Digits((uint)serial)).ToList();
        foreach (var digits in all)
        {
            tokens.Read(digits, ring, Today);
            Assert.InRange(tokens.Count, 1, 8);
        }
    }

    public void Dispose() => _key.Dispose();
}
