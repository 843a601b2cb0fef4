using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Core.Issuing;
using Voucher.Server.Api;
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
        public long[] Villages { get; set; } = [];
        public string[] Employment { get; set; } = [];
        public int[] Wishes { get; set; } = [];
        public bool OnDemandList { get; set; }

        /// <summary>Number of the batch that is drafted again, where its people are meant.</summary>
        public long? OfBatch { get; set; }

        /// <summary>Pasted identity numbers.</summary>
        public string? IdNumbers { get; set; }

        /// <summary>The same as a text file; what it holds goes into the field above.</summary>
        public IFormFile? NumberFile { get; set; }
    }

    [BindProperty(Name = "f")]
    public BatchForm Form { get; set; } = new();

    public Choices Choices { get; private set; } = null!;

    /// <summary>What the form has chosen and is offered no more.</summary>
    public PastChoices Past { get; private set; } = null!;

    /// <summary>The batch whose people are meant, when they are.</summary>
    public Batch? OfBatch { get; private set; }

    /// <summary>The dry run, when there was one.</summary>
    public DryRun? DryRun { get; private set; }

    /// <summary>The list behind the dry run, when one was asked for.</summary>
    public JudgedPage? Listed { get; private set; }

    public const string ShowEligible = "eligible";

    /// <summary><see cref="ShowEligible"/>, or the name of a reason.</summary>
    public string? Show { get; private set; }

    public Ineligibility? ShownReason => Enum.GetValues<Ineligibility>().Cast<Ineligibility?>().FirstOrDefault(known => known.ToString() == Show);

    public int ListPages => Listed is null ? 1 : Math.Max(1, (Listed.Total + PageSize - 1) / PageSize);

    public string? FaultOf(string field) =>
        ModelState.TryGetValue(field, out var entry) && entry.Errors.Count > 0 ? entry.Errors[0].ErrorMessage : null;

    /// <param name="from">The batch that is drafted again; none: an empty form.</param>
    public async Task<IActionResult> OnGetAsync(long? from)
    {
        if (!ModelState.IsValid) return NotFound();
        var today = CountyTime.DayOf(clock.GetUtcNow());
        var policy = await policies.InForceOrLastAsync(today);
        Form.ValidFrom = today;
        Form.ValidUntil = today.AddDays(policy.Parameters.ValidityDays - 1);
        if (from is { } id && !await FillAsync(new BatchId(id), today, policy)) return NotFound();
        await LoadAsync();
        return Page();
    }

    /// <summary>Puts the fields of a batch into the form, and whom it was for: the same choice, or, where people were named, those people.</summary>
    private async Task<bool> FillAsync(BatchId id, DateOnly today, Policy policy)
    {
        await using var connection = await database.OpenConnectionAsync();
        if (await BatchStore.FindAsync(connection, county.Region, id) is not { } old) return false;
        if (await DraftStore.SelectionAsync(connection, county.Region, id) is not { } selection) return false;
        Form = DraftAgain.Form(old, selection, today, policy.Parameters.ValidityDays);
        // What has become impossible since is said at once, where the clerk can still change it.
        if (Accept(await draft.PreviewAsync(await CompleteAsync()), out var run)) DryRun = run;
        return true;
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (NameUnreadableFields() || !await ReadFileAsync())
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

    /// <summary>Who would get a voucher, or would not for one reason; the form stays as it is.</summary>
    public async Task<IActionResult> OnPostPeopleAsync(string? show, string? p)
    {
        Show = show;
        if (Show != ShowEligible && ShownReason is null) return NotFound();
        var page = ListPage.Clamp(int.TryParse(p, CultureInfo.InvariantCulture, out var number) ? number : 1);
        if (!NameUnreadableFields() && await ReadFileAsync())
        {
            await TryOutAsync();
            var filter = Show == ShowEligible ? new JudgedFilter(true) : new JudgedFilter(false, ShownReason);
            if (Accept(await draft.ListAsync(await CompleteAsync(), filter, page), out var listed)) Listed = listed;
        }
        await LoadAsync();
        return Page();
    }

    /// <summary>The same list as a spreadsheet, all of it.</summary>
    public async Task<IActionResult> OnPostSheetAsync(string? show)
    {
        Show = show;
        if (Show != ShowEligible && ShownReason is null) return NotFound();
        var filter = Show == ShowEligible ? new JudgedFilter(true) : new JudgedFilter(false, ShownReason);
        if (!NameUnreadableFields() && await ReadFileAsync() && Accept(await draft.FileAsync(await CompleteAsync(), filter, Actor), out var file)) return file;
        await LoadAsync();
        return Page();
    }

    /// <summary>The dry run as a piece of the page, for the script; nothing is kept.</summary>
    public async Task<IActionResult> OnPostPreviewAsync()
    {
        if (await ReadFileAsync()) await TryOutAsync();
        return Partial("/Issuing/_DryRun.cshtml", DryRun);
    }

    /// <summary>What could not be bound, such as a date that is none, is named as the use case names it.</summary>
    private bool NameUnreadableFields()
    {
        var unreadable = ModelState.Where(entry => entry.Value!.Errors.Count > 0).Select(entry => entry.Key).ToList();
        foreach (var key in unreadable)
        {
            var field = key.Split('.', '[')[1];
            var name = field is "Townships" or "Villages" or "Categories" or "Lists" or "Everyone" or "Employment" or "Wishes" or "OnDemandList" or "OfBatch" or "IdNumbers" or "NumberFile" ? "people" : field switch
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
        if (await draft.PreviewAsync(await CompleteAsync()) is Outcome<DryRun>.Done(var run)) DryRun = run;
    }

    private async Task<BatchRequest> CompleteAsync()
    {
        // Only whom the batch is for decides who is eligible: what is still missing elsewhere is stood in for.
        var complete = Request() with { Name = "试算", Kind = nameof(VoucherKind.FaceValue) };
        return complete with { FaceValueFen = complete.FaceValueFen is > 0 ? complete.FaceValueFen : 1, BudgetLineId = Form.BudgetLine ?? await AnyLineAsync() };
    }

    /// <summary>Puts what a file holds into the field for numbers, where it can be seen.</summary>
    private async Task<bool> ReadFileAsync()
    {
        if (Form.NumberFile is not { Length: > 0 } file) return true;
        if (file.Length > LargestFileBytes)
        {
            ModelState.AddModelError("people.idNumbers", Said($"文件最大 {LargestFileBytes / 1024} KB", $"A file has at most {LargestFileBytes / 1024} KB"));
            return false;
        }
        using var reader = new StreamReader(file.OpenReadStream());
        Form.IdNumbers = $"{Form.IdNumbers}\n{await reader.ReadToEndAsync()}".Trim();
        return true;
    }

    /// <summary>A file of the most people named one by one, with line ends and some room.</summary>
    public const int LargestFileBytes = 256 * 1024;

    private async Task<int?> AnyLineAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        return (await ChoiceStore.ReadAsync(connection, county.Region)).BudgetLines.Select(line => (int?)line.Id).FirstOrDefault();
    }

    private new BatchRequest Request() => new(
        Form.Name, Form.Kind, Form.Scope, Fen.TryParseYuan(Form.FaceValue, out var fen) ? fen.Value : null,
        Form.ValidFrom, Form.ValidUntil, Form.BudgetLine,
        new PeopleRequest(Form.Everyone, Form.Townships, Form.Categories, Form.Lists, null,
            PeopleRequest.Split(Form.IdNumbers), Form.Villages, Form.Employment, Form.Wishes, Form.OnDemandList, Form.OfBatch));

    private async Task LoadAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        Choices = await ChoiceStore.ReadAsync(connection, county.Region);
        Past = await PastChoiceStore.ReadAsync(connection, county.Region, Form, Choices);
        if (Form.OfBatch is { } batch) OfBatch = await BatchStore.FindAsync(connection, county.Region, new BatchId(batch));
    }

    private static string Said(string zh, string en) => Speech.IsEnglish ? en : zh;
}
