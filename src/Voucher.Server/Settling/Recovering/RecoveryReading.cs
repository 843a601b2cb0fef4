using Voucher.Core.Settling;

namespace Voucher.Server.Settling.Recovering;

/// <summary>A recovery in a list.</summary>
/// <param name="Debtor">The institution, or the trainee's name masked.</param>
/// <param name="Notice">Empty before the decision.</param>
/// <param name="Amount">All that is taken back; <paramref name="Receivable"/> is the part that had been paid.</param>
public sealed record RecoverySummary(
    RecoveryId Id, RecoveryState State, string Debtor, InstitutionId? Institution, PersonId? Person, FindingSource Source, string Finding, string Notice,
    int Vouchers, Fen Amount, Fen Receivable, Fen PaidIn, Fen Netted, Fen Bound, DateOnly PayBy, string ProposedBy, DateTimeOffset ProposedAt,
    string? DecidedBy, DateTimeOffset? DecidedAt, bool IsReversalPending)
{
    public Fen Outstanding => Receivable - PaidIn - Netted;

    public bool IsOverdueOn(DateOnly day) => State == RecoveryState.Open && PayBy < day;
}

public sealed record RecoveryLineRow(
    VoucherId Voucher, string Holder, string ClassName, long? Claim, long? Payment, string BudgetLine, Fen Amount, Fen FromPaid, Fen FromOwed, Fen FromRetained, string Reason);

public sealed record RecoveryStepRow(RecoveryStep Step, Fen? Amount, string Reason, string Rule, string? By, DateTimeOffset At);

public sealed record RecoveryOwed(string FundSource, string BudgetLine, Fen Receivable, Fen PaidIn, Fen Netted, Fen Bound)
{
    public Fen Outstanding => Receivable - PaidIn - Netted;
}

public sealed record RecoveryDetail(
    RecoverySummary Summary, string Documents, string DebtorFull, string Rule, IReadOnlyList<RecoveryLineRow> Lines, IReadOnlyList<RecoveryStepRow> Steps,
    IReadOnlyList<RecoveryOwed> Owed);

/// <summary>Reads recoveries: the county all, an institution its own from the decision on.</summary>
public sealed class RecoveryReading(NpgsqlDataSource database, County county)
{
    private sealed record Row(
        RecoveryId Id, int State, string? Institution, string? Person, InstitutionId? InstitutionId, PersonId? PersonId, int Source, string Finding, string Documents,
        int? NoticeYear, int? NoticeNo, int Vouchers, Fen AmountFen, Fen Receivable, Fen PaidIn, Fen Netted, Fen Bound, DateOnly PayBy, string ProposedBy,
        DateTimeOffset ProposedAt, string? DecidedBy, DateTimeOffset? DecidedAt, bool IsReversalPending);

    private sealed record StepRow(int Step, Fen? Amount, string Reason, string Rule, string? By, DateTimeOffset At);

    private const string Select = $"""
        select r.id, r.state::int as state, t.name as institution, o.name as person, r.institution_id, r.person_id, r.source::int as source, r.finding, r.documents,
               r.notice_year, r.notice_no, (select count(*)::int from recovery_line where recovery_id = r.id) as vouchers, r.amount_fen,
               w.receivable, i.paid_in, n.netted, n.bound, r.pay_by, m.name as proposed_by, r.proposed_at, d.name as decided_by, r.decided_at,
               (r.reversal_by_staff is not null and r.state in (2, 3)) as is_reversal_pending
        from recovery r
        left join institution t on t.id = r.institution_id
        left join person o on o.id = r.person_id
        join staff m on m.id = r.proposed_by_staff
        left join staff d on d.id = r.decided_by_staff
        {RecoveryStore.Sums}
        where r.region = @Region and (@all or r.institution_id = @own and r.state in (2, 3, 6))
        """;

