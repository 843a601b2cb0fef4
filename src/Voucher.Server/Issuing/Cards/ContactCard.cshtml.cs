using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Policies;
using Voucher.Server.Portal;

namespace Voucher.Server.Issuing.Cards;

/// <summary>技能扶贫联系卡 of a class (text 002): time, place, content, institution and contact, in two copies.</summary>
[Authorize(Policy = Permission.ReadClasses)]
public sealed class ContactCardModel(NpgsqlDataSource database, PolicyStore policies, County county, TimeProvider clock) : PortalPage
{
    /// <summary>Sessions that a card has room for.</summary>
    public const int MostSessions = 12;

    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    public ClassCard Class { get; private set; } = null!;

    public IReadOnlyList<CardSession> Sessions { get; private set; } = [];

    public Rule Rule { get; private set; } = null!;

    public County County => county;

    public async Task<IActionResult> OnGetAsync()
    {
        if (!ModelState.IsValid) return NotFound();
        await using var connection = await database.OpenConnectionAsync();
        if (await CardStore.FindAsync(connection, county.Region, new ClassId(Id)) is not { } found) return NotFound();
        if (Actor.Institution is { } own && own != found.InstitutionId) return NotFound();
        Class = found;
        Sessions = await CardStore.SessionsAsync(connection, found.Id, MostSessions);
        Rule = (await policies.InForceOrLastAsync(CountyTime.DayOf(clock.GetUtcNow()))).RuleOf(Clause.Delivery);
        return Page();
    }
}
