using System.Data;
using Voucher.Server.Audit.Verifying;

namespace Voucher.Server.Invariants;

/// <summary>What a run found.</summary>
/// <param name="Checks">How many invariants were looked at.</param>
public sealed record InvariantReport(int Checks, IReadOnlyList<Violation> Violations);

/// <summary>
/// Looks at the whole database as it was at one moment and names whatever breaks an invariant. Changes nothing but the record
/// that it has looked.
/// </summary>
public sealed class InvariantChecks(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>The most violations said of one check: enough to see what is wrong.</summary>
    public const int MostOfOneCheck = 100;

    /// <summary>Checks that are no query: the chains of the ledger, of the audit trail and of settlement's steps are walked.</summary>
    public static int Chains => HashChain.All.Count;

    /// <summary>A check reads whole tables; on a county's largest it may take its time.</summary>
    private const int TimeoutSeconds = 600;

    private sealed record Row(string Subject, string Finding);

    public async Task<InvariantReport> RunAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        var report = await LookAsync(connection);
        await connection.ExecuteAsync(
            "insert into invariant_run (at, checks, violations) values (@at, @Checks, @found)",
            new { at = clock.GetUtcNow(), report.Checks, found = report.Violations.Count });
        return report;
    }

    private static async Task<InvariantReport> LookAsync(NpgsqlConnection connection)
    {
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead);
        await connection.ExecuteAsync("set transaction read only", transaction: transaction);
        return await RunAsync(connection);
    }

    /// <summary>Within a transaction of the caller, whose uncommitted changes are seen.</summary>
    public static async Task<InvariantReport> RunAsync(NpgsqlConnection connection)
    {
        List<Violation> violations = [.. await QueryAsync(connection)];
        violations.AddRange(await LedgerChain.CheckAsync(connection, MostOfOneCheck));
        violations.AddRange(await AuditChainInvariant.CheckAsync(connection, MostOfOneCheck));
        violations.AddRange(await HistoryChain.CheckAsync(connection, MostOfOneCheck));
        return new InvariantReport(Invariant.All.Count + Chains, violations);
    }

    /// <summary>The checks that are queries, without the chains.</summary>
    public static async Task<IReadOnlyList<Violation>> QueryAsync(NpgsqlConnection connection)
    {
        List<Violation> violations = [];
        foreach (var invariant in Invariant.All)
        {
            var rows = await connection.QueryAsync<Row>(
                $"select subject, finding from ({invariant.Sql}) as violation limit @MostOfOneCheck", new { MostOfOneCheck }, commandTimeout: TimeoutSeconds);
            violations.AddRange(rows.Select(row => new Violation(invariant.Number, invariant.Name, invariant.Meaning, row.Subject, row.Finding)));
        }
        return violations;
    }
}
