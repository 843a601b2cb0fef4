namespace Voucher.Server.Portal;

/// <summary>The first page: what waits for the person, and the ways on.</summary>
public sealed class HomeModel(WorkListStore store, RecoveryWork recovering, Reporting.ProgressReports.DueReports reports, Settling.Reviewing.ReviewWork review) : PortalPage
{
    public IReadOnlyList<WorkItem> Work { get; private set; } = [];

    /// <summary>Classes with a session today: all of the county, or the institution's.</summary>
    public long ClassesToday { get; private set; }

    public async Task OnGetAsync()
    {
        var counts = await store.ReadAsync(Actor);
        if (Actor.May(Permission.SendReport)) counts = counts with { ReportsDue = await reports.CountAsync() };
        if (Actor.May(Permission.ReviewClaim) || Actor.May(Permission.PhoneCheck) || Actor.May(Permission.SubmitClaim))
            counts = counts with { Review = await review.CountAsync(Actor) };
        if (Actor.May(Permission.ReadRecoveries)) counts = counts with { Recovering = await recovering.CountAsync(Actor) };
        (Work, ClassesToday) = (WorkItem.For(Actor, counts), counts.ClassesToday);
    }
}
