namespace Voucher.Core.Tokens;

/// <summary>How a token is signed. Low nibble of byte 0.</summary>
public enum SignatureSuite
{
    /// <summary>ECDSA over P-256 with SHA-256.</summary>
    P256 = 1,

    /// <summary>SM2 with SM3 (GB/T 32918, GB/T 32905).</summary>
    Sm2 = 2,
}
