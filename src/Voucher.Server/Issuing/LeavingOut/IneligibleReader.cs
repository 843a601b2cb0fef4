using Voucher.Server.Issuing.Judging;
using Voucher.Server.Policies;
using Voucher.Server.Portal;

namespace Voucher.Server.Issuing.LeavingOut;

/// <summary>Reads who of a batch may no longer have a voucher, with the reasons of each.</summary>
public sealed class IneligibleReader(NpgsqlDataSource database, PolicyStore policies, County county, TimeProvider clock)
{
    /// <summary>Names stand in the list: it is for those who ask and those who decide.</summary>
    public static bool MayRead(Actor actor) => actor.May(Permission.DraftBatch) || actor.May(Permission.ApproveBatch);

    /// <summary>Whether people can be left out of it now: before the approval, or while it is paused.</summary>
    public static bool IsOpen(Batch batch) => batch.Status == BatchStatus.Drafted || batch.IsPaused;

    /// <summary>The parameters by which reasons are told: of the pack that the batch was drafted under.</summary>
    public async Task<PolicyParameters> RulesOfAsync(Batch batch) => (await policies.GetAsync(batch.PolicyId)).Parameters;

    /// <summary>Judges once: the mark that is decided by is that of the very list whose page is shown.</summary>
    /// <param name="page">From 1; clamped to what there is.</param>
    public async Task<IneligibleView> ReadAsync(Batch batch, int page)
    {
        var policy = await policies.GetAsync(batch.PolicyId);
        var today = CountyTime.DayOf(clock.GetUtcNow());
        await using var connection = await database.OpenConnectionAsync();
        var list = await FrozenPeople.ReadAsync(connection, null, county.Region, batch, policy, today);
        page = Math.Clamp(page, 1, Math.Max(1, (list.People.Count + PortalPage.PageSize - 1) / PortalPage.PageSize));
        var people = await JudgementStore.NamedAsync(connection, list.People.Skip((page - 1) * PortalPage.PageSize).Take(PortalPage.PageSize));
        return new(batch, policy, list.Mark, people, page, list.People.Count, await LeaveOutStore.OpenAsync(connection, batch.Id));
    }
}
