using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace Voucher.Server.Vouchers;

/// <summary>
/// The 22 characters in the address of a voucher's phone page: one AES block that holds the voucher's number and eight
/// zero bytes. Who has no key hits a valid one once in 2⁶⁴ tries; nothing about the voucher or its holder can be read
/// from it, and nothing needs to be stored.
/// </summary>
public sealed class PhoneKeys(byte[] key)
{
    public const int KeyLength = 32;
    public const int Length = 22;
    private const int BlockLength = 16;

    public string Of(VoucherId voucher)
    {
        var block = new byte[BlockLength];
        BinaryPrimitives.WriteInt64BigEndian(block, voucher.Value);
        using var cipher = Cipher();
        return Base64Url.EncodeToString(cipher.EncryptEcb(block, PaddingMode.None));
    }

    /// <summary><c>null</c> for anything that this county's servers did not make.</summary>
    public VoucherId? Read(string? text)
    {
        var sealedBlock = new byte[BlockLength];
        if (text is not { Length: Length } || !Base64Url.IsValid(text)) return null;
        if (!Base64Url.TryDecodeFromChars(text, sealedBlock, out var written) || written != BlockLength) return null;
        using var cipher = Cipher();
        var block = cipher.DecryptEcb(sealedBlock, PaddingMode.None);
        return block.AsSpan(8).IndexOfAnyExcept((byte)0) >= 0 ? null : new VoucherId(BinaryPrimitives.ReadInt64BigEndian(block));
    }

    /// <summary>One for each call: a cipher may not be used by two threads at once.</summary>
    private Aes Cipher()
    {
        var cipher = Aes.Create();
        cipher.Key = key;
        return cipher;
    }
}
