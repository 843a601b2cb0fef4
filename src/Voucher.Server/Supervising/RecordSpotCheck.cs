using Voucher.Server.Api;
using Voucher.Server.Classes;
using Voucher.Server.Policies;

namespace Voucher.Server.Supervising;

/// <summary>What the county saw when it dropped in.</summary>
/// <param name="Present">People counted in the room.</param>
/// <param name="Finding">1–500 characters.</param>
/// <param name="IsClean">Nothing to object to.</param>
public sealed record SpotCheckForm(int? Present, string? Finding, bool? IsClean)
{
    public static readonly SpotCheckForm Empty = new(null, null, null);
}

/// <summary>A spot check that was read.</summary>
public sealed record SpotCheckEntry(int Present, string Finding, bool IsClean);

/// <summary>The county records a spot check: every class at least once, or nothing of it is payable (text 004, 三（六）二是).</summary>
public sealed class RecordSpotCheck(NpgsqlDataSource database, ClassStore classes, PolicyStore policies, TimeProvider clock)
{
    public const int LongestFinding = 500;

    public async Task<Outcome<Nothing>> RunAsync(ClassId id, SpotCheckForm form, Actor actor)
    {
        var (entry, errors) = Read(form);
        if (errors.Count > 0) return errors;
        var policy = await policies.InForceOrLastAsync(CountyTime.DayOf(clock.GetUtcNow()));
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await classes.FindForUpdateAsync(connection, transaction, id, actor) is not { } known) return Refusal.Of(RefusalCode.NotFound);
        // After the lock, so that the instant lies behind every review that has not seen this check; see ClaimStore.HoldSpotChecksAsync.
        var now = clock.GetUtcNow();
        if (Refuse(known, CountyTime.DayOf(now), policy) is { } refusal) return refusal;
        await SpotCheckStore.AddAsync(connection, transaction, id, entry, actor.Account, now);
        var detail = $"{entry.Present} present, {(entry.IsClean ? "clean" : "not clean")}; {policy.RuleOf(Clause.SpotCheck)}";
        await AuditTrail.AppendAsync(connection, transaction, now, actor.Account, "class.spot-check", $"class:{id}", detail, Ground.Under(Permission.SpotCheck));
        await transaction.CommitAsync();
        return Nothing.Value;
    }

    private static Refusal? Refuse(TrainingClass known, DateOnly today, Policy policy)
    {
        if (known.Status != ClassStatus.Approved) return Refusal.Under(policy, RefusalCode.ClassNotApproved);
        return today < known.StartsOn
            ? Refusal.Under(policy, RefusalCode.WrongStep, new Words($"{CountyTime.Show(known.StartsOn)} 才开班", $"the class starts on {CountyTime.Show(known.StartsOn)}"))
            : null;
    }

    private static (SpotCheckEntry Entry, List<FieldError> Errors) Read(SpotCheckForm form)
    {
        var read = new FieldReader();
        var present = read.Number("present", form.Present, 0, ClassForm.LargestCapacity);
        var finding = read.Text("finding", form.Finding, LongestFinding);
        if (form.IsClean is null) read.Fault("isClean", new("请选择结论", "Choose the verdict"));
        return (new SpotCheckEntry(present, finding, form.IsClean ?? false), read.Errors);
    }
}
