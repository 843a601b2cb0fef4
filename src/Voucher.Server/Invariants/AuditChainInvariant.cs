using Voucher.Server.Audit.Verifying;

namespace Voucher.Server.Invariants;

/// <summary>The audit trail among the invariants; walked by <see cref="Audit.Verifying.AuditChain"/>.</summary>
public static class AuditChainInvariant
{
    private const string Number = "9.1";
    private const string Name = "audit-chain";

    private static readonly Words Meaning = new("审计记录没有被改动、删除或插入。", "No entry of the audit trail was edited, removed or inserted.");

    public static async Task<IReadOnlyList<Violation>> CheckAsync(NpgsqlConnection connection, int most)
    {
        var walk = await AuditChain.WalkAsync(connection, most);
        return [.. walk.Faults.Select(fault => new Violation(Number, Name, Meaning, $"audit_entry {fault.Named}", fault.Finding.En))];
    }
}
