using System.Globalization;
using Voucher.Core.Promises;
using Voucher.Server.Planning.Breakdown;
using Voucher.Server.Register;
using Voucher.Server.Register.Importing;

namespace Voucher.Server.Promises;

/// <summary>What came of an imported list: how many were recorded, or every cell that is wrong.</summary>
public sealed record ReceiptImport(int Recorded, IReadOnlyList<CellProblem> Problems);

/// <summary>
/// 领取名单: what the paying department sends back (身份证号码、金额、日期、文号; 年度 and 领取单位 where the promise needs them), as XLSX or CSV.
/// All of it is recorded, or, with the first wrong cell, nothing.
/// </summary>
public sealed class ImportReceipts(NpgsqlDataSource database, PromiseCatalogue catalogue, RecordPromises record, PersonalData secrets, County county, TimeProvider clock)
{
    public const int MostRows = 2_000;
    public const int MostProblems = 200;
    public const int LargestFileBytes = 2 * 1024 * 1024;
    private const int HeaderWithinRows = 10;

    private static readonly string[] Titles = ["身份证号码", "金额", "日期", "文号", "年度", "领取单位"];

    public async Task<Outcome<ReceiptImport>> RunAsync(Actor actor, string? key, IFormFile? file, CancellationToken cancel)
    {
        if (catalogue.Find(key) is not { } promise) return Refusal.Of(RefusalCode.NotFound);
        if (UploadedFile.ProblemOf(file) is { } wrong) return new List<FieldError> { wrong };
        if (file!.Length > LargestFileBytes) return Bad(new($"文件超过 {LargestFileBytes / 1024 / 1024} MB", $"The file is larger than {LargestFileBytes / 1024 / 1024} MB"));
        var upload = await UploadedFile.ReadAsync(file, cancel);
        try
        {
            var rows = RegisterFile.SheetsOf(upload.Name, upload.Content).First().Rows.Take(MostRows + HeaderWithinRows + 1).ToList();
            if (rows.Count > MostRows + HeaderWithinRows) return Bad(new($"超过 {MostRows} 行", $"More than {MostRows} rows"));
            var header = rows.Take(HeaderWithinRows).FirstOrDefault(row => row.Cells.Any(cell => cell.Clean() == Titles[0]));
            if (header is null) return Bad(new("没有找到表头：要有“身份证号码、金额、日期、文号”", "No header found: 身份证号码, 金额, 日期, 文号"));
            var columns = Titles.ToDictionary(title => title, title => IndexOf(header, title), StringComparer.Ordinal);
            if (Titles.Take(4).FirstOrDefault(title => columns[title] < 0) is { } missing) return Bad(new($"缺少“{missing}”列", $"The column {missing} is missing"));
            return await WriteAsync(actor, promise, [.. rows.Where(row => row.Number > header.Number && row.Cells.Any(cell => !cell.IsBlank))], columns);
        }
        catch (UnusableFileException unusable)
        {
            return Bad(unusable.Problem);
        }
    }

    private async Task<Outcome<ReceiptImport>> WriteAsync(Actor actor, Promise promise, IReadOnlyList<SheetRow> rows, Dictionary<string, int> columns)
    {
        var now = clock.GetUtcNow();
        List<CellProblem> problems = [];
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        // Read first and written in order of persons, so that two imports never wait for each other in a circle.
        List<(SheetRow Row, PromisePerson Person, NewStep Step)> read = [];
        foreach (var row in rows)
        {
            if (problems.Count >= MostProblems) break;
            if (await ReadAsync(connection, transaction, actor, promise, row, columns, now, problems) is var (person, step)) read.Add((row, person, step));
        }
        if (problems.Count > 0) return new ReceiptImport(0, problems);
        foreach (var (row, person, step) in read.OrderBy(entry => entry.Person.Id.Value))
        {
            if (await record.WriteAsync(connection, transaction, actor, promise, person, step, now) is not { } refusal) continue;
            problems.Add(CellProblem.At(row.Number, columns[refusal.Code == RefusalCode.PromiseExceeded ? "金额" : Titles[0]], refusal.Reason));
            if (problems.Count >= MostProblems) break;
        }
        if (problems.Count > 0) return new ReceiptImport(0, problems);
        await AuditTrail.AppendAsync(connection, transaction, now, actor.Account, "promise.import", $"promise:{promise.Key}", $"{read.Count} receipts",
            Ground.Under(Permission.RecordPromises));
        await transaction.CommitAsync();
        return new ReceiptImport(read.Count, []);
    }

    private async Task<(PromisePerson, NewStep)?> ReadAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, Actor actor, Promise promise, SheetRow row, Dictionary<string, int> columns, DateTimeOffset now,
        List<CellProblem> problems)
    {
        string Text(string title) => columns[title] < 0 ? "" : row.At(columns[title]).Clean() ?? "";
        void Wrong(string title, Words problem) => problems.Add(CellProblem.At(row.Number, Math.Max(columns[title], 0), problem));
        PromisePerson? person = null;
        if (IdNumber.TryParse(Text(Titles[0]), out var number) != IdNumberFault.None) Wrong(Titles[0], new("身份证号码不对", "Not an identity number"));
        else if (await PromiseStore.FindAsync(connection, transaction, county.Region, secrets.LookupHash(number)) is not { } id) Wrong(Titles[0], new("劳动者库中没有此人", "Not in the register"));
        else if ((person = await record.OneAsync(actor, promise, id)) is null) Wrong(Titles[0], new("劳动者库中没有此人", "Not in the register"));
        var day = DateOnly.TryParseExact(Text("日期"), ["yyyy-MM-dd", "yyyy/M/d", "yyyy.M.d", "yyyyMMdd"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var on) ? on : (DateOnly?)null;
        int? year = int.TryParse(Text("年度"), NumberStyles.None, CultureInfo.InvariantCulture, out var typed) ? typed : null;
        var (step, errors) = RecordPromises.Read(
            promise, new StepForm(nameof(PromiseStepKind.Received), year, day, null, Text("金额"), Text("领取单位"), Text("文号")), CountyTime.DayOf(now));
        foreach (var error in errors)
            Wrong(error.Field switch { "on" => "日期", "year" => "年度", "amount" => "金额", "recipient" => "领取单位", _ => "文号" }, error.Problem);
        return person is not null && step is not null ? (person, step) : null;
    }

    private static int IndexOf(SheetRow header, string title)
    {
        for (var at = 0; at < header.Cells.Count; at++)
            if (header.Cells[at].Clean() is { } text && (text == title || text.StartsWith(title + "（", StringComparison.Ordinal))) return at;
        return -1;
    }

    private static List<FieldError> Bad(Words problem) => [new("file", problem)];
}
