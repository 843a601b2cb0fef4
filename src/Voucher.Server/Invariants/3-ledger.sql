-- Money: double entry, nothing lost, nothing negative, and the books agree with vouchers, claims and payments.

-- check 3.1 transaction-sums-to-zero
-- 每笔记账合计为零，且不为空。
-- Each ledger transaction sums to zero and is not empty.
select 'ledger_transaction ' || t.id as subject, t.cause || ': sum ' || coalesce(sum(p.amount_fen), 0) || ' fen of ' || count(p.amount_fen) || ' postings' as finding
from ledger_transaction t left join ledger_posting p on p.transaction_id = t.id
group by t.id having coalesce(sum(p.amount_fen), 0) <> 0 or count(p.amount_fen) = 0;

-- check 3.2 balance-is-sum-of-postings
-- 账户余额等于分录合计。
-- The balance of an account is the sum of its postings.
select 'ledger_account ' || a.id as subject, 'balance ' || a.balance_fen || ' fen, postings ' || coalesce(sum(p.amount_fen), 0) as finding
from ledger_account a left join ledger_posting p on p.ledger_account_id = a.id
group by a.id having a.balance_fen <> coalesce(sum(p.amount_fen), 0);

-- check 3.3 allocated-is-accounted-for
-- 预算项目：下达＝可用＋已预留＋待支付＋留存＋已支付＋应收。
-- Of a budget line, allocated = unreserved + reserved + payable + retained + paid + receivable.
select 'budget_line ' || budget_line_id as subject, 'difference ' || sum(balance_fen) || ' fen' as finding
from ledger_account group by budget_line_id having sum(balance_fen) <> 0;

-- check 3.4 none-negative
-- 没有透支的账户。
-- No account is overdrawn.
select 'ledger_account ' || id as subject, 'kind ' || kind || ', balance ' || balance_fen || ' fen' as finding
from ledger_account where case when kind = 1 then balance_fen > 0 else balance_fen < 0 end;

-- check 3.5 reserved-is-what-vouchers-reserve
-- 已预留＝未结算的券面值之和（含正在写入的批次）。
-- Reserved is the face value of the vouchers that reserve, and of those of an approved batch that are still to be written.
with wanted as (
    select budget_line_id, sum(fen) as fen from (
        select budget_line_id, face_value_fen as fen from voucher where is_reserved
        union all
        select budget_line_id, face_value_fen * (people - written) from batch where status = 2) parts
    group by budget_line_id),
booked as (select budget_line_id, balance_fen as fen from ledger_account where kind = 3)
select 'budget_line ' || coalesce(w.budget_line_id, b.budget_line_id) as subject,
       'reserved ' || coalesce(b.fen, 0) || ' fen, vouchers reserve ' || coalesce(w.fen, 0) as finding
from wanted w full join booked b on b.budget_line_id = w.budget_line_id
where coalesce(w.fen, 0) <> coalesce(b.fen, 0);

-- check 3.6 payable-is-what-is-owed
-- 应付＝未支付的应付款之和，减去其中已部分支付的。
-- Payable is the sum of what is owed and not yet paid, less what is paid in part.
with wanted as (select budget_line_id, sum(amount_fen - part_paid_fen) as fen from payable where state in (1, 2) group by budget_line_id),
booked as (select budget_line_id, balance_fen as fen from ledger_account where kind = 4)
select 'budget_line ' || coalesce(w.budget_line_id, b.budget_line_id) as subject,
       'payable ' || coalesce(b.fen, 0) || ' fen, owed ' || coalesce(w.fen, 0) as finding
from wanted w full join booked b on b.budget_line_id = w.budget_line_id
where coalesce(w.fen, 0) <> coalesce(b.fen, 0);

-- check 3.7 paid-is-what-was-owed
-- 已付＝已支付的应付款和部分支付之和－从中追回的。
-- Paid is the sum of what was owed and is paid, whole or in part, less what of it is taken back.
with wanted as (
    select budget_line_id, sum(fen) as fen from (
        select budget_line_id, case state when 3 then amount_fen else part_paid_fen end as fen from payable where state in (2, 3)
        union all
        select p.budget_line_id, -p.amount_fen
        from recovery_part p join recovery_line l on l.id = p.recovery_line_id join recovery r on r.id = l.recovery_id
        where p.from_kind = 5 and r.state in (2, 3)) parts
    group by budget_line_id),
