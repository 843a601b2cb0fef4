using Microsoft.AspNetCore.Authorization;
using Voucher.Core.Promises;
using Voucher.Server.Portal;

namespace Voucher.Server.Promises;

/// <summary>What the texts promise beside the voucher, each with its funnel: who may have it, was told, applied, received.</summary>
[Authorize(Policy = Permission.ReadPromises)]
public sealed class PromisesModel(PromiseCatalogue catalogue, PromiseReading reading) : PortalPage
{
    public IReadOnlyList<(Promise Promise, PromiseFunnel Funnel)> Rows { get; private set; } = [];

    public async Task OnGetAsync()
    {
        List<(Promise, PromiseFunnel)> rows = [];
        foreach (var promise in catalogue.All) rows.Add((promise, PromiseFunnel.Of(await reading.PeopleAsync(Actor, promise, null))));
        Rows = rows;
    }
}
