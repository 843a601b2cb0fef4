using Voucher.Server.Api;
using Voucher.Server.Policies;
using Voucher.Server.Register;
using Voucher.Server.Settling.Claims;

namespace Voucher.Server.Settling.Reviewing;

/// <summary>
/// 电话回访: the county calls the sampled trainees. A denial is a mark and holds the line; for whoever is not reached in three
/// attempts the next of the class is drawn. Where nobody is left and too few were reached, the class's lines are held until a
/// reviewer says why they may pass. The number is shown to the caller only, and its showing goes on the trail.
/// </summary>
public sealed class RecordCall(NpgsqlDataSource database, PolicyStore policies, PersonalData personalData, TimeProvider clock)
{
    private static readonly Words DeniedWhy = new("电话回访时本人否认参加培训", "denied the training on the telephone");

    private static readonly Words ShortWhy = new("电话回访没有够数：全班都已抽到，接通的人数不足", "too few of the class were reached by telephone, and nobody is left to call");

    public async Task<Outcome<Nothing>> RunAsync(Actor actor, ClaimId id, ClaimLineId lineId, PhoneResult? result, string? note)
    {
        var (said, errors) = Read(result, note);
        if (errors.Count > 0) return errors;
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await ClaimAsync(connection, transaction, actor, id) is not { } claim) return Refusal.Of(RefusalCode.NotFound);
        var policy = await policies.GetAsync(claim.Policy);
        if (await StandingRoles.RefuseAsync(connection, transaction, actor, Permission.PhoneCheck, policy) is { } gone) return gone;
        if (!claim.Status.IsOpen()) return Refusal.Under(policy, RefusalCode.WrongStep, claim.Status.Name());
        var lines = await ClaimStore.LinesAsync(connection, transaction, id);
        var person = (await PhoneStore.ListAsync(connection, transaction, id)).SingleOrDefault(one => one.Line == lineId);
        if (person is null) return Refusal.Of(RefusalCode.NotFound);
        if (!person.IsOpen) return Refusal.Under(policy, RefusalCode.WrongStep, person.Result!.Value.Name());
        var line = lines.Single(one => one.Id == lineId);
        if (Duties.Refuse(policy, actor.Staff, [(Duties.Submission, claim.SubmittedBy)]) is { } same) return same;

        var now = clock.GetUtcNow();
        await PhoneStore.AddAttemptAsync(connection, transaction, lineId, person.Attempts + 1, result!.Value, said, actor, now);
        if (result == PhoneResult.Denies) await HoldAsync(connection, transaction, line, actor, policy, now);
        if (result == PhoneResult.NotReached && person.Attempts + 1 >= PhoneSample.MostAttempts)
            await PhoneStore.ReplaceAsync(connection, transaction, id, line, lines, now);
        await HoldShortAsync(connection, transaction, id, line.Class, actor, policy, now);
        await AuditTrail.AppendAsync(
            connection, transaction, now, actor.Account, "claim.phone", $"claim:{id}", $"line {lineId}, attempt {person.Attempts + 1}: {result}",
            $"{policy.RuleOf(Clause.Responsibility)}");
        await transaction.CommitAsync();
        return Nothing.Value;
    }

    /// <summary>The whole number of somebody in the sample who is still to be called; who saw it stands on the trail.</summary>
    public async Task<Outcome<string>> ShowNumberAsync(Actor actor, ClaimId id, ClaimLineId line)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await ClaimAsync(connection, transaction, actor, id) is not { } claim) return Refusal.Of(RefusalCode.NotFound);
        var policy = await policies.GetAsync(claim.Policy);
        if (await StandingRoles.RefuseAsync(connection, transaction, actor, Permission.PhoneCheck, policy) is { } gone) return gone;
        if (!claim.Status.IsOpen()) return Refusal.Under(policy, RefusalCode.WrongStep, claim.Status.Name());
        if (await PhoneStore.SealedPhoneAsync(connection, transaction, id, line) is not { } secret) return Refusal.Of(RefusalCode.NotFound);
        await AuditTrail.AppendAsync(connection, transaction, clock.GetUtcNow(), actor.Account, "claim.phone-shown", $"claim:{id}", $"line {line}",
            Ground.Of(policy.RuleOf(Clause.Responsibility)));
        await transaction.CommitAsync();
        return personalData.Open(secret);
    }

    private static async Task<LockedClaim?> ClaimAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Actor actor, ClaimId id) =>
        actor.IsCounty ? (await ClaimStore.LockAsync(connection, transaction, id)).SingleOrDefault() : null;

    private static async Task HoldAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, LockedLine line, Actor actor, Policy policy, DateTimeOffset now)
    {
        // A line that was approved before, or rejected, is not undone by the call; the denial stays its mark.
        if (ClaimLineMachine.Decide(line.Line, new LineCommand.Deny(), policy) is LineDecision.Goes(var held))
            await LineStepStore.ApplyAsync(connection, transaction, [line.Id], line.State, held, LineStepKind.HeldAfterDenial, DeniedWhy.Zh, null, actor, now);
    }

    /// <summary>Lines that wait for their approval and whose trainee was not heard from; a verdict that was given before the calls falls with it.</summary>
    private static async Task HoldShortAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, ClaimId id, ClassId ofClass, Actor actor, Policy policy, DateTimeOffset now)
    {
        if (!await PhoneStore.FellShortAsync(connection, transaction, id, ofClass)) return;
        var heard = (await PhoneStore.ListAsync(connection, transaction, id))
            .Where(one => one.Result is PhoneResult.Confirms or PhoneResult.Denies).Select(one => one.Line).ToHashSet();
        foreach (var line in await ClaimStore.LinesAsync(connection, transaction, id))
        {
            if (line.Class != ofClass || line.State != ClaimLineState.Submitted || line.Verdict == LineVerdict.Reject || heard.Contains(line.Id)) continue;
            if (ClaimLineMachine.Decide(line.Line, new LineCommand.Deny(), policy) is LineDecision.Goes(var held))
                await LineStepStore.ApplyAsync(connection, transaction, [line.Id], line.State, held, LineStepKind.HeldUnreached, ShortWhy.Zh, null, actor, now);
        }
    }

    private static (string? Note, List<FieldError> Errors) Read(PhoneResult? result, string? note)
    {
        var read = new FieldReader();
        var said = read.Text("note", note, Reasons.Longest, isOptional: result != PhoneResult.Denies);
        if (Unmasking.HoldsNumber(said)) read.Fault("note", Unmasking.NumberInReason);
        if (result is not (PhoneResult.Confirms or PhoneResult.Denies or PhoneResult.NotReached))
            read.Fault("result", new("请选择结果：确认、否认或没有接通", "Choose the result: confirms, denies or not reached"));
        return (said.Length == 0 ? null : said, read.Errors);
    }
}
