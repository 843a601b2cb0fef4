using System.Text;
using Voucher.Core.Classes;

namespace Voucher.Core.Tests.Classes;

public sealed class PhotoBytesTests
{
    private static readonly byte[] Png = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    /// <summary>Start, JFIF, EXIF with a place, a table, the scan, the end.</summary>
    private static byte[] Jpeg() =>
    [
        0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xE1, 0, 10, .. "Exif35.6"u8, 0xFF, 0xDB, 0, 3, 9, 0xFF, 0xDA, 0, 3, 7, 1, 2, 3, 0xFF, 0xD9,
    ];

    [Fact]
    public void The_place_that_a_camera_writes_is_cut_out()
    {
        var (kind, content) = PhotoBytes.Read(Jpeg())!.Value;
        Assert.Equal(PhotoKind.Jpeg, kind);
        Assert.DoesNotContain("Exif", Encoding.Latin1.GetString(content), StringComparison.Ordinal);
        Assert.Equal(Jpeg().Length - 12, content.Length);
        Assert.Equal(content, PhotoBytes.Read(content)!.Value.Content);
    }

    [Fact]
    public void A_png_loses_its_text_and_keeps_its_picture()
    {
        byte[] text = [0, 0, 0, 3, .. "tEXtabc"u8, 0, 0, 0, 0];
        byte[] with = [.. Png[..33], .. text, .. Png[33..]];
        var (kind, content) = PhotoBytes.Read(with)!.Value;
        Assert.Equal(PhotoKind.Png, kind);
        Assert.Equal(Png, content);
    }

    [Fact]
    public void What_is_no_whole_picture_is_refused()
    {
        Assert.Null(PhotoBytes.Read([]));
        Assert.Null(PhotoBytes.Read("<svg onload=alert(1)>"u8));
        Assert.Null(PhotoBytes.Read("GIF89a"u8));
        Assert.Null(PhotoBytes.Read(Png.AsSpan(0, 40)));
        var jpeg = Jpeg();
        for (var length = 0; length < jpeg.Length; length++) Assert.Null(PhotoBytes.Read(jpeg.AsSpan(0, length)));
        Assert.Null(PhotoBytes.Read(new byte[PhotoBytes.Longest + 1]));
    }

    [Fact]
    public void Any_bytes_are_answered()
    {
        var random = new Random(5);
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = random.Next(2) == 0 ? Jpeg() : [.. Png];
            for (var change = 0; change < 4; change++) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            _ = PhotoBytes.Read(bytes);
        }
    }
}
