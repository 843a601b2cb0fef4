using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Institutions;
using Voucher.Server.Policies;
using Voucher.Server.Portal;
using Voucher.Server.Programmes;

namespace Voucher.Server.Classes;

/// <summary>What the class form shows beside the fields.</summary>
/// <param name="Programmes">Those that the institution may teach.</param>
public sealed record ClassFormView(ClassForm Form, Institution Institution, IReadOnlyList<Programme> Programmes, int PracticePercent);

/// <summary>A page with the class form, for people of an institution.</summary>
public abstract class ClassFormPage(InstitutionStore institutions, ProgrammeStore programmes, PolicyStore policies, TimeProvider clock) : PortalPage
{
    [BindProperty]
    public ClassForm Form { get; set; } = ClassForm.Empty;

    public ClassFormView FormView { get; private set; } = null!;

    protected async Task ShowFormAsync()
    {
        var own = Actor.Institution ?? throw new InvalidOperationException("Only people of an institution open classes.");
        var policy = await policies.InForceOrLastAsync(CountyTime.DayOf(clock.GetUtcNow()));
        FormView = new ClassFormView(
            Form, (await institutions.FindAsync(own))!, await programmes.TaughtByAsync(own), policy.Parameters.PracticePercent);
    }
}
