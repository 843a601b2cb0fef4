using Voucher.Server.Settling.Payees;
using Voucher.Server.Terminals;

namespace Voucher.Server.Institutions;

/// <summary>A clerk enters an institution or changes it. Another payee account is only proposed by it: a second person verifies it.</summary>
public sealed class SaveInstitution(
    NpgsqlDataSource database, InstitutionStore institutions, ProposePayee propose, TerminalNotices terminals, TimeProvider clock)
{
    private static readonly List<FieldError> CodeTaken = [new("uscc", new("已有机构登记了这个代码", "Another institution has this code"))];

    public async Task<Outcome<InstitutionId>> AddAsync(InstitutionForm form, Actor actor)
    {
        var (entry, errors) = form.Read(hasAccount: false);
        if (errors.Count > 0) return errors;
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await institutions.AddAsync(connection, transaction, entry) is not { } id) return CodeTaken;
        return await FinishAsync(connection, transaction, id, null, entry, actor);
    }

    public async Task<Outcome<InstitutionId>> ChangeAsync(InstitutionId id, InstitutionForm form, Actor actor)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (!actor.MayActFor(id) || await InstitutionStore.FindForUpdateAsync(connection, transaction, id) is not { } known)
            return Refusal.Of(RefusalCode.NotFound);
        var (entry, errors) = form.Read(hasAccount: known.PayeeAccountMasked is not null);
        if (errors.Count > 0) return errors;
        try
        {
            await institutions.ChangeAsync(connection, transaction, id, entry);
        }
        catch (PostgresException fault) when (fault.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return CodeTaken;
        }
        var outcome = await FinishAsync(connection, transaction, id, known, entry, actor);
        if (outcome is Outcome<InstitutionId>.Done) await terminals.SetupChangedAsync(id);
        return outcome;
    }

    /// <summary>Commits, unless the account that was given may not be proposed: then nothing is changed.</summary>
    private async Task<Outcome<InstitutionId>> FinishAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, InstitutionId id, Institution? known, InstitutionEntry entry, Actor actor)
    {
        if (await ProposeAsync(connection, transaction, id, entry.Payee, actor) is { } no) return no;
        await AuditTrail.AppendAsync(
            connection, transaction, clock.GetUtcNow(), actor.Account, known is null ? "institution.add" : "institution.change", $"institution:{id}", entry.Uscc.ToString(),
            Ground.Under(Permission.EditInstitutions));
        await transaction.CommitAsync();
        return id;
    }

    /// <summary>Proposes the account where it, its holder or its bank is another than on record.</summary>
    private async Task<Outcome<InstitutionId>?> ProposeAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, InstitutionId id, PayeeEntry? payee, Actor actor)
    {
        if (payee is null || await propose.NewNumberAsync(connection, transaction, id, payee.Name, payee.Bank, payee.Account) is not { } number) return null;
        var entry = new Settling.Payees.PayeeEntry(payee.Name, payee.Bank, number, null, null);
        return await propose.WithinAsync(connection, transaction, actor, PayeeOwner.Of(id), entry) switch
        {
            Outcome<ProposedPayee>.Refused(var refusal) => refusal,
            Outcome<ProposedPayee>.BadInput(var errors) => errors.ToList(),
            _ => null,
        };
    }
}
