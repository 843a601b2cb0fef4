using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Voucher.Core.Settling;

namespace Voucher.Server.Settling.Payments;

/// <summary>What a column of the bank's file can hold.</summary>
public enum PaymentContent
{
    PaymentNumber,
    RowNumber,

    /// <summary>By which the bank's return names the row: payment number and row, the same in every attempt.</summary>
    Reference,
    Attempt,
    PayeeName,
    PayeeBank,
    PayeeAccount,
    AmountYuan,
    AmountFen,
    Vouchers,
    Purpose,
    InstitutionCode,

    /// <summary>Source and line.</summary>
    BudgetLine,
}

/// <summary>What a column of the bank's return can hold.</summary>
public enum ReturnContent
{
    Reference,
    PaymentNumber,
    RowNumber,
    Attempt,
    PayeeName,
    PayeeAccount,
    AmountYuan,
    AmountFen,
    Status,
    Reason,
    Serial,
}

public enum BankFileKind
{
    Csv,
    Xlsx,
}

/// <summary>Where the line with count and sum stands.</summary>
public enum TotalLine
{
    None,
    First,
    Last,
}

public enum Quoting
{
    WhereNeeded,
    Always,
}

public sealed record PaymentColumn(string Header, PaymentContent Content);

/// <param name="Column">From 1.</param>
public sealed record ReturnColumn(int Column, ReturnContent Content);

/// <summary>How the bank's return is read.</summary>
/// <param name="HeaderRows">Rows before the first answer.</param>
/// <param name="Words">The bank's words for each answer, compared without blanks.</param>
public sealed record ReturnFormat(IReadOnlyList<ReturnColumn> Columns, IReadOnlyDictionary<PaymentAnswer, string[]> Words)
{
    public BankFileKind File { get; init; }
    public string Encoding { get; init; } = BankFormat.Utf8WithMark;
    public char Separator { get; init; } = ',';
    public int HeaderRows { get; init; } = 1;
}

/// <summary>
/// What a bank wants and answers: columns, order, encoding, separator, row cap, total line, and the return. Banks differ, so it is
/// data: files in the server's home, and those that come with the server.
/// </summary>
public sealed record BankFormat(IReadOnlyList<PaymentColumn> Columns)
{
    public const string Utf8WithMark = "utf-8-bom";
    public const string Utf8 = "utf-8";
    public const string Gb18030 = "gb18030";

    /// <summary>The most rows of one file that any format may ask for.</summary>
    public const int LargestRowCap = 100_000;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>By which it is chosen: the file's name without its ending.</summary>
    [JsonIgnore]
    public string Name { get; init; } = "";

    public string Title { get; init; } = "";
    public BankFileKind File { get; init; }
    public string Encoding { get; init; } = Utf8WithMark;
    public char Separator { get; init; } = ',';
    public Quoting Quoting { get; init; }

    /// <summary>Rows of one file, without header and total; more go into several files.</summary>
    public int RowCap { get; init; } = 1_000;

    public TotalLine TotalLine { get; init; }
    public bool HasHeader { get; init; } = true;

    /// <summary>With <c>{number}</c>, <c>{round}</c> and <c>{part}</c>; the ending comes by itself.</summary>
    public string FileName { get; init; } = "{number}-{round}-{part}";

    /// <summary>
    /// A cell that a spreadsheet would compute begins with an apostrophe. Only where people open the file in Excel: a bank compares
    /// the payee's name to the letter.
    /// </summary>
    public bool ForExcel { get; init; }

    /// <summary>All payees of a payment have accounts at banks whose names hold this; empty for any.</summary>
    public string OneBank { get; init; } = "";

    public ReturnFormat? Return { get; init; }

    /// <exception cref="InvalidOperationException">The text is no usable format; the message names file and field.</exception>
    public static BankFormat Parse(string file, string text)
    {
        try
        {
            var format = JsonSerializer.Deserialize<BankFormat>(text, Json) ?? throw new JsonException("It is empty.");
            return BankFormatFaults.Of(format) is { } fault
                ? throw new InvalidOperationException($"{file}: {fault}")
                : format with { Name = Path.GetFileNameWithoutExtension(file) };
        }
        catch (JsonException fault)
        {
            throw new InvalidOperationException($"{file} cannot be read: {fault.Message}", fault);
        }
    }

    /// <summary>The encoding with its byte order mark, where it has one; what it cannot write is an exception.</summary>
    public static Encoding? EncodingOf(string name) => name switch
    {
        Utf8WithMark => new UTF8Encoding(encoderShouldEmitUTF8Identifier: true, throwOnInvalidBytes: true),
        Utf8 => new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true),
        Gb18030 => CodePagesEncodingProvider.Instance.GetEncoding("gb18030", EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback),
        _ => null,
    };
}
