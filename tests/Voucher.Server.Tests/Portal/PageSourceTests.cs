using System.Text.RegularExpressions;
using Voucher.Testing;

namespace Voucher.Server.Tests.Portal;

/// <summary>What only a browser would find out, and then only when somebody clicks.</summary>
public sealed partial class PageSourceTests
{
    public static TheoryData<string> Pages() =>
        [.. Directory.EnumerateFiles(RepositoryRoot.PathTo("src", "Voucher.Server"), "*.cshtml", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(RepositoryRoot.Folder, path))];

    /// <summary>The content security policy stops them without a word to the person.</summary>
    [Theory]
    [MemberData(nameof(Pages))]
    public void No_page_holds_a_script_that_the_browser_would_not_run(string page) =>
        Assert.Empty(InlineScript().Matches(Read(page)).Select(match => match.Value));

    /// <summary>
    /// Razor adds the antiforgery token by itself only where a form names no action. The public notice has nobody signed in whose
    /// name could be misused, and is the same bytes for everybody.
    /// </summary>
    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_form_that_changes_something_carries_its_token(string page) =>
        Assert.DoesNotContain(
            PostForm().Matches(Read(page)).Select(match => match.Value),
            form => form.Contains(" action=", StringComparison.Ordinal) && !form.Contains(" action=\"/notice/", StringComparison.Ordinal) && !form.Contains("asp-antiforgery=\"true\"", StringComparison.Ordinal));

    private static string Read(string page) => File.ReadAllText(Path.Combine(RepositoryRoot.Folder, page));

    [GeneratedRegex("""<script(?![^>]*\bsrc=)[^>]*>|\son[a-z]+\s*=\s*["']|["']javascript:""", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex InlineScript();

    [GeneratedRegex("""<form[^>]*method="post"[^>]*>""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PostForm();
}
