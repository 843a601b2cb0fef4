using Voucher.Core.Tokens;
using Voucher.Server.Api;
using Voucher.Server.Issuing;
using Voucher.Server.Issuing.Keys;
using Voucher.Server.Issuing.Revoking;
using Voucher.Server.Policies;
using Voucher.Server.Reporting;
using Voucher.Server.Vouchers.Reissuing;

namespace Voucher.Server.Vouchers;

/// <summary>
/// 补发: a lost or spoilt voucher is printed anew under a new number; the old paper is void at once. The new voucher takes
/// over the state, the class, the face value and the reserved money, so the ledger does not move.
/// </summary>
public sealed class ReplaceVoucher(
    NpgsqlDataSource database, PolicyStore policies, IssuingKeys keys, FillRandom random, County county, TimeProvider clock, LiveFeed live)
{
    /// <summary>The reason on the events that bring the new voucher to where the old one stood.</summary>
    public const string CarriedOver = "补发承接";

    /// <returns>The new voucher's number.</returns>
    public async Task<Outcome<VoucherId>> RunAsync(VoucherId id, string? reason, Actor by)
    {
        if (Reasons.Fault(reason) is { } fault) return fault;
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var (step, unable) = await VoucherStep.TakeAsync(connection, transaction, id, county, policies, clock);
        if (step is null) return unable!;
        var number = await ReissueStore.NextNumberAsync(connection, transaction, id);
        var reviewFrom = step.Policy.Parameters.ReissueReviewFrom;
        if (number >= reviewFrom && step.Stored.Voucher.State is VoucherState.Issued or VoucherState.Claimed or VoucherState.Enrolled)
            return Refusal.Under(step.Policy, RefusalCode.ReissueNeedsReview, number, reviewFrom);
        var outcome = await ReplaceAsync(connection, transaction, step, reason ?? "", by);
        if (outcome is not Outcome<VoucherId>.Done(var successor)) return outcome;
        await transaction.CommitAsync();
        await live.PublishAsync(step.Happened(Replaced));
        return successor;
    }

    /// <summary>What the live page says of it.</summary>
    public static readonly Words Replaced = new("补发", "Replaced");

    /// <summary>The replacing itself, in the transaction that holds the voucher; whoever commits it has seen to any review.</summary>
    public async Task<Outcome<VoucherId>> ReplaceAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, VoucherStep step, string reason, Actor by)
    {
        var id = step.Stored.Voucher.Id;
        var serial = await BatchStore.TakeSerialsAsync(connection, transaction, county.Region, 1);
        var successor = new VoucherId(county.Region, checked((uint)serial));
        var command = new VoucherCommand.Replace(successor, reason);
        if (VoucherMachine.Decide(step.Stored.Voucher, command, step.Now, step.Policy) is Decision.Refused(var refusal)) return refusal;
        if (await SignAsync(connection, transaction, step.Stored, successor) is not { } token) return Refusal.Of(RefusalCode.NoSigningKey);

        await VoucherChangeStore.InsertSuccessorAsync(connection, transaction, step.Stored, token, by.Account, step.Now);
        await step.DecideAndApplyAsync(command, by.Account);
        await VoucherChangeStore.HandReservationOverAsync(connection, transaction, id, successor);
        await RevokingStore.FollowReprintAsync(connection, transaction, id, successor);
        await CarryOverAsync(connection, transaction, step.Stored.Voucher, successor, by.Account, step.Now);
        await AuditTrail.AppendAsync(
            connection, transaction, step.Now, by.Account, "voucher.replace", $"voucher:{id.Value}", $"successor:{successor.Value}",
            Ground.Of(step.Policy.RuleOf(Clause.Voucher)));
        return successor;
    }

    private async Task<VoucherToken?> SignAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, StoredVoucher old, VoucherId successor)
    {
        var voucher = old.Voucher;
        if (await keys.SigningKeyAsync(voucher.ValidUntil) is not { } key) return null;
        using var press = new TokenPress(key.KeyId, key.NewSigner, random);
        var nonces = await press.DrawNoncesAsync([successor], codes => WritingStore.TakenShortCodesAsync(connection, transaction, codes));
        return press.Sign(1, (_, keyId) => new TokenClaims(
            SignatureSuite.P256, keyId, successor, voucher.Kind, nonces[0], voucher.ValidUntil, voucher.Scope, old.HolderCheck))[0];
    }

    /// <summary>
    /// Brings the new voucher to the old one's state. The machine is not asked again: what it once allowed (a class that has
    /// since begun, or is full) it would now refuse.
    /// </summary>
    private static async Task CarryOverAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, TrainingVoucher old, VoucherId successor, AccountId by, DateTimeOffset now)
    {
        if (old.Enrolment is not null) await VoucherChangeStore.MoveEnrolmentAsync(connection, transaction, old.Id, successor);
        foreach (var (kind, to) in Steps(old.State))
        {
            var stored = (await VoucherStore.LoadAsync(connection, successor, transaction))!;
            var enrolment = to == VoucherState.Enrolled ? old.Enrolment : null;
            var carried = new VoucherEvent(kind, stored.Voucher.State, to, now, enrolment?.Institution, enrolment?.Class, Reason: CarriedOver);
            var decision = new Decision.Accepted(carried, stored.Voucher with { State = to, Enrolment = enrolment });
            await VoucherStore.ApplyAsync(connection, transaction, stored, decision, new EventCause(by));
        }
    }

    private static IEnumerable<(VoucherEventKind Kind, VoucherState To)> Steps(VoucherState state) => state switch
    {
        VoucherState.Issued => [],
        VoucherState.Claimed => [(VoucherEventKind.HandedOver, VoucherState.Claimed)],
        VoucherState.Enrolled => [(VoucherEventKind.HandedOver, VoucherState.Claimed), (VoucherEventKind.Enrolled, VoucherState.Enrolled)],
        _ => throw new InvalidOperationException($"A voucher in state {state} is not replaced."),
    };
}
