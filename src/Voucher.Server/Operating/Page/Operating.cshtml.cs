using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Core.Tokens;
using Voucher.Server.Issuing.Keys;
using Voucher.Server.Portal;

namespace Voucher.Server.Operating.Page;

/// <summary>What an operator looks at: servers, scans, database, statements that are slow or wait. Complete without JavaScript.</summary>
[Authorize(Policy = Permission.Operate)]
public sealed class OperatingModel(InstanceStore instances, DatabaseStore database, IssuingKeys keys, County county) : PortalPage
{
    public IReadOnlyList<InstanceStore.Instance> Servers { get; private set; } = [];
    public IReadOnlyList<DatabaseStore.Session> Sessions { get; private set; } = [];

    /// <summary><c>null</c> where pg_stat_statements is not installed.</summary>
    public IReadOnlyList<DatabaseStore.Statement>? Costliest { get; private set; }

    public DatabaseStore.Figures Database { get; private set; } = null!;
    public DatabaseStore.InvariantRun? LastRun { get; private set; }
    public IReadOnlyList<IssuingKey> Keys { get; private set; } = [];

    public Task OnGetAsync() => ReadAsync();

    /// <summary>Only what moves, which the page's script puts in place of the old.</summary>
    public async Task<IActionResult> OnGetStandingAsync()
    {
        await ReadAsync();
        return Partial("/Operating/Page/_Standing.cshtml", this);
    }

    private async Task ReadAsync()
    {
        Servers = await instances.ListAsync();
        Sessions = await database.SessionsAsync();
        Costliest = await database.CostliestAsync();
        Database = await database.FiguresAsync();
        LastRun = await database.LastInvariantRunAsync();
        Keys = (await keys.SignedListAsync()).Open(keys.RootPublicKey(), county.Region)?.Keys ?? [];
    }
}
