using Voucher.Server.Register;
using Voucher.Server.Terminals;

namespace Voucher.Server.Institutions;

/// <summary>A clerk enters an institution or changes it. Both are decisions, and so is every change of the payee account.</summary>
public sealed class SaveInstitution(
    NpgsqlDataSource database, InstitutionStore institutions, PersonalData personalData, TerminalNotices terminals, TimeProvider clock)
{
    private static readonly List<FieldError> CodeTaken = [new("uscc", new("已有机构登记了这个代码", "Another institution has this code"))];

    public async Task<Outcome<InstitutionId>> AddAsync(InstitutionForm form, Actor actor)
    {
        var (entry, errors) = form.Read(hasAccount: false);
        if (errors.Count > 0) return errors;
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await institutions.AddAsync(connection, transaction, entry) is not { } id) return CodeTaken;
        await FinishAsync(connection, transaction, id, null, entry, actor);
        return id;
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
        await FinishAsync(connection, transaction, id, known, entry, actor);
        await terminals.SetupChangedAsync(id);
        return id;
    }

    private async Task FinishAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, InstitutionId id, Institution? known, InstitutionEntry entry, Actor actor)
    {
        var now = clock.GetUtcNow();
        await AuditTrail.AppendAsync(
            connection, transaction, now, actor.Account, known is null ? "institution.add" : "institution.change", $"institution:{id}", entry.Uscc.ToString());
        if (entry.Payee is { } payee && await SavePayeeAsync(connection, transaction, id, known, payee) is { } account)
            await AuditTrail.AppendAsync(connection, transaction, now, actor.Account, "institution.payee", $"institution:{id}", account);
        await transaction.CommitAsync();
    }

    /// <summary>Returns what changed, for the trail, or <c>null</c> when nothing did.</summary>
    private async Task<string?> SavePayeeAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, InstitutionId id, Institution? known, PayeeEntry payee)
    {
        if (payee.Account is { } account)
        {
            var masked = Mask(account);
            await InstitutionStore.SetPayeeAsync(
                connection, transaction, id, new Payee(payee.Name, payee.Bank, personalData.Seal(account), masked));
            return $"{known?.PayeeAccountMasked ?? "—"} → {masked}";
        }
        if (known?.PayeeName == payee.Name && known.PayeeBank == payee.Bank) return null;
        await InstitutionStore.RenamePayeeAsync(connection, transaction, id, payee);
        return $"{known?.PayeeAccountMasked}: name or bank";
    }

    /// <summary>Only the last four digits.</summary>
    private static string Mask(string account) => $"****{account[^4..]}";
}
