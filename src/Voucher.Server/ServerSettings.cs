namespace Voucher.Server;

/// <summary>Where the server finds what it needs; from the environment, so that one build serves every county.</summary>
/// <param name="Postgres">Npgsql connection string of the ledger of record.</param>
/// <param name="Redis">host:port of the memory that may be lost; empty: work without it.</param>
/// <param name="Home">Folder of keys and state; readable by the server's user only.</param>
/// <param name="Chromium">
/// Browser that renders PDFs, best the one without a window (a third less work for the same file); <c>null</c>: pages are printed
/// from the clerk's browser.
/// </param>
public sealed record ServerSettings(string Postgres, string Redis, string Home, string? Chromium)
{
    /// <summary>
    /// Npgsql connection string of the owner of the database, which only <c>migrate</c> uses; that of the server where
    /// none is given.
    /// </summary>
    public string OwnerPostgres { get; init; } = Postgres;

    /// <summary>How long a server that was told to stop still serves, while <c>/health/ready</c> sends load balancers elsewhere.</summary>
    public TimeSpan Drain { get; init; }

    /// <summary>Every rate limit times this: for load tests, and where a proxy hides all addresses behind one.</summary>
    public int RateScale { get; init; } = 1;

    /// <summary>Addresses or networks (<c>10.0.0.0/8</c>) of the reverse proxies whose word on the caller's address is taken.</summary>
    public IReadOnlyList<System.Net.IPNetwork> Proxies { get; init; } = [];

    /// <summary>What a scraper shows to read <c>/metrics</c> from another machine; <c>null</c>: only operators may.</summary>
    public string? MetricsToken { get; init; }

    public static ServerSettings FromEnvironment(IConfiguration configuration) => new(
        configuration["VOUCHER_POSTGRES"] ?? throw new InvalidOperationException("VOUCHER_POSTGRES is not set: the connection string of the database."),
        configuration["VOUCHER_REDIS"] ?? "",
        Path.GetFullPath(configuration["VOUCHER_HOME"] ?? throw new InvalidOperationException("VOUCHER_HOME is not set: the folder of keys and state.")),
        configuration["CHROMIUM"] is { Length: > 0 } named ? named : FirstThatExists("/usr/bin/chromium-headless-shell", "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"))
    {
        OwnerPostgres = configuration["VOUCHER_POSTGRES_OWNER"] is { Length: > 0 } owner ? owner : configuration["VOUCHER_POSTGRES"]!,
        Drain = TimeSpan.FromSeconds(Number(configuration, "VOUCHER_DRAIN_SECONDS", 0, 0, (int)Operating.Health.Draining.Longest.TotalSeconds)),
        RateScale = Number(configuration, "VOUCHER_RATE_SCALE", 1, 1, 1_000_000),
        Proxies = [.. (configuration["VOUCHER_PROXIES"] ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Network)],
        MetricsToken = configuration["VOUCHER_METRICS_TOKEN"] switch
        {
            null or "" => null,
            { Length: >= Operating.MetricsEndpoint.ShortestToken } token => token,
            _ => throw new InvalidOperationException($"VOUCHER_METRICS_TOKEN is shorter than {Operating.MetricsEndpoint.ShortestToken} characters."),
        },
    };

    public string KeyFolder => Path.Combine(Home, "keys");

    private static int Number(IConfiguration configuration, string name, int otherwise, int smallest, int largest) => configuration[name] switch
    {
        null or "" => otherwise,
        var text when int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var number) && number >= smallest && number <= largest => number,
        _ => throw new InvalidOperationException($"{name} is not a whole number from {smallest} to {largest}."),
    };

    private static System.Net.IPNetwork Network(string text) =>
        System.Net.IPNetwork.TryParse(text, out var network) ? network
        : System.Net.IPAddress.TryParse(text, out var address) ? new System.Net.IPNetwork(address, address.GetAddressBytes().Length * 8)
        : throw new InvalidOperationException($"VOUCHER_PROXIES: {text} is neither an address nor a network.");

    private static string? FirstThatExists(params string[] paths) => paths.FirstOrDefault(File.Exists);
}
