using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Policies;
using Voucher.Server.Portal;

namespace Voucher.Server.Programmes;

/// <summary>What the programme's form shows.</summary>
public sealed record ProgrammeFormView(
    ProgrammeForm Form, string? SubsidyYuan, IReadOnlyList<Trade> Trades, Policy Policy, bool IsNew)
{
    public int PracticePercent => Policy.Parameters.PracticePercent;
}

/// <summary>A page with the programme's form; people type the subsidy in yuan.</summary>
public abstract class ProgrammeFormPage(ProgrammeStore programmes, PolicyStore policies, TimeProvider clock) : PortalPage
{
    [BindProperty]
    public ProgrammeForm Form { get; set; } = ProgrammeForm.Empty;

    [BindProperty]
    public string? SubsidyYuan { get; set; }

    public ProgrammeFormView? FormView { get; private set; }

    protected ProgrammeForm Typed => Form with { SubsidyFen = Fen.TryParseYuan(SubsidyYuan, out var subsidy) ? subsidy.Value : null };

    /// <summary>In force today.</summary>
    public Policy Policy { get; private set; } = null!;

    protected async Task LoadPolicyAsync() => Policy = await policies.InForceOrLastAsync(CountyTime.DayOf(clock.GetUtcNow()));

    protected async Task ShowFormAsync(bool isNew)
    {
        await LoadPolicyAsync();
        FormView = new ProgrammeFormView(Form, SubsidyYuan, await programmes.TradesAsync(), Policy, isNew);
    }

    protected static string Say(ProgrammeSaved saved) =>
        (saved.Warning is { } warning ? new Words($"已保存。注意：{warning.Zh}", $"Saved. Mind: {warning.En}") : new Words("已保存", "Saved")).In(Speech.Language);
}
