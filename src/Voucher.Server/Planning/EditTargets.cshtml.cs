using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Core.Planning;
using Voucher.Server.Portal;

namespace Voucher.Server.Planning;

/// <summary>The grid in which a target of a draft is divided in one way.</summary>
[Authorize(Policy = Permission.EditPlan)]
public sealed class EditTargetsModel(PlanStore plans, PlanNamesStore names, SaveTargets save) : PortalPage
{
    private const int EmptyRows = 5;

    [BindProperty(SupportsGet = true)]
    public int Id { get; set; }

    [BindProperty(SupportsGet = true, Name = "target")]
    public long TargetNo { get; set; }

    [BindProperty(SupportsGet = true, Name = "by")]
    public TargetSplit? By { get; set; }

    [BindProperty]
    public string? People { get; set; }

    [BindProperty]
    public List<TargetRow> Rows { get; set; } = [];

    public Plan Plan { get; private set; } = null!;
    public Target Target { get; private set; } = null!;
    public PlanNames Names { get; private set; } = null!;

    /// <summary>The ways in which the target can still be divided.</summary>
    public IReadOnlyList<TargetSplit> Ways { get; private set; } = [];

    public TargetSplit Split => By is { } by && Ways.Contains(by) ? by : Ways[0];
    /// <summary>Parts for which the page has no room; they stay as they are.</summary>
    public IReadOnlyList<Target> Unlisted { get; private set; } = [];

    public long Sum => Rows.Sum(row => (long)(TargetGrid.PeopleOf(row.People) ?? 0)) + Unlisted.Sum(part => (long)part.People);

    /// <summary>Whether the key of a row is typed, or chosen by the row.</summary>
    public bool IsNamed => Split is TargetSplit.Department or TargetSplit.Item;

    public Words NameOf(TargetRow row) => Split switch
    {
        TargetSplit.Year => new($"{row.Key}年", row.Key ?? ""),
        TargetSplit.Township => Names.TownshipName(NumberOf(row.Key)) ?? Same(null),
        _ => Same(Names.ScopeName(NumberOf(row.Key))),
    };

    public string? ProblemOf(string field) => ModelState[field]?.Errors.FirstOrDefault()?.ErrorMessage;

    public async Task<IActionResult> OnGetAsync()
    {
        if (!await LoadAsync()) return NotFound();
        People = Target.People.ToString(CultureInfo.InvariantCulture);
        Rows = await RowsAsync();
        return await ShowAsync();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!await LoadAsync()) return NotFound();
        if (Rows.Count == 0) Rows = await RowsAsync();
        if (ModelState.IsValid && Accept(await save.RunAsync(Actor, new PlanId(Id), new TargetId(TargetNo), Split, People ?? "", Rows)))
        {
            Done = new Words("分解已保存。", "The parts are saved.").In(Speech.Language);
            return LocalRedirect($"/planning/{Id}/{TargetNo}");
        }
        return await ShowAsync();
    }

    private async Task<IActionResult> ShowAsync()
    {
        Unlisted = [.. (await plans.TreeAsync(Plan.Id)).Parts(Target, Split).Where(part => !Rows.Exists(row => row.IsOf(part)))];
        return Page();
    }

    private async Task<bool> LoadAsync()
    {
        if (await plans.FindAsync(new PlanId(Id)) is not { Status: PlanStatus.Draft } plan) return false;
        var tree = await plans.TreeAsync(plan.Id);
        if (tree.Find(new TargetId(TargetNo)) is not { } target) return false;
        (Plan, Target, Names) = (plan, target, await names.ReadAsync());
        var place = tree.PlaceOf(target);
        Ways = [.. TargetSplits.Ways.Where(way => way switch
        {
            TargetSplit.Year => place.Year is null,
            TargetSplit.Department => place.Department is null,
            TargetSplit.Township => place.Township is null,
            TargetSplit.Programme => place.Scope is null,
            _ => true,
        })];
        return true;
    }

    /// <summary>Every year, township and programme there is, with what is planned; departments and actions as far as named, and room for more.</summary>
    private async Task<List<TargetRow>> RowsAsync()
    {
        var parts = (await plans.TreeAsync(Plan.Id)).Parts(Target, Split).ToList();
        IEnumerable<string> keys = Split switch
        {
            TargetSplit.Year => Enumerable.Range(Plan.FirstYear, Plan.LastYear - Plan.FirstYear + 1).Select(Text),
            TargetSplit.Township => Names.Townships.Select(township => Text(township.Code)),
            TargetSplit.Programme => Names.Scopes.Select(scope => Text(scope.Code)),
            TargetSplit.Department => Names.Departments.Union(parts.Select(part => part.Department!)),
            _ => parts.Select(part => part.Item!),
        };
        var rows = Shown(keys, parts).Select(key => parts.Find(part => TargetGrid.KeyOf(part) == key) is { } part
            ? new TargetRow(key, Text(part.People), part.Responsible, part.Split == TargetSplit.Item ? part.Scope : null, key)
            : new TargetRow(key, null)).ToList();
        if (IsNamed) rows.AddRange(Enumerable.Repeat(new TargetRow(null, null), EmptyRows));
        return rows;
    }

    /// <summary>What is planned comes first when there is more than a page holds; the order stays.</summary>
    private static IEnumerable<string> Shown(IEnumerable<string> keys, IEnumerable<Target> parts)
    {
        var planned = parts.Select(TargetGrid.KeyOf).Take(PlanLimits.MostParts - EmptyRows).ToHashSet(StringComparer.Ordinal);
        var all = keys.Union(planned).ToList();
        var others = all.Where(key => !planned.Contains(key)).Take(PlanLimits.MostParts - EmptyRows - planned.Count).ToHashSet(StringComparer.Ordinal);
        return all.Where(key => planned.Contains(key) || others.Contains(key));
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static int? NumberOf(string? key) => int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static Words Same(string? name) => new(name ?? "？", name ?? "?");
}
