namespace Voucher.Terminal.Link;

/// <summary>The link's times and sizes.</summary>
internal static class LinkLimits
{
    /// <summary>The WebSocket is pinged this often when quiet, and given up when no pong comes: a half-open link is noticed within 10 s (the pings' timer ticks every 0.75 s).</summary>
    public static readonly TimeSpan PingEvery = TimeSpan.FromSeconds(3);
    public static readonly TimeSpan PongWithin = TimeSpan.FromSeconds(5);

    /// <summary>To reach the server at all.</summary>
    public static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(3);

    /// <summary>One question over the hub; then it is asked again over REST.</summary>
    public static readonly TimeSpan HubAnswerWithin = TimeSpan.FromSeconds(3);

    /// <summary>One question over REST.</summary>
    public static readonly TimeSpan RestAnswerWithin = TimeSpan.FromSeconds(5);

    /// <summary>Part of the journal over a village's line: a few hundred kilobytes.</summary>
    public static readonly TimeSpan UploadWithin = TimeSpan.FromMinutes(2);

    /// <summary>A line that carries some entries within this is trusted with twice as many the next time.</summary>
    public static readonly TimeSpan UploadWithEaseWithin = TimeSpan.FromSeconds(30);

    /// <summary>Entries that are sent at once over a line that is too slow for more.</summary>
    public const int FewestEntriesAtOnce = 10;

    /// <summary>A log-in is renewed this long before it ends.</summary>
    public static readonly TimeSpan RenewBefore = TimeSpan.FromSeconds(60);

    /// <summary>How often a terminal asks whether the county has confirmed it.</summary>
    public static readonly TimeSpan AskWhetherConfirmed = TimeSpan.FromSeconds(2);

    /// <summary>How often a revoked or unknown terminal asks whether that still holds.</summary>
    public static readonly TimeSpan AskWhetherRevoked = TimeSpan.FromSeconds(30);

    /// <summary>How often a terminal that the server does not let in asks again.</summary>
    public static readonly TimeSpan AskWhetherLetIn = TimeSpan.FromSeconds(10);

    /// <summary>How often the setup is refreshed at least while the hub stands. Without a hub it comes with every attempt to have one: each 10 s at most (<see cref="Backoff.Longest"/>).</summary>
    public static readonly TimeSpan RefreshSetup = TimeSpan.FromMinutes(10);

    /// <summary>How this terminal stands is told so often, and so soon after something has changed.</summary>
    public static readonly TimeSpan ReportEvery = TimeSpan.FromMinutes(1);
    public static readonly TimeSpan ReportAfterChange = TimeSpan.FromSeconds(5);

    /// <summary>Largest answer that is read from the server.</summary>
    public const int LargestAnswerBytes = 2 * 1024 * 1024;

    /// <summary>A scan to which the server answers with an error this often makes way for those behind it, and is asked again later.</summary>
    public const int ErrorsBeforeSetAside = 3;
    public static readonly TimeSpan SetAsideFor = TimeSpan.FromMinutes(1);
}
