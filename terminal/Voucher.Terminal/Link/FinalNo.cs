using System.Net;
using System.Text.Json;
using Voucher.Core;
using Voucher.Core.Refusals;
using Voucher.Core.Tokens;
using Voucher.Core.Wire;

namespace Voucher.Terminal.Link;

/// <summary>
/// The server's no to a scan that it will never take: its problem details, in one language. A 400 or 409 that does not carry
/// them comes from somebody on the way (a proxy, a server of another version), and that may pass; and so does a no that says when to
/// ask again, as a scan hears that was made before the county's rule ran out.
/// </summary>
/// <param name="Refusal">The refusal's number; 0 for fields that cannot be used.</param>
internal sealed record FinalNo(int Refusal, string Reason, string NextStep, string? Rule, bool IsClock)
{
    private const string BadInput = "urn:voucher:bad-input";
    private const string ClockField = "scannedAt";

    /// <summary>Of a scan. A request that cannot be read at all names <c>body</c> or <c>request</c>: a fault on the way, or another version.</summary>
    private static readonly HashSet<string> FieldsOfScan =
        new(["scanId", "sequence", "mode", "classId", "digits", "shortCode", "holderCheck", ClockField], StringComparer.Ordinal);

    private static readonly Words SetClock = new("请校准电脑的日期和时间，然后重新扫码。", "Set this machine's date and time, then scan again.");
    private static readonly Words ScanAgain = new("请重新扫码；反复出现请联系县人社局。", "Scan again; if it happens again, call the county.");

    /// <summary>The number says that the terminal is not active: a matter of the terminal, not of the scan.</summary>
    public bool IsOfTerminal => Refusal == (int)RefusalCode.TerminalNotActive;

    /// <summary>What the answer says for good; <c>null</c> when it does not.</summary>
    public static async Task<FinalNo?> In(HttpResponseMessage response, CancellationToken stop)
    {
        if (response.Headers.RetryAfter is not null) return null;
        try
        {
            using var problem = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(stop), default, stop);
            var root = problem.RootElement;
            if (root.ValueKind != JsonValueKind.Object) return null;
            return response.StatusCode == HttpStatusCode.Conflict ? Numbered(root) : Fields(root);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The answer that the journal keeps, in both languages.</summary>
    public static ScanAnswer AnswerTo(ScanRequest scan, FinalNo chinese, FinalNo other)
    {
        var isNumbered = chinese.Refusal != 0;
        var reason = isNumbered
            ? new Words(chinese.Reason, other.Reason)
            : new Words($"服务器不能受理这次扫码：{chinese.Reason}。", $"The server cannot take this scan: {other.Reason}.");
        var nextStep = isNumbered ? new Words(chinese.NextStep, other.NextStep) : chinese.IsClock ? SetClock : ScanAgain;
        var voucher = TokenDecoder.TryDecode(scan.Digits, out var token) == TokenFault.None ? token!.Voucher.ToString() : null;
        return new ScanAnswer(
            scan.ScanId, Accepted: false, chinese.Refusal, reason, nextStep, chinese.Rule, voucher,
            Holder: null, Programme: null, ClassName: null, Receipt: null,
            // Nothing but a scan's own answer tells the server's clock; the header of a response may be anybody's.
            AnsweredAt: DateTimeOffset.UnixEpoch);
    }

    private static FinalNo? Numbered(JsonElement problem) =>
        problem.TryGetProperty("code", out var code) && code.ValueKind == JsonValueKind.Number && code.TryGetInt32(out var number)
        && Enum.IsDefined((RefusalCode)(short)Math.Clamp(number, 0, short.MaxValue)) && number != 0
        && TextOf(problem, "title") is { } reason
            ? new FinalNo(number, reason, TextOf(problem, "detail") ?? "", TextOf(problem, "rule"), IsClock: false)
            : null;

    private static FinalNo? Fields(JsonElement problem)
    {
        if (TextOf(problem, "type") != BadInput || !problem.TryGetProperty("errors", out var errors) || errors.ValueKind != JsonValueKind.Object) return null;
        if (!errors.EnumerateObject().All(field => FieldsOfScan.Contains(field.Name))) return null;
        var said = errors.EnumerateObject().Where(field => field.Value.ValueKind == JsonValueKind.Array)
            .SelectMany(field => field.Value.EnumerateArray().Select(text => text.ToString())).ToList();
        return said.Count == 0 ? null : new FinalNo(0, string.Join("; ", said), "", Rule: null, errors.TryGetProperty(ClockField, out _));
    }

    private static string? TextOf(JsonElement problem, string name) =>
        problem.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
}
