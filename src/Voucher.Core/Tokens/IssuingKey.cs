namespace Voucher.Core.Tokens;

/// <summary>The public half of an issuing key, as the key list carries it.</summary>
/// <param name="PublicKey">SubjectPublicKeyInfo (X.509, DER).</param>
/// <param name="ValidFrom">First local day on which vouchers signed by it are accepted.</param>
/// <param name="ValidTo">Last local day on which they are accepted; covers the courses of the last vouchers it signed.</param>
/// <param name="Revoked">Nothing it signed is accepted any more.</param>
public sealed record IssuingKey(byte Id, SignatureSuite Suite, byte[] PublicKey, DateOnly ValidFrom, DateOnly ValidTo, bool Revoked)
{
    public bool IsInForceOn(DateOnly day) => ValidFrom <= day && day <= ValidTo;
}
