using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using DocumentFormat.OpenXml.Spreadsheet;
using Voucher.Server.Register.Importing;

namespace Voucher.Server.Tests.Register;

/// <summary>
/// Every kind of file that an office may send, for the register's import and for matching alike: it is read as it was meant,
/// or refused with a sentence, and nothing is half-written.
/// </summary>
public sealed class BadFileTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    /// <summary>Ways in which a good row may look odd; both ways in must read it.</summary>
    public static readonly TheoryData<string, bool> OddButGood = new(
        from oddity in new[] { "merged cells", "hidden rows", "dates as text", "full-width", "trailing blanks", "byte order mark", "GB18030" }
        from matches in new[] { false, true }
        select (oddity, matches));

    [Theory]
    [MemberData(nameof(OddButGood))]
    public async Task An_odd_file_is_read_as_it_was_meant(string oddity, bool matches)
    {
        var row = Roster.Row();
        var (name, file) = Odd(oddity, row);
        using var clerk = await server.LogInAsync("clerk");
        if (!matches)
        {
            var import = await clerk.ImportAsync(name, file);
            Assert.True((import.Added, import.Bad) == (1, 0), string.Join(';', import.Errors));
            Assert.Equal("马小梅", (await server.FindAsync(row[Roster.IdNumber])).Name);
            if (oddity == "hidden rows") Assert.Contains("1 个隐藏行", import.Notes, StringComparison.Ordinal);
            return;
        }
        await clerk.ImportAsync("册.csv", Roster.Csv(Roster.Header, row));
        var match = await clerk.MatchAsync(name, file);
        Assert.Equal(("Finished", 1, 0, 0), (match.Status, match.Found, match.Differing, match.Bad));
        if (oddity == "hidden rows") Assert.Contains("1 个隐藏行", match.Notes, StringComparison.Ordinal);
    }

    /// <summary>Files that no way in takes, with what is said of them.</summary>
    public static readonly TheoryData<string, string, bool> Bad = new(
        from bad in new[] { ("too large", "20 MB"), ("zip bomb", "解压后超过"), ("formula header", "没有找到表头"), ("damaged", "损坏"), ("no encoding", "编码"), ("never closes", "引号") }
        from matches in new[] { false, true }
        select (bad.Item1, bad.Item2, matches));

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task A_bad_file_is_refused_with_a_sentence_and_leaves_nothing_behind(string kind, string said, bool matches)
    {
        var (name, file) = Unusable(kind);
        using var clerk = await server.LogInAsync("clerk");
        var before = await server.RegisterDigestAsync();
        using var answer = matches ? await clerk.SendListAsync(name, file) : await clerk.UploadAsync(name, file);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(said, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(before, await server.RegisterDigestAsync());
    }

    [Theory]
    [InlineData("/api/register/imports")]
    [InlineData("/api/register/matches")]
    public async Task Two_hundred_megabytes_are_refused_by_their_announcement_before_they_are_sent(string path)
    {
        using var clerk = await server.LogInAsync("clerk");
        using var line = new TcpClient();
        await line.ConnectAsync(server.Address.Host, server.Address.Port);
        await using var stream = line.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: {clerk.DefaultRequestHeaders.Authorization}\r\n"
            + "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 209715200\r\n\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n"));
        using var reader = new StreamReader(stream, Encoding.ASCII);
        Assert.Contains(" 413 ", await reader.ReadLineAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_formula_in_place_of_a_number_is_an_error_of_its_row(bool matches)
    {
        var row = Roster.Row();
        var file = Roster.Book(book =>
        {
            var data = book.Sheet("表", [Roster.Header, row]);
            Roster.Builder.CellAt(data, 2, Roster.IdNumber).CellFormula = new CellFormula("\"11010519491231002\"&\"X\"");
        });
        using var clerk = await server.LogInAsync("clerk");
        var (bad, said) = matches
            ? (await clerk.MatchAsync("a.xlsx", file)) is var match ? (match.Bad, Assert.Single(match.Problems).Reason) : default
            : (await clerk.ImportAsync("a.xlsx", file)) is var import ? (import.Bad, Assert.Single(import.Errors).Reason) : default;
        Assert.Equal(1, bad);
        Assert.Contains("公式", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ten_thousand_bad_rows_are_all_counted_and_the_good_one_among_them_is_kept(bool matches)
    {
        var good = Roster.Row();
        using var clerk = await server.LogInAsync("clerk");
        if (matches) await clerk.ImportAsync("册.csv", Roster.Csv(Roster.Header, good));
        var bad = Enumerable.Range(0, 5_000).Select(at => new[] { "马错", $"{at}" }).ToList();
        var file = Roster.Csv([["姓名", "身份证号码"], .. bad, [good[Roster.Name], good[Roster.IdNumber]], .. bad]);
        var (counted, kept) = matches
            ? (await clerk.MatchAsync("万.csv", file)) is var match ? (match.Bad, match.Found) : default
            : (await clerk.ImportAsync("万.csv", file)) is var import ? (import.Bad, import.Added) : default;
        Assert.Equal((10_000, 1), (counted, kept));
    }

    private static (string Name, byte[] Content) Odd(string oddity, string[] row)
    {
        string[] Changed(Func<string, string> change, params int[] columns) => [.. row.Select((cell, at) => columns.Contains(at) ? change(cell) : cell)];
        byte[] Encoded(string text, Encoding encoding) => encoding.GetBytes(text);
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        return oddity switch
        {
            "merged cells" => ("a.xlsx", Roster.Book(book =>
            {
                var data = book.Sheet("表", [["标题"], Roster.Header, row]);
                ((Worksheet)data.Parent!).Append(new MergeCells(new MergeCell { Reference = "A1:L1" }, new MergeCell { Reference = "K3:K9" }));
            })),
            "hidden rows" => ("a.xlsx", Roster.Book(book => book.Sheet("表", [Roster.Header, row]).Elements<Row>().Last().Hidden = true)),
            "dates as text" => ("a.csv", Roster.Csv([.. Roster.Header, "出生日期"], [.. row, $"{row[Roster.IdNumber][6..10]}年{row[Roster.IdNumber][10..12]}月{row[Roster.IdNumber][12..14]}日"])),
            "full-width" => ("a.csv", Roster.Csv(Roster.Header, Changed(cell => string.Concat(cell.Select(c => c is > ' ' and < '\u007f' ? (char)(c + 0xfee0) : c)), Roster.IdNumber, Roster.Phone))),
            "trailing blanks" => ("a.csv", Roster.Csv([.. Roster.Header.Select(title => title + " ")], Changed(cell => $" {cell} \u3000", Roster.Name, Roster.IdNumber, Roster.Phone, Roster.Township))),
            "byte order mark" => ("a.csv", [.. Encoding.UTF8.Preamble, .. Roster.Csv(Roster.Header, row)]),
            "GB18030" => ("a.csv", Encoded(Roster.CsvText(Roster.Header, row), Encoding.GetEncoding("GB18030"))),
            _ => throw new ArgumentOutOfRangeException(nameof(oddity), oddity, "Unknown."),
        };
    }

    private static (string Name, byte[] Content) Unusable(string kind) => kind switch
    {
        "too large" => ("a.csv", new byte[UploadLimits.LargestFileBytes + 1]),
        "zip bomb" => ("a.xlsx", Bomb()),
        "formula header" => ("a.csv", Roster.Csv(["=\"姓名\"", "=\"身份证号码\"", "12345"], ["a", "b", "c"])),
        "damaged" => ("a.xlsx", Roster.Xlsx(Roster.Header, Roster.Row())[..900]),
        "no encoding" => ("a.csv", [.. Encoding.UTF8.Preamble, .. Roster.Csv(Roster.Header, Roster.Row()), 0xFF, 0xFF]),
        "never closes" => ("a.csv", Encoding.UTF8.GetBytes(Roster.CsvText(Roster.Header, Roster.Row()) + "3,\"马小梅,女\n" + Roster.CsvText(Roster.Row()))),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown."),
    };

    private static byte[] Bomb()
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            zip.CreateEntry("xl/workbook.xml").Open().Dispose();
            using var part = zip.CreateEntry("xl/worksheets/sheet1.xml").Open();
            var block = new byte[1024 * 1024];
            for (var megabyte = 0; megabyte <= UploadLimits.LargestUnpackedBytes / block.Length; megabyte++) part.Write(block);
        }
        return file.ToArray();
    }
}