    /// <summary>Newest first; what waits for a decision before all else.</summary>
    public async Task<IReadOnlyList<RecoverySummary>> ListAsync(Actor actor, RecoveryState? state, int skip, int most)
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. (await connection.QueryAsync<Row>(
            $"{Select} and (@state::int is null or r.state = @state) order by r.state = 1 desc, r.id desc offset @skip limit @most",
            new { county.Region, all = actor.IsCounty, own = actor.Institution, state = (int?)state, skip, most })).Select(Read)];
    }

    public async Task<RecoveryDetail?> FindAsync(RecoveryId id, Actor actor)
    {
        await using var connection = await database.OpenConnectionAsync();
        var row = await connection.QuerySingleOrDefaultAsync<Row>($"{Select} and r.id = @id", new { county.Region, all = actor.IsCounty, own = actor.Institution, id });
        if (row is null) return null;
        var lines = (await connection.QueryAsync<RecoveryLineRow>("""
            select l.voucher_id as voucher, o.name as holder, coalesce(k.name, '') as class_name, c.claim_id as claim, c.payment_id as payment,
                   s.name || ' · ' || b.name as budget_line, l.amount_fen as amount,
                   coalesce(p.paid, 0)::bigint as from_paid, coalesce(p.owed, 0)::bigint as from_owed, coalesce(p.retained, 0)::bigint as from_retained, l.reason
            from recovery_line l
            left join claim_line c on c.id = l.claim_line_id
            left join payable y on y.id = l.payable_id
            join voucher v on v.id = l.voucher_id
            join person o on o.id = v.person_id
            join budget_line b on b.id = coalesce(c.budget_line_id, y.budget_line_id)
            join fund_source s on s.id = b.fund_source_id
            left join enrolment n on n.voucher_id = v.id and n.is_active
            left join training_class k on k.id = n.class_id
            left join lateral (
                select sum(amount_fen) filter (where from_kind = 5) as paid, sum(amount_fen) filter (where from_kind = 4) as owed,
                       sum(amount_fen) filter (where from_kind = 7) as retained
                from recovery_part where recovery_line_id = l.id) p on true
            where l.recovery_id = @id order by l.id
            """, new { id })).Select(line => line with { Holder = PersonName.Masked(line.Holder) }).ToList();
        var steps = (await connection.QueryAsync<StepRow>("""
            select t.step::int as step, t.amount_fen as amount, t.reason, t.rule, s.name as by, t.at
            from recovery_step t left join staff s on s.id = t.staff_id where t.recovery_id = @id order by t.number
            """, new { id })).Select(step => new RecoveryStepRow((RecoveryStep)step.Step, step.Amount, step.Reason, step.Rule, step.By, step.At)).ToList();
        var owed = await connection.QueryAsync<RecoveryOwed>("""
            select s.name as fund_source, b.name as budget_line, sum(f.receivable)::bigint as receivable, sum(f.paid_in)::bigint as paid_in,
                   sum(f.netted)::bigint as netted, sum(f.bound)::bigint as bound
            from (
                select p.budget_line_id as line, p.amount_fen as receivable, 0 as paid_in, 0 as netted, 0 as bound
                from recovery_line l join recovery_part p on p.recovery_line_id = l.id and p.from_kind = 5 where l.recovery_id = @id
                union all
                select k.budget_line_id, 0, k.amount_fen, 0, 0 from recovery_pay_in i join recovery_pay_in_line k on k.pay_in_id = i.id where i.recovery_id = @id
                union all
                select budget_line_id, 0, 0, case state when 2 then amount_fen else 0 end, case state when 1 then amount_fen else 0 end
                from recovery_netting where recovery_id = @id) f
            join budget_line b on b.id = f.line
            join fund_source s on s.id = b.fund_source_id
            group by s.id, s.name, b.id, b.name order by s.id, b.id
            """, new { id });
        return new RecoveryDetail(Read(row), row.Documents, row.Institution ?? row.Person ?? "", steps[^1].Rule, lines, steps, [.. owed]);
    }

    private static RecoverySummary Read(Row row) => new(
        row.Id, (RecoveryState)row.State, row.Institution ?? PersonName.Masked(row.Person ?? ""), row.InstitutionId, row.PersonId, (FindingSource)row.Source, row.Finding,
        row is { NoticeYear: { } year, NoticeNo: { } no } ? new NoticeNumber(NoticeKind.Recovery, year, no).ToString() : "",
        row.Vouchers, row.AmountFen, row.Receivable, row.PaidIn, row.Netted, row.Bound, row.PayBy, row.ProposedBy, row.ProposedAt,
        row.DecidedBy, row.DecidedAt, row.IsReversalPending);
}
