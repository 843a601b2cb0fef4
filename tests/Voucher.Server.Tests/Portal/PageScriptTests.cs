using System.Text.RegularExpressions;
using Voucher.Testing;

namespace Voucher.Server.Tests.Portal;

/// <summary>The content security policy lets no script inside a page run: one that stands there would silently do nothing.</summary>
public sealed partial class PageScriptTests
{
    [Fact]
    public void No_page_carries_script_of_its_own()
    {
        var pages = Directory.EnumerateFiles(RepositoryRoot.PathTo("src", "Voucher.Server"), "*.cshtml", SearchOption.AllDirectories).ToList();
        Assert.NotEmpty(pages);
        Assert.DoesNotContain(pages, page => OwnScript().IsMatch(File.ReadAllText(page)));
    }

    [GeneratedRegex("<script(?![^>]*\\ssrc=)|\\son[a-z]+\\s*=\\s*\"", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OwnScript();
}
