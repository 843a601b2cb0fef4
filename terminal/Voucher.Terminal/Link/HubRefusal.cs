using System.Globalization;
using System.Text.RegularExpressions;
using Voucher.Core.Refusals;
using Voucher.Core.Wire;

namespace Voucher.Terminal.Link;

/// <summary>
/// The hub's no to a scan, of which it says only the number (<c>refused:203</c>): what that means for the scan. The words are the
/// same here as there; for how long a busy server wants to be left alone the terminal's own waiting times stand. Fields that cannot be used, and numbers of a newer server, are left to REST, which says them in words.
/// </summary>
internal static partial class HubRefusal
{
    /// <summary>What came of the scan; <c>null</c> when the message is no refusal that is known here.</summary>
    public static Asked? In(ScanRequest scan, string message) => NumberIn(message) switch
    {
        RefusalCode.TerminalNotActive => new Asked.NotAllowed(),
        RefusalCode.TooBusy or RefusalCode.TooManyScans => new Asked.Busy(),
        (RefusalCode.ScanIdReused or RefusalCode.SequenceReused) and var code => new Asked.Answered(FinalNo.AnswerTo(scan, No(code, "zh"), No(code, "en"))),
        _ => null,
    };

    private static RefusalCode NumberIn(string message) =>
        Numbered().Match(message) is { Success: true } found && short.TryParse(found.Groups["number"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (RefusalCode)number : RefusalCode.None;

    private static FinalNo No(RefusalCode code, string language)
    {
        var refusal = Refusal.Of(code);
        return new FinalNo((int)code, refusal.Reason.In(language), refusal.NextStep.In(language), Rule: null, IsClock: false);
    }

    /// <summary>SignalR puts words of its own before the message.</summary>
    [GeneratedRegex("""(?:^|\s)refused:(?<number>\d{3})$""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex Numbered();
}
