using System.Text;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Portal;
using Voucher.Server.Programmes;

namespace Voucher.Server.Policies;

/// <summary>One pack: every parameter with the clause that it rests on.</summary>
[Authorize(Policy = Permission.ReadPolicies)]
public sealed class OnePolicyModel(PolicyStore policies, ProgrammeStore programmes, NpgsqlDataSource database, TimeProvider clock) : PortalPage
{
    public Policy Pack { get; private set; } = null!;

    public PolicyStanding Standing { get; private set; }

    public TradeNames Trades { get; private set; } = new([]);

    public IReadOnlyList<PolicyLine> Lines => PolicyLines.Of(Pack, Trades.Of);

    public async Task<IActionResult> OnGetAsync(int id)
    {
        if (!await LoadAsync(id)) return NotFound();
        Trades = new(await programmes.TradesAsync());
        return Page();
    }

    /// <summary>The pack as a file, for another county or for the next version.</summary>
    public async Task<IActionResult> OnGetJsonAsync(int id)
    {
        if (!await LoadAsync(id)) return NotFound();
        await Spreadsheets.ExportTrail.NoteAsync(database, Actor, "policy.export", $"policy:{id}", Ground.Under(Permission.ReadPolicies), clock.GetUtcNow());
        return File(Encoding.UTF8.GetBytes(PolicyDocument.Of(Pack).ToJson()), "application/json", $"policy-{Pack.Region}-{Pack.Id}.json");
    }

    private async Task<bool> LoadAsync(int id)
    {
        var packs = await policies.ListAsync();
        if (packs.FirstOrDefault(pack => pack.Id.Value == id) is not { } known) return false;
        (Pack, Standing) = (known, PolicyCalendar.StandingOf(known, packs, CountyTime.DayOf(clock.GetUtcNow())));
        return true;
    }
}
