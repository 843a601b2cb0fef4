namespace Voucher.E2E.Keyboards;

/// <summary>
/// Keys as the browser hears them from a USB scanner, which types what it reads, or from a person. They carry the time, in
/// seconds, at which they were struck: so a scanner's keep a machine's pace and a person's a person's, however busy the
/// test machine is.
/// </summary>
public sealed class KeyboardScanner
{
    private static readonly TimeSpan ScannerPause = TimeSpan.FromMilliseconds(5);
    private const double PersonsPause = 0.15;
    private const int ProcessKey = 229;

    private readonly ICDPSession _keys;
    private readonly TimeProvider _clock;
    private double _at;
    private double _pause = ScannerPause.TotalSeconds;

    private KeyboardScanner(ICDPSession keys, TimeProvider clock) => (_keys, _clock) = (keys, clock);

    public static async Task<KeyboardScanner> PlugInAsync(IPage page) => new(await page.Context.NewCDPSessionAsync(page), TimeProvider.System);

    /// <param name="endsWithEnter">As most scanners are set up.</param>
    /// <param name="heardLate">How long the PC takes from the key to the page.</param>
    public Task ScanAsync(
        string digits, bool endsWithEnter = false, InputMethod through = InputMethod.None, TimeSpan heardLate = default) =>
        ScanAsync([digits], endsWithEnter ? ScannerEnding.Enter : ScannerEnding.None, ScannerPause, through, heardLate);

    /// <summary>One voucher after the other without a pause.</summary>
    /// <param name="pause">From key to key: slow scanners take 30 ms, quick ones 1 ms.</param>
    public async Task ScanAsync(
        IReadOnlyList<string> vouchers, ScannerEnding ending, TimeSpan pause, InputMethod through = InputMethod.None, TimeSpan heardLate = default)
    {
        _pause = pause.TotalSeconds;
        _at = Now - heardLate.TotalSeconds;
        // Sent without waiting for each other: the driver would make pauses between the keys that no scanner makes.
        await Task.WhenAll(vouchers.SelectMany(digits => digits.SelectMany(digit => Strike(digit, through)).Concat(StrikeEnding(ending))).ToList());
    }

    /// <summary>One key, as a person strikes it after the last.</summary>
    public Task TypeAsync(char digit, InputMethod through)
    {
        _at = Math.Max(_at, Now) + PersonsPause;
        return Task.WhenAll(Strike(digit, through));
    }

    private double Now => _clock.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0;

    private IEnumerable<Task> Strike(char digit, InputMethod through)
    {
        var code = $"Digit{digit}";
        _at += _pause;
        if (through == InputMethod.FullWidth)
        {
            yield return SendAsync("rawKeyDown", code, "Process", ProcessKey, text: "");
            yield return _keys.SendAsync("Input.insertText", Arguments(("text", $"{(char)('０' + (digit - '0'))}")));
        }
        else
        {
            yield return SendAsync("keyDown", code, $"{digit}", digit, $"{digit}");
        }
        yield return SendAsync("keyUp", code, $"{digit}", digit, text: "");
    }

    private IEnumerable<Task> StrikeEnding(ScannerEnding ending)
    {
        if (ending == ScannerEnding.None) yield break;
        _at += _pause;
        var (name, key) = ending == ScannerEnding.Enter ? ("Enter", '\r') : ("Tab", '\t');
        yield return SendAsync("keyDown", name, name, key, ending == ScannerEnding.Enter ? "\r" : "");
        yield return SendAsync("keyUp", name, name, key, text: "");
    }

    private Task SendAsync(string type, string code, string key, int virtualKey, string text) => _keys.SendAsync("Input.dispatchKeyEvent", Arguments(
        ("type", type), ("code", code), ("key", key), ("windowsVirtualKeyCode", virtualKey), ("text", text), ("timestamp", _at)));

    private static Dictionary<string, object> Arguments(params (string Name, object Value)[] pairs) =>
        pairs.ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal);
}
