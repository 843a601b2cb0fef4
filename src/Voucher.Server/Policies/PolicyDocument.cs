using System.Text.Json;

namespace Voucher.Server.Policies;

/// <summary>A pack as a file.</summary>
/// <param name="Region">Six digits of GB/T 2260: whose rule it is.</param>
/// <param name="EffectiveUntil">The last day; <c>null</c> when none is set.</param>
/// <param name="Clauses">Which clause of the document each kind of rule rests on.</param>
public sealed record PolicyDocument(
    string DocumentNo, string Title, string Region, int Version, DateOnly EffectiveFrom, DateOnly? EffectiveUntil,
    IReadOnlyDictionary<Clause, string> Clauses, PolicyParameters Parameters)
{
    /// <summary>Of the file: some hundred times what a pack needs.</summary>
    public const int LargestBytes = 1_048_576;

    public static PolicyDocument Of(Policy pack) => new(
        pack.DocumentNo, pack.Title, pack.Region.ToString(), pack.Version, pack.EffectiveFrom, pack.EffectiveUntil, pack.Clauses, pack.Parameters);

    public string ToJson() => JsonSerializer.Serialize(this, PolicyJson.File);

    /// <summary>The document, or what cannot be read of it. Whether it can be a rule is for <see cref="PolicyCheck"/> to say.</summary>
    public static Outcome<PolicyDocument> Read(string json)
    {
        try
        {
            var read = JsonSerializer.Deserialize<PolicyDocument>(json, PolicyJson.File);
            if (read is null || HasHoles(read)) return Unreadable("file");
            return read;
        }
        catch (JsonException fault)
        {
            return Unreadable(fault.Path is { Length: > 1 } path ? path : "file"); // "$" is the whole file.
        }
    }

    /// <summary>Lists that hold nothing where a line should be: annotations do not reach into them.</summary>
    private static bool HasHoles(PolicyDocument read) =>
        read.Clauses.Values.Any(text => text is null) || read.Parameters.EligibleCategories.Any(category => category is null)
        || read.Parameters.Subsidies.Any(line => line is null) || read.Parameters.Matches.Any(rule => rule is null)
        || read.Parameters.Consequences.Any(rule => rule is null);

    private static List<FieldError> Unreadable(string where) =>
        [new(where, new("不是政策包文件，或这一项无法识别", "Not the file of a policy pack, or this entry cannot be read"))];

    public Policy ToPolicy(RegionCode region) => new(
        new PolicyId(0), region, DocumentNo.Trim(), Title.Trim(), Version, EffectiveFrom, EffectiveUntil, Parameters, Clauses);
}
