using Voucher.Server.Api;
using Voucher.Server.Policies;
using Voucher.Server.Settling;

namespace Voucher.Server.Journals.Conflicts;

/// <summary>Which claim a person speaks for.</summary>
/// <param name="Upheld"><c>null</c>: none of them.</param>
public sealed record ConflictChoice(Guid? Upheld)
{
    public const string None = "none";

    /// <summary>A scan's id, or <c>none</c>; <c>null</c> when it is neither.</summary>
    public static ConflictChoice? Read(string? choice) =>
        choice == None ? new ConflictChoice(Upheld: null) : Guid.TryParse(choice, out var scan) ? new ConflictChoice(scan) : null;
}

/// <summary>
/// Two persons decide a contested enrolment: one proposes with a reason, another confirms with a reason or sends it back. With
/// the decision the ledger follows in the same transaction.
/// </summary>
public sealed class DecideConflict(
    NpgsqlDataSource database, PolicyStore policies, County county, MergeHolder merge, ConflictNews news, TimeProvider clock)
{
    private static readonly Words Proposal = new("提出裁定意见", "made the proposal");

    /// <param name="seen">How many claims the person has seen.</param>
    public async Task<Outcome<Nothing>> ProposeAsync(long id, ConflictChoice? choice, string? reason, int? seen, Actor by)
    {
        var (why, errors) = Read(reason, choice is null ? new FieldError("choice", new("请选择哪一处成立，或都不成立", "Choose the claim to uphold, or none")) : null);
        return errors.Count > 0 ? errors : await RunAsync(id, ConflictStepKind.Proposed, choice!, why, seen, by);
    }

    /// <param name="step">Whether it is decided as proposed, or sent back.</param>
    public async Task<Outcome<Nothing>> DecideAsync(long id, ConflictStepKind? step, string? reason, int? seen, Actor by)
    {
        var fault = step is null or ConflictStepKind.Proposed ? new FieldError("verdict", new("请选择 confirm（同意）或 return（退回）", "Choose confirm or return")) : null;
        var (why, errors) = Read(reason, fault);
        return errors.Count > 0 ? errors : await RunAsync(id, step!.Value, choice: null, why, seen, by);
    }

    /// <summary><c>confirm</c> or <c>return</c>.</summary>
    public static ConflictStepKind? ReadVerdict(string? verdict) => verdict switch
    {
        "confirm" => ConflictStepKind.Decided,
        "return" => ConflictStepKind.SentBack,
        _ => null,
    };

    private static (string Reason, List<FieldError> Errors) Read(string? reason, FieldError? fault)
    {
        var read = new FieldReader();
        var why = read.Text("reason", reason, Reasons.Longest);
        if (fault is not null) read.Errors.Add(fault);
        return (why, read.Errors);
    }

    private async Task<Outcome<Nothing>> RunAsync(long id, ConflictStepKind kind, ConflictChoice? choice, string why, int? seen, Actor by)
    {
        var now = clock.GetUtcNow();
        var policy = await policies.InForceOrLastAsync(CountyTime.DayOf(now));
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await ConflictDecisionStore.PersonAsync(connection, transaction, county.Region, id) is not { } person) return Refusal.Of(RefusalCode.NotFound);
        var found = await ConflictDecisionStore.LockAsync(connection, transaction, person, id);
        if (Refuse(policy, found, kind, seen, by) is { } refusal) return refusal;
        if (choice?.Upheld is { } scan && await FaultOfAsync(connection, transaction, id, found, scan) is { } fault) return new List<FieldError> { fault };
        var institutions = await WriteAsync(connection, transaction, new Step(id, kind, choice, why, by, now), found, person);
        await transaction.CommitAsync();
        await news.TellAsync(id, kind, found, institutions);
        return Nothing.Value;
    }

    private static Refusal? Refuse(Policy policy, LockedConflict found, ConflictStepKind kind, int? seen, Actor by)
    {
        if (found.Against(kind, seen ?? 0) is { } state) return Refusal.Under(policy, RefusalCode.ConflictWrongStep, state);
        return kind == ConflictStepKind.Decided ? Duties.Refuse(policy, by.Staff, [(Proposal, found.ProposedStaff)]) : null;
    }

    private static async Task<FieldError?> FaultOfAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, long id, LockedConflict found, Guid scan)
    {
        if (!await ConflictDecisionStore.IsClaimAsync(connection, transaction, id, found.VoucherId, scan))
            return new FieldError("choice", new("本案没有这一处报到", "The case has no such claim"));
        return found.State is VoucherState.Issued or VoucherState.Claimed or VoucherState.Enrolled or VoucherState.Completed
            ? null : new FieldError("choice", new("券已停用，只能裁定都不成立", "The voucher is out of use: only “none” is left"));
    }

    private sealed record Step(long Id, ConflictStepKind Kind, ConflictChoice? Choice, string Why, Actor By, DateTimeOffset Now);

    /// <summary>The institutions whose desks are to hear of it.</summary>
    private async Task<IReadOnlyList<InstitutionId>> WriteAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, Step step, LockedConflict found, PersonId person)
    {
        Task AuditAsync(string action, string detail) =>
            AuditTrail.AppendAsync(connection, transaction, step.Now, step.By.Account, action, $"conflict:{step.Id}", $"{detail}; voucher:{found.VoucherId.Value}",
                Ground.Under(Permission.DecideConflict));
        switch (step.Kind)
        {
            case ConflictStepKind.Proposed:
                await ConflictDecisionStore.ProposeAsync(connection, transaction, step.Id, step.Choice!.Upheld, step.Why, step.By, step.Now);
                await AuditAsync("conflict.propose", Named(step.Choice.Upheld));
                return [];
            case ConflictStepKind.SentBack:
                await ConflictDecisionStore.SendBackAsync(connection, transaction, step.Id, step.Why, step.By, step.Now);
                await AuditAsync("conflict.return", Named(found.ProposedScan));
                return [];
            default:
                await ConflictDecisionStore.DecideAsync(connection, transaction, step.Id, found, step.Why, step.By, step.Now);
                var merged = await merge.RunAsync(connection, transaction, person);
                await ConflictDecisionStore.EndConflictAsync(connection, transaction, found.VoucherId);
                await AuditAsync("conflict.decide", Named(found.ProposedScan));
                return [.. merged.Cases.Union(await ConflictDecisionStore.InstitutionsAsync(connection, transaction, step.Id))];
        }
    }

    private static string Named(Guid? upheld) => upheld is { } scan ? $"scan:{scan}" : ConflictChoice.None;
}
