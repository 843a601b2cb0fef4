using Voucher.Core.Settling;
using Voucher.Server.Api;
using Voucher.Server.Ledger.Budget;
using Voucher.Server.Ledger.Transactions;
using Voucher.Server.Policies;

namespace Voucher.Server.Ledger.Correcting;

/// <summary>更正: Finance proposes with a reason, an approver posts the exact opposite into the open month, or refuses.</summary>
public sealed class CorrectTransaction(NpgsqlDataSource database, TransactionStore transactions, PolicyStore policies, County county, TimeProvider clock)
{
    private static readonly Words Proposal = new("提出更正", "proposed the correction");

    public async Task<Outcome<Nothing>> ProposeAsync(Actor actor, long id, string? reason)
    {
        if (Reasons.Fault(reason) is { } fault) return fault;
        if (string.IsNullOrWhiteSpace(reason)) return Refusal.Of(RefusalCode.ReasonMissing);
        return await RunAsync(actor, id, CorrectionStep.Propose, reason.Trim());
    }

    /// <param name="post">Whether it is posted; otherwise refused.</param>
    public Task<Outcome<Nothing>> DecideAsync(Actor actor, long id, bool post) => RunAsync(actor, id, post ? CorrectionStep.Post : CorrectionStep.Refuse, null);

    private async Task<Outcome<Nothing>> RunAsync(Actor actor, long id, CorrectionStep step, string? reason)
    {
        if (await transactions.FindAsync(id) is not { } found) return Refusal.Of(RefusalCode.NotFound);
        if (!MayDo(actor, step)) return Refusal.Of(RefusalCode.NotAllowed);
        var now = clock.GetUtcNow();
        var policy = await policies.InForceOrLastAsync(CountyTime.DayOf(now));
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await StandingRoles.RefuseAsync(connection, transaction, actor, RolesFor(step), policy) is { } gone) return gone;
        var known = await CorrectionStore.LockAsync(connection, transaction, county.Region, id);
        var (_, refused) = LedgerCorrection.Decide(known?.State ?? CorrectionState.None, step, found.Kind, actor.Person.Is(known?.ProposedByStaff));
        if (refused is { } code) return Refuse(policy, code, found.Kind);
        try
        {
            if (await WriteAsync(connection, transaction, policy, found, known, step, reason, actor, now) is { } shortage) return shortage;
        }
        catch (PostgresException first) when (first is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "ledger_correction_once" })
        {
            return Refusal.Under(policy, RefusalCode.AlreadyCorrected);
        }
        await transaction.CommitAsync();
        return Nothing.Value;
    }

    private async Task<Refusal?> WriteAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, Policy policy, LedgerTransaction found, ProposedCorrection? known,
        CorrectionStep step, string? reason, Actor actor, DateTimeOffset now)
    {
        if (step == CorrectionStep.Propose) await CorrectionStore.ProposeAsync(connection, transaction, county.Region, found.Id, reason!, actor, now);
        else await CorrectionStore.DecideAsync(connection, transaction, known!.Id, step == CorrectionStep.Post ? CorrectionState.Posted : CorrectionState.Refused, actor, now);
        if (step == CorrectionStep.Post)
        {
            var moves = await CorrectionStore.OppositeAsync(connection, transaction, found.Id);
            if (await LedgerBook.PostAsync(
                connection, transaction, LedgerTransactionKind.Correct, $"correct:{found.Id}", policy.RuleOf(Clause.Funds), moves, actor.Account, now) is { } shortage)
                return shortage;
        }
        var action = step switch { CorrectionStep.Propose => "ledger.correct-propose", CorrectionStep.Post => "ledger.correct", _ => "ledger.correct-refuse" };
        await AuditTrail.AppendAsync(connection, transaction, now, actor.Account, action, $"ledger-transaction:{found.Id}", found.DocumentNo ?? "",
            Ground.Of(policy.RuleOf(Clause.Funds), reason));
        return null;
    }

    private static bool MayDo(Actor actor, CorrectionStep step) =>
        actor.IsCounty && actor.May(Permission.CloseBooks) && actor.Roles.Overlaps(RolesFor(step));

    private static Role[] RolesFor(CorrectionStep step) => [step == CorrectionStep.Propose ? Role.Finance : Role.Approver];

    private static Refusal Refuse(Policy policy, RefusalCode code, LedgerTransactionKind kind) => code switch
    {
        RefusalCode.SamePerson => Refusal.Under(policy, code, Proposal),
        RefusalCode.NotCorrectable => Refusal.Under(policy, code, kind.Name(), LedgerCorrection.UndoneBy(kind)),
        _ => Refusal.Under(policy, code),
    };
}
