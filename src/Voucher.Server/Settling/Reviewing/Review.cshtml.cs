using Microsoft.AspNetCore.Authorization;
using Voucher.Server.Portal;

namespace Voucher.Server.Settling.Reviewing;

/// <summary>All claims under review, the most urgent first: days left, whose turn it is, how far.</summary>
[Authorize(Policy = Permission.ReadClaims)]
public sealed class ReviewModel(ReviewWork work) : PortalPage
{
    public IReadOnlyList<OpenClaim> Claims { get; private set; } = [];

    /// <summary>Years whose holidays nobody has entered, though a deadline counts days of them.</summary>
    public IReadOnlyList<int> MissingYears { get; private set; } = [];

    public int Overdue => Claims.Count(claim => claim.Deadline.IsOverdue);
    public int Urgent => Claims.Count(claim => claim.Deadline.IsUrgent);

    public async Task OnGetAsync()
    {
        Claims = await work.ListAsync(Actor);
        MissingYears = [.. Claims.SelectMany(claim => claim.Deadline.MissingYears).Distinct().Order()];
    }
}
