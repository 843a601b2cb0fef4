using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using Voucher.Core.Wire;
using Voucher.Server.Portal;

namespace Voucher.Server.Terminals;

/// <summary>The fleet: every terminal, those in trouble first with the reason in words; and the way to a new one.</summary>
[Authorize(Policy = Permission.PairTerminal)]
public sealed class TerminalsModel(FleetStore fleet, TerminalStore terminals, PairTerminal pairing, TimeProvider clock) : PortalPage
{
    public sealed record Line(FleetRow Terminal, IReadOnlyList<FleetTrouble> Troubles);

    /// <summary>Over the whole county, whatever the filter.</summary>
    public sealed record Totals(int Active, int Online, int InTrouble, int Waiting, int Pending);

    public IReadOnlyList<Line> Lines { get; private set; } = [];

    public Totals Count { get; private set; } = new(0, 0, 0, 0, 0);

    public bool HasAny { get; private set; }

    public bool HasMore { get; private set; }

    public IReadOnlyList<(InstitutionId Id, string Name)> Institutions { get; private set; } = [];

    /// <summary>Kinds of trouble that occur at present, for the filter.</summary>
    public IReadOnlyList<TroubleKind> Kinds { get; private set; } = [];

    /// <summary>A code just made; it is shown this once.</summary>
    public string? Code { get; private set; }

    /// <summary>Chosen in the form for a new terminal.</summary>
    public int Institution { get; private set; }

    // What is filtered for; a query that makes no sense filters nothing.
    public int? OfInstitution { get; private set; }

    public string? OfTrouble { get; private set; }

    public int Number { get; private set; } = 1;

    public Task OnGetAsync(string? institutionId, string? trouble, string? pageNumber)
    {
        OfInstitution = int.TryParse(institutionId, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
        OfTrouble = FleetList.IsTrouble(trouble) ? trouble : null;
        Number = int.TryParse(pageNumber, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= Api.ListPage.Last ? number : 1;
        return LoadAsync();
    }

    public async Task OnPostCodeAsync(int institution)
    {
        Institution = institution;
        if (Accept(await pairing.NewCodeAsync(Actor, new InstitutionId(institution)), out var code)) Code = code;
        await LoadAsync();
    }

    public async Task<IActionResult> OnPostConfirmAsync(int id)
    {
        if (Accept(await pairing.ConfirmAsync(Actor, new TerminalId(id))))
        {
            Done = new Words("终端已启用", "The terminal is active").In(Speech.Language);
            return RedirectToPage();
        }
        await LoadAsync();
        return Page();
    }

    public string PageUrl(int number) => QueryHelpers.AddQueryString("/terminals", new Dictionary<string, string?>
    {
        ["institutionId"] = OfInstitution?.ToString(CultureInfo.InvariantCulture),
        ["trouble"] = OfTrouble,
        ["pageNumber"] = number.ToString(CultureInfo.InvariantCulture),
    });

    public static Words NameOf(TroubleKind kind) => kind switch
    {
        TroubleKind.Quarantined => new("已隔离", "Quarantined"),
        TroubleKind.TooOld => new("程序太旧", "Program too old"),
        TroubleKind.ScansWait => new("有扫码待补送", "Scans wait"),
        TroubleKind.NeverSeen => new("从未联系", "Never seen"),
        TroubleKind.Silent => new("没有联系", "Silent"),
        TroubleKind.ClockOff => new("时钟不准", "Clock is off"),
        TroubleKind.NoReader => new("没有读码设备", "No reader"),
        TroubleKind.FewAccepted => new("受理率低", "Few accepted"),
        TroubleKind.ListOld => new("状态清单旧", "Status list old"),
        TroubleKind.ProgramOld => new("程序旧", "Program old"),
        _ => new("待确认", "To be confirmed"),
    };

    private async Task LoadAsync()
    {
        var now = clock.GetUtcNow();
        Institutions = await terminals.InstitutionsAsync();
        List<Line> all = [.. (await fleet.ListAsync(now)).Select(row => new Line(row, FleetTrouble.Of(row, now)))];
        HasAny = all.Count > 0;
        Kinds = [.. all.SelectMany(line => line.Troubles).Select(trouble => trouble.Kind).Distinct().Order()];
        Count = new Totals(
            all.Count(line => line.Terminal.Status == TerminalStatus.Active),
            all.Count(line => line.Terminal.IsOnline),
            all.Count(line => line.Terminal.Status != TerminalStatus.Pending && line.Troubles.Count > 0),
            all.Where(line => line.Terminal.Status != TerminalStatus.Revoked).Sum(line => line.Terminal.Waiting),
            all.Count(line => line.Terminal.Status == TerminalStatus.Pending));
        var chosen = FleetList.Choose(all, OfInstitution, OfTrouble)
            .Skip((Number - 1) * PageSize).Take(PageSize + 1).ToList();
        (Lines, HasMore) = ([.. chosen.Take(PageSize)], chosen.Count > PageSize);
    }
}
