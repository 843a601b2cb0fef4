using System.Reflection;
using System.Text.RegularExpressions;

namespace Voucher.Server.Invariants;

/// <summary>
/// One thing that must hold at any time: a query whose every row is a violation, and the sentence of what it means.
/// Written in <c>*.sql</c> beside this file, each headed by <c>-- check NUMBER NAME</c> and the sentence in two languages.
/// </summary>
/// <param name="Number">
/// 3.1 belongs to the third invariant. No query can see the fifth (the same entries in any order come to the same state) and the
/// eighth (emptying Redis lets no voucher through twice): tests try them. The ninth is walked by <see cref="AuditChainInvariant"/>, as 9.1, and by <see cref="Audit.Verifying.HistoryChain"/>, as 9.2.
/// </param>
public sealed partial record Invariant(string Number, string Name, Words Meaning, string Sql)
{
    /// <summary>All checks that are SQL, in the order of the files.</summary>
    public static readonly IReadOnlyList<Invariant> All = [.. Files().SelectMany(Parse)];

    [GeneratedRegex(@"^-- check (?<number>\d+\.\d+) (?<name>[a-z0-9-]+)\n-- (?<zh>.+)\n-- (?<en>.+)\n(?<sql>[^;]+);", RegexOptions.Multiline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Check();

    private static IEnumerable<Invariant> Parse(string file) => Check().Matches(file).Select(match => new Invariant(
        match.Groups["number"].Value,
        match.Groups["name"].Value,
        new Words(match.Groups["zh"].Value, match.Groups["en"].Value),
        match.Groups["sql"].Value));

    private static IEnumerable<string> Files()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var folder = $"{typeof(Invariant).Namespace}.";
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            yield return reader.ReadToEnd().ReplaceLineEndings("\n");
        }
    }
}

/// <summary>A broken invariant: which, on what, and how. Holds ids only, no personal data.</summary>
public sealed record Violation(string Number, string Name, Words Meaning, string Subject, string Finding);