booked as (select budget_line_id, balance_fen as fen from ledger_account where kind = 5)
select 'budget_line ' || coalesce(w.budget_line_id, b.budget_line_id) as subject,
       'paid ' || coalesce(b.fen, 0) || ' fen, paid off ' || coalesce(w.fen, 0) as finding
from wanted w full join booked b on b.budget_line_id = w.budget_line_id
where coalesce(w.fen, 0) <> coalesce(b.fen, 0);

-- check 3.8 claim-is-booked
-- 审批和支付都记了账，金额一致（审批后因异议撤销的行，冲回另记）；没有凭据的账没有。
-- Each approved claim and each paid payment is booked with its amount, and nothing is booked without one. What an objection has undone since was approved too; its reversal is booked for itself.
with due as (
    select 'claim:' || claim_id || case when approval > 1 then ':' || approval else '' end as cause, sum(amount_fen - retained_fen) as fen
    from claim_line where state in (3, 5, 6, 7) or objection_id is not null group by claim_id, approval
    union all
    select 'payment:' || r.payment_id, sum(case y.state when 3 then y.amount_fen else y.part_paid_fen end)
    from payable y join payment_row r on r.id = y.payment_row_id where y.state = 3 or y.part_paid_fen > 0 group by r.payment_id),
booked as (
    select case when t.kind = 4 then t.cause else 'payment:' || split_part(t.cause, ':', 2) end as cause, sum(p.amount_fen) as fen
    from ledger_transaction t
    join ledger_posting p on p.transaction_id = t.id
    join ledger_account a on a.id = p.ledger_account_id and a.kind = case t.kind when 4 then 4 else 5 end
    where t.kind in (4, 5, 11) group by 1 having min(t.kind) = 4 or sum(p.amount_fen) <> 0)
select coalesce(d.cause, b.cause) as subject, 'due ' || coalesce(d.fen::text, 'nothing') || ' fen, booked ' || coalesce(b.fen::text, 'nothing') as finding
from due d full join booked b on b.cause = d.cause
where d.fen is distinct from b.fen;

-- check 3.9 payment-is-its-lines
-- 支付批次总额＝各收款行之和；未移出、未取消的收款行＝所付应付款之和。
-- The total of a payment is the sum of its rows; a row that is neither taken out nor cancelled is the sum of what it pays.
select 'payment ' || p.id as subject, 'total ' || p.total_fen || ', rows ' || r.fen || ', lines ' || l.fen || ' fen' as finding
from payment p
cross join lateral (
    select coalesce(sum(gross_fen), 0) as fen, coalesce(sum(gross_fen) filter (where state <> 6 and p.status <> 5), 0) as held,
           coalesce(sum(amount_fen + netted_fen), 0) as told from payment_row where payment_id = p.id) r
cross join lateral (
    select coalesce(sum(y.amount_fen), 0) as fen from payable y join payment_row o on o.id = y.payment_row_id where o.payment_id = p.id) l
where p.total_fen <> r.fen or r.told <> r.fen or r.held <> l.fen;

-- check 3.10 line-amount
-- 申报金额＝标准按冻结的课时计算与面值中较小者；面值、预算项目与券一致，标准与班级一致，课时与冻结的依据一致。
-- A line's amount is what its frozen hours earn of the rate, and never more than the face value; both are those of the voucher and of its class, and the hours those of its evidence.
select 'claim_line ' || l.id as subject,
       'amount ' || l.amount_fen || ', face value ' || l.face_value_fen || ' (voucher ' || v.face_value_fen || '), rate '
       || l.rate_fen || ' (class ' || coalesce(c.rate_fen::text, 'none') || '), hours '
       || coalesce(l.delivered_hours || '/' || l.planned_hours || ' in full from ' || l.full_pay_percent || '%', 'not weighed') as finding
