using System.Globalization;
using Voucher.Core.Settling;
using Voucher.Server.Api;
using Voucher.Server.Policies;

namespace Voucher.Server.Ledger.Closing;

/// <summary>
/// 月结: Finance proposes the closing of a month that is over, an approver closes it. Balances are frozen and the end of the chain
/// is written down; from then on nothing is posted into the month, and what was wrong is corrected in an open one.
/// </summary>
public sealed class CloseMonth(NpgsqlDataSource database, PolicyStore policies, County county, TimeProvider clock)
{
    private static readonly Words Proposal = new("提出月结", "proposed the closing");

    /// <param name="month">Its first day.</param>
    public Task<Outcome<Nothing>> ProposeAsync(Actor actor, DateOnly? month) => RunAsync(actor, month, MonthStep.Propose, null);

    public Task<Outcome<Nothing>> CloseAsync(Actor actor, DateOnly? month) => RunAsync(actor, month, MonthStep.Close, null);

    public async Task<Outcome<Nothing>> SendBackAsync(Actor actor, DateOnly? month, string? reason)
    {
        if (Reasons.Fault(reason) is { } fault) return fault;
        return string.IsNullOrWhiteSpace(reason)
            ? Refusal.Of(RefusalCode.ReasonMissing)
            : await RunAsync(actor, month, MonthStep.SendBack, reason.Trim());
    }

    private async Task<Outcome<Nothing>> RunAsync(Actor actor, DateOnly? asked, MonthStep step, string? reason)
    {
        if (asked is not { Day: 1, Year: >= 2016 and <= 2100 } month) return new List<FieldError> { new("month", new("请选择月份", "Choose a month")) };
        if (!MayDo(actor, step)) return Refusal.Of(RefusalCode.NotAllowed);
        var now = clock.GetUtcNow();
        var today = CountyTime.DayOf(now);
        var policy = await policies.InForceOrLastAsync(today);
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await StandingRoles.RefuseAsync(connection, transaction, actor, RolesFor(step), policy) is { } gone) return gone;
        var known = await ClosingStore.LockAsync(connection, transaction, county.Region, month);
        var facts = new MonthFacts(
            month.AddMonths(1) <= today, await ClosingStore.IsEarlierOpenAsync(connection, transaction, county.Region, month), actor.Person.Is(known?.ProposedByStaff));
        var state = known?.State ?? MonthState.Open;
        if (MonthClosing.Decide(state, step, facts).Refused is { } code) return Refuse(policy, code, month, state);
        try
        {
            await WriteAsync(connection, transaction, known, month, step, reason, actor, now);
        }
        catch (PostgresException first) when (first is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "month_closing_once" })
        {
            return Refuse(policy, RefusalCode.MonthWrongStep, month, MonthState.Proposed);
        }
        await transaction.CommitAsync();
        return Nothing.Value;
    }

    private async Task WriteAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, MonthRecord? known, DateOnly month, MonthStep step, string? reason, Actor actor, DateTimeOffset now)
    {
        if (step == MonthStep.Propose) await ClosingStore.ProposeAsync(connection, transaction, county.Region, month, actor, now);
        if (step == MonthStep.SendBack) await ClosingStore.SendBackAsync(connection, transaction, known!.Id, reason!, actor, now);
        // The trail's lock comes before the chain's: whoever commits a posting takes them in this order.
        var action = step switch { MonthStep.Propose => "books.propose", MonthStep.Close => "books.close", _ => "books.send-back" };
        await AuditTrail.AppendAsync(connection, transaction, now, actor.Account, action, Subject(month), "", Ground.Given(reason, Permission.CloseBooks));
        if (step != MonthStep.Close) return;
        var (number, root) = await ClosingStore.CloseAsync(connection, transaction, known!, county.Region, actor, now);
        await AuditTrail.AppendAsync(
            connection, transaction, now, actor.Account, "books.root", Subject(month), $"number {number}, root {(root is null ? "none" : Convert.ToHexStringLower(root))}",
            Ground.Given(reason, Permission.CloseBooks));
    }

    /// <summary>Finance proposes; who approves decides.</summary>
    private static bool MayDo(Actor actor, MonthStep step) =>
        actor.IsCounty && actor.May(Permission.CloseBooks) && actor.Roles.Overlaps(RolesFor(step));

    private static Role[] RolesFor(MonthStep step) => [step == MonthStep.Propose ? Role.Finance : Role.Approver];

    private static Refusal Refuse(Policy policy, RefusalCode code, DateOnly month, MonthState state) => code switch
    {
        RefusalCode.SamePerson => Refusal.Under(policy, code, Proposal),
        RefusalCode.MonthWrongStep => Refusal.Under(policy, code, Show(month), state.Name()),
        _ => Refusal.Under(policy, code, Show(month)),
    };

    private static string Subject(DateOnly month) => $"month:{Show(month)}";

    public static string Show(DateOnly month) => month.ToString("yyyy-MM", CultureInfo.InvariantCulture);
}
