using Voucher.Server.Register.Changes;

namespace Voucher.Server.Register.Importing;

/// <summary>
/// Takes out again what an import did: people whom it brought leave the register, fields that it changed are as before. Whoever
/// holds a voucher or was changed since stays as they are and is named.
/// </summary>
public sealed class UndoRun(UndoStore undo, PersonWriter writer, PersonalData personalData, County county)
{
    /// <summary>The next chunk, each in a transaction of its own: the desks go on working meanwhile.</summary>
    public async Task<UndoStep> NextChunkAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, long import, UndoOrder order, DateTimeOffset now)
    {
        await undo.LockAsync(connection, transaction, import, order.After);
        var people = await undo.TouchedAsync(connection, transaction, import, order.After);
        var undone = people.Where(person => person.Kept == UndoKept.No).ToList();
        await UndoAsync(connection, transaction, import, undone, new ChangeCause(order.By, Reason: order.Reason), now);
        await undo.UnlistAsync(connection, transaction, import, undone.Select(person => person.Id.Value));
        await undo.KeepAsync(connection, transaction, import, people);
        var report = order.SoFar.With(people);
        if (people.Count == UploadLimits.ChunkRows) return new(report, people[^1].Id.Value);
        await undo.UnlistUntouchedAsync(connection, transaction, import);
        await undo.CloseCasesAsync(connection, transaction, import, order, now);
        return new(report, null);
    }

    private async Task UndoAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, long import, List<TouchedPerson> people, ChangeCause cause, DateTimeOffset now)
    {
        await DepartureStore.WithdrawAsync(
            connection, transaction, county.Region, people.Where(person => person.IsAdded).Select(person => person.Id), mergedInto: null, cause, now);
        var changed = people.Where(person => !person.IsAdded).Select(person => person.Id).ToList();
        var before = await undo.BeforeAsync(connection, transaction, import, changed);
        await writer.AmendAsync(connection, transaction, changed, (id, record) => before[id.Value].Aggregate(record, Restore), cause, now);
    }

    private PersonRecord Restore(PersonRecord person, (PersonField Field, string Before, byte[]? Sealed) change) =>
        PersonFieldText.Put(person, change.Field, change.Field == PersonField.Phone ? change.Sealed is { } phone ? personalData.Open(phone) : "" : change.Before);
}
