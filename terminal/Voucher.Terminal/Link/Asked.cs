using Voucher.Core.Wire;

namespace Voucher.Terminal.Link;

/// <summary>What came of sending one scan to the server once.</summary>
internal abstract record Asked
{
    private Asked() { }

    /// <summary>For good: the server's answer, or what its final refusal says (<see cref="FinalNo"/>).</summary>
    public sealed record Answered(ScanAnswer Answer) : Asked;

    /// <summary>The server is reached and asks for patience: the same scan again a little later.</summary>
    /// <param name="RetryAfter">As long as the server says.</param>
    public sealed record Busy(TimeSpan? RetryAfter = null) : Asked;

    /// <summary>Nobody answered, or the answer was lost on its way.</summary>
    public sealed record NoAnswer : Asked;

    /// <summary>The server is reached and fails over this very scan, or somebody on the way answers in its place.</summary>
    public sealed record Error : Asked;

    /// <summary>The terminal is not active (any more).</summary>
    public sealed record NotAllowed : Asked;

    /// <summary>An answer counts only for the scan that it names.</summary>
    public static Asked To(ScanRequest scan, ScanAnswer answer) => answer.ScanId == scan.ScanId ? new Answered(answer) : new Error();
}
