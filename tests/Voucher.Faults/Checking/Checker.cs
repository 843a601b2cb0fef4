using System.Text.Json;
using Voucher.Core.Refusals;
using Voucher.Faults.County;
using Voucher.Faults.Terminals;
using Voucher.Server.Invariants;

namespace Voucher.Faults.Checking;

/// <summary>
/// Holds the county against what its terminals know. Only looks when everything is healed: then there is no excuse.
/// </summary>
public sealed class Checker(World world, CountyAtWork county, History history, Findings findings, IReadOnlySet<string> guards)
{
    private const int AskedAtOnce = 8;
    private const int FreshlyShown = 4;
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(30);

    private readonly LedgerStore _ledger = new(world.Database);
    private readonly Dictionary<int, SimulatedTerminal> _terminals = county.Terminals.ToDictionary(terminal => terminal.Id);
    private AuditHead? _head;

    /// <summary>After each round: what was acknowledged is there, once, and is answered alike when asked again.</summary>
    public async Task CheckRoundAsync(IReadOnlyList<SentScan> scans, Random random)
    {
        await CompareAsync(scans);
        await AskAgainAsync(scans, random);
        await ReuseAnIdAsync(scans, random);
    }

    /// <summary>Now and then, and at the end: all that is to be known.</summary>
    public async Task CheckAllAsync(IReadOnlyList<SentScan> recent, Random random)
    {
        await CompareAsync([.. history.Scans]);
        await FindStrangersAsync();
        await CheckInvariantsAsync();
        await CheckGuardsAsync();
        await CheckAuditAsync();
        await FlushAndAskAgainAsync(recent, random);
    }

    /// <summary>The database against the history.</summary>
    private async Task CompareAsync(IReadOnlyList<SentScan> scans)
    {
        var stored = await _ledger.ScansAsync([.. scans.Select(scan => scan.Request.ScanId)]);
        foreach (var scan in scans)
        {
            var rows = stored[scan.Request.ScanId].ToList();
            if (rows.Count > 1) findings.Double("scan-once", $"scan {scan.Request.ScanId} is there {rows.Count} times");
            if (scan.Answer is not { } answer) continue;
            if (rows.Count == 0) findings.Lose("acknowledged-is-there", $"scan {scan.Request.ScanId} ({scan.Request.Mode}, terminal {scan.Terminal}, sequence {scan.Request.Sequence}) was answered and is not in the database");
            foreach (var row in rows) Compare(scan, answer, row);
        }
    }

    private void Compare(SentScan scan, ScanAnswer answer, StoredScan row)
    {
        var id = scan.Request.ScanId;
        if (row.Terminal != scan.Terminal || row.Sequence != scan.Request.Sequence)
            findings.Violate("scan-as-sent", $"scan {id} is stored as sequence {row.Sequence} of terminal {row.Terminal}");
        if (JsonSerializer.Deserialize<ScanAnswer>(row.Answer, JsonSerializerOptions.Web) != answer)
            findings.Violate("same-id-same-answer", $"scan {id}: the stored answer is not the one that was given");
        var wanted = answer.Accepted ? 1 : 0;
        if (row.Events < wanted) findings.Lose("accepted-has-its-event", $"scan {id} was accepted and has no event");
        if (row.Events > wanted) findings.Double("accepted-has-its-event", $"scan {id} has {row.Events} events, accepted {answer.Accepted}");
        if (answer.Accepted && row.Consequences < 1) findings.Lose("accepted-left-its-row", $"scan {id} to {scan.Request.Mode} left no row behind");
        if (answer.Accepted && row.Consequences > 1) findings.Double("accepted-left-its-row", $"scan {id} to {scan.Request.Mode} left {row.Consequences} rows behind");
    }

    /// <summary>Scans that nobody has sent, and sequences that were skipped or used twice.</summary>
    private async Task FindStrangersAsync()
    {
        var all = await _ledger.AllScansAsync();
        foreach (var (id, terminal, sequence) in all)
            if (history.Find(id) is null)
                findings.Violate("nothing-from-nowhere", $"scan {id}, terminal {terminal}, sequence {sequence} was never sent");
        foreach (var terminal in all.GroupBy(scan => scan.Terminal))
        {
            var acknowledged = history.Scans.Where(scan => scan.Terminal == terminal.Key && scan.Answer is not null).Select(scan => scan.Request.Sequence).ToHashSet();
            acknowledged.ExceptWith(terminal.Select(scan => scan.Sequence));
            if (acknowledged.Count > 0) findings.Lose("no-gap-in-sequence", $"terminal {terminal.Key} lacks {string.Join(',', acknowledged.Order().Take(5))}");
        }
    }

