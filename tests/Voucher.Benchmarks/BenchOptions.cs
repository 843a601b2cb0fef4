namespace Voucher.Benchmarks;

/// <summary>What is asked for, and how much of it a run of this kind does.</summary>
/// <param name="Allocations">Only what a scan allocates, by type.</param>
/// <param name="Only">Only the lines whose name holds this text.</param>
/// <param name="DocsPage">Page that is to hold the table of this run.</param>
/// <param name="ServerProgram">The published server, which is measured as a process of its own.</param>
/// <param name="Work">Folder for keys, logs and scripts; the caller removes it.</param>
internal sealed record BenchOptions(
    bool Quick, bool Allocations, string? Json, string? Only, string? DocsPage, string ServerProgram, string Work, string Postgres, string Redis)
{
    public int Rounds => Quick ? 2 : 5;

    /// <summary>Scans of one measure in one round.</summary>
    public int Scans => Quick ? 2_048 : 16_384;

    /// <summary>How often everything is run before it counts.</summary>
    public int WarmUps => Quick ? 2 : 4;

    /// <summary>Scans that are measured one at a time.</summary>
    public int Alone => Quick ? 200 : 1_000;

    public int TerminalCount => Quick ? 128 : 256;

    public int Issued => Quick ? 16_000 : 54_115;

    public int Printed => Quick ? 60 : 2_000;

    public int SmallTable => Quick ? 10_000 : 100_000;

    public int LargeTable => Quick ? 100_000 : 10_000_000;

    public static BenchOptions Read(string[] args)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < args.Length; i++)
        {
            var takesValue = args[i] is "--json" or "--only" or "--docs-page" or "--server" or "--work";
            if (!takesValue && args[i] is not ("--quick" or "--allocations")) throw new ArgumentException($"{args[i]} is not known.");
            given[args[i]] = takesValue ? (++i < args.Length ? args[i] : throw new ArgumentException($"{args[i - 1]} needs a value.")) : "";
        }
        string Need(string name) => given.GetValueOrDefault(name) ?? throw new ArgumentException($"{name} is needed; run scripts/bench.");
        string Address(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value
            ? value
            : throw new ArgumentException($"{name} is not set; run scripts/bench.");
        return new BenchOptions(
            given.ContainsKey("--quick"), given.ContainsKey("--allocations"), given.GetValueOrDefault("--json"), given.GetValueOrDefault("--only"), given.GetValueOrDefault("--docs-page"),
            Need("--server"), Need("--work"), Address("VOUCHER_POSTGRES") + ";Maximum Pool Size=10", Address("VOUCHER_REDIS"));
    }
}
