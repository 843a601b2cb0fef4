using System.Globalization;
using System.Text;

namespace Voucher.E2E.Browsers;

/// <summary>
/// Screenshots of every step, numbered, to be looked at by people: in <c>VOUCHER_E2E_OUTPUT</c>, else under
/// <c>TestResults/e2e</c>.
/// </summary>
public sealed class Album
{
    private const string TooWide = """
        () => document.documentElement.scrollWidth <= innerWidth ? ''
          : `${document.documentElement.scrollWidth}: ` + [...document.body.querySelectorAll('*')]
            .filter(one => one.getBoundingClientRect().right > innerWidth + 1 && !one.closest('.table-responsive'))
            .slice(0, 3).map(one => one.outerHTML.slice(0, 200)).join(' | ')
        """;

    private readonly string _folder;
    private int _last;

    /// <param name="name">Folder of the pictures of one story.</param>
    public Album(string name)
    {
        var root = Environment.GetEnvironmentVariable("VOUCHER_E2E_OUTPUT") is { Length: > 0 } given ? given : RepositoryRoot.PathTo("TestResults", "e2e");
        _folder = Path.Combine(root, name);
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
        Directory.CreateDirectory(_folder);
    }

    /// <summary>The whole page as it stands now.</summary>
    public async Task TakeAsync(IPage page, string name)
    {
        await page.EvaluateAsync("() => scrollTo(0, 0)"); // What is fixed to the screen is drawn where the page has been scrolled to.
        await page.ScreenshotAsync(new() { Path = Next(name), FullPage = true });
    }

    /// <summary>The page as on a phone; afterwards it has its old size again.</summary>
    /// <returns>What makes the page wider than the phone; nothing, as it should be.</returns>
    public async Task<string> TakeOnPhoneAsync(IPage page, string name)
    {
        var size = page.ViewportSize!;
        await page.SetViewportSizeAsync(Visitor.Phone.Width, Visitor.Phone.Height);
        await TakeAsync(page, $"{name}-phone");
        var tooWide = await page.EvaluateAsync<string>(TooWide);
        await page.SetViewportSizeAsync(size.Width, size.Height);
        return tooWide;
    }

    /// <summary>What everybody saw when a step failed, and what the programs and browsers said of it.</summary>
    public async Task KeepFailureAsync(IEnumerable<Visitor> visitors, string logs)
    {
        var said = new StringBuilder(logs);
        foreach (var visitor in visitors)
        {
            said.AppendLine().Append("--- ").AppendLine(visitor.Page.Url).AppendLine(visitor.Complaints);
            if (!visitor.Page.IsClosed) await TakeAsync(visitor.Page, "failure");
        }
        await File.WriteAllTextAsync(Path.ChangeExtension(Next("failure"), "log"), said.ToString());
    }

    /// <summary>A picture that is no screenshot, such as a page of the PDF.</summary>
    public Task KeepAsync(ReadOnlyMemory<byte> jpeg, string name) => File.WriteAllBytesAsync(Path.ChangeExtension(Next(name), "jpg"), jpeg);

    private string Next(string name) => Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{++_last:D2}-{name}.png"));
}