    private async Task CheckInvariantsAsync()
    {
        var report = await new InvariantChecks(world.Database, TimeProvider.System).RunAsync();
        foreach (var violation in report.Violations)
            findings.Violate($"invariant {violation.Number} {violation.Name}", $"{violation.Subject}: {violation.Finding}");
    }

    private async Task CheckGuardsAsync()
    {
        var missing = guards.Except(await _ledger.GuardsAsync(), StringComparer.Ordinal);
        foreach (var guard in missing) findings.Violate("guards-of-the-database-stand", guard);
    }

    /// <summary>The chain itself is an invariant; that it only grew is known to whoever remembers its head.</summary>
    private async Task CheckAuditAsync()
    {
        if (_head is { } before && await _ledger.AuditHashAsync(before.Number) is var hash && hash != before.Hash)
            findings.Violate("audit-only-grows", $"entry {before.Number} had hash {before.Hash}, now {hash ?? "is gone"}");
        _head = await _ledger.AuditHeadAsync();
    }

    private async Task AskAgainAsync(IReadOnlyList<SentScan> scans, Random random)
    {
        using var end = new CancellationTokenSource(LongestAnswer);
        var asked = scans.Where(scan => scan.Answer is not null).Select(scan => (Scan: scan, Way: random.Next(1_000))).ToList();
        await Parallel.ForEachAsync(asked, new ParallelOptions { MaxDegreeOfParallelism = AskedAtOnce }, async (one, _) =>
        {
            if (await _terminals[one.Scan.Terminal].DeliverAsync(one.Scan, one.Way, end.Token) is null)
                findings.Violate("asked-again-is-answered", $"scan {one.Scan.Request.ScanId} has no answer any more");
        });
    }

    /// <summary>The id of one scan with the content of another is no scan at all.</summary>
    private async Task ReuseAnIdAsync(IReadOnlyList<SentScan> scans, Random random)
    {
        var answered = scans.Where(scan => scan.Answer is not null).ToList();
        if (answered.Count == 0) return;
        var scan = answered[random.Next(answered.Count)];
        var forged = scan.Request with { HolderCheck = scan.Request.HolderCheck ^ 1 };
        var heard = await _terminals[scan.Terminal].AskAsync(forged, random.Next(1_000));
        if (heard is Heard.Answer or Heard.Wrong { Code: not RefusalCode.ScanIdReused })
            findings.Violate("id-with-other-content-is-refused", $"scan {scan.Request.ScanId}: {heard.GetType().Name}");
    }

    /// <summary>Emptying Redis changes no answer: neither to what was asked before nor to a used voucher that is shown anew.</summary>
    private async Task FlushAndAskAgainAsync(IReadOnlyList<SentScan> recent, Random random)
    {
        var shown = recent.Where(scan => scan.Answer is { Accepted: true }).Take(FreshlyShown).ToList();
        var before = await ShowAnewAsync(shown, random);
        await world.Redis.Primary.TrySayAsync("FLUSHALL");
        await AskAgainAsync(recent, random);
        var after = await ShowAnewAsync(shown, random);
        for (var i = 0; i < shown.Count; i++)
            if (before[i] != after[i])
                findings.Violate("empty-redis-same-answer", $"voucher {shown[i].Voucher}: {before[i]} before, {after[i]} after Redis was emptied");
    }

    private async Task<IReadOnlyList<string>> ShowAnewAsync(IReadOnlyList<SentScan> shown, Random random)
    {
        using var end = new CancellationTokenSource(LongestAnswer);
        List<string> answers = [];
        foreach (var scan in shown)
        {
            var voucher = county.Papers.Single(paper => paper.Number == scan.Voucher);
            var answer = await _terminals[scan.Terminal].ScanAsync(scan.Round, scan.Request.Mode, scan.Request.ClassId, voucher, ScanHabit.Of(random), end.Token);
            answers.Add(string.Create(CultureInfo.InvariantCulture, $"accepted {answer?.Accepted}, refusal {answer?.Refusal}"));
            if (answer is { Accepted: true }) findings.Double("one-voucher-once", $"voucher {scan.Voucher} was taken to {scan.Request.Mode} once more");
        }
        return answers;
    }
}
