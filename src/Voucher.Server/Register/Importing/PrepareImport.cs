namespace Voucher.Server.Register.Importing;

/// <summary>What a clerk does with an upload before it is imported: say what its columns are, start it after the dry run, or drop it.</summary>
public sealed class PrepareImport(ImportStore imports, ImportStepStore steps, ImportWorker worker, TimeProvider clock)
{
    /// <param name="columns">For each column of the file the name of the register's, or empty; in the file's order.</param>
    /// <param name="dates">Name of a <see cref="DateOrder"/>.</param>
    public async Task<Outcome<Nothing>> ConfirmAsync(Actor actor, long id, IReadOnlyList<string?> columns, string? dates)
    {
        if (await imports.GetAsync(id) is not { } import) return Refusal.Of(RefusalCode.NotFound);
        if (!import.WaitsForClerk || await imports.PlanAsync(id) is not { } plan) return Refusal.Of(RefusalCode.ImportWrongStep, import.Status.Name());
        List<FieldError> errors = [];
        var choice = Read(columns, dates, plan.Screen, errors);
        if (errors.Count > 0) return errors;
        if (!await steps.ConfirmAsync(id, plan.Screen, choice, plan.Screen.NotesWith(choice), actor.Account, clock.GetUtcNow())) return await WrongStepAsync(id);
        worker.Wake();
        return Nothing.Value;
    }

    public async Task<Outcome<Nothing>> BeginAsync(Actor actor, long id)
    {
        if (!await steps.BeginAsync(id, actor.Account, clock.GetUtcNow())) return await WrongStepAsync(id);
        worker.Wake();
        return Nothing.Value;
    }

    public async Task<Outcome<Nothing>> DiscardAsync(Actor actor, long id) =>
        await steps.DiscardAsync(id, actor.Account, clock.GetUtcNow()) ? Nothing.Value : await WrongStepAsync(id);

    private static ColumnChoice Read(IReadOnlyList<string?> columns, string? dates, FileScreen screen, List<FieldError> errors)
    {
        var chosen = new Dictionary<RegisterColumn, int>();
        if (columns.Count != screen.Titles.Count) errors.Add(new("columns", new("列数与文件不符", "Not as many columns as the file has")));
        for (var at = 0; at < Math.Min(columns.Count, screen.Titles.Count); at++)
        {
            if (string.IsNullOrEmpty(columns[at])) continue;
            if (!Enum.TryParse<RegisterColumn>(columns[at], out var column) || !Enum.IsDefined(column))
                errors.Add(new("columns", new($"第 {at + 1} 列：没有这样的登记项", $"Column {at + 1}: the register has no such field")));
            else if (!chosen.TryAdd(column, at))
                errors.Add(new("columns", new($"“{column.Title()}”选了两列", $"“{column.Title()}” is chosen for two columns")));
        }
        foreach (var needed in new[] { RegisterColumn.Name, RegisterColumn.IdNumber }.Where(needed => !chosen.ContainsKey(needed)))
            errors.Add(new("columns", new($"必须指明哪一列是“{needed.Title()}”", $"Say which column is “{needed.Title()}”")));
        var order = Enum.TryParse<DateOrder>(dates, out var given) && Enum.IsDefined(given) ? given : DateOrder.YearFirst;
        return new(chosen, order);
    }

    private async Task<Refusal> WrongStepAsync(long id) => await imports.GetAsync(id) is { } import
        ? Refusal.Of(RefusalCode.ImportWrongStep, import.Status.Name())
        : Refusal.Of(RefusalCode.NotFound);
}
