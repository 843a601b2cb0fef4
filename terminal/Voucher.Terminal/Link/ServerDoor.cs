using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Voucher.Core.Wire;
using Voucher.Terminal.Pairing;

namespace Voucher.Terminal.Link;

/// <summary>The server's answer to a log-in, or why there is none.</summary>
internal abstract record LoggedIn
{
    private LoggedIn() { }

    public sealed record Answered(TerminalLoginAnswer Answer) : LoggedIn;

    /// <summary>The server no longer speaks with a program as old as this one.</summary>
    public sealed record MustUpdate : LoggedIn;

    /// <param name="ServerTime">By the answer's Date header; tells a wrong clock from a wrong key.</param>
    public sealed record NotAccepted(DateTimeOffset? ServerTime) : LoggedIn;
}

/// <summary>The token of one log-in, and when it ends by this machine's monotonic clock.</summary>
internal sealed record AccessToken(string Value, long ObtainedAt, TimeSpan Lifetime)
{
    public bool IsFresh(TimeProvider time) => time.GetElapsedTime(ObtainedAt) < Lifetime - LinkLimits.RenewBefore;
}

/// <summary>The server's REST endpoints for one paired terminal: log-in, setup, scans. Logs in by itself when its token ends.</summary>
internal sealed class ServerDoor(HttpClient http, PairedTerminal terminal, TimeProvider time) : IDisposable
{
    private static readonly string ProtocolText = Protocol.Current.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private readonly SemaphoreSlim _loggingIn = new(1, 1);
    private volatile AccessToken? _token;

    /// <summary>The latest log-in was refused because this program is too old.</summary>
    public bool IsTooOld { get; private set; }

    /// <summary>Logs in and keeps the token, if the terminal is active.</summary>
    /// <exception cref="HttpRequestException">The server cannot be reached or did not answer as it should.</exception>
    public async Task<LoggedIn> LogIn(CancellationToken stop)
    {
        var started = time.GetTimestamp();
        using var response = await Post("api/terminals/login", Signed(), token: null, stop);
        IsTooOld = response.StatusCode == HttpStatusCode.UpgradeRequired;
        if (IsTooOld) return new LoggedIn.MustUpdate();
        if (response.StatusCode == HttpStatusCode.Unauthorized) return new LoggedIn.NotAccepted(response.Headers.Date);
        var answer = await Read<TerminalLoginAnswer>(response, stop);
        terminal.ServerClock.Heard(answer.ServerTime);
        terminal.Journal.Heard(answer.ServerTime);
        _token = answer is { Status: TerminalStatus.Active, AccessToken: { } value }
            ? new AccessToken(value, started, TimeSpan.FromSeconds(answer.ExpiresInSeconds))
            : null;
        return new LoggedIn.Answered(answer);
    }

    /// <summary>A token that holds for a while yet; <c>null</c> when the server gives none (the terminal is not active).</summary>
    public async Task<string?> Token(CancellationToken stop)
    {
        if (_token is { } fresh && fresh.IsFresh(time)) return fresh.Value;
        await _loggingIn.WaitAsync(stop);
        try
        {
            if (_token is { } renewed && renewed.IsFresh(time)) return renewed.Value;
            await LogIn(stop);
            return _token?.Value;
        }
        finally
        {
            _loggingIn.Release();
        }
    }

    /// <summary>After a 401: the next call logs in again.</summary>
    public void ForgetToken() => _token = null;

    /// <summary>The setup; <c>null</c> when the terminal may not have it (any more).</summary>
    public async Task<TerminalSetup?> FetchSetup(CancellationToken stop)
    {
        using var response = await WithToken(token => Get("api/terminal/setup", token, stop), stop);
        if (response is null || response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden) return null;
        return await Read<TerminalSetup>(response, stop);
    }

    /// <summary>One of the lists (<see cref="Core.Lists.ListNames"/>), its body not read yet; <c>null</c> when the terminal may not have it (any more).</summary>
    public Task<HttpResponseMessage?> FetchList(string path, CancellationToken stop) =>
        WithToken(token => Send(new HttpRequestMessage(HttpMethod.Get, At(path)), token, stop, HttpCompletionOption.ResponseHeadersRead), stop);

    /// <summary>Sends one scan. The same scan may be sent any number of times.</summary>
    public async Task<Asked> Ask(ScanRequest scan, CancellationToken stop)
    {
        using var span = Traces.Source.StartActivity("scan over REST");
        using var response = await SendScan(scan, "zh-CN", stop);
        return response?.StatusCode switch
        {
            // Reached, but not for this program: it works on as it does without a network.
            null when IsTooOld => new Asked.NoAnswer(),
            null or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new Asked.NotAllowed(),
            HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout => new Asked.Busy(response.Headers.RetryAfter?.Delta),
            HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout => new Asked.NoAnswer(),
            HttpStatusCode.OK => Asked.To(scan, await Read<ScanAnswer>(response, stop)),
            HttpStatusCode.BadRequest or HttpStatusCode.Conflict => await Refused(scan, response, stop),
            _ => new Asked.Error(),
        };
    }

