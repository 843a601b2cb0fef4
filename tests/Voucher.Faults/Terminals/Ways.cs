using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using Voucher.Core.Refusals;
using Voucher.Faults.Network;

namespace Voucher.Faults.Terminals;

/// <summary>What came back of one try.</summary>
public abstract record Heard
{
    /// <summary>Final.</summary>
    public sealed record Answer(ScanAnswer Said) : Heard;

    /// <summary>Nothing final: the same id again.</summary>
    public sealed record Nothing : Heard
    {
        public static readonly Nothing Instance = new();
    }

    /// <summary>What no honest terminal should hear.</summary>
    public sealed record Wrong(string Why) : Heard
    {
        /// <summary>The refusal's number, when it is one.</summary>
        public RefusalCode Code { get; init; }
    }

    /// <summary>A refusal of the request itself, which leaves no answer behind.</summary>
    public static Heard OfRefusal(int code) => (RefusalCode)code is RefusalCode.TerminalNotActive or RefusalCode.ScanIdReused or RefusalCode.SequenceReused
        ? new Wrong($"refused with {code}") { Code = (RefusalCode)code }
        : Nothing.Instance;
}

/// <summary>One way to one server.</summary>
public interface IWay : IDisposable
{
    Task<Heard> SendAsync(ScanRequest request);
}

/// <summary>By a plain request.</summary>
public sealed class RestWay(Uri server, string accessToken) : IWay
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { ConnectTimeout = WayLimits.Longest, UseProxy = false })
    {
        BaseAddress = server, Timeout = WayLimits.Longest,
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", accessToken) },
    };

    public async Task<Heard> SendAsync(ScanRequest request)
    {
        try
        {
            using var answer = await _http.PostAsJsonAsync("/api/terminal/scans", request);
            if (answer.StatusCode == HttpStatusCode.OK) return new Heard.Answer((await answer.Content.ReadFromJsonAsync<ScanAnswer>())!);
            var text = await answer.Content.ReadAsStringAsync();
            return answer.StatusCode switch
            {
                HttpStatusCode.Conflict => Heard.OfRefusal(JsonElement.Parse(text).GetProperty("code").GetInt32()),
                HttpStatusCode.BadRequest or HttpStatusCode.NotFound or HttpStatusCode.Forbidden => new Heard.Wrong($"{(int)answer.StatusCode} {text}"),
                _ => Heard.Nothing.Instance,
            };
        }
        catch (Exception broken) when (broken is HttpRequestException or OperationCanceledException or IOException or JsonException)
        {
            return Heard.Nothing.Instance;
        }
    }

    public void Dispose() => _http.Dispose();
}

/// <summary>Over the hub; the line is opened anew when it is broken.</summary>
public sealed class HubWay(Uri server, string accessToken) : IWay
{
    private const string Refused = "refused:";
    private const string BadInput = "bad-input:";
    private readonly SemaphoreSlim _opening = new(1);
    private HubLine? _line;

    public async Task<Heard> SendAsync(ScanRequest request)
    {
        using var limit = new CancellationTokenSource(WayLimits.Longest);
        HubLine? line = null;
        try
        {
            line = await LineAsync(limit.Token);
            return new Heard.Answer(await line.AskAsync<ScanAnswer>(HubNames.Scan, request, limit.Token));
        }
        catch (HubRefusedException refused)
        {
            return Read(refused.Message);
        }
        catch (Exception broken) when (broken is WebSocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException or IOException)
        {
            line?.Dispose();
            return Heard.Nothing.Instance;
        }
    }

    public void Dispose()
    {
        _line?.Dispose();
        _opening.Dispose();
    }

    /// <summary>The framework wraps the server's words into a sentence of its own.</summary>
    private static Heard Read(string error)
    {
        if (error.Contains(BadInput, StringComparison.Ordinal)) return new Heard.Wrong(error);
        var at = error.IndexOf(Refused, StringComparison.Ordinal);
        return at >= 0 && int.TryParse(error[(at + Refused.Length)..], CultureInfo.InvariantCulture, out var code) ? Heard.OfRefusal(code) : Heard.Nothing.Instance;
    }

    private async Task<HubLine> LineAsync(CancellationToken cancel)
    {
        await _opening.WaitAsync(cancel);
        try
        {
            if (_line is { IsOpen: true } open) return open;
            _line?.Dispose();
            return _line = await HubLine.OpenAsync(new Uri(server, HubNames.TerminalHubPath), accessToken, cookies: null, cancel);
        }
        finally
        {
            _opening.Release();
        }
    }
}

internal static class WayLimits
{
    /// <summary>How long a terminal waits for one try.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);
}
