using Microsoft.AspNetCore.Authorization;
using Voucher.Server.Ledger.Budget;
using Voucher.Server.Portal;
using Voucher.Server.Settling.Claims;
using Voucher.Server.Settling.Payments;

namespace Voucher.Server.Settling.Forms;

/// <summary>Which forms there are, and of what; an institution sees its own.</summary>
[Authorize(Policy = Permission.ReadForms)]
public sealed class FormsModel(ClaimReading claims, PaymentReading payments, BudgetStore budget, FormChoiceStore choices, TimeProvider clock) : PortalPage
{
    /// <summary>Newest claims and payments that are offered; older ones have the form on their own page.</summary>
    private const int Newest = 20;

    public IReadOnlyList<ClaimSummary> Claims { get; private set; } = [];
    public IReadOnlyList<PaymentSummary> Payments { get; private set; } = [];
    public IReadOnlyList<BudgetLine> Lines { get; private set; } = [];
    public IReadOnlyList<FormChoice> Institutions { get; private set; } = [];
    public DateOnly Today { get; private set; }
    public DateOnly MonthStart => new(Today.Year, Today.Month, 1);

    public async Task OnGetAsync()
    {
        Today = CountyTime.DayOf(clock.GetUtcNow());
        Claims = await claims.ListAsync(Actor, ClaimQueue.All, 0, Newest);
        if (Actor.May(Permission.ReadPayments)) Payments = await payments.ListAsync(0, Newest);
        if (Actor.May(Permission.ReadLedger)) Lines = await budget.ListAsync();
        Institutions = await choices.InstitutionsAsync(Actor);
    }
}

/// <summary>One institution that has claimed.</summary>
public sealed record FormChoice(int Id, string Name);

/// <summary>Of what forms can be made.</summary>
public sealed class FormChoiceStore(NpgsqlDataSource database)
{
    /// <summary>Institutions that have claimed; to an institution its own alone.</summary>
    public async Task<IReadOnlyList<FormChoice>> InstitutionsAsync(Actor actor)
    {
        await using var connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<FormChoice>("""
            select i.id, i.name from institution i
            where (@own::int is null or i.id = @own) and exists (select from claim c where c.institution_id = i.id) order by i.name
            """, new { own = actor.Institution?.Value })).AsList();
    }
}
