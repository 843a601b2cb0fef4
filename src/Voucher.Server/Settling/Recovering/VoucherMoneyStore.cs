using Voucher.Core.Fraud;
using Voucher.Core.Settling;
using Voucher.Server.Settling.Payments;
using Voucher.Server.Settling.Publishing;
using Voucher.Server.Settling.Retaining;
using Voucher.Server.Settling.Reviewing;

namespace Voucher.Server.Settling.Recovering;

/// <summary>One step of a voucher's money, from the claim to the last fen that came back.</summary>
/// <param name="Path">Of the page that has more of it; <c>null</c> where there is none.</param>
public sealed record MoneyStep(DateTimeOffset At, Words What, Fen? Amount, string? By, string? Path);

/// <summary>
/// Tells a voucher's story after its completion. Nothing of it is ever deleted, so that it can be told whole: each part is read from
/// where it was decided, and what moved from the books, which name the voucher of every move.
/// </summary>
public static class VoucherMoneyStore
{
    private sealed record Row(DateTimeOffset At, string What, Fen? Amount, string? By, long? Number, int Step);

    private const string Reviewing = """
        select c.submitted_at as at, 'claim' as what, l.amount_fen as amount, c.submitted_by_staff as staff, c.id as number, 0 as step
        from claim_line l join claim c on c.id = l.claim_id where l.voucher_id = @voucher
        union all
        select t.done_at, 'review', null, t.done_by_staff, l.claim_id, t.kind::int
        from claim_line l join claim_line_step t on t.claim_line_id = l.id where l.voucher_id = @voucher
        union all
        select o.approved_at, 'approval', l.amount_fen, o.approved_by_staff, o.claim_id, l.verdict::int
        from claim_line l join claim_approval o on (o.claim_id, o.number) = (l.claim_id, l.approval) where l.voucher_id = @voucher
        union all
        select h.opened_at, 'hold', null, null, h.id, h.reason::int from hold h where h.voucher_id = @voucher and h.reason <> 1
        union all
        select d.decided_at, 'hold-decision', null, d.decided_by_staff, d.hold_id, d.verdict::int
        from hold h join hold_decision d on d.hold_id = h.id where h.voucher_id = @voucher and h.reason <> 1
        """;

    /// <summary>What is owed for the voucher: of its claim lines, what was kept back of them, and its allowances.</summary>
    private const string Owed = """
        (select y.* from payable y join claim_line l on l.id = y.claim_line_id where l.voucher_id = @voucher
         union
         select y.* from payable y join allowance a on a.id = y.allowance_id where a.voucher_id = @voucher)
        """;

    private const string Publishing = $"""
        select p.published_at, 'publication', x.amount_fen, p.published_by_staff, p.id, 0
        from {Owed} y join publication_line x on x.payable_id = y.id join publication p on p.id = x.publication_id
        union all
        select distinct o.received_at, 'objection', null::bigint, o.received_by_staff, o.id, o.channel::int
        from {Owed} y join objection_line x on x.payable_id = y.id join objection o on o.id = x.objection_id
        union all
        select distinct t.at, 'objection-step', null::bigint, t.staff_id, o.id, case when t.step = 3 then 10 + o.state else t.step end::int
        from {Owed} y join objection_line x on x.payable_id = y.id join objection o on o.id = x.objection_id join objection_step t on t.objection_id = o.id
        """;

    private const string Paying = $"""
        select p.created_at, 'payment', sum(y.amount_fen)::bigint, p.created_by_staff, p.id, 0
        from {Owed} y join payment_row r on r.id = y.payment_row_id join payment p on p.id = r.payment_id group by p.id
        union all
        select distinct b.booked_at, 'answer', null::bigint, b.booked_by_staff, r.payment_id, a.answer::int
        from {Owed} y join payment_row r on r.id = y.payment_row_id
        join payment_return_row a on a.payment_row_id = r.id and a.is_booked and a.answer = 2 join payment_return b on b.id = a.return_id
        union all
        select t.posted_at, 'move', sum(m.amount_fen)::bigint, t.staff_id,
               case t.kind when 12 then (select recovery_id from recovery_pay_in where id = split_part(t.cause, ':', 2)::bigint)
                           when 13 then (select payment_id from payment_row where id = split_part(t.cause, ':', 2)::bigint)
                           else split_part(t.cause, ':', 2)::bigint end, t.kind::int
        from ledger_voucher_move m join ledger_transaction t on t.id = m.transaction_id and t.kind in (5, 11, 12, 13)
        where m.voucher_id = @voucher group by t.id
        """;

    private const string Keeping = """
        select r.drafted_at, 'retained', x.amount_fen, r.drafted_by_staff, r.id, case when r.is_release then 1 else 2 end
        from claim_line l join retained_list_line x on x.claim_line_id = l.id join retained_list r on r.id = x.list_id where l.voucher_id = @voucher
        union all
        select r.decided_at, 'retained', x.amount_fen, r.decided_by_staff, r.id, case when not r.approved then 3 when r.is_release then 4 else 5 end
        from claim_line l join retained_list_line x on x.claim_line_id = l.id join retained_list r on r.id = x.list_id
        where l.voucher_id = @voucher and r.decided_at is not null
        union all
        select s.at, 'allowance', sum(a.amount_fen)::bigint, s.staff, a.list_id, s.step
        from allowance a join allowance_list r on r.id = a.list_id
        cross join lateral (values (1, r.drafted_at, r.drafted_by_staff), (2, r.approved_at, r.approved_by_staff), (3, a.cancelled_at, a.cancelled_by_staff)) s (step, at, staff)
        where a.voucher_id = @voucher and s.at is not null group by s.at, s.staff, a.list_id, s.step
        union all
        select o.approved_at, 'allowance', sum(a.amount_fen)::bigint, o.approved_by_staff, null, 4
        from allowance a join claim_line l on l.id = a.claim_line_id join claim_approval o on (o.claim_id, o.number) = (l.claim_id, l.approval)
        where a.voucher_id = @voucher group by o.claim_id, o.number
        """;

