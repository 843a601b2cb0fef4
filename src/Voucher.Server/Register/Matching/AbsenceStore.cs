using Voucher.Core.Matching;

namespace Voucher.Server.Register.Matching;

/// <summary>Complete lists whose missing people wait for a second person.</summary>
public sealed class AbsenceStore(NpgsqlDataSource database, County county)
{
    private sealed record HeldList(MatchSource Source, DateOnly AsOf, bool IsHeld, StaffId HandedInBy);

    /// <summary>From now on whoever is not in the list is in it no more: what still stands of earlier ones ends.</summary>
    /// <returns>How many hits ended.</returns>
    public async Task<Outcome<int>> ConfirmAsync(long run, string reason, Actor by, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        // The list before its hits, as a list that is being finished locks them, too.
        var list = await connection.QuerySingleOrDefaultAsync<HeldList>($"""
            select r.source, r.as_of, {MatchSuccessionStore.IsHeld} as is_held, a.staff_id as handed_in_by
            from match_run r join account a on a.id = r.created_by
            where r.region = @Region and r.id = @run and r.status = 3 for no key update of r
            """, new { county.Region, run }, transaction);
        if (list is null) return Refusal.Of(RefusalCode.NotFound);
        if (!list.IsHeld) return Refusal.Of(RefusalCode.WrongStep, new Words("没有待确认的缺失", "nobody missing waits to be confirmed"));
        if (list.HandedInBy == by.Staff) return Refusal.Of(RefusalCode.SamePerson, new Words("上传名单", "handed in the list"));
        await connection.ExecuteAsync(
            "update match_run set confirmed_at = @now, confirmed_by = @Account, confirmed_reason = @reason where id = @run",
            new { run, by.Account, reason, now }, transaction);
        var ended = await MatchSuccessionStore.EndEarlierAsync(connection, transaction, county.Region, run, list.Source, list.AsOf, endsAbsent: true, now);
        await connection.ExecuteAsync("update match_run set ended = ended + @ended where id = @run", new { run, ended }, transaction);
        await AuditTrail.AppendAsync(connection, transaction, now, by.Account, "match.confirm-absence", $"match:{run}", $"ended={ended}: {reason}", Ground.Given(reason, Permission.RunMatching));
        await transaction.CommitAsync();
        return ended;
    }
}
