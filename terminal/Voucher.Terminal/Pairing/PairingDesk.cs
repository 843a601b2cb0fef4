using System.Net;
using System.Text.Json;
using Voucher.Core;
using Voucher.Core.Refusals;
using Voucher.Core.Wire;
using Voucher.Terminal.Home;
using Voucher.Terminal.Link;

namespace Voucher.Terminal.Pairing;

/// <summary>What the pairing page asks for.</summary>
/// <param name="LeaveWaiting">How many waiting scans the person was shown and leaves to the old pairing.</param>
internal sealed record PairingOrder(string? Server, string? Code, string? Name, int? LeaveWaiting = null)
{
    public const int LongestServer = 200;
    public const int LongestCode = 32;
    public const int LongestName = 40;

    public List<FieldError> Check()
    {
        var errors = new List<FieldError>();
        if (ServerAddress() is null)
            errors.Add(new("server", new("请输入服务器地址，例如 https://voucher.example.gov.cn", "Give the server's address, such as https://voucher.example.gov.cn")));
        if (string.IsNullOrWhiteSpace(Code) || Code.Length > LongestCode)
            errors.Add(new("code", new("请输入门户“终端”页上的配对码。", "Give the pairing code from the portal's terminal page.")));
        if (string.IsNullOrWhiteSpace(Name) || Name.Length > LongestName)
            errors.Add(new("name", new($"请给本终端起个名字，不超过 {LongestName} 个字，例如“前台1号”。", $"Name this terminal, at most {LongestName} characters, such as “Front desk 1”.")));
        return errors;
    }

    /// <summary>The address with a closing slash; <c>null</c> when it is not a plain http or https address.</summary>
    public Uri? ServerAddress()
    {
        var text = Server?.Trim() ?? "";
        if (text.Length is 0 or > LongestServer) return null;
        if (!text.Contains("://", StringComparison.Ordinal)) text = "https://" + text;
        if (!Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var address)) return null;
        var isPlain = address is { UserInfo.Length: 0, Query.Length: 0, Fragment.Length: 0 } && address.Host.Length > 0;
        return isPlain && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp) ? address : null;
    }
}

