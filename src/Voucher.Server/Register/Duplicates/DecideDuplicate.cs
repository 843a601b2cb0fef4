using Voucher.Server.Api;
using Voucher.Server.Register.Changes;

namespace Voucher.Server.Register.Duplicates;

/// <summary>A person decides on a doubt, with a reason; the decision is carried out at once and kept.</summary>
public sealed class DecideDuplicate(
    NpgsqlDataSource database, PersonWriter writer, PersonalData personalData, MergePeople merge, County county, TimeProvider clock)
{
    public async Task<Outcome<Nothing>> RunAsync(Actor actor, long id, DuplicateDecision? decision, string? reason)
    {
        var read = new FieldReader();
        if (decision is not { } chosen || !Enum.IsDefined(chosen)) { read.Fault("decision", new("请选择怎样处理", "Choose what to do")); return read.Errors; }
        if (string.IsNullOrWhiteSpace(reason)) return Refusal.Of(RefusalCode.ReasonMissing);
        var why = PlainReason.Read(read, reason);
        if (read.Errors.Count > 0) return read.Errors;
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await DecisionStore.LockAsync(connection, transaction, county.Region, id) is not { } doubt) return Refusal.Of(RefusalCode.NotFound);
        if (doubt.Decision is { } before) return Refusal.Of(RefusalCode.DuplicateWrongStep, before.Name());
        if (!DuplicateCase.ChoicesOf(doubt.Kind, doubt.PersonId is not null).Contains(chosen))
            return new List<FieldError> { new("decision", new("这种情况不能这样处理", "Not a decision for a case of this kind")) };
        var cause = new ChangeCause(actor.Account, Reason: why);
        if (await CarryOutAsync(connection, transaction, doubt, chosen, cause, now) is { } refusal) return refusal;
        await DecisionStore.DecideAsync(connection, transaction, id, chosen, why, actor.Account, now);
        await AuditTrail.AppendAsync(connection, transaction, now, actor.Account, "duplicate.decide", $"duplicate:{id}", $"{chosen}: {why}",
            Ground.Given(why, Permission.DecideDuplicate));
        await transaction.CommitAsync();
        return Nothing.Value;
    }

    private async Task<Refusal?> CarryOutAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, LockedCase doubt, DuplicateDecision decision, ChangeCause cause, DateTimeOffset now)
    {
        switch (decision)
        {
            case DuplicateDecision.Reject:
                return null;
            case DuplicateDecision.Merge:
                return await merge.RunAsync(connection, transaction, doubt.PersonId!.Value, doubt.OtherId!.Value, cause, now);
            default:
                return await TakeRowAsync(connection, transaction, doubt, keepsName: decision == DuplicateDecision.KeepOld, cause, now);
        }
    }

    /// <summary>What the row says is written as an import would have; the person goes onto its list.</summary>
    private async Task<Refusal?> TakeRowAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, LockedCase doubt, bool keepsName, ChangeCause cause, DateTimeOffset now)
    {
        var statement = new SealedRow(personalData).Open(doubt.RowSealed!);
        byte[][] hash = [personalData.LookupHash(statement.Number)];
        var known = (await PersonRowStore.LockKnownAsync(connection, transaction, county.Region, hash)).Values.SingleOrDefault();
        var gone = (await DepartureStore.GoneAsync(connection, transaction, county.Region, hash)).Values.Select(left => ((PersonId Id, bool IsMerged)?)left).SingleOrDefault();
        if (gone is { IsMerged: true }) return Refusal.Of(RefusalCode.DuplicateWrongStep, new Words("其中一人已不在登记册", "one of them has left the register"));
        if (gone is { } left) await DepartureStore.ReturnAsync(connection, transaction, county.Region, [left.Id], cause, now);
        if (keepsName && known is not null) statement = statement with { Name = known.Name };
        await writer.WriteAsync(connection, transaction, [statement], isDemo: false, doubt.ListId, cause, now);
        return null;
    }
}
