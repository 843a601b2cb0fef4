using System.Globalization;
using Voucher.Benchmarks.County;
using Voucher.Server.Redeeming;

namespace Voucher.Benchmarks.Yardsticks;

/// <summary>What pgbench's log tells of a run.</summary>
/// <param name="PerSecond">Transactions a second: the sum over the clients, each from its first counted transaction to its last.</param>
/// <param name="Transactions">All that succeeded.</param>
internal sealed record PgBenchResult(double PerSecond, long Transactions, double MedianMicroseconds);

/// <summary>
/// The yardstick: the database alone, driven by its own load generator over the same socket with the same plan options.
/// </summary>
internal sealed class PgBench(BenchOptions options)
{
    /// <summary>A client's first transactions prepare the statement; they are not counted.</summary>
    public const int FirstLeftOut = 3;

    private readonly string _program = Tool.Find("pgbench");
    private readonly NpgsqlConnectionStringBuilder _address = new(options.Postgres);

    public async Task<PgBenchResult> RunAsync(string script, Deck deck, int clients, int each, string answer)
    {
        var folder = Directory.CreateDirectory(Path.Combine(options.Work, $"pgbench-{deck.Number}")).FullName;
        var file = Path.Combine(folder, "script.sql");
        await File.WriteAllTextAsync(file, script);
        await Tool.RunAsync(_program, Arguments(file, Path.Combine(folder, "log"), deck, clients, each, answer), new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PGHOST"] = _address.Host!,
            ["PGPORT"] = Number(_address.Port),
            ["PGUSER"] = _address.Username!,
            ["PGDATABASE"] = _address.Database!,
            ["PGOPTIONS"] = ScanLedger.Plans,
        });
        var result = Read(folder);
        Directory.Delete(folder, recursive: true);
        return result;
    }

    private static List<string> Arguments(string file, string log, Deck deck, int clients, int each, string answer)
    {
        List<string> arguments =
        [
            "--no-vacuum", "--protocol=prepared", $"--client={clients}", $"--jobs={Math.Min(clients, 2)}", $"--transactions={each}", $"--file={file}",
            "--log", $"--log-prefix={log}",
        ];
        void Define(string name, string value) => arguments.AddRange(["--define", $"{name}={value}"]);
        Define("n", "0");
        Define("each", Number(each));
        Define("first_terminal", Number(deck.County.FirstTerminal));
        Define("terminals", Number(deck.Terminals));
        Define("first_sequence", Number(deck.FirstSequence));
        Define("hash", $@"\x{new string('7', 64)}");
        Define("first_class", Number(deck.County.FirstClass));
        Define("class_offset", Number(deck.ClassOf(0).Value - deck.County.FirstClass));
        Define("classes", Number(BenchCounty.Classes));
        Define("first_voucher", Number(deck.First.Value));
        Define("first_person", Number(deck.Vouchers[0].Person));
        Define("first_institution", Number(deck.County.FirstInstitution));
        Define("institutions", Number(BenchCounty.Institutions));
        Define("answer", answer);
        return arguments;
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private sealed record Entry(int Client, int Number, double Latency, double EndedAt);

    /// <summary>Lines of client, transaction, microseconds, script, seconds and microseconds of the end.</summary>
    private static PgBenchResult Read(string folder)
    {
        Entry[] entries =
        [
            .. Directory.EnumerateFiles(folder, "log*").SelectMany(File.ReadLines).Select(line => line.Split(' ')).Select(fields =>
            {
                double Value(int field) => double.Parse(fields[field], CultureInfo.InvariantCulture);
                return new Entry((int)Value(0), (int)Value(1), Value(2), Value(4) + Value(5) / 1e6);
            }),
        ];
        var clients = entries.GroupBy(entry => entry.Client).Select(client => client.OrderBy(entry => entry.EndedAt).ToArray()).ToList();
        var perSecond = clients.Sum(client => (client.Length - FirstLeftOut) / (client[^1].EndedAt - client[FirstLeftOut - 1].EndedAt));
        var counted = clients.SelectMany(client => client.Skip(FirstLeftOut)).Select(entry => entry.Latency);
        return new PgBenchResult(perSecond, entries.Length, Statistics.Median([.. counted]));
    }
}
