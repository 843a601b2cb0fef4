using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Core.Promises;
using Voucher.Server.Api;
using Voucher.Server.Planning.Breakdown;
using Voucher.Server.Portal;
using Voucher.Server.Register;
using Voucher.Server.Register.Places;

namespace Voucher.Server.Promises;

/// <summary>One promise: its people by township, with every condition; tell many at once, import who received it.</summary>
[Authorize(Policy = Permission.ReadPromises)]
[RequestSizeLimit(ImportReceipts.LargestFileBytes + 65_536)]
public sealed class OnePromiseModel(
    PromiseCatalogue catalogue, PromiseReading reading, RecordPromises record, ImportReceipts import, PlaceStore places, TimeProvider clock) : PortalPage
{
    [BindProperty(SupportsGet = true)]
    public string Key { get; set; } = "";

    [BindProperty(SupportsGet = true)]
    public int? Township { get; set; }

    [BindProperty(SupportsGet = true, Name = "p")]
    public int Number { get; set; } = 1;

    [BindProperty]
    public List<long> People { get; set; } = [];

    [BindProperty]
    public string? How { get; set; }

    public Promise Promise { get; private set; } = null!;
    public PromiseFunnel Funnel { get; private set; } = null!;
    public IReadOnlyList<JudgedPerson> Shown { get; private set; } = [];
    public IReadOnlyList<Township> Townships { get; private set; } = [];
    public IReadOnlyList<CellProblem> Problems { get; private set; } = [];
    public bool HasMore { get; private set; }
    public bool MayRecord => Actor.May(Permission.RecordPromises);

    public Task<IActionResult> OnGetAsync() => ShowAsync();

    public async Task<IActionResult> OnPostTellAsync()
    {
        if (!MayRecord) return Forbid();
        ModelState.Clear();
        if (Accept(await record.TellAsync(Actor, Key, People, CountyTime.DayOf(clock.GetUtcNow()), How), out var told))
            return Back(new($"已登记告知 {told} 人。", $"{told} people are recorded as told."));
        return await ShowAsync();
    }

    public async Task<IActionResult> OnPostImportAsync(IFormFile? file)
    {
        if (!MayRecord) return Forbid();
        ModelState.Clear();
        if (Accept(await import.RunAsync(Actor, Key, file, HttpContext.RequestAborted), out var result))
        {
            if (result.Problems.Count == 0) return Back(new($"已登记领取 {result.Recorded} 人。", $"{result.Recorded} receipts are recorded."));
            Problems = result.Problems;
        }
        return await ShowAsync();
    }

    private LocalRedirectResult Back(Words done)
    {
        Done = done.In(Speech.Language);
        return LocalRedirect($"/promises/{Promise?.Key ?? catalogue.Find(Key)!.Key}");
    }

    private async Task<IActionResult> ShowAsync()
    {
        if (catalogue.Find(Key) is not { } promise) return NotFound();
        Promise = promise;
        var people = await reading.PeopleAsync(Actor, promise, Township);
        Funnel = PromiseFunnel.Of(people);
        Number = ListPage.Clamp(Number);
        Shown = [.. people.Skip((Number - 1) * PageSize).Take(PageSize)];
        HasMore = people.Count > Number * PageSize;
        Townships = [.. (await places.TownshipsAsync()).Select(township => new Township((int)township.Code.Value, township.Name))];
        return Page();
    }
}
