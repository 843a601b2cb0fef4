using System.Data;
using Voucher.Server.Invariants;

namespace Voucher.Server.Audit.Verifying;

/// <summary>What was found of one chain.</summary>
/// <param name="Rows">How many rows it has.</param>
/// <param name="Roots">How many kept roots it was compared with.</param>
public sealed record ChainReport(HashChain Chain, long Rows, int Roots, IReadOnlyList<Words> Findings);

/// <summary>What was found of all chains, and what the invariants say of the rows that no chain holds.</summary>
public sealed record VerifyReport(IReadOnlyList<ChainReport> Chains, IReadOnlyList<Violation> Violations)
{
    public bool IsSound => Violations.Count == 0 && Chains.All(chain => chain.Findings.Count == 0);
}

/// <summary>
/// Walks every chain and compares it with the roots kept elsewhere. Reads only: a log-in of the database that may read is enough.
/// </summary>
public static class VerifyChains
{
    /// <summary>The most findings of one chain: enough to see what is wrong.</summary>
    public const int Most = 100;

    /// <param name="kept">Empty: the chains are walked, and rows cut off at the end go unseen.</param>
    public static async Task<VerifyReport> RunAsync(NpgsqlDataSource database, IReadOnlyList<KeptRoot> kept)
    {
        await using var connection = await database.OpenConnectionAsync();
        // One moment for all: rows written meanwhile are neither cut off nor put in.
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead);
        await connection.ExecuteAsync("set transaction read only", transaction: transaction);
        return new VerifyReport(await RunAsync(connection, kept), await InvariantChecks.QueryAsync(connection));
    }

    /// <summary>Within a transaction of the caller, whose uncommitted changes are seen.</summary>
    public static async Task<IReadOnlyList<ChainReport>> RunAsync(NpgsqlConnection connection, IReadOnlyList<KeptRoot> kept)
    {
        var county = await connection.QuerySingleOrDefaultAsync<int?>("select region from county");
        List<ChainReport> reports = [];
        foreach (var chain in HashChain.All) reports.Add(await LookAsync(connection, chain, [.. kept.Where(root => root.Chain == chain.Key).OrderBy(root => root.Number)], $"{county}"));
        return reports;
    }

    private static async Task<ChainReport> LookAsync(NpgsqlConnection connection, HashChain chain, List<KeptRoot> kept, string county)
    {
        var walk = await chain.Walk(connection, Most);
        List<Words> findings = [.. walk.Faults.Select(fault => fault.Finding)];
        findings.AddRange(await CompareAsync(connection, chain, kept, county, walk.Last));
        return new ChainReport(chain, walk.Last, kept.Count, findings);
    }

    private static async Task<IReadOnlyList<Words>> CompareAsync(NpgsqlConnection connection, HashChain chain, List<KeptRoot> kept, string county, long last)
    {
        List<Words> findings = [];
        KeptRoot? agreed = null;
        foreach (var root in kept)
        {
            if (root.County.Length > 0 && root.County != county)
                return [new($"保存的摘要是 {root.County} 的，不是本县 {county} 的", $"the kept roots are of county {root.County}, not of this one, {county}")];
            var stands = await chain.HashAt(connection, root.Number);
            if (stands is not null && stands.AsSpan().SequenceEqual(root.Hash)) agreed = root;
            else return [.. findings, stands is null ? Gone(root, last) : Rewritten(root, agreed)];
        }
        return findings;
    }

    private static Words Gone(KeptRoot root, long last) => last < root.Number
        ? new($"末尾被截去：{CountyTime.Show(root.Day)} 的摘要在第 {root.Number} 条，而现在只到第 {last} 条；第 {last + 1} 至 {root.Number} 条缺失",
            $"cut off at the end: the root of {CountyTime.Show(root.Day)} is of entry {root.Number}, but there are entries up to {last} only; entries {last + 1} to {root.Number} are missing")
        : new($"{CountyTime.Show(root.Day)} 的摘要所在的第 {root.Number} 条缺失", $"entry {root.Number}, of the root of {CountyTime.Show(root.Day)}, is missing");

    private static Words Rewritten(KeptRoot root, KeptRoot? agreed)
    {
        var from = (agreed?.Number ?? 0) + 1;
        return new(
            $"与 {CountyTime.Show(root.Day)} 保存的摘要不符：第 {from} 至 {root.Number} 条中有记录被改写，之后各条的摘要也重新算过",
            $"does not agree with the root kept of {CountyTime.Show(root.Day)}: something among entries {from} to {root.Number} was rewritten, and the hashes after it with it");
    }
}
