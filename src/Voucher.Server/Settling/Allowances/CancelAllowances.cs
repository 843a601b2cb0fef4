using Voucher.Core.Settling;
using Voucher.Server.Api;
using Voucher.Server.Policies;
using Voucher.Server.Settling.Publishing;

namespace Voucher.Server.Settling.Allowances;

/// <summary>
/// 作废: a list, or one entry of it, while no money is on its way. What was owed goes back to the budget line; what is paid is taken
/// back by its own procedure. Nothing is deleted.
/// </summary>
public sealed class CancelAllowances(NpgsqlDataSource database, PolicyStore policies, County county, TimeProvider clock)
{
    public const int LongestReason = 200;

    /// <summary>The days of the list may be put on another one.</summary>
    public Task<Outcome<Nothing>> ListAsync(Actor actor, AllowanceListId list, string? reason) =>
        RunAsync(actor, list, AllowanceStep.Cancel, null, reason, isStruckOff: false);

    /// <param name="isStruckOff">The days were not attended after all: no list takes them up again.</param>
    public Task<Outcome<Nothing>> OneAsync(Actor actor, AllowanceListId list, AllowanceId entry, string? reason, bool isStruckOff) =>
        RunAsync(actor, list, AllowanceStep.CancelOne, entry, reason, isStruckOff);

    /// <summary>A draft by whoever may draft, an approved list by whoever may approve; the page and the API ask which.</summary>
    private static readonly Role[] CancelledBy = [.. Permission.Holders[Permission.DraftAllowances], .. Permission.Holders[Permission.ApproveAllowances]];

    private async Task<Outcome<Nothing>> RunAsync(Actor actor, AllowanceListId id, AllowanceStep step, AllowanceId? only, string? reason, bool isStruckOff)
    {
        var read = new FieldReader();
        var why = read.Text("reason", reason, LongestReason);
        if (read.Errors.Count > 0) return read.Errors;
        var now = clock.GetUtcNow();
        // A list is cancelled on any day: nothing is spent by it.
        var policy = await policies.InForceOrLastAsync(CountyTime.DayOf(now));
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (!actor.IsCounty) return Refusal.Of(RefusalCode.NotFound);
        if (await StandingRoles.RefuseAsync(connection, transaction, actor, CancelledBy, policy) is { } gone) return gone;
        if (await AllowanceStore.LockAsync(connection, transaction, county.Region, id) is not { } list) return Refusal.Of(RefusalCode.NotFound);
        if (list.List.Decide(step, policy) is Outcome<AllowanceList>.Refused(var refusal)) return refusal;
        var entries = await AllowanceStore.EntriesAsync(connection, transaction, id, only);
        if (entries.Count == 0) return Refusal.Of(RefusalCode.NotFound);
        if (entries.Count(entry => !entry.IsOpen) is var sent and > 0) return Refusal.Under(policy, RefusalCode.AllowanceAlreadySent, sent);
        if (await PublicationStore.RefuseFrozenAsync(connection, transaction, [.. entries.Select(entry => entry.Id)], policy) is { } frozen) return frozen;

        await AllowanceStore.CancelAsync(connection, transaction, [.. entries.Select(entry => entry.Id)], isStruckOff, why, actor, now);
        if (step == AllowanceStep.Cancel) await AllowanceStore.CancelListAsync(connection, transaction, id, why, actor, now);
        if (list.List.IsApproved) await ReverseAsync(connection, transaction, only is { } one ? $"allowance-cancel:{one}" : $"allowance-list-cancel:{id}", entries, policy, actor, now);
        await AuditTrail.AppendAsync(
            connection, transaction, now, actor.Account, only is null ? "allowance.cancel" : "allowance.cancel-one", $"allowance-list:{id}",
            $"{entries.Count} entries, {entries.Sum(entry => entry.Amount.Value)} fen{(only is { } which ? $", allowance {which}" : "")}{(isStruckOff ? ", days struck off" : "")}",
            Ground.Of(policy.RuleOf(Clause.Allowance), why));
        await transaction.CommitAsync();
        return Nothing.Value;
    }

    private static async Task ReverseAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, string cause, IReadOnlyList<OwedAllowance> entries, Policy policy, Actor actor, DateTimeOffset now)
    {
        var shortage = await LedgerBook.PostAsync(
            connection, transaction, LedgerTransactionKind.Reverse, cause, policy.RuleOf(Clause.Recovery),
            [.. entries.Select(entry => new LedgerMove(entry.Line, LedgerAccountKind.Payable, LedgerAccountKind.Unreserved, entry.Amount, entry.Voucher))], actor.Account, now);
        if (shortage is not null) throw new InvalidOperationException($"{cause}: less is payable than its entries say.");
    }
}