/// <summary>Pairs this terminal: makes a key, shows the server its public half with the one-time code, and keeps what comes back.</summary>
internal sealed class PairingDesk(TerminalHome home, CurrentTerminal current, LinkBoard board, HttpClient http, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _oneAtATime = new(1, 1);

    public async Task<Outcome<TerminalPairing>> Pair(PairingOrder order, CancellationToken stop)
    {
        if (order.Check() is { Count: > 0 } errors) return errors;
        await _oneAtATime.WaitAsync(stop);
        try
        {
            // A working terminal is not paired anew.
            if (current.Value is not null && board.State.Standing is Standing.Active)
                return Refusal.Of(RefusalCode.TerminalWrongStep, "启用 active");
            if (current.Value is not null && board.State.Standing is Standing.ClockWrong) return ClockIsWrong;
            // What waits goes on to be sent with the old key, but the server may have withdrawn that key: nobody does this unasked.
            if (current.CountWaiting().Count is var waiting and > 0 && order.LeaveWaiting != waiting) return ScansWait(waiting);
            return await PairWith(order.ServerAddress()!, order.Code!.Trim(), order.Name!.Trim(), stop);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public void Dispose() => _oneAtATime.Dispose();

    /// <summary>A new pairing would be refused for the same clock.</summary>
    private static Refusal ClockIsWrong => Refusal.Of(RefusalCode.TerminalWrongStep, new Words("时钟不准", "the clock is wrong")) with
    {
        NextStep = new Words("请校准电脑的日期和时间，不用重新配对。", "Set this machine's date and time; there is no need to pair again."),
    };

    private static Refusal ScansWait(int count) =>
        Refusal.Of(RefusalCode.TerminalWrongStep, new Words($"还有 {count} 条扫码待确认", $"{count} scans wait for the server")) with
        {
            NextStep = new Words(
                "请等联网补送完再配对；一定要现在配对，请在页面上勾选确认。", "Wait until they are sent; to pair now all the same, tick the box on the page."),
        };

    private async Task<Outcome<TerminalPairing>> PairWith(Uri server, string code, string name, CancellationToken stop)
    {
        var folder = home.NewPairing(time);
        using var key = DeviceKey.Create(home.FolderOf(folder), home.Seal);
        var asked = await Ask(server, new PairingRequest(code, name, key.PublicKey), stop);
        return asked switch
        {
            Outcome<PairingAnswer>.Done(var answer) => Keep(new TerminalPairing(server, answer.TerminalId, name, key.Fingerprint, folder, RootPublicKey: null)),
            Outcome<PairingAnswer>.Refused(var refusal) => refusal,
            Outcome<PairingAnswer>.BadInput(var errors) => errors.ToList(),
            _ => throw new InvalidOperationException(),
        };
    }

    private TerminalPairing Keep(TerminalPairing pairing)
    {
        KeepReplaced();
        home.WritePairing(pairing);
        board.Stand(Standing.Pending);
        current.Replace(new PairedTerminal(home, pairing, time));
        return pairing;
    }

    private void KeepReplaced()
    {
        try
        {
            if (home.ReadPairing() is { } replaced) home.KeepRecord(replaced);
        }
        catch (JsonException)
        {
            // A damaged record says of no folder that it was its own, and must not be in the way of a new pairing.
        }
    }

    private async Task<Outcome<PairingAnswer>> Ask(Uri server, PairingRequest request, CancellationToken stop)
    {
        try
        {
            using var response = await http.PostAsJsonAsync(new Uri(server, "api/terminals/pair"), request, WebJson.Options, stop);
            if (response.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.NotFound or HttpStatusCode.BadRequest)
                return await RefusalIn(response, stop);
            if (response.IsSuccessStatusCode && await response.Content.ReadFromJsonAsync<PairingAnswer>(WebJson.Options, stop) is { } answer)
                return answer;
            return Unreachable(new($"服务器没有正常应答（{(int)response.StatusCode}）。", $"The server did not answer as it should ({(int)response.StatusCode})."));
        }
        catch (Exception fault) when (fault is HttpRequestException or JsonException or OperationCanceledException && !stop.IsCancellationRequested)
        {
            return Unreachable(new("连不上这个服务器，请检查地址和网络。", "This server cannot be reached; check the address and the network."));
        }
    }

    /// <summary>What the server says of the fields that the desk has typed, in the server's own words.</summary>
    private static List<FieldError> FieldErrorsIn(JsonElement problem)
    {
        var found = new List<FieldError>();
        if (problem.ValueKind != JsonValueKind.Object || !problem.TryGetProperty("errors", out var errors) || errors.ValueKind != JsonValueKind.Object) return found;
        foreach (var field in new[] { "code", "name" })
        {
            if (!errors.TryGetProperty(field, out var said) || said.ValueKind != JsonValueKind.Array || said.GetArrayLength() == 0) continue;
            var text = said[0].ToString();
            found.Add(new FieldError(field, new Words(text, text)));
        }
        return found;
    }

    private static Outcome<PairingAnswer> Unreachable(Words problem) => new List<FieldError> { new("server", problem) };

    /// <summary>The numbered refusal in the server's problem details; else it is not a server of ours.</summary>
    private static async Task<Outcome<PairingAnswer>> RefusalIn(HttpResponseMessage response, CancellationToken stop)
    {
        using var problem = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(stop), default, stop);
        if (problem.RootElement.ValueKind == JsonValueKind.Object
            && problem.RootElement.TryGetProperty("code", out var code)
            && code.TryGetInt32(out var number)
            && number == (int)RefusalCode.PairingCodeNotKnown)
            return Refusal.Of(RefusalCode.PairingCodeNotKnown);
        if (FieldErrorsIn(problem.RootElement) is { Count: > 0 } errors) return errors;
        return Unreachable(new("服务器不接受配对，请检查地址和配对码。", "The server does not accept the pairing; check address and code."));
    }
}
