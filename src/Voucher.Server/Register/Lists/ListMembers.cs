using Voucher.Server.Register.Changes;

namespace Voucher.Server.Register.Lists;

/// <summary>A clerk puts one person on a list, or takes one off; the person's history and the trail keep both.</summary>
public sealed class ListMembers(NpgsqlDataSource database, ListStore lists, County county, TimeProvider clock)
{
    public Task<Outcome<Nothing>> PutOnAsync(int list, PersonId person, Actor actor) => ChangeAsync(list, person, on: true, actor);

    public Task<Outcome<Nothing>> TakeOffAsync(int list, PersonId person, Actor actor) => ChangeAsync(list, person, on: false, actor);

    private async Task<Outcome<Nothing>> ChangeAsync(int list, PersonId person, bool on, Actor actor)
    {
        if (!actor.May(Permission.EditRegister)) return Refusal.Of(RefusalCode.NotAllowed);
        if (await lists.FindAsync(list) is not { } known) return Refusal.Of(RefusalCode.NotFound);
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await PersonRowStore.LockAsync(connection, transaction, county.Region, [person]) is [{ IsGone: true }]) return Refusal.Of(RefusalCode.PersonHasLeft);
        // Locked first: the number of the change is the person's next.
        if (await PersonChangeStore.NextNumberAsync(connection, transaction, county.Region, person) is not { } number) return Refusal.Of(RefusalCode.NotFound);
        var changed = on
            ? await ListStore.PutOnAsync(connection, transaction, list, person, actor.Account, now)
            : await ListStore.TakeOffAsync(connection, transaction, list, person);
        if (!changed) return Nothing.Value;
        var change = new PersonChange(number, PersonField.List, on ? "" : known.Name, on ? known.Name : "");
        await PersonChangeStore.AppendAsync(connection, transaction, county.Region, [(person.Value, change)], new ChangeCause(actor.Account), now);
        await AuditTrail.AppendAsync(connection, transaction, now, actor.Account, on ? "list.put-on" : "list.take-off", $"list:{list}", $"person:{person}",
            Ground.Under(Permission.EditRegister));
        await transaction.CommitAsync();
        return Nothing.Value;
    }
}
