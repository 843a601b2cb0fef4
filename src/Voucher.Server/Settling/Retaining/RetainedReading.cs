using Voucher.Core.Settling;
using Voucher.Server.Policies;

namespace Voucher.Server.Settling.Retaining;

/// <summary>Retained money of one institution, in its parts; they add up.</summary>
/// <param name="DueFen">Its time is over and nothing speaks against it.</param>
/// <param name="BlockedFen">Its time is over and something does.</param>
public sealed record RetainedOfInstitution(InstitutionId InstitutionId, string Institution, int Lines, Fen DueFen, Fen BlockedFen, Fen LaterFen, Fen DraftedFen, DateOnly? NextOn);

public sealed record RetainedListSummary(
    long Id, bool IsRelease, string Reason, int Lines, Fen AmountFen, string DraftedBy, DateTimeOffset DraftedAt, bool? Approved, string? DecidedBy, DateTimeOffset? DecidedAt,
    string? RefusalReason);

public static class RetainedListWords
{
    public static Words Name(bool? approved) => approved switch
    {
        null => new("待批准", "To approve"),
        true => new("已批准", "Approved"),
        false => new("已退回", "Refused"),
    };

    public static Words Kind(bool isRelease) => isRelease ? new("释放", "Release") : new("不予释放", "Forfeit");
}

/// <summary>Reads what is kept back, for the county's page, lists and API.</summary>
public sealed class RetainedReading(NpgsqlDataSource database, PolicyStore policies, County county, TimeProvider clock)
{
    public async Task<IReadOnlyList<RetainedLine>> ListAsync(int? institution, int skip, int take)
    {
        var today = CountyTime.DayOf(clock.GetUtcNow());
        var policy = await policies.InForceOrLastAsync(today);
        await using var connection = await database.OpenConnectionAsync();
        var blocks = await PaymentBlocks.ReadAsync(connection, null, today, policy);
        return await RetainedStore.ListAsync(connection, county.Region, blocks, institution, skip, take);
    }

    /// <summary>What is still kept, by institution.</summary>
    public async Task<IReadOnlyList<RetainedOfInstitution>> ByInstitutionAsync()
    {
        var today = CountyTime.DayOf(clock.GetUtcNow());
        var kept = (await ListAsync(null, 0, int.MaxValue)).Where(line => line.Money.State < RetainedState.Released);
        return [.. kept.GroupBy(line => (line.InstitutionId, line.Institution)).Select(group => Sum(group.Key.InstitutionId, group.Key.Institution, [.. group], today))];
    }

    private static RetainedOfInstitution Sum(InstitutionId id, string name, IReadOnlyList<RetainedLine> lines, DateOnly today)
    {
        Fen Of(Func<RetainedMoney, bool> part) => lines.Where(line => part(line.Money)).Aggregate(Fen.Zero, (sum, line) => sum + line.Retained);
        bool IsKept(RetainedMoney money) => money.State == RetainedState.Kept;
        var later = lines.Where(line => IsKept(line.Money) && line.Money.Until >= today).Select(line => (DateOnly?)line.Money.Until).Min();
        return new RetainedOfInstitution(
            id, name, lines.Count, Of(money => money.IsDueOn(today)), Of(money => IsKept(money) && money.Until < today && !money.IsDueOn(today)),
            Of(money => IsKept(money) && money.Until >= today), Of(money => !IsKept(money)), later?.AddDays(1));
    }

    /// <summary>Newest first; those that wait before the others.</summary>
    public async Task<IReadOnlyList<RetainedListSummary>> ListsAsync(int skip, int take)
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<RetainedListSummary>("""
            select r.id, r.is_release, r.reason, r.lines, r.amount_fen, d.name as drafted_by, r.drafted_at, r.approved, a.name as decided_by, r.decided_at, r.refusal_reason
            from retained_list r
            join staff d on d.id = r.drafted_by_staff
            left join staff a on a.id = r.decided_by_staff
            where r.region = @Region order by r.approved is not null, r.id desc offset @skip limit @take
            """, new { county.Region, skip, take })];
    }
}
