using Voucher.Server.Api;
using Voucher.Server.Register.Changes;

namespace Voucher.Server.Register;

/// <summary>
/// A clerk corrects a person by hand, saying why; or someone of the county, township or village records what the person would
/// like to learn. Both stand in the person's history and in the trail.
/// </summary>
public sealed class ChangePerson(NpgsqlDataSource database, PersonWriter writer, PersonChoiceStore choices, County county, TimeProvider clock)
{
    public async Task<Outcome<Nothing>> CorrectAsync(PersonId id, PersonForm form, Actor actor)
    {
        if (!actor.May(Permission.EditRegister)) return Refusal.Of(RefusalCode.NotAllowed);
        if (string.IsNullOrWhiteSpace(form.Reason)) return Refusal.Of(RefusalCode.ReasonMissing);
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await LockAsync(connection, transaction, RegisterScope.Of(actor), id) is not { } row) return Refusal.Of(RefusalCode.NotFound);
        if (row.IsGone) return Refusal.Of(RefusalCode.PersonHasLeft);
        if (form.Changes != row.Changes) return Refusal.Of(RefusalCode.PersonChangedMeanwhile);
        var known = writer.Open(row);
        var read = new FieldReader();
        var reason = read.Text("reason", form.Reason, Reasons.Longest);
        if (Unmasking.HoldsNumber(reason)) read.Fault("reason", Unmasking.NumberInReason);
        var statement = form.Read(known.Number, read);
        if (read.Errors.Count == 0) await CheckPlacesAsync(connection, transaction, read, known, statement);
        if (read.Errors.Count == 0) await CheckTradesAsync(connection, transaction, read, statement.WishTrades!);
        if (read.Errors.Count > 0) return read.Errors;
        return await SaveAsync(connection, transaction, id, statement.Over, "person.correct", reason, actor);
    }

    public async Task<Outcome<Nothing>> RecordWishesAsync(PersonId id, int[]? trades, Actor actor)
    {
        if (!actor.May(Permission.RecordWishes)) return Refusal.Of(RefusalCode.NotAllowed);
        var read = new FieldReader();
        var wishes = Wishes.Read(read, trades);
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await LockAsync(connection, transaction, RegisterScope.Of(actor), id) is not { } known) return Refusal.Of(RefusalCode.NotFound);
        if (known.IsGone) return Refusal.Of(RefusalCode.PersonHasLeft);
        if (read.Errors.Count == 0) await CheckTradesAsync(connection, transaction, read, wishes);
        if (read.Errors.Count > 0) return read.Errors;
        return await SaveAsync(connection, transaction, id, person => person with { WishTrades = wishes }, "person.wishes", "", actor);
    }

    /// <summary>The person in plain, for a form that a clerk fills in; the phone is left out of it. None of who has left the register.</summary>
    public async Task<PersonForm?> FormOfAsync(PersonId id, Actor actor)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        return await LockAsync(connection, transaction, RegisterScope.Of(actor), id) is { IsGone: false } person ? PersonForm.Of(writer.Open(person), person.Changes) : null;
    }

    private async Task<KnownPerson?> LockAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, RegisterScope scope, PersonId id)
    {
        if (!await PersonChoiceStore.IsSeenAsync(connection, transaction, county.Region, scope, id)) return null;
        var known = await PersonRowStore.LockAsync(connection, transaction, county.Region, [id]);
        return known is [var person] ? person : null;
    }

    /// <summary>A place that the person has already may stay, ended or not; another must be in force.</summary>
    private async Task CheckPlacesAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, FieldReader read, PersonRecord known, PersonStatement said)
    {
        if (said.Township is { } township && township != known.Township && !await choices.IsTownshipAsync(connection, transaction, township))
            read.Fault("township", new("本县没有这个乡镇", "The county has no such township"));
        if (said.Village is { } village && village != known.Village && !await choices.IsVillageAsync(connection, transaction, village))
            read.Fault("village", new("本县没有这个村", "The county has no such village"));
    }

    private static async Task CheckTradesAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, FieldReader read, IReadOnlyList<int> trades)
    {
        if (trades.Count > 0 && !await PersonChoiceStore.AreTradesAsync(connection, transaction, trades)) read.Fault("wishTrades", Wishes.NoSuchTrade);
    }

    private async Task<Outcome<Nothing>> SaveAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, PersonId id, Func<PersonRecord, PersonRecord> amend, string deed, string reason, Actor actor)
    {
        var now = clock.GetUtcNow();
        var (_, changed) = await writer.AmendAsync(connection, transaction, [id], (_, person) => amend(person), new ChangeCause(actor.Account, Reason: reason), now);
        if (changed > 0) await AuditTrail.AppendAsync(connection, transaction, now, actor.Account, deed, $"person:{id}", reason,
            Ground.Given(reason, Permission.EditRegister));
        await transaction.CommitAsync();
        return Nothing.Value;
    }
}
