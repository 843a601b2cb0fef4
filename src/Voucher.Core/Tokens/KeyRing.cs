using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Security.Cryptography;
using Voucher.Core.Refusals;
using Voucher.Core.Regions;

namespace Voucher.Core.Tokens;

/// <summary>
/// Verifies tokens against a region's key list. Safe for many threads: each verification borrows its own key object.
/// </summary>
public sealed class KeyRing : IDisposable
{
    private readonly RegionCode _region;
    private readonly FrozenDictionary<byte, IssuingKey> _keys;
    private readonly FrozenDictionary<byte, ConcurrentBag<ECDsa>> _verifiers;

    public KeyRing(KeyList list)
    {
        _region = new RegionCode(list.Region);
        Version = list.Version;
        _keys = list.Keys.ToFrozenDictionary(key => key.Id);
        _verifiers = list.Keys.ToFrozenDictionary(key => key.Id, _ => new ConcurrentBag<ECDsa>());
    }

    public int Version { get; }

    /// <summary>
    /// <see cref="RefusalCode.None"/> when the region's key signed the token and the key is in force on the day; else why not.
    /// </summary>
    public RefusalCode Verify(VoucherToken token, DateOnly today)
    {
        var standing = Standing(token, today);
        if (standing != RefusalCode.None) return standing;
        return IsSignedBy(_keys[token.KeyId], token) ? RefusalCode.None : RefusalCode.SignatureFalse;
    }

    /// <summary>
    /// Whether the token's key is the region's and in force on the day. Of a token whose signature this ring has verified
    /// before, it is all that can have changed.
    /// </summary>
    public RefusalCode Standing(VoucherToken token, DateOnly today)
    {
        if (token.Suite == SignatureSuite.Sm2) return RefusalCode.SuiteNotSupported;
        if (token.Region != _region) return RefusalCode.OtherRegion;
        if (!_keys.TryGetValue(token.KeyId, out var key) || key.Suite != token.Suite) return RefusalCode.KeyNotKnown;
        if (!key.IsInForceOn(today)) return RefusalCode.KeyNotInForce;
        return key.Revoked ? RefusalCode.KeyRevoked : RefusalCode.None;
    }

    /// <summary>
    /// Whether the county signed these bytes with an issuing key that is in force on the day: what it says beside vouchers
    /// (lists, receipts) begins with a text that names its kind, so that none can be taken for another or for a token.
    /// </summary>
    public bool IsSaidByCounty(byte keyId, ReadOnlySpan<byte> said, ReadOnlySpan<byte> signature, DateOnly today) =>
        Counts(keyId, today) && WasSaidByCounty(keyId, said, signature);

    /// <summary>Whether what this issuing key signs is to be believed on the day: it is in force and has not been revoked.</summary>
    public bool Counts(byte keyId, DateOnly today) => _keys.TryGetValue(keyId, out var key) && !key.Revoked && key.IsInForceOn(today);

    /// <summary>
    /// Whether a key of the county signed these bytes, be it revoked or out of date since: not to be believed any more, and yet
    /// nobody's forgery.
    /// </summary>
    public bool WasSaidByCounty(byte keyId, ReadOnlySpan<byte> said, ReadOnlySpan<byte> signature) =>
        _keys.TryGetValue(keyId, out var key) && key.Suite == SignatureSuite.P256 && IsSignedBy(key, said, signature);

    private bool IsSignedBy(IssuingKey key, VoucherToken token) => IsSignedBy(key, token.SignedBytes, token.Signature);

    private bool IsSignedBy(IssuingKey key, ReadOnlySpan<byte> said, ReadOnlySpan<byte> signature)
    {
        var idle = _verifiers[key.Id];
        if (!idle.TryTake(out var verifier))
        {
            verifier = ECDsa.Create();
            verifier.ImportSubjectPublicKeyInfo(key.PublicKey, out _);
        }
        var signed = verifier.VerifyData(said, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        idle.Add(verifier);
        return signed;
    }

    public void Dispose()
    {
        foreach (var verifier in _verifiers.Values.SelectMany(idle => idle)) verifier.Dispose();
    }
}
