namespace Voucher.Server.Institutions.Accrediting;

/// <summary>
/// Writes the steps of an accreditation. Each update repeats the machine's guard: it changes the row only in the state and
/// with the proposal that were decided upon; two persons are compared by the table itself.
/// </summary>
public static class AccreditationStepStore
{
    private const string Guard = "id = @Id and state = @FromState and proposal = @FromProposal";

    private const string To = "state = @ToState, proposal = @ToProposal, steps = steps + 1";

    /// <summary>The step itself, for the history; called first in each step's transaction.</summary>
    public static Task AppendAsync(Step step) => step.Connection.ExecuteAsync("""
        insert into accreditation_step (accreditation_id, number, command, from_state, to_state, at, staff_id, reason, rule)
        select @Id, steps + 1, @command, @FromState, @ToState, @Now, @By, @Reason, @rule from accreditation where id = @Id
        """, step.With(new { command = (short)step.Command, step.By, step.Reason, rule = step.Rule.ToString() }), step.Transaction);

    /// <summary>Changes nothing but the state: change, send back, take back.</summary>
    public static Task MoveAsync(Step step) => WriteAsync(step, $"update accreditation set {To} where {Guard}");

    public static Task SubmitAsync(Step step) =>
        WriteAsync(step, $"update accreditation set {To}, submitted_staff = @By, submitted_at = @Now where {Guard}", new { step.By });

    public static Task InspectAsync(Step step, DateOnly on) => WriteAsync(
        step, $"update accreditation set {To}, inspected_staff = @By, inspected_on = @on, finding = @Reason where {Guard}", new { step.By, on, step.Reason });

    public static async Task ProposeGrantAsync(Step step, GrantEntry grant)
    {
        await WriteAsync(step, $"""
            update accreditation set {To}, verdict_proposed_staff = @By, verdict_reason = @Reason,
                approved_capacity = @Capacity, valid_from = @From, valid_until = @Until where {Guard}
            """, new { step.By, step.Reason, grant.Capacity, grant.From, grant.Until });
        await step.Connection.ExecuteAsync("""
            update accreditation_programme x set is_approved = p.code = any(@ProgrammeCodes)
            from programme p where p.id = x.programme_id and x.accreditation_id = @Id
            """, new { step.Known.Id, grant.ProgrammeCodes }, step.Transaction);
    }

    public static Task ProposeRefusalAsync(Step step) => WriteAsync(
        step, $"update accreditation set {To}, verdict_proposed_staff = @By, verdict_reason = @Reason where {Guard}", new { step.By, step.Reason });

    public static Task DropVerdictAsync(Step step) => WriteAsync(step, $"""
        update accreditation set {To}, verdict_proposed_staff = null, verdict_reason = '', approved_capacity = null, valid_from = null, valid_until = null
        where {Guard}
        """);

    /// <summary>
    /// Grants what was proposed, from today at the earliest: nobody was accredited before somebody said so. What was taken over ends
    /// where it begins.
    /// </summary>
    public static async Task GrantAsync(Step step)
    {
        var from = step.Known.ValidFrom < step.Today ? step.Today : step.Known.ValidFrom;
        await step.Connection.ExecuteAsync("""
            update accreditation set valid_until = greatest(valid_from, @from) - 1
            where institution_id = @InstitutionId and is_taken_over and state in (4, 5) and valid_until >= @from
            """, new { step.Known.InstitutionId, from }, step.Transaction);
        await WriteAsync(step, $"update accreditation set {To}, valid_from = @from, verdict_staff = @By, verdict_at = @Now where {Guard}", new { step.By, from });
    }

    public static Task RefuseAsync(Step step) =>
        WriteAsync(step, $"update accreditation set {To}, verdict_staff = @By, verdict_at = @Now where {Guard}", new { step.By });

    public static Task SuspendAsync(Step step, DateOnly? until) => WriteAsync(step, $"""
        update accreditation set {To}, suspended_staff = @By, suspended_at = @Now, suspended_until = @until, suspension_reason = @Reason,
            suspension_confirmed_staff = null where {Guard}
        """, new { step.By, until, step.Reason });

    public static Task ConfirmSuspensionAsync(Step step) =>
        WriteAsync(step, $"update accreditation set {To}, suspension_confirmed_staff = @By where {Guard}", new { step.By });

    /// <summary>Suspended no more; the history keeps what it was.</summary>
    public static Task LiftAsync(Step step) => WriteAsync(step, $"""
        update accreditation set {To}, suspended_staff = null, suspended_at = null, suspended_until = null, suspension_reason = '',
            suspension_confirmed_staff = null, withdrawal_proposed_staff = null, withdrawal_proposed_at = null, withdrawal_reason = ''
        where {Guard}
        """);

    public static Task ProposeWithdrawalAsync(Step step) => WriteAsync(step, $"""
        update accreditation set {To}, withdrawal_proposed_staff = @By, withdrawal_proposed_at = @Now, withdrawal_reason = @Reason where {Guard}
        """, new { step.By, step.Reason });

    /// <summary>The withdrawal is turned down, and the suspension that two persons had confirmed before goes on.</summary>
    public static Task DropWithdrawalAsync(Step step) => WriteAsync(step, $"""
        update accreditation set {To}, withdrawal_proposed_staff = null, withdrawal_proposed_at = null, withdrawal_reason = '' where {Guard}
        """);

    public static Task WithdrawAsync(Step step) =>
        WriteAsync(step, $"update accreditation set {To}, withdrawal_staff = @By, withdrawn_at = @Now where {Guard}", new { step.By });

    /// <summary>The institution's other accreditations, of this year or the next, go with it: by the same two persons, for the same reason.</summary>
    public static async Task<IReadOnlyList<AccreditationId>> WithdrawOthersAsync(Step step)
    {
        var others = step.With(new { step.Known.InstitutionId, step.By, step.Today, command = (short)step.Command, step.Reason, rule = step.Rule.ToString() });
        await step.Connection.ExecuteAsync($"""
            insert into accreditation_step (accreditation_id, number, command, from_state, to_state, at, staff_id, reason, rule)
            select a.id, a.steps + 1, @command, a.state, @ToState, @Now, @By, @Reason, @rule from accreditation a where {Others}
            """, others, step.Transaction);
        return (await step.Connection.QueryAsync<AccreditationId>($"""
            update accreditation a
            set state = @ToState, proposal = 0, steps = a.steps + 1, withdrawal_staff = @By, withdrawn_at = @Now,
                withdrawal_proposed_staff = w.withdrawal_proposed_staff, withdrawal_proposed_at = w.withdrawal_proposed_at, withdrawal_reason = w.withdrawal_reason
            from accreditation w where w.id = @Id and {Others}
            returning a.id
            """, others, step.Transaction)).AsList();
    }

    /// <summary>Over ones as well where they are suspended: nothing of a withdrawn institution stays open.</summary>
    private const string Others = "a.institution_id = @InstitutionId and a.id <> @Id and (a.state = 5 or a.state = 4 and a.valid_until >= @Today)";

    private static async Task WriteAsync(Step step, string sql, object? also = null)
    {
        var changed = await step.Connection.ExecuteAsync(sql, step.With(also), step.Transaction);
        if (changed != 1) throw new InvalidOperationException($"Accreditation {step.Known.Id} changed under its lock.");
    }
}
