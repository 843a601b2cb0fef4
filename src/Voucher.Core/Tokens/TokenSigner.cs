using System.Security.Cryptography;

namespace Voucher.Core.Tokens;

/// <summary>Signs tokens with one issuing key (suite 1, P-256). Not safe for use by several threads at once.</summary>
public sealed class TokenSigner(byte keyId, ECDsa privateKey) : IDisposable
{
    /// <summary>Signs the claims under this signer's key id.</summary>
    public VoucherToken Sign(TokenClaims claims)
    {
        if (claims.Suite != SignatureSuite.P256) throw new NotSupportedException($"Suite {claims.Suite} is not yet supported.");
        if (claims.KeyId != keyId) throw new ArgumentException($"The claims name key {claims.KeyId}, this signer holds {keyId}.", nameof(claims));
        var bytes = new byte[TokenLayout.Length];
        claims.WriteTo(bytes);
        privateKey.SignData(
            bytes.AsSpan(0, TokenLayout.ClaimsLength),
            bytes.AsSpan(TokenLayout.SignatureAt),
            HashAlgorithmName.SHA256,
            DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return new VoucherToken(bytes);
    }

    public void Dispose() => privateKey.Dispose();
}
