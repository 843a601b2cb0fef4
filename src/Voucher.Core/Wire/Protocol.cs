namespace Voucher.Core.Wire;

/// <summary>
/// The version of what terminal and server say to each other. It counts up when something is added that a terminal should
/// have; what is spoken already keeps its meaning, so that a terminal of last year still works beside today's server.
/// </summary>
public static class Protocol
{
    /// <summary>What this program speaks. 1: scans, setup; 2: reports of a terminal's standing, journals as facts.</summary>
    public const int Current = 2;

    /// <summary>The oldest that the server still lets in. A terminal below it must be updated first.</summary>
    public const int OldestAccepted = 1;

    /// <summary>Of a terminal that does not say: it was built before there was a number.</summary>
    public const int WhenNotSaid = 1;

    /// <summary>Terminal → server, with the log-in and with each report.</summary>
    public const string Header = "Voucher-Protocol";

    /// <summary>The same in the hub's address, where a browser's socket could send no header.</summary>
    public const string Query = "protocol";

    /// <summary>The number in a header or query; anything that is no number counts as not said.</summary>
    public static int Read(string? said) =>
        int.TryParse(said, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) && number <= short.MaxValue
            ? number
            : WhenNotSaid;
}
