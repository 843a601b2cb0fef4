using Microsoft.AspNetCore.Authorization;
using Voucher.Server.Portal;

namespace Voucher.Server.Settling.Payments;

/// <summary>The bank formats there are, what is wrong with files that are none, and a sample of each.</summary>
[Authorize(Policy = Permission.ReadPayments)]
public sealed class FormatsModel(BankFormats formats) : PortalPage
{
    private static readonly PlainRow[] Sample =
    [
        new(1, 1, "示例培训学校", "示例银行东乡支行", "6200000000000000001", new Fen(360_000), 3, "52622926MJX0000000", "示例来源 · 示例项目"),
        new(2, 1, "示例技工学校", "示例银行东乡支行", "6200000000000000002", new Fen(120_050), 1, "52622926MJX0000001", "示例来源 · 示例项目"),
    ];

    public IReadOnlyList<BankFormat> Formats { get; private set; } = [];
    public IReadOnlyList<string> Faults { get; private set; } = [];

    public void OnGet() => (Formats, Faults) = formats.Read();

    /// <summary>The file as text; <c>null</c> where it is a workbook.</summary>
    public static string? SampleOf(BankFormat format) =>
        format.File == BankFileKind.Xlsx ? null : BankFormat.EncodingOf(format.Encoding)!.GetString(PaymentFile.Write(format, new PaymentId(7), 1, Sample)[0].Content).TrimStart('\uFEFF');
}
