using Voucher.Core.Settling;
using Voucher.Server.Register;

namespace Voucher.Server.Settling.Payees;

/// <summary>A clerk proposes where a payee is paid. Nothing goes there before somebody else has verified it and the waiting time is over.</summary>
public sealed class ProposePayee(NpgsqlDataSource database, PersonalData personalData, County county, TimeProvider clock)
{
    public async Task<Outcome<ProposedPayee>> RunAsync(Actor actor, PayeeOwner owner, PayeeForm form)
    {
        if (!actor.IsCounty || !actor.May(Permission.ProposePayee)) return Refusal.Of(RefusalCode.NotAllowed);
        var (entry, errors) = form.Read();
        if (errors.Count > 0) return errors;
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var outcome = await WithinAsync(connection, transaction, actor, owner, entry);
        if (outcome is Outcome<ProposedPayee>.Done) await transaction.CommitAsync();
        return outcome;
    }

    /// <summary>Proposes within a transaction that the caller commits only when this is done.</summary>
    public async Task<Outcome<ProposedPayee>> WithinAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, Actor actor, PayeeOwner owner, PayeeEntry entry)
    {
        var now = clock.GetUtcNow();
        if (await PayeeStore.NameAsync(connection, transaction, county.Region, owner) is null) return Refusal.Of(RefusalCode.NotFound);
        await PayeeStore.LockAllAsync(connection, transaction);
        foreach (var (unhashed, secret) in await PayeeStore.UnhashedAsync(connection, transaction))
            await PayeeStore.HashAsync(connection, transaction, unhashed, HashOf(personalData, personalData.Open(secret)));
        var hash = HashOf(personalData, entry.Number.Reveal());
        var others = await PayeeStore.OthersWithAsync(connection, transaction, owner, hash);
        if (others.Count > 0 && entry.SharedReason is null) return Refusal.Of(RefusalCode.PayeeAccountShared, NamesOf(others));
        try
        {
            var id = await PayeeStore.InsertAsync(
                connection, transaction, county.Region, owner, entry, personalData.Seal(entry.Number.Reveal()), hash,
                others.Count > 0 ? entry.SharedReason : null, actor, now);
            await AuditTrail.AppendAsync(
                connection, transaction, now, actor.Account, "payee.propose", owner.Subject,
                $"account {id} {entry.Number.Masked}{(others.Count > 0 ? $", also of {others.Count} others: {entry.SharedReason}" : "")}",
                Ground.Given(entry.SharedReason, Permission.ProposePayee));
            return new ProposedPayee(id, entry.Number.IsDoubtfulCard);
        }
        catch (PostgresException fault) when (fault.ConstraintName == PayeeStore.OneProposal)
        {
            return Refusal.Of(RefusalCode.PayeeProposalOpen, PayeeState.Proposed.Name());
        }
    }

    /// <summary>
    /// The number to propose for an institution whose form holds these, or <c>null</c> where nothing is other than on record or proposed already. An
    /// empty number is the one on record.
    /// </summary>
    public async Task<PaymentAccountNumber?> NewNumberAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, InstitutionId institution, string holder, string bank, string? digits)
    {
        var recorded = await PayeeStore.OnRecordAsync(connection, transaction, institution);
        var wanted = digits ?? (recorded is null ? null : personalData.Open(recorded.AccountSealed));
        foreach (var known in new[] { recorded, await PayeeStore.ProposalAsync(connection, transaction, institution) })
            if (known is not null && personalData.Open(known.AccountSealed) == wanted && known.HolderName == holder && known.Bank == bank) return null;
        return PaymentAccountNumber.TryParse(wanted, out var number) ? number : null;
    }

    /// <summary>By which the same account of two payees is found; the database alone reveals nothing by it.</summary>
    public static byte[] HashOf(PersonalData personalData, string digits) => personalData.ContentHash($"payee-account:{digits}");

    private static string NamesOf(IReadOnlyList<(string Name, bool IsPerson)> others) =>
        string.Join('、', others.Select(other => other.IsPerson ? PersonName.Masked(other.Name) : other.Name));
}
