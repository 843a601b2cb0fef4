using Voucher.Server.Api;
using Voucher.Server.Ledger.Budget;
using Voucher.Server.Policies;

namespace Voucher.Server.Settling.Allowances;

/// <summary>
/// Which money may pay allowances (渠道不乱): finance proposes a budget line by its document, an approver confirms it. Either ends it, at
/// once: lists that are approved stand, a draft is approved no more.
/// </summary>
public sealed class AllowLine(NpgsqlDataSource database, BudgetStore budget, PolicyStore policies, TimeProvider clock)
{
    public const int LongestDocumentNo = 60;

    private static readonly Words Proposal = new("提出列支补助", "proposed that the line pays allowances");

    public async Task<Outcome<Nothing>> ProposeAsync(Actor actor, int? line, string? documentNo)
    {
        var read = new FieldReader();
        var document = read.Text("documentNo", documentNo, LongestDocumentNo);
        try
        {
            return await RunAsync(actor, line, Permission.EditBudget, read, async (connection, transaction, known, stands, _, now) =>
            {
                if (stands is not null) return StandsAlready();
                await AllowanceLineStore.ProposeAsync(connection, transaction, known, document, actor, now);
                return await DoneAsync(connection, transaction, actor, "allowance.propose-line", known, document, document, now);
            });
        }
        catch (PostgresException first) when (first is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: AllowanceLineStore.Once })
        {
            return StandsAlready();
        }
    }

    public Task<Outcome<Nothing>> ConfirmAsync(Actor actor, int? line) =>
        RunAsync(actor, line, Permission.ApproveAllowances, new FieldReader(), async (connection, transaction, known, stands, policy, now) =>
        {
            if (stands is null) return Refusal.Of(RefusalCode.NotFound);
            if (stands.IsAllowed) return StandsAlready();
            if (Duties.Refuse(policy, actor.Staff, [(Proposal, stands.ProposedBy)]) is { } same) return same;
            await AllowanceLineStore.AllowAsync(connection, transaction, stands.Id, actor, now);
            return await DoneAsync(connection, transaction, actor, "allowance.line", known, stands.DocumentNo, policy.RuleOf(Clause.Funds).ToString(), now);
        });

    /// <summary>Ends what stands, or turns a proposal down: one person stops, two allow.</summary>
    public Task<Outcome<Nothing>> EndAsync(Actor actor, int? line, string? reason)
    {
        var read = new FieldReader();
        var why = read.Text("reason", reason, Reasons.Longest);
        var permission = actor.May(Permission.EditBudget) ? Permission.EditBudget : Permission.ApproveAllowances;
        return RunAsync(actor, line, permission, read, async (connection, transaction, known, stands, _, now) =>
        {
            if (stands is null) return Refusal.Of(RefusalCode.NotFound);
            await AllowanceLineStore.EndAsync(connection, transaction, stands.Id, why, actor, now);
            return await DoneAsync(connection, transaction, actor, "allowance.end-line", known, stands.DocumentNo, why, now);
        });
    }

    private async Task<Outcome<Nothing>> RunAsync(
        Actor actor, int? line, string permission, FieldReader read,
        Func<NpgsqlConnection, NpgsqlTransaction, BudgetLineId, LockedAllowanceLine?, Policy, DateTimeOffset, Task<Outcome<Nothing>>> act)
    {
        if (!actor.IsCounty || !actor.May(permission)) return Refusal.Of(RefusalCode.NotAllowed);
        var known = line is { } id ? await budget.FindAsync(new BudgetLineId(id)) : null;
        if (known is null) read.Fault("line", new("请选择预算项目", "Choose a budget line"));
        if (read.Errors.Count > 0) return read.Errors;
        var now = clock.GetUtcNow();
        var policy = await policies.InForceOrLastAsync(CountyTime.DayOf(now));
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await StandingRoles.RefuseAsync(connection, transaction, actor, permission, policy) is { } gone) return gone;
        var stands = await AllowanceLineStore.LockAsync(connection, transaction, known!.Id);
        var outcome = await act(connection, transaction, known.Id, stands, policy, now);
        if (outcome is Outcome<Nothing>.Done) await transaction.CommitAsync();
        return outcome;
    }

    private static async Task<Outcome<Nothing>> DoneAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, Actor actor, string action, BudgetLineId line, string detail, string ground, DateTimeOffset now)
    {
        await AuditTrail.AppendAsync(connection, transaction, now, actor.Account, action, $"budget-line:{line}", detail, ground);
        return Nothing.Value;
    }

    private static List<FieldError> StandsAlready() => [new("line", new("这个预算项目已经登记或已提出过", "This line is recorded or proposed already"))];
}
