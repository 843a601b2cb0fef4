namespace Voucher.Server.Settling.Payments;

/// <summary>
/// The formats there are: those that come with the server, and the county's own in <c>bank-formats/</c> of the server's home, which
/// go before. Read anew each time, so that an operator sees at once what a file says.
/// </summary>
public sealed class BankFormats(ServerSettings settings)
{
    public const string Folder = "bank-formats";

    /// <summary>Taken where none is chosen.</summary>
    public const string Usual = "generic-csv";

    /// <summary>From before there were several; where the county has one, it is the usual.</summary>
    public const string OldFile = "payment-template.json";

    public const int LongestName = 60;

    private static string Shipped => Path.Combine(AppContext.BaseDirectory, "Settling", "Payments", Folder);

    /// <summary>Formats by name, and what is wrong with the files that are none.</summary>
    public (IReadOnlyList<BankFormat> Formats, IReadOnlyList<string> Faults) Read()
    {
        SortedDictionary<string, BankFormat> formats = new(StringComparer.Ordinal);
        List<string> faults = [];
        foreach (var file in Files())
        {
            try
            {
                var format = BankFormat.Parse(Path.GetFileName(file), File.ReadAllText(file));
                formats[format.Name] = format;
            }
            catch (InvalidOperationException fault)
            {
                faults.Add(fault.Message);
            }
        }
        return ([.. formats.Values], faults);
    }

    /// <summary>The format, or a refusal that names it. An unusable file of the county's own is not replaced by the shipped one in silence.</summary>
    public Outcome<BankFormat> Find(string? name)
    {
        var wanted = string.IsNullOrWhiteSpace(name) ? UsualName() : name.Trim();
        var file = Files().LastOrDefault(file => Path.GetFileNameWithoutExtension(file) == wanted);
        if (file is null) return Refusal.Of(RefusalCode.BankFormatMissing, wanted.Length > LongestName ? wanted[..LongestName] : wanted);
        try
        {
            return BankFormat.Parse(Path.GetFileName(file), File.ReadAllText(file));
        }
        catch (InvalidOperationException fault)
        {
            return new List<FieldError> { new("format", new($"银行格式文件有误：{fault.Message}", $"The format cannot be used: {fault.Message}")) };
        }
    }

    private string UsualName() => File.Exists(Path.Combine(settings.Home, OldFile)) ? Path.GetFileNameWithoutExtension(OldFile) : Usual;

    /// <summary>Shipped first: the county's own of the same name come after them and win.</summary>
    private IEnumerable<string> Files()
    {
        var own = Path.Combine(settings.Home, Folder);
        foreach (var file in Directory.EnumerateFiles(Shipped, "*.json").Order(StringComparer.Ordinal)) yield return file;
        if (Directory.Exists(own))
            foreach (var file in Directory.EnumerateFiles(own, "*.json").Order(StringComparer.Ordinal)) yield return file;
        if (File.Exists(Path.Combine(settings.Home, OldFile))) yield return Path.Combine(settings.Home, OldFile);
    }
}
