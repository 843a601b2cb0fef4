using Voucher.Core.Settling;
using Voucher.Server.Api;
using Voucher.Server.Policies;

namespace Voucher.Server.Settling.Recovering;

/// <summary>What is typed of the bank's document.</summary>
/// <param name="Amount">In yuan.</param>
public sealed record PayInForm(string? Document, DateOnly? PaidOn, string? Amount);

/// <summary>缴回: finance records what has arrived, by the bank's document; each document once, in parts if need be, never more than is owed.</summary>
public sealed class RecordPayIn(NpgsqlDataSource database, PolicyStore policies, TimeProvider clock)
{
    public const int LongestDocument = 60;

    /// <summary>The last guard against recording a document twice; see the migration.</summary>
    private const string OnceADocument = "recovery_pay_in_document";

    public async Task<Outcome<Nothing>> RunAsync(RecoveryId id, PayInForm form, Actor actor)
    {
        if (!actor.IsCounty) return Refusal.Of(RefusalCode.NotFound);
        var now = clock.GetUtcNow();
        var policy = await policies.InForceOrLastAsync(CountyTime.DayOf(now));
        try
        {
            return await Database.Deadlock.RunAsync(() => RecordAsync(id, form, policy, actor, now));
        }
        catch (PostgresException taken) when (taken is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: OnceADocument })
        {
            return Refusal.Under(policy, RefusalCode.PayInDocumentUsed, form.Document!.Trim());
        }
    }

    private async Task<Outcome<Nothing>> RecordAsync(RecoveryId id, PayInForm form, Policy policy, Actor actor, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await StandingRoles.RefuseAsync(connection, transaction, actor, Permission.RecordPayIn, policy) is { } gone) return gone;
        if (await RecoveryStore.LockAsync(connection, transaction, id) is not { } known) return Refusal.Of(RefusalCode.NotFound);
        var (document, paidOn, amount, errors) = Read(form, CountyTime.DayOf(now));
        if (errors.Count > 0) return errors;
        if (known.Machine.Decide(new RecoveryCommand.PayIn(amount), policy) is Outcome<Recovery>.Refused(var no)) return no;
        var next = known.Machine.Decide(new RecoveryCommand.PayIn(amount), policy).OrThrow();
        var parts = Netting.Plan(await RecoveryStore.FreeAsync(connection, transaction, [id]), amount);
        if (parts.Aggregate(Fen.Zero, (sum, part) => sum + part.Amount) != amount) throw new InvalidOperationException($"Recovery {id} owes less than its budget lines.");

        var payIn = await InsertAsync(connection, transaction, known, document, paidOn, amount, parts, actor, now);
        await RecoveryStore.MoveAsync(connection, transaction, known, next);
        var rule = policy.RuleOf(Clause.Recovery);
        await RecoveryStore.AppendAsync(connection, transaction, id, RecoveryStep.PayIn, amount, document, rule, actor.Account, now);
        var moves = await ReturnedStore.MovesAsync(connection, transaction, parts);
        var shortage = await LedgerBook.PostAsync(connection, transaction, LedgerTransactionKind.PayIn, $"pay-in:{payIn}", rule, moves, actor.Account, now);
        if (shortage is not null) throw new InvalidOperationException($"Recovery {id}: less is receivable than it says.");
        await AuditTrail.AppendAsync(connection, transaction, now, actor.Account, "recovery.pay-in", $"recovery:{id}", $"{amount} yuan, pay-in {payIn}; {rule}",
            Ground.Of(rule, document));
        await transaction.CommitAsync();
        return Nothing.Value;
    }

    private static (string Document, DateOnly PaidOn, Fen Amount, List<FieldError> Errors) Read(PayInForm form, DateOnly today)
    {
        var read = new FieldReader();
        var document = read.Text("document", form.Document, LongestDocument);
        if (document.Any(char.IsControl)) read.Fault("document", new("含有不可用的字符", "Contains characters that cannot be used"));
        var paidOn = read.Day("paidOn", form.PaidOn);
        if (read.IsClean("paidOn") && paidOn > today) read.Fault("paidOn", new("不能晚于今天", "Must not be after today"));
        if (!Fen.TryParseYuan(form.Amount, out var amount) || amount == Fen.Zero)
            read.Fault("amount", new("请填写金额（元，最多两位小数）", "Give an amount in yuan with at most two decimals"));
        return (document, paidOn, amount, read.Errors);
    }

    private static async Task<long> InsertAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, LockedRecovery known, string document, DateOnly paidOn, Fen amount,
        IReadOnlyList<NettedPart> parts, Actor actor, DateTimeOffset now)
    {
        var payIn = await connection.QuerySingleAsync<long>("""
            insert into recovery_pay_in (region, recovery_id, document, paid_on, amount_fen, recorded_by, recorded_by_staff, recorded_at)
            values (@Region, @Id, @document, @paidOn, @amount, @Account, @Staff, @now) returning id
            """, new { known.Region, known.Id, document, paidOn, amount, actor.Account, actor.Staff, now }, transaction);
        foreach (var part in parts)
            await connection.ExecuteAsync(
                "insert into recovery_pay_in_line (pay_in_id, budget_line_id, amount_fen) values (@payIn, @Line, @Amount)", new { payIn, part.Line, part.Amount }, transaction);
        return payIn;
    }
}
