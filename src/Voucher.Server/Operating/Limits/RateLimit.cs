namespace Voucher.Server.Operating.Limits;

/// <summary>Whose requests are counted together.</summary>
public enum CountedBy
{
    /// <summary>The caller's address; of IPv6 the first 64 bits, since a household has that many.</summary>
    Address,

    /// <summary>The log-in or terminal; the address of one who shows neither.</summary>
    Identity,
}

/// <summary>One of the server's rate limits: so many requests in a minute.</summary>
/// <param name="Name">Said in the answer 429, the log and the meters.</param>
/// <param name="PerMinute">Multiplied by <c>VOUCHER_RATE_SCALE</c>.</param>
/// <remarks>An endpoint carries its limit as metadata, or gets the one for its kind: see <see cref="RateLimits.Of"/>.</remarks>
public sealed record RateLimit(string Name, int PerMinute, CountedBy By)
{
    /// <summary>Open to anybody: log-ins, pairing, a voucher's phone page. Wide enough for an office behind one address, too narrow to guess codes.</summary>
    public static readonly RateLimit Anonymous = new("anonymous", 600, CountedBy.Address);

    /// <summary>The public menu. Phones of a whole county may stand behind a few addresses of their network; a page costs little.</summary>
    public static readonly RateLimit Menu = new("menu", 6_000, CountedBy.Address);

    /// <summary>Objections by the public page of a published list: people type them.</summary>
    public static readonly RateLimit Objection = new("objection", 6, CountedBy.Address);

    /// <summary>Pages and forms of the portal.</summary>
    public static readonly RateLimit Portal = new("portal", 600, CountedBy.Identity);

    /// <summary>The HTTP API.</summary>
    public static readonly RateLimit Api = new("api", 3_000, CountedBy.Identity);

    /// <summary>Requests that carry a file.</summary>
    public static readonly RateLimit Upload = new("upload", 30, CountedBy.Identity);

    /// <summary>A terminal's setup and scans over REST. Far above the policy's own limit on scans, which is the one that people meet.</summary>
    public static readonly RateLimit Device = new("device", 60_000, CountedBy.Identity);

    /// <summary>A terminal's word on how it stands: one a minute, and a few when something changes.</summary>
    public static readonly RateLimit Report = new("report", 30, CountedBy.Identity);

    /// <summary>Opening a hub's connection.</summary>
    public static readonly RateLimit HubConnect = new("hub-connect", 120, CountedBy.Identity);

    /// <summary>Health and metrics.</summary>
    public static readonly RateLimit Probe = new("probe", 1_200, CountedBy.Address);

    /// <summary>Files of the portal, and addresses where nothing is.</summary>
    public static readonly RateLimit Static = new("static", 6_000, CountedBy.Address);

    /// <summary>Answers 401: beyond it an address is told to wait, and its connection is closed. Those who show a valid token are not held up.</summary>
    public static readonly RateLimit FailedAccess = new("failed-access", 300, CountedBy.Address);

    /// <summary>Messages on one hub connection, counted by the second instead.</summary>
    public static readonly RateLimit HubMessages = new("hub-messages", 60 * HubGuard.MessagesPerSecond, CountedBy.Identity);
}