    /// <summary>What came back is told from the books, with the voucher's own part of it.</summary>
    private const string Recovering = """
        select t.at, 'recovery', case when t.step in (6, 8) then null else sum(l.amount_fen) end::bigint, t.staff_id, t.recovery_id, t.step::int
        from recovery_line l join recovery_step t on t.recovery_id = l.recovery_id
        where l.voucher_id = @voucher and t.step not in (5, 7) group by t.recovery_id, t.number
        """;

    public static async Task<IReadOnlyList<MoneyStep>> OfAsync(NpgsqlConnection connection, VoucherId voucher)
    {
        var rows = await connection.QueryAsync<Row>($"""
            select f.at, f.what, f.amount, s.name as by, f.number, f.step
            from ({Reviewing} union all {Publishing} union all {Paying} union all {Keeping} union all {Recovering}) f
            left join staff s on s.id = f.staff
            order by f.at, f.step, f.number
            """, new { voucher });
        return [.. rows.Select(row => new MoneyStep(row.At, What(row), row.Amount, row.By, Path(row)))];
    }

    private static Words What(Row row) => row.What switch
    {
        "claim" => new($"列入申报单 {row.Number}", $"In claim {row.Number}"),
        "review" => Review((LineStepKind)row.Step),
        "approval" => row.Step == (int)LineVerdict.Pass ? new("结算审批", "Approved for payment") : new("审批不予结算", "Approved as rejected"),
        "hold" => Under(new("暂缓办理", "Held"), ((HoldReason)row.Step).Name()),
        "hold-decision" => row.Step == 1 ? new("核查后解除暂缓", "Hold released") : new("疑点属实", "Suspicion confirmed"),
        "publication" => new($"公示 {row.Number}", $"Published in list {row.Number}"),
        "objection" => Under(new($"收到异议 {row.Number}，冻结", $"Objection {row.Number}, frozen"), ((ObjectionChannel)row.Step).Name()),
        "objection-step" => Objection(row.Step),
        "payment" => new($"列入支付批次 {NumberOf(row)}", $"In payment {NumberOf(row)}"),
        "answer" => new($"银行退回（支付批次 {NumberOf(row)}）", $"Failed at the bank (payment {NumberOf(row)})"),
        "move" => Move(row),
        "retained" => Retained(row.Step),
        "allowance" => Allowance(row),
        _ => ((RecoveryStep)row.Step).Name(),
    };

    private static Words Review(LineStepKind step) =>
        step == LineStepKind.HandedInAgain ? step.Name() : new($"审核{step.Name().Zh}", $"Review: {step.Name().En}");

    private static Words Objection(int step) => step switch
    {
        1 => new("拟异议成立", "To be upheld, proposed"),
        2 => new("拟异议不成立", "To be dismissed, proposed"),
        4 => new("异议退回重核", "Objection sent back"),
        10 + (int)ObjectionState.Upheld => new("异议成立，不予支付", "Objection upheld, not paid"),
        _ => new("异议不成立", "Objection dismissed"),
    };

    private static Words Move(Row row) => (LedgerTransactionKind)row.Step switch
    {
        LedgerTransactionKind.Pay => new("已支付", "Paid"),
        LedgerTransactionKind.Bounce => new("退汇，重新应付", "Came back from the bank, owed again"),
        LedgerTransactionKind.PayIn => RecoveryStep.PayIn.Name(),
        _ => new($"已从支付批次 {NumberOf(row)} 抵扣", $"Netted from payment {NumberOf(row)}"),
    };

    private static Words Retained(int step) => step switch
    {
        1 => new("拟释放留存", "Release of what was kept back, drafted"),
        2 => new("拟不予释放留存", "Forfeiture of what was kept back, drafted"),
        3 => new("留存名单退回", "List of retained money refused"),
        4 => new("留存已释放", "What was kept back is released"),
        _ => new("留存不予释放", "What was kept back is forfeited"),
    };

    private static Words Allowance(Row row) => row.Step switch
    {
        1 => new($"列入补助发放表 {row.Number}", $"In list of allowances {row.Number}"),
        2 => new($"补助审批（发放表 {row.Number}）", $"Allowance approved (list {row.Number})"),
        3 => new($"补助作废（发放表 {row.Number}）", $"Allowance cancelled (list {row.Number})"),
        _ => new("其中由补贴列支的学员补助", "Of it the trainee's allowance"),
    };

    private static Words Under(Words what, Words how) => new($"{what.Zh}（{how.Zh}）", $"{what.En} ({how.En})");

    private static string NumberOf(Row row) => PaymentFile.NumberOf(new PaymentId(row.Number!.Value));

    private static string? Path(Row row) => row.What switch
    {
        "payment" or "answer" => $"/settling/payments/{row.Number}",
        "move" => row.Step == (int)LedgerTransactionKind.PayIn ? $"/recoveries/{row.Number}" : $"/settling/payments/{row.Number}",
        "recovery" => $"/recoveries/{row.Number}",
        "hold" or "hold-decision" => "/fraud",
        "publication" => $"/settling/publications/{row.Number}",
        "objection" or "objection-step" => "/settling/objections",
        "retained" => "/settling/retained",
        "allowance" => row.Number is { } list ? $"/settling/allowances/{list}" : null,
        _ => $"/settling/claims/{row.Number}",
    };
}
