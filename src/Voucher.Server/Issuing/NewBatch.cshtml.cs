using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Issuing.Judging;
using Voucher.Server.Policies;
using Voucher.Server.Portal;

namespace Voucher.Server.Issuing;

/// <summary>A clerk draws up a batch; the counts are tried out as the form is filled in.</summary>
[Authorize(Policy = Permission.DraftBatch)]
public sealed class NewBatchModel(NpgsqlDataSource database, DraftBatch draft, PolicyStore policies, County county, TimeProvider clock) : PortalPage
{
    public sealed class BatchForm
    {
        public string? Name { get; set; }
        public string Kind { get; set; } = nameof(VoucherKind.FaceValue);
        public int? Scope { get; set; }
        public string? FaceValue { get; set; }
        public DateOnly? ValidFrom { get; set; }
        public DateOnly? ValidUntil { get; set; }
        public int? BudgetLine { get; set; }
        public bool Everyone { get; set; }
        public int[] Townships { get; set; } = [];
        public string[] Categories { get; set; } = [];
        public int[] Lists { get; set; } = [];
    }

    [BindProperty(Name = "f")]
    public BatchForm Form { get; set; } = new();

    public Choices Choices { get; private set; } = null!;

    /// <summary>The dry run, when there was one.</summary>
    public DryRun? DryRun { get; private set; }

    public string? FaultOf(string field) =>
        ModelState.TryGetValue(field, out var entry) && entry.Errors.Count > 0 ? entry.Errors[0].ErrorMessage : null;

    public async Task OnGetAsync()
    {
        var today = CountyTime.DayOf(clock.GetUtcNow());
        var policy = await policies.InForceOnAsync(today);
        Form.ValidFrom = today;
        Form.ValidUntil = today.AddDays(policy.Parameters.ValidityDays - 1);
        await LoadAsync();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (NameUnreadableFields())
        {
            await LoadAsync();
            return Page();
        }
        if (Accept(await draft.RunAsync(Request(), Actor), out var id))
        {
            Done = Said("批次已拟定，等待另一位同事审批。", "Drafted; another colleague must approve it.");
            return Redirect($"/issuing/batches/{id}");
        }
        await TryOutAsync();
        await LoadAsync();
        return Page();
    }

    /// <summary>The dry run as a piece of the page, for the script; nothing is kept.</summary>
    public async Task<IActionResult> OnPostPreviewAsync()
    {
        await TryOutAsync();
        return Partial("/Issuing/_DryRun.cshtml", DryRun);
    }

    /// <summary>What could not be bound, such as a date that is none, is named as the use case names it.</summary>
    private bool NameUnreadableFields()
    {
        var unreadable = ModelState.Where(entry => entry.Value!.Errors.Count > 0).Select(entry => entry.Key).ToList();
        foreach (var key in unreadable)
        {
            var field = key.Split('.', '[')[1];
            var name = field is "Townships" or "Categories" or "Lists" or "Everyone" ? "people" : field switch
            {
                "BudgetLine" => "budgetLineId",
                "FaceValue" => "faceValueFen",
                _ => char.ToLowerInvariant(field[0]) + field[1..],
            };
            ModelState.AddModelError(name, Said("格式不对", "Wrong format"));
        }
        return unreadable.Count > 0;
    }

    private async Task TryOutAsync()
    {
        // Only whom the batch is for decides who is eligible: what is still missing elsewhere is stood in for.
        var complete = Request() with { Name = "试算", Kind = nameof(VoucherKind.FaceValue) };
        complete = complete with { FaceValueFen = complete.FaceValueFen is > 0 ? complete.FaceValueFen : 1, BudgetLineId = Form.BudgetLine ?? await AnyLineAsync() };
        if (await draft.PreviewAsync(complete) is Outcome<DryRun>.Done(var run)) DryRun = run;
    }

    private async Task<int?> AnyLineAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        return (await ChoiceStore.ReadAsync(connection, county.Region)).BudgetLines.Select(line => (int?)line.Id).FirstOrDefault();
    }

    private new BatchRequest Request() => new(
        Form.Name, Form.Kind, Form.Scope, Fen.TryParseYuan(Form.FaceValue, out var fen) ? fen.Value : null,
        Form.ValidFrom, Form.ValidUntil, Form.BudgetLine,
        new PeopleRequest(Form.Everyone, Form.Townships, Form.Categories, Form.Lists, null));

    private async Task LoadAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        Choices = await ChoiceStore.ReadAsync(connection, county.Region);
    }

    private static string Said(string zh, string en) => Speech.IsEnglish ? en : zh;
}
