using System.Text.RegularExpressions;
using Voucher.Server.Audit;
using Voucher.Testing;

namespace Voucher.Server.Tests.Audit;

/// <summary>Whoever reads the trail or a day sheet reads words, not codes.</summary>
public sealed partial class DeedWordsTests
{
    [Fact]
    public void Every_deed_of_the_program_has_a_name_in_both_languages()
    {
        var deeds = Directory.EnumerateFiles(RepositoryRoot.PathTo("src", "Voucher.Server"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal) && !file.EndsWith("DeedWords.cs", StringComparison.Ordinal))
            .Select(File.ReadAllText)
            .Where(source => source.Contains("AuditTrail.", StringComparison.Ordinal) || source.Contains("AuditAction", StringComparison.Ordinal) || source.Contains("ExportTrail.", StringComparison.Ordinal))
            .SelectMany(source => Deed().Matches(source).Select(match => match.Groups["deed"].Value)).Distinct().Order().ToList();
        Assert.True(deeds.Count > 150);
        Assert.DoesNotContain(deeds, deed => !DeedWords.Has(deed));
        Assert.Equal(("某新事项.x", "某新事项.x"), (DeedWords.Name("某新事项.x").Zh, DeedWords.Name("某新事项.x").En));
    }

    [GeneratedRegex("\"(?<deed>[a-z]+\\.[a-z]+(?:[-.][a-z]+)*)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Deed();
}
