using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Portal;

namespace Voucher.Server.Vouchers.Expiry;

/// <summary>What expires in the next days, while something can still be done about it, and what the last runs gave back.</summary>
[Authorize(Policy = Permission.ReadBatches)]
public sealed class ExpiryModel(NpgsqlDataSource database, County county, TimeProvider clock) : PortalPage
{
    /// <summary>Batches and townships shown; more than these are seen by choosing fewer days.</summary>
    public const int MostGroups = 200;

    /// <summary>Days of past runs shown.</summary>
    public const int DaysOfRuns = 14;

    public static readonly int[] Ahead = [7, 30];

    [BindProperty(SupportsGet = true)]
    public int Days { get; set; } = Ahead[0];

    public IReadOnlyList<ExpiringSoon> Soon { get; private set; } = [];

    public IReadOnlyList<ReleasedOn> Released { get; private set; } = [];

    public async Task OnGetAsync()
    {
        if (!Ahead.Contains(Days)) Days = Ahead[0];
        var today = CountyTime.DayOf(clock.GetUtcNow());
        await using var connection = await database.OpenConnectionAsync();
        Soon = await ExpiryStore.SoonAsync(connection, county.Region, today, today.AddDays(Days), MostGroups);
        Released = await ExpiryStore.ReleasedAsync(connection, county.Region, DaysOfRuns);
    }
}
