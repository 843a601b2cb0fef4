using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Voucher.Core.Regions;

namespace Voucher.Core.Tokens;

/// <summary>
/// The issuing keys of a region, signed as a whole by the region's offline root key. Terminals and server trust a key only
/// because it stands on this list. <paramref name="Version"/> only grows, so that an old list cannot replace a newer one.
/// </summary>
public sealed record KeyList(int Region, int Version, IReadOnlyList<IssuingKey> Keys)
{
    /// <summary>Signs the list with the root's private key.</summary>
    public SignedKeyList SignWith(ECDsa root)
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(this, KeyListJson.Default.KeyList);
        return new SignedKeyList(content, root.SignData(content, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
    }
}

/// <summary>A key list as it travels: the exact bytes that were signed, and the root's signature (64 bytes).</summary>
public sealed record SignedKeyList(byte[] Content, byte[] Signature)
{
    /// <summary>The list, if the root signed it and it is of the region; else <c>null</c>.</summary>
    public KeyList? Open(ReadOnlySpan<byte> rootPublicKey, RegionCode region)
    {
        // It came over a network: nothing says that the message had these fields.
        if (Content is null || Signature is null) return null;
        using var root = ECDsa.Create();
        try
        {
            root.ImportSubjectPublicKeyInfo(rootPublicKey, out _);
            if (!root.VerifyData(Content, Signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation)) return null;
            var list = JsonSerializer.Deserialize(Content, KeyListJson.Default.KeyList);
            return list is { Keys: not null } && list.Region == region.Value ? list : null;
        }
        catch (Exception fault) when (fault is CryptographicException or PlatformNotSupportedException or JsonException)
        {
            return null;
        }
    }
}

[JsonSerializable(typeof(KeyList))]
internal sealed partial class KeyListJson : JsonSerializerContext;
