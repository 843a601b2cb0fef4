using Voucher.Server.Register;

namespace Voucher.Server.Settling.Publishing;

/// <summary>Shows who objected to somebody who says why; the trail keeps who asked, when and why.</summary>
public sealed class RevealObjector(NpgsqlDataSource database, County county, PersonalData secrets, TimeProvider clock)
{
    public async Task<Outcome<string>> RunAsync(Actor actor, long id, string? reason)
    {
        if (!actor.IsCounty || !actor.May(Permission.DecideObjection)) return Refusal.Of(RefusalCode.NotAllowed);
        if (string.IsNullOrWhiteSpace(reason)) return Refusal.Of(RefusalCode.ReasonMissing);
        if (Unmasking.ProblemOf(reason) is { } problem) return new List<FieldError> { new("why", problem) };
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var secret = await connection.ExecuteScalarAsync<byte[]?>(
            "select objector_sealed from objection where id = @id and region = @Region", new { id, county.Region }, transaction);
        if (secret is null) return Refusal.Of(RefusalCode.NotFound);
        await AuditTrail.AppendAsync(connection, transaction, clock.GetUtcNow(), actor.Account, "objection.unmask", $"objection:{id}", reason.Trim(), reason.Trim());
        await transaction.CommitAsync();
        return secrets.Open(secret);
    }
}
