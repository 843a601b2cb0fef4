using System.Text;
using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Register.Importing;

/// <summary>An empty 花名册 to fill in.</summary>
public static class Template
{
    public static readonly IReadOnlyList<string> Header = [.. RegisterColumns.All.Select(column => column.Title)];

    public static byte[] Xlsx()
    {
        using var file = new MemoryStream();
        TextSheet.WriteForm(file, "花名册", Header);
        return file.ToArray();
    }

    public static byte[] Csv() => [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(string.Join(',', Header) + "\r\n")];
}
