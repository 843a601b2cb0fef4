namespace Voucher.Server.Register.Importing;

/// <summary>
/// Takes out again what an import did: people whom it brought leave the register, fields that it changed are as before. Whoever
/// holds a voucher or was changed since stays as they are and is named.
/// </summary>
public sealed class UndoRun(UndoStore undo, PersonWriter writer, PersonalData personalData, County county)
{
    public async Task<UndoReport> RunAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, long import, UndoOrder order, DateTimeOffset now)
    {
        var report = UndoReport.Nothing;
        List<long> kept = [];
        var cause = new ChangeCause(order.By, Reason: order.Reason);
        for (var after = 0L; ;)
        {
            await undo.LockAsync(connection, transaction, import, after);
            var people = await undo.TouchedAsync(connection, transaction, import, after);
            await UndoAsync(connection, transaction, import, [.. people.Where(person => person.Kept == UndoKept.No)], cause, now);
            report = report.With(people);
            kept.AddRange(people.Where(person => person.Kept != UndoKept.No).Select(person => person.Id.Value));
            if (people.Count < UploadLimits.ChunkRows) break;
            after = people[^1].Id.Value;
        }
        await undo.UnlistAsync(connection, transaction, import, kept);
        await undo.CloseCasesAsync(connection, transaction, import, order, now);
        return report;
    }

    private async Task UndoAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, long import, List<TouchedPerson> people, ChangeCause cause, DateTimeOffset now)
    {
        await StandingStore.WithdrawAsync(
            connection, transaction, county.Region, people.Where(person => person.IsAdded).Select(person => person.Id), mergedInto: null, cause, now);
        var changed = people.Where(person => !person.IsAdded).Select(person => person.Id).ToList();
        var before = await undo.BeforeAsync(connection, transaction, import, changed);
        await writer.AmendAsync(connection, transaction, changed, (id, record) => before[id.Value].Aggregate(record, Restore), cause, now);
    }

    private PersonRecord Restore(PersonRecord person, (PersonField Field, string Before, byte[]? Sealed) change) =>
        PersonFieldText.Put(person, change.Field, change.Field == PersonField.Phone ? change.Sealed is { } phone ? personalData.Open(phone) : "" : change.Before);
}
