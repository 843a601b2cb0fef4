using Voucher.Server.Api;
using Voucher.Server.Policies;

namespace Voucher.Server.Issuing.Revoking;

/// <summary>A clerk asks that many vouchers be taken out of use at once; another person decides.</summary>
public sealed class ProposeRevocation(NpgsqlDataSource database, PolicyStore policies, County county, TimeProvider clock)
{
    /// <summary>What it would do; changes nothing.</summary>
    public async Task<Outcome<RevocationPreview>> PreviewAsync(RevocationScope? scope)
    {
        if (scope is null) return NoScope();
        await using var connection = await database.OpenConnectionAsync();
        return await RevokingStore.PreviewAsync(connection, county.Region, scope) is { } preview ? preview : Refusal.Of(RefusalCode.NotFound);
    }

    /// <param name="includesEnrolled">Also those bound to a class; of an institution always.</param>
    public async Task<Outcome<Revocation>> RunAsync(RevocationScope? scope, bool includesEnrolled, string? reason, Actor by)
    {
        if (scope is null) return NoScope();
        if (Reasons.Fault(reason) is { } fault) return fault;
        includesEnrolled |= scope.Institution is not null;
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await RevokingStore.PreviewAsync(connection, county.Region, scope, transaction) is not { } preview) return Refusal.Of(RefusalCode.NotFound);
        var now = clock.GetUtcNow();
        var policy = await policies.InForceOrLastAsync(CountyTime.DayOf(now));
        if (string.IsNullOrWhiteSpace(reason)) return Refusal.Under(policy, RefusalCode.ReasonMissing);
        if (preview.Taken(includesEnrolled) == 0) return Refusal.Under(policy, RefusalCode.NothingToRevoke);
        if (await RevocationStore.IsOpenAsync(connection, transaction, scope)) return Refusal.Under(policy, RefusalCode.RevocationOpen);
        try
        {
            var (id, count) = await RevocationStore.InsertAsync(
                connection, transaction, county.Region, scope, includesEnrolled, reason.Trim(), by.Account, by.Staff, now);
            await AuditTrail.AppendAsync(connection, transaction, now, by.Account, "revocation.propose", $"revocation:{id}", $"count:{count}",
                Ground.Of(policy.RuleOf(Clause.Voucher), reason));
            await transaction.CommitAsync();
            return (await RevocationStore.FindAsync(connection, county.Region, id))!;
        }
        catch (PostgresException twice) when (twice.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return Refusal.Under(policy, RefusalCode.RevocationOpen);
        }
    }

    private static List<FieldError> NoScope() => [new("scope", new("请指定一个批次、一个人或一个机构", "Give one batch, one person or one institution"))];
}
