namespace Voucher.Core.Classes;

/// <summary>Kinds of photos that are taken in. Numbers are stored: they never change meaning.</summary>
public enum PhotoKind
{
    Jpeg = 1,
    Png = 2,
}

/// <summary>
/// A photo's bytes, judged by themselves and never by their name. What a camera writes beside the picture (EXIF with the place,
/// comments) is cut out: JPEG (ITU-T T.81) segments APP1–APP15 and COM, PNG (W3C) chunks that hold text, EXIF or time.
/// </summary>
public static class PhotoBytes
{
    /// <summary>Bytes of one photo: 5 MB.</summary>
    public const int Longest = 5 * 1024 * 1024;

    private static readonly byte[] PngHead = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];
    private static readonly string[] PngKept = ["IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "sBIT"];

    /// <summary>The picture alone, or <c>null</c> when the bytes are no whole JPEG or PNG.</summary>
    public static (PhotoKind Kind, byte[] Content)? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > Longest) return null;
        if (bytes.StartsWith(PngHead)) return Png(bytes) is { } png ? (PhotoKind.Png, png) : null;
        return bytes is [0xFF, 0xD8, 0xFF, ..] && Jpeg(bytes) is { } jpeg ? (PhotoKind.Jpeg, jpeg) : null;
    }

    private static byte[]? Jpeg(ReadOnlySpan<byte> bytes)
    {
        var kept = new List<byte>(bytes.Length) { 0xFF, 0xD8 };
        for (var at = 2; at + 4 <= bytes.Length;)
        {
            if (bytes[at] != 0xFF) return null;
            var marker = bytes[at + 1];
            if (marker == 0xFF) { at++; continue; } // A filling byte.
            var length = 2 + (bytes[at + 2] << 8 | bytes[at + 3]);
            if (length < 4 || at + length > bytes.Length) return null;
            if (marker is not ((>= 0xE1 and <= 0xEF) or 0xFE)) kept.AddRange(bytes.Slice(at, length));
            at += length;
            if (marker != 0xDA) continue;
            kept.AddRange(bytes[at..]); // From the first scan on it is the picture.
            return bytes[at..].LastIndexOf([(byte)0xFF, (byte)0xD9]) >= 0 ? [.. kept] : null;
        }
        return null;
    }

    private static byte[]? Png(ReadOnlySpan<byte> bytes)
    {
        var kept = new List<byte>(bytes.Length);
        kept.AddRange(PngHead);
        for (var at = PngHead.Length; at + 12 <= bytes.Length;)
        {
            var length = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);
            if (length > bytes.Length - at - 12) return null;
            var chunk = bytes.Slice(at, (int)length + 12);
            var name = System.Text.Encoding.ASCII.GetString(chunk.Slice(4, 4));
            if (PngKept.Contains(name)) kept.AddRange(chunk);
            if (name == "IEND") return [.. kept];
            at += chunk.Length;
        }
        return null;
    }
}
