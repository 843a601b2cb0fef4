using System.Buffers;
using System.Security.Cryptography;
using Voucher.Core.Wire;

namespace Voucher.Server.Redeeming;

/// <summary>The shape of a scan, before any rule is asked; and the hash by which a repeat is told from a reuse of its id.</summary>
public static class ScanRequestCheck
{
    /// <summary>What is hashed, kept for the next scan of this thread.</summary>
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _hashed;

    /// <summary>Longest text that a terminal may send as read from a code: a QR code holds at most 7,089 digits.</summary>
    public const int LongestDigits = 7_089;
    public const int LongestShortCode = 20;

    /// <summary>How far ahead of the server a terminal's clock may be before its scan is refused as bad input.</summary>
    public static readonly TimeSpan ClockAhead = TimeSpan.FromDays(4);

    private static readonly Words TooLong = new($"最多{LongestDigits}个字符", $"At most {LongestDigits} characters");

    public static List<FieldError> Errors(ScanRequest scan, DateTimeOffset now)
    {
        List<FieldError> errors = [];
        void Add(bool isBad, string field, string zh, string en)
        {
            if (isBad) errors.Add(new FieldError(field, new Words(zh, en)));
        }
        Add(scan.ScanId == Guid.Empty, "scanId", "缺少扫码编号", "The scan id is missing");
        Add(scan.Sequence < 1, "sequence", "序号从1开始", "Sequences start at 1");
        Add(!Enum.IsDefined(scan.Mode), "mode", "方式只能是1至4", "The mode is 1 to 4");
        Add(scan.ClassId < 1, "classId", "缺少班级", "The class is missing");
        Add((scan.Digits is null) == (scan.ShortCode is null), "digits", "二维码内容与短码必须且只能有一个", "Give either the digits or the short code");
        Add(scan.Digits?.Length > LongestDigits, "digits", TooLong.Zh, TooLong.En);
        Add(scan.ShortCode?.Length > LongestShortCode, "shortCode", "短码为12位数字", "A short code has 12 digits");
        Add(scan.HolderCheck is < 0 or > ushort.MaxValue, "holderCheck", "核对值为0至65535", "The holder check is 0 to 65535");
        Add(scan.ScannedAt > now + ClockAhead, "scannedAt", "终端时钟太快", "The terminal's clock is ahead");
        return errors;
    }

    /// <summary>SHA-256 of the request's JSON; the same content always gives the same bytes.</summary>
    public static byte[] ContentHash(ScanRequest scan)
    {
        var buffer = _hashed ??= new ArrayBufferWriter<byte>(1_024);
        buffer.ResetWrittenCount();
        WireJson.WriteTo(buffer, scan with { ScannedAt = scan.ScannedAt.ToUniversalTime() });
        return SHA256.HashData(buffer.WrittenSpan);
    }
}
