using Microsoft.AspNetCore.Authorization;
using Voucher.Server.Portal;

namespace Voucher.Server.Programmes.Teaching;

/// <summary>What the approver has to decide, of all programmes.</summary>
[Authorize(Policy = Permission.DecideTeaching)]
public sealed class WaitingDocumentsModel(TeachingStore store) : PortalPage
{
    public IReadOnlyList<TeachingDocument> Waiting { get; private set; } = [];

    public async Task OnGetAsync() => Waiting = await store.WaitingAsync();
}
