using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Voucher.Core.People;

/// <summary>
/// The first 16 bits of HMAC-SHA256 over the normalised identity number under the region's binding key.
/// Lets a terminal tell, even offline, that the card presented is not the holder's; too short to reveal the number.
/// A stranger's card passes by chance once in 65,536.
/// </summary>
public readonly record struct HolderCheck(ushort Value)
{
    /// <summary>Length of the region's binding key, in bytes.</summary>
    public const int BindingKeyLength = 32;

    public static HolderCheck Of(IdNumber holder, ReadOnlySpan<byte> bindingKey)
    {
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(bindingKey, Encoding.ASCII.GetBytes(holder.Reveal()), mac);
        return new HolderCheck(BinaryPrimitives.ReadUInt16BigEndian(mac));
    }

    public override string ToString() => Value.ToString("X4", CultureInfo.InvariantCulture);
}
