using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Voucher.Server.Settling.Payments;

/// <summary>What a column of the payment file can hold.</summary>
public enum PaymentContent
{
    PaymentNumber,
    RowNumber,
    PayeeName,
    PayeeBank,
    PayeeAccount,
    AmountYuan,
    Vouchers,
    Purpose,
    InstitutionCode,
    BudgetLine,
}

public sealed record PaymentColumn(string Header, PaymentContent Content);

/// <summary>
/// The columns, their order and the encoding that the county's bank wants. Banks differ, so it is data: the file
/// <c>payment-template.json</c> in the server's home, or else the one that comes with the server.
/// </summary>
/// <param name="Encoding"><c>utf-8-bom</c> (Excel and most banks) or <c>gb18030</c>.</param>
public sealed record PaymentTemplate(string Encoding, IReadOnlyList<PaymentColumn> Columns)
{
    public const string FileName = "payment-template.json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <exception cref="InvalidOperationException">The county's own file cannot be used; the message says why.</exception>
    public static PaymentTemplate Load(string home)
    {
        var own = Path.Combine(home, FileName);
        var file = File.Exists(own) ? own : Path.Combine(AppContext.BaseDirectory, "Settling", "Payments", FileName);
        return Parse(File.ReadAllText(file));
    }

    /// <exception cref="InvalidOperationException">The text is not a usable template; the message says why.</exception>
    public static PaymentTemplate Parse(string text)
    {
        PaymentTemplate template;
        try
        {
            template = JsonSerializer.Deserialize<PaymentTemplate>(text, Json) ?? throw new JsonException("It is empty.");
        }
        catch (JsonException fault)
        {
            throw new InvalidOperationException($"{FileName} cannot be read: {fault.Message}", fault);
        }
        if (template.Columns.Count == 0) throw new InvalidOperationException($"{FileName} names no column.");
        _ = template.TextEncoding;
        return template;
    }

    /// <summary>The encoding with its byte order mark, where it has one.</summary>
    [JsonIgnore]
    public Encoding TextEncoding => Encoding switch
    {
        "utf-8-bom" => new UTF8Encoding(encoderShouldEmitUTF8Identifier: true),
        "gb18030" => CodePagesEncodingProvider.Instance.GetEncoding("gb18030")!,
        _ => throw new InvalidOperationException($"{FileName}: encoding is utf-8-bom or gb18030, not “{Encoding}”."),
    };
}
