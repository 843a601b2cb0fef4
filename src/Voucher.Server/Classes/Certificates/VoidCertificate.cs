using Voucher.Server.Api;
using Voucher.Server.Policies;

namespace Voucher.Server.Classes.Certificates;

/// <summary>A certificate was recorded wrongly: it is made void with a reason, and its number can be recorded again. Not once it is claimed.</summary>
public sealed class VoidCertificate(NpgsqlDataSource database, ClassStore classes, PolicyStore policies, TimeProvider clock)
{
    public async Task<Outcome<Nothing>> RunAsync(ClassId id, long certificate, string? reason, Actor actor)
    {
        if (await classes.FindAsync(id, actor) is null) return Refusal.Of(RefusalCode.NotFound);
        var read = new FieldReader();
        var why = read.Text("reason", reason, Reasons.Longest);
        if (read.Errors.Count > 0) return read.Errors;
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var before = (await CertificateStore.RosterAsync(connection, transaction, id)).FirstOrDefault(row => row.CertificateId == certificate);
        if (before is null) return Refusal.Of(RefusalCode.NotFound);
        // A claim locks its vouchers: whoever comes second sees what the first has done.
        await RosterStore.LockAsync(connection, transaction, [before.Voucher]);
        if (await CertificateStore.ClaimOfAsync(connection, transaction, before.Voucher) is { } claim)
            return Refusal.Under(await policies.InForceOrLastAsync(CountyTime.DayOf(now)), RefusalCode.CertificateClaimed, before.Voucher, claim);
        if (!await CertificateStore.VoidAsync(connection, transaction, certificate, why, actor, now)) return Refusal.Of(RefusalCode.NotFound);
        await AuditTrail.AppendAsync(
            connection, transaction, now, actor.Account, "certificate.void", $"class:{id}", $"certificate {certificate}", why);
        await transaction.CommitAsync();
        return Nothing.Value;
    }
}
