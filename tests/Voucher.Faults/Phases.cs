using System.Diagnostics;
using System.Text;

namespace Voucher.Faults;

/// <summary>Where a round's time went, for whoever wants more rounds in an hour.</summary>
public sealed class Phases
{
    private readonly StringBuilder _text = new();
    private long _from = Stopwatch.GetTimestamp();

    public void End(string phase)
    {
        var now = Stopwatch.GetTimestamp();
        _text.Append(CultureInfo.InvariantCulture, $"{(_text.Length == 0 ? "" : ", ")}{phase} {Stopwatch.GetElapsedTime(_from, now).TotalSeconds:F1} s");
        _from = now;
    }

    public override string ToString() => _text.ToString();
}
