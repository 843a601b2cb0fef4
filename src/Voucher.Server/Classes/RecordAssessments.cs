using Voucher.Server.Api;
using Voucher.Server.Policies;

namespace Voucher.Server.Classes;

/// <summary>One trainee's result as typed.</summary>
/// <param name="VoucherNumber">As printed, with or without blanks.</param>
/// <param name="TheoryScore">0–100, or none.</param>
/// <param name="PracticeScore">0–100, or none.</param>
public sealed record AssessmentForm(string? VoucherNumber, int? TheoryScore, int? PracticeScore, bool? Passed)
{
    public bool IsBlank => TheoryScore is null && PracticeScore is null && Passed is null;
}

/// <summary>A result that was read.</summary>
public sealed record AssessmentEntry(VoucherId Voucher, int? TheoryScore, int? PracticeScore, bool HasPassed);

/// <summary>The institution records the assessment (结业考核) of its trainees: all of the list or nothing.</summary>
public sealed class RecordAssessments(NpgsqlDataSource database, ClassStore classes, PolicyStore policies, TimeProvider clock)
{
    public const int HighestScore = 100;

    /// <param name="list">Name of the list in the form; a request's body is the list itself and has none.</param>
    /// <returns>How many results were recorded.</returns>
    public async Task<Outcome<int>> RunAsync(ClassId id, IReadOnlyList<AssessmentForm?> forms, Actor actor, string list = "")
    {
        if (await classes.FindAsync(id, actor) is null) return Refusal.Of(RefusalCode.NotFound);
        var (entries, errors) = Read(forms, list);
        if (errors.Count > 0) return errors;
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await RosterStore.LockAsync(connection, transaction, entries.Select(entry => entry.Voucher));
        var roster = (await RosterStore.ListAsync(connection, transaction, id)).Where(trainee => trainee.IsActive).ToDictionary(trainee => trainee.Voucher);
        errors = NameStrangers(entries, roster, list);
        if (errors.Count > 0) return errors;
        if (entries.FirstOrDefault(entry => !roster[entry.Voucher].IsOpen) is { } closed) return await RefuseClosedAsync(closed, now);
        foreach (var entry in entries)
            await RosterStore.SaveAssessmentAsync(connection, transaction, roster[entry.Voucher].EnrolmentId, entry, actor.Account, now);
        await AuditTrail.AppendAsync(connection, transaction, now, actor.Account, "class.assess", $"class:{id}", Describe(entries, roster),
            Ground.Under(Permission.RecordAssessment));
        await transaction.CommitAsync();
        return entries.Count;
    }

    private static (List<AssessmentEntry> Entries, List<FieldError> Errors) Read(IReadOnlyList<AssessmentForm?> forms, string list)
    {
        var read = new FieldReader();
        if (forms.Count is 0 or > ClassForm.LargestCapacity)
            read.Fault(list.Length > 0 ? list : "body", new("没有填写成绩", "No results were given"));
        var entries = forms.Select((form, index) => ReadOne(read, $"{list}[{index}]", form)).ToList();
        foreach (var twice in entries.Select((entry, index) => (entry, index)).GroupBy(one => one.entry.Voucher).SelectMany(group => group.Skip(1)))
            if (read.IsClean($"{list}[{twice.index}].voucherNumber"))
                read.Fault($"{list}[{twice.index}].voucherNumber", new("同一张券出现两次", "The voucher is named twice"));
        return (entries, read.Errors);
    }

    private static AssessmentEntry ReadOne(FieldReader read, string at, AssessmentForm? form)
    {
        if (!VoucherId.TryParse(form?.VoucherNumber, out var voucher)) read.Fault($"{at}.voucherNumber", new("券号不对", "Not a voucher number"));
        if (form?.Passed is null) read.Fault($"{at}.passed", new("请选择合格或不合格", "Choose passed or failed"));
        if (form?.TheoryScore is { } theory) read.Number($"{at}.theoryScore", theory, 0, HighestScore);
        if (form?.PracticeScore is { } practice) read.Number($"{at}.practiceScore", practice, 0, HighestScore);
        return new AssessmentEntry(voucher, form?.TheoryScore, form?.PracticeScore, form?.Passed ?? false);
    }

    /// <summary>A voucher of another class and one that does not exist get the same answer.</summary>
    private static List<FieldError> NameStrangers(List<AssessmentEntry> entries, Dictionary<VoucherId, Trainee> roster, string list) =>
        [.. entries.Select((entry, index) => (entry, index))
            .Where(one => !roster.ContainsKey(one.entry.Voucher))
            .Select(one => new FieldError($"{list}[{one.index}].voucherNumber", new("不在本班名册中", "Not on the roster of this class")))];

    private async Task<Refusal> RefuseClosedAsync(AssessmentEntry closed, DateTimeOffset now) => Refusal.Under(
        await policies.InForceOrLastAsync(CountyTime.DayOf(now)), RefusalCode.VoucherCompleted,
        new Words($"{closed.Voucher} 已结业，成绩不能再改", $"{closed.Voucher} is completed and its result stands"));

    private static string Describe(List<AssessmentEntry> entries, Dictionary<VoucherId, Trainee> roster)
    {
        var changed = entries.Count(entry => roster[entry.Voucher].HasPassed is { } before && before != entry.HasPassed);
        return $"{entries.Count} recorded, {entries.Count(entry => entry.HasPassed)} passed, {changed} verdicts changed";
    }
}
