using System.Collections.Concurrent;

namespace Voucher.E2E.Browsers;

/// <summary>
/// One person at one screen, with cookies of their own. Everything that the browser complains about and everything that
/// it asks of anyone but this machine is remembered, and <see cref="AssertQuiet"/> fails on it.
/// </summary>
public sealed class Visitor : IAsyncDisposable
{
    public static readonly ViewportSize Desktop = new() { Width = 1366, Height = 768 };
    public static readonly ViewportSize Phone = new() { Width = 390, Height = 844 };

    /// <summary>How long anything awaited on a page may take, ms.</summary>
    public const float PatienceMs = 20_000;

    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _complaints = new();

    private Visitor(IBrowserContext context, IPage page) => (_context, Page) = (context, page);

    public IPage Page { get; }

    /// <param name="address">What relative addresses belong to.</param>
    public static async Task<Visitor> ArriveAsync(IBrowser browser, Uri address, ViewportSize? size = null)
    {
        var context = await browser.NewContextAsync(new() { BaseURL = address.ToString(), ViewportSize = size ?? Desktop, AcceptDownloads = true, Locale = "zh-CN" });
        context.SetDefaultTimeout(PatienceMs);
        var visitor = new Visitor(context, await context.NewPageAsync());
        context.Console += (_, message) => visitor.Heard(message);
        context.WebError += (_, error) => visitor._complaints.Enqueue($"{error.Page?.Url}: {error.Error}");
        context.Request += (_, request) => visitor.Asked(request);
        return visitor;
    }

    /// <summary>No error on the console of any page, and nothing asked of anybody else's server.</summary>
    /// <param name="mayLose">The test loses or refuses requests: the browser says so, and may.</param>
    public void AssertQuiet(bool mayLose = false) => Assert.DoesNotContain(_complaints, complaint => !mayLose || !complaint.Contains("Failed to load resource", StringComparison.Ordinal));

    /// <summary>For the message of a test that fails.</summary>
    public string Complaints => string.Join('\n', _complaints);

    /// <summary>Leaves out what a page has to complain about while its server is stopped or a refusal is provoked.</summary>
    public void ForgetComplaints() => _complaints.Clear();

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();

    private void Heard(IConsoleMessage message)
    {
        if (message.Type == "error") _complaints.Enqueue($"{message.Page?.Url}: {message.Type}: {message.Text} ({message.Location})");
    }

    private void Asked(IRequest request)
    {
        var address = new Uri(request.Url);
        if (address.Scheme is "http" or "https" or "ws" or "wss" && !address.IsLoopback) _complaints.Enqueue($"external request: {request.Url}");
    }
}