    /// <summary>Tells how this terminal stands; <c>false</c> when the server says that it is not active (any more).</summary>
    /// <exception cref="HttpRequestException">It did not arrive.</exception>
    public async Task<bool> Report(TerminalReport report, CancellationToken stop)
    {
        using var response = await WithToken(token => Post(TerminalReport.Path.TrimStart('/'), report, token, stop), stop);
        if (response?.StatusCode == HttpStatusCode.Conflict) return false;
        // Too often, or a server from before there were reports: the next one will do.
        if (response?.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.NotFound)) response?.EnsureSuccessStatusCode();
        return true;
    }

    /// <summary>
    /// The server's problem details are in one language: a scan that is refused for good is sent once more for the other.
    /// </summary>
    private async Task<Asked> Refused(ScanRequest scan, HttpResponseMessage response, CancellationToken stop)
    {
        if (await FinalNo.In(response, stop) is not { } chinese) return new Asked.Error();
        if (chinese.IsOfTerminal) return new Asked.NotAllowed();
        using var again = await SendScan(scan, "en", stop);
        if (again?.StatusCode != response.StatusCode || await FinalNo.In(again, stop) is not { } english) return new Asked.Error();
        return chinese.Refusal == english.Refusal ? new Asked.Answered(FinalNo.AnswerTo(scan, chinese, english)) : new Asked.Error();
    }

    /// <summary>A receipt for the head of the journal; <c>null</c> when the terminal may not have one (any more).</summary>
    public async Task<HeadReceipt?> Receipt(ReceiptRequest request, CancellationToken stop)
    {
        using var response = await WithToken(token => Post("api/terminal/journal/receipt", request, token, stop), stop);
        return response is { IsSuccessStatusCode: true } ? await Read<HeadReceipt>(response, stop) : null;
    }

    /// <summary>Sends part of the journal. The same entries may be sent any number of times.</summary>
    public async Task<Uploaded> Upload(JournalUpload upload, CancellationToken stop)
    {
        using var response = await WithToken(token => Post("api/terminal/journal", upload, token, stop, within: LinkLimits.UploadWithin), stop);
        if (response is null) return new Uploaded.NotTaken();
        if (response.IsSuccessStatusCode) return new Uploaded.Done((await Read<JournalUploadAnswer>(response, stop)).AcknowledgedSequence);
        return response.StatusCode == HttpStatusCode.Conflict && response.Headers.TryGetValues(JournalLimits.SendFromHeader, out var from)
            && long.TryParse(from.First(), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var sequence)
            ? new Uploaded.From(sequence) : new Uploaded.NotTaken();
    }

    /// <summary>What came of scans that were accepted offline; those that are not decided yet are missing.</summary>
    public async Task<IReadOnlyList<ScanAnswer>> OfflineAnswers(OfflineAnswersRequest request, CancellationToken stop)
    {
        using var response = await WithToken(token => Post("api/terminal/journal/answers", request, token, stop), stop);
        return response is { IsSuccessStatusCode: true } ? (await Read<OfflineAnswers>(response, stop)).Answers : [];
    }

    public void Dispose() => _loggingIn.Dispose();

    private TerminalLogin Signed()
    {
        // Whole seconds: the signed text has no more, and both sides must write the same instant.
        var at = DateTimeOffset.FromUnixTimeSeconds(time.GetUtcNow().ToUnixTimeSeconds());
        var id = terminal.Pairing.TerminalId;
        return new TerminalLogin(id, at, terminal.Key.SignText(TerminalLogin.SignedText(id, at)));
    }

    private async Task<HttpResponseMessage?> WithToken(Func<string, Task<HttpResponseMessage>> send, CancellationToken stop)
    {
        if (await Token(stop) is not { } token) return null;
        var response = await send(token);
        if (response.StatusCode != HttpStatusCode.Unauthorized) return response;
        response.Dispose();
        ForgetToken();
        return await Token(stop) is { } renewed ? await send(renewed) : null;
    }

    private Task<HttpResponseMessage?> SendScan(ScanRequest scan, string language, CancellationToken stop) =>
        WithToken(token => Post("api/terminal/scans", scan, token, stop, language), stop);

    private Task<HttpResponseMessage> Get(string path, string token, CancellationToken stop) =>
        Send(new HttpRequestMessage(HttpMethod.Get, At(path)), token, stop);

    private Task<HttpResponseMessage> Post<T>(string path, T body, string? token, CancellationToken stop, string language = "zh-CN", TimeSpan? within = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, At(path)) { Content = JsonContent.Create(body, options: WebJson.Options) };
        request.Headers.AcceptLanguage.ParseAdd(language);
        return Send(request, token, stop, within: within);
    }

    /// <param name="within">To be answered; as long as any question over REST unless said.</param>
    private async Task<HttpResponseMessage> Send(
        HttpRequestMessage request, string? token, CancellationToken stop, HttpCompletionOption until = HttpCompletionOption.ResponseContentRead, TimeSpan? within = null)
    {
        using var late = new CancellationTokenSource(within ?? LinkLimits.RestAnswerWithin, time);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop, late.Token);
        using (request)
        {
            request.Headers.Add(Protocol.Header, ProtocolText);
            if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            return await http.SendAsync(request, until, patience.Token);
        }
    }

    private Uri At(string path) => new(terminal.Pairing.Server, path);

    private static async Task<T> Read<T>(HttpResponseMessage response, CancellationToken stop)
    {
        response.EnsureSuccessStatusCode();
        try
        {
            return await response.Content.ReadFromJsonAsync<T>(WebJson.Options, stop)
                ?? throw new HttpRequestException("The server answered with nothing.");
        }
        catch (JsonException fault)
        {
            // A captive portal's page, or a server of another version.
            throw new HttpRequestException("The server's answer is not understood.", fault);
        }
    }
}
