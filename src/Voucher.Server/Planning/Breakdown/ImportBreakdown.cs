using Voucher.Core.Planning;
using Voucher.Server.Policies;
using Voucher.Server.Register.Importing;

namespace Voucher.Server.Planning.Breakdown;

/// <summary>A handed-in sheet beside the target that it divides.</summary>
public sealed record BreakdownPreview(PlanImport Import, Plan Plan, Target Target, Words TargetName, BreakdownSheet Sheet)
{
    /// <summary>Whether the sheet comes to what the target says.</summary>
    public bool MeetsTarget => Sheet.Total == Target.People;
}

/// <summary>
/// 任务分解表: handed in, looked at, taken over. Nothing of a sheet with a fault is taken over, nor one that comes to another
/// figure than the target that it divides.
/// </summary>
public sealed class ImportBreakdown(
    NpgsqlDataSource database, PlanStore plans, PlanNamesStore names, PlanImportStore imports, PolicyStore policies, TimeProvider clock)
{
    /// <summary>A sheet of figures is small; a larger file is another one.</summary>
    public const int LargestFileBytes = 2 * 1024 * 1024;

    public async Task<Outcome<long>> StartAsync(Actor actor, PlanId id, TargetId target, IFormFile? file, CancellationToken cancel)
    {
        if (await plans.FindAsync(id) is not { } plan || (await plans.TreeAsync(id)).Find(target) is null) return Refusal.Of(RefusalCode.NotFound);
        if (plan.Status != PlanStatus.Draft) return Refusal.Under(await PolicyAsync(), RefusalCode.PlanWrongStep, plan.Status.Name());
        if (file is null || file.Length == 0) return Bad("file", new("请选择文件", "Choose a file"));
        if (file.Length > LargestFileBytes)
            return Bad("file", new($"文件超过 {LargestFileBytes / 1024 / 1024} MB，不像是任务分解表", $"The file is larger than {LargestFileBytes / 1024 / 1024} MB"));
        var content = new byte[file.Length];
        await using (var stream = file.OpenReadStream()) await stream.ReadExactlyAsync(content, cancel);
        var name = NameOf(file.FileName);
        try
        {
            BreakdownSheet.Read(name, content, await names.ReadAsync(), plan.FirstYear, plan.LastYear, TargetPlace.Everywhere);
        }
        catch (UnusableFileException unusable)
        {
            return Bad("file", unusable.Problem);
        }
        return await imports.AddAsync(id, target, name, content, actor, clock.GetUtcNow());
    }

    public async Task<BreakdownPreview?> PreviewAsync(long id)
    {
        if (await imports.FindAsync(id) is not { } import || await plans.FindAsync(import.PlanId) is not { } plan) return null;
        var tree = await plans.TreeAsync(plan.Id);
        var known = await names.ReadAsync();
        var target = tree.Find(import.TargetId)!;
        return new(import, plan, target, known.NameOf(target), Read(import, plan, tree.PlaceOf(target), known));
    }

    /// <summary>The sheet's parts take the place of those in the same division; other divisions of the target stay.</summary>
    public async Task<Outcome<PlanId>> AdoptAsync(Actor actor, long id)
    {
        if (await imports.FindAsync(id) is not { } import) return Refusal.Of(RefusalCode.NotFound);
        var now = clock.GetUtcNow();
        var known = await names.ReadAsync();
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await plans.LockAsync(connection, transaction, import.PlanId) is not { } plan) return Refusal.Of(RefusalCode.NotFound);
        if (plan.Status != PlanStatus.Draft) return Refusal.Under(await PolicyAsync(), RefusalCode.PlanWrongStep, plan.Status.Name());
        var tree = new TargetTree(await TargetStore.ListAsync(connection, transaction, plan.Id));
        if (tree.Find(import.TargetId) is not { } target) return Refusal.Of(RefusalCode.NotFound);
        var sheet = Read(import, plan, tree.PlaceOf(target), known);
        if (sheet.Problems is [var first, ..]) return Bad("file", new($"{first.Cell} {first.Problem.Zh}", $"{first.Cell} {first.Problem.En}"));
        if (sheet.Total != target.People) return Refusal.Under(
            await PolicyAsync(), RefusalCode.PlanSumsDiffer, known.NameOf(target), target.People, new Words("分解表", "the sheet"), sheet.Total);
        var parts = sheet.TargetsUnder(target.Id);
        await TargetStore.RemoveAsync(connection, transaction, tree.Parts(target, parts[0].Split).Select(part => part.Id));
        await TargetStore.InsertAsync(connection, transaction, plan.Id, parts);
        await PlanImportStore.RemoveAsync(connection, transaction, id);
        await PlanStore.EditedAsync(connection, transaction, plan.Id, actor);
        await AuditTrail.AppendAsync(connection, transaction, now, actor.Account, "plan.import", $"plan:{plan.Id}", $"target {target.Id}: {parts.Count} targets, {sheet.Total} people",
            Ground.Under(Permission.EditPlan));
        await transaction.CommitAsync();
        return plan.Id;
    }

    /// <summary>It could be read when it was handed in; whoever changes names or years meanwhile finds the cells named.</summary>
    private static BreakdownSheet Read(PlanImport import, Plan plan, TargetPlace place, PlanNames names) =>
        BreakdownSheet.Read(import.FileName, import.Content, names, plan.FirstYear, plan.LastYear, place);

    private Task<Policy> PolicyAsync() => policies.InForceOrLastAsync(CountyTime.DayOf(clock.GetUtcNow()));

    private static List<FieldError> Bad(string field, Words problem) => [new(field, problem)];

    /// <summary>Without folders and invisible characters; the ending is kept, since it says how to read the file.</summary>
    private static string NameOf(string given)
    {
        var name = new Cell(given[(given.LastIndexOfAny(['/', '\\']) + 1)..]).Clean() ?? "?";
        var ending = Path.GetExtension(name) is { Length: <= 10 } usual ? usual : "";
        var stem = string.Concat(Path.GetFileNameWithoutExtension(name).EnumerateRunes().Take(100));
        return stem.Length + ending.Length == 0 ? "?" : stem + ending;
    }
}
