using System.Text.RegularExpressions;
using Voucher.Testing;

namespace Voucher.Server.Tests.Portal;

/// <summary>The content security policy stops inline scripts without a word to the person; so no page may hold one.</summary>
public sealed partial class InlineScriptTests
{
    public static TheoryData<string> Pages() =>
        [.. Directory.EnumerateFiles(RepositoryRoot.PathTo("src", "Voucher.Server"), "*.cshtml", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(RepositoryRoot.Folder, path))];

    [Theory]
    [MemberData(nameof(Pages))]
    public void No_page_holds_a_script_that_the_browser_would_not_run(string page)
    {
        var text = File.ReadAllText(Path.Combine(RepositoryRoot.Folder, page));

        Assert.Empty(InlineScript().Matches(text).Select(match => match.Value));
    }

    [GeneratedRegex("""<script(?![^>]*\bsrc=)[^>]*>|\son[a-z]+\s*=\s*["']|["']javascript:""", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex InlineScript();
}