from live_claim_line l
join voucher v on v.id = l.voucher_id
left join completion d on d.voucher_id = v.id
left join enrolment n on n.id = d.enrolment_id
left join training_class c on c.id = n.class_id
where (l.amount_fen <> claim_amount_fen(l.face_value_fen, l.rate_fen, l.delivered_hours, l.planned_hours, l.full_pay_percent)
       or l.face_value_fen <> v.face_value_fen or l.budget_line_id <> v.budget_line_id or l.rate_fen is distinct from c.rate_fen
       or l.planned_hours is not null and (
           l.delivered_hours is distinct from (l.evidence ->> 'attendedTheoryHours')::int + (l.evidence ->> 'attendedPracticeHours')::int
           or l.planned_hours is distinct from (l.evidence ->> 'plannedTheoryHours')::int + (l.evidence ->> 'plannedPracticeHours')::int));

-- check 3.11 states-agree
-- 申报单、申报行、应付款、支付批次的状态相符。
-- The states of claims, their lines, what they are owed and payments agree.
select 'claim_line ' || l.id as subject,
       'line ' || l.state || ', claim ' || c.status || ', payment ' || coalesce(p.status::text, 'none') as finding
from claim_line l join claim c on c.id = l.claim_id left join payment p on p.id = l.payment_id
where not case l.state
    when 2 then c.status in (1, 5) and l.payment_id is null
    when 3 then c.status in (2, 5) and coalesce(p.status, 1) in (1, 3, 4)
    when 4 then c.status in (2, 3, 4, 5) and l.payment_id is null
    when 5 then c.status in (2, 4, 5) and p.status in (2, 3, 4)
        -- Of a line that goes wholly to its trainee, all of the trainee's is paid.
        and not exists (
            select from payable y where y.claim_line_id = l.id and y.state in (1, 2)
                and (y.kind = 1 or not exists (select from payable i where i.claim_line_id = l.id and i.kind = 1)))
        and (c.status = 4) = not exists (select from claim_line o where o.claim_id = c.id and o.state in (2, 3, 6, 8, 9))
    when 8 then c.status in (1, 5) and l.payment_id is null
    when 9 then c.status in (1, 5) and l.payment_id is null
    else true end;

-- check 3.12 reservation-fits-state
-- 已结业的券在审批前保留预留资金，审批后不再保留，审批因异议撤销的也不再保留。
-- A completed voucher keeps its reservation until it is approved for payment, and not after, even where an objection has undone the approval.
select 'voucher ' || v.id as subject,
       case when v.is_reserved then 'still reserves though approved' else 'reserves nothing though not approved' end as finding
from voucher v left join claim_line l on l.voucher_id = v.id and (l.state in (3, 5, 6, 7) or l.objection_id is not null)
where v.state = 4 and v.is_reserved = (l.id is not null);

-- check 3.13 money-keeps-its-purpose
-- 用途不变：批次的使用范围和申报的项目都在资金来源和预算项目的用途之内。
-- What a batch may be used for and what a claim pays for lie within the purposes of the budget line and of its source.
select 'batch ' || id as subject, 'scope ' || scope || ' is outside the purpose of budget line ' || budget_line_id as finding
from batch where status in (1, 2, 3, 6) and not fund_covers(budget_line_id, scope)
union all
select 'claim_line ' || l.id, 'programme ' || g.code || ' is outside the purpose of budget line ' || l.budget_line_id
from live_claim_line l
join completion d on d.voucher_id = l.voucher_id
join enrolment n on n.id = d.enrolment_id
join training_class c on c.id = n.class_id
join programme g on g.id = c.programme_id
where exists (select from fund_purpose p join budget_line b on b.fund_source_id = p.fund_source_id where b.id = l.budget_line_id)
  and not fund_covers(l.budget_line_id, g.code);

-- check 3.14 transfer-keeps-its-source
-- 渠道不乱：资金只在同一来源、同一用途的预算项目之间调剂。
-- Money is transferred only between budget lines of one source and one purpose.
select 'ledger_transaction ' || t.id as subject,
       count(distinct l.fund_source_id) || ' sources, ' || count(distinct purposes_of_line(l.id)) || ' purposes' as finding
from ledger_transaction t
join ledger_posting p on p.transaction_id = t.id
join ledger_account a on a.id = p.ledger_account_id
join budget_line l on l.id = a.budget_line_id
where t.kind = 7
group by t.id having count(distinct l.fund_source_id) > 1 or count(distinct purposes_of_line(l.id)) > 1;
