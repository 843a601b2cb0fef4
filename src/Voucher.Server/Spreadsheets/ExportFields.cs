namespace Voucher.Server.Spreadsheets;

/// <summary>The fields of an export's form, as they are kept until the export is made.</summary>
public static class ExportFields
{
    public const int Most = 20;
    public const int Longest = 200;

    /// <summary>Names the list; the other fields narrow it.</summary>
    public const string Key = "export";

    private const string AntiforgeryToken = "__RequestVerificationToken";

    /// <summary>The first value of each; <c>null</c> when there is more than any list has.</summary>
    public static IReadOnlyDictionary<string, string>? Read(IFormCollection form)
    {
        var fields = form.Where(field => field.Key is not (Key or AntiforgeryToken or "handler"))
            .ToDictionary(field => field.Key, field => field.Value.Count > 0 ? field.Value[0] ?? "" : "", StringComparer.Ordinal);
        return fields.Count <= Most && fields.All(field => field.Key.Length <= Longest && field.Value.Length <= Longest) ? fields : null;
    }
}
