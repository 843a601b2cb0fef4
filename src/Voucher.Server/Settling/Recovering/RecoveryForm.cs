using System.Text.RegularExpressions;
using Voucher.Core.Settling;
using Voucher.Server.Api;

namespace Voucher.Server.Settling.Recovering;

/// <summary>Of which voucher how much is wanted back, as typed.</summary>
/// <param name="Amount"><c>null</c>: all that is left of it.</param>
public sealed record WantedLine(VoucherId Voucher, Fen? Amount, string Reason);

/// <summary>A finding as it is typed.</summary>
/// <param name="Lines">One voucher a line: its number, then how much in yuan (all when left out), then why (the finding when left out).</param>
/// <param name="FromTrainee">The trainee's allowances instead of the institution's settlement.</param>
public sealed partial record RecoveryForm(FindingSource? Source, string? Finding, string? Documents, DateOnly? PayBy, string? Lines, bool FromTrainee)
{
    public const int LongestFinding = 1000;
    public const int LongestDocuments = 200;

    /// <summary>Vouchers of one taking back.</summary>
    public const int MostLines = 2000;

    /// <summary>The last day to pay in lies within so many days.</summary>
    public const int LongestTermDays = 366;

    public static readonly RecoveryForm Empty = new(null, null, null, null, null, false);

    /// <summary>What is typed, and everything that is wrong with it.</summary>
    public (RecoveryEntry Entry, List<FieldError> Errors) Read(DateOnly today)
    {
        var read = new FieldReader();
        if (Source is not { } source || !Enum.IsDefined(source)) read.Fault("source", new("请选择问题来源", "Choose where the finding comes from"));
        var finding = read.Text("finding", Finding, LongestFinding);
        var documents = read.Text("documents", Documents, LongestDocuments, isOptional: true);
        var payBy = read.Day("payBy", PayBy);
        if (read.IsClean("payBy") && (payBy < today || payBy > today.AddDays(LongestTermDays)))
            read.Fault("payBy", new("缴回期限应在今天起一年之内", "The last day lies between today and a year from now"));
        var lines = ReadLines(read);
        return (new RecoveryEntry(Source ?? FindingSource.Other, finding, documents, payBy, lines, FromTrainee), read.Errors);
    }

    /// <summary>For a look at what would be taken back before anything else is filled in.</summary>
    public (IReadOnlyList<WantedLine> Lines, List<FieldError> Errors) ReadLines()
    {
        var read = new FieldReader();
        return (ReadLines(read), read.Errors);
    }

    private List<WantedLine> ReadLines(FieldReader read)
    {
        List<WantedLine> lines = [];
        HashSet<VoucherId> seen = [];
        var rows = (Lines ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (rows.Length is 0 or > MostLines) read.Fault("lines", new($"请填写1至{MostLines}张券，每行一张", $"Give 1 to {MostLines} vouchers, one a line"));
        foreach (var (index, row) in rows.Take(MostLines).Index())
        {
            var fault = Read(row, out var line);
            if (fault is null && !seen.Add(line!.Voucher)) fault = new($"券 {line.Voucher} 写了两次", $"voucher {line.Voucher} is named twice");
            if (fault is null) lines.Add(line!);
            else
            {
                read.Fault("lines", new($"第 {index + 1} 行：{fault.Zh}", $"Line {index + 1}: {fault.En}"));
                break; // One at a time: a wrong column would be wrong in every line.
            }
        }
        return lines;
    }

    private static Words? Read(string row, out WantedLine? line)
    {
        line = null;
        var match = Row.Match(row);
        if (!match.Success || !VoucherId.TryParse(Blanks.Replace(match.Groups["number"].Value, ""), out var voucher)) return new("不是16位券号", "not a 16-digit voucher number");
        var rest = match.Groups["rest"].Value.Trim(' ', '\t', '　', ',', '，');
        Fen? amount = null;
        if (rest.Length > 0 && char.IsAsciiDigit(rest[0]))
        {
            var typed = Amount.Match(rest).Value;
            if (!Fen.TryParseYuan(typed, out var fen) || fen == Fen.Zero) return new("金额不对：以元为单位，最多两位小数", "not an amount in yuan with at most two decimals");
            (amount, rest) = (fen, rest[typed.Length..].Trim(' ', '\t', '　', ',', '，', '元'));
        }
        if (rest.EnumerateRunes().Count() > Reasons.Longest || !FieldReader.IsReadable(rest)) return new($"理由最多 {Reasons.Longest} 个字", $"the reason has at most {Reasons.Longest} characters");
        line = new WantedLine(voucher, amount, rest);
        return null;
    }

    [GeneratedRegex(@"^(?<number>(?:[0-9][ \u3000]?){15}[0-9])(?<rest>(?:[\s\u3000,，].*)?)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Row { get; }

    [GeneratedRegex(@"[ \u3000]", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Blanks { get; }

    [GeneratedRegex(@"^[0-9][0-9.,]*[0-9]|^[0-9]", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Amount { get; }
}

/// <summary>A finding that can be read.</summary>
public sealed record RecoveryEntry(FindingSource Source, string Finding, string Documents, DateOnly PayBy, IReadOnlyList<WantedLine> Lines, bool FromTrainee);
