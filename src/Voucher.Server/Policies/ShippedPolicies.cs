namespace Voucher.Server.Policies;

/// <summary>The packs that come with the program, after the published texts: to start from, or to run as they are.</summary>
public static class ShippedPolicies
{
    /// <summary>东县府办发〔2020〕57号.</summary>
    public const string Dongxiang = "dongxiang-2020-57";

    /// <summary>绥人社发〔2019〕18号.</summary>
    public const string Suihua = "suihua-2019-18";

    public static readonly IReadOnlyList<string> Names = [Dongxiang, Suihua];

    private static readonly Dictionary<string, Lazy<PolicyDocument>> Documents =
        Names.ToDictionary(name => name, name => new Lazy<PolicyDocument>(() => Read(name)), StringComparer.Ordinal);

    /// <returns><c>null</c> when none is called so.</returns>
    public static PolicyDocument? Find(string name) => Documents.TryGetValue(name, out var document) ? document.Value : null;

    private static PolicyDocument Read(string name)
    {
        using var stream = typeof(ShippedPolicies).Assembly.GetManifestResourceStream($"Voucher.Server.Policies.Packs.{name}.json")!;
        using var reader = new StreamReader(stream);
        return PolicyDocument.Read(reader.ReadToEnd()).OrThrow();
    }
}
