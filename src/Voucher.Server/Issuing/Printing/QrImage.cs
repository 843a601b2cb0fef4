using System.Globalization;
using System.Text;
using QRCoder;

namespace Voucher.Server.Issuing.Printing;

/// <summary>How much damage a code survives: M on screens or under 25 mm, Q on paper of 30 mm and more.</summary>
public enum QrStrength
{
    M = 1,
    Q = 2,
}

/// <summary>
/// The QR of a voucher: its 202 digits in numeric mode, 37 × 37 modules at M (version 5), 45 × 45 at Q (version 7), with
/// the standard's quiet zone of four modules around it.
/// </summary>
public sealed class QrImage
{
    public const int QuietModules = 4;

    /// <summary>Several pixels a module: a bitmap of one is smoothed into mud by viewers and printers.</summary>
    public const int PixelsPerModule = 8;

    /// <summary>
    /// On sheets by the hundred the browser unpacks and packs every pixel; four a module are as sharp on paper, because
    /// the page asks for no smoothing, and cost a quarter of eight.
    /// </summary>
    public const int PixelsPerModuleOnPaper = 4;

    private readonly QRCodeData _data;

    public QrImage(string digits, QrStrength strength)
    {
        // The generator would take anything; a letter or blank would silently leave numeric mode and grow the code.
        if (!digits.All(char.IsAsciiDigit)) throw new ArgumentException("A voucher's code is digits only.", nameof(digits));
        using var generator = new QRCodeGenerator();
        _data = generator.CreateQrCode(digits, strength == QrStrength.Q ? QRCodeGenerator.ECCLevel.Q : QRCodeGenerator.ECCLevel.M);
    }

    /// <summary>For a web address on the clerk's screen: any text, at M.</summary>
    private QrImage(QRCodeData data) => _data = data;

    public static QrImage OfAddress(string address)
    {
        using var generator = new QRCodeGenerator();
        return new QrImage(generator.CreateQrCode(address, QRCodeGenerator.ECCLevel.M));
    }

    /// <summary>Modules a side, without the quiet zone.</summary>
    public int Modules => _data.ModuleMatrix.Count - 2 * QuietModules;

    public byte[] ToPng(int pixelsPerModule = PixelsPerModule)
    {
        // Not disposed of: it would take the modules with it, and it holds nothing else.
        var png = new PngByteQRCode(_data);
        return png.GetGraphic(pixelsPerModule, drawQuietZones: true);
    }

    public string ToPngDataUri(int pixelsPerModule = PixelsPerModule) => "data:image/png;base64," + Convert.ToBase64String(ToPng(pixelsPerModule));

    /// <summary>One path of horizontal runs; scales without smoothing.</summary>
    public string ToSvg()
    {
        var side = _data.ModuleMatrix.Count;
        var path = new StringBuilder();
        for (var y = 0; y < side; y++)
        {
            for (var x = 0; x < side; x++)
            {
                var run = RunLength(y, x);
                if (run > 0) path.Append(CultureInfo.InvariantCulture, $"M{x} {y}h{run}v1h-{run}z");
                x += run;
            }
        }
        return string.Create(CultureInfo.InvariantCulture,
            $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{side}v{side}H0z"/><path d="{path}"/></svg>""");
    }

    private int RunLength(int y, int x)
    {
        var row = _data.ModuleMatrix[y];
        var end = x;
        while (end < row.Count && row[end]) end++;
        return end - x;
    }
}
