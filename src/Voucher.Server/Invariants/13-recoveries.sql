-- Money taken back: what is owed is what two persons decided, less what came back.

-- check 13.1 receivable-is-what-is-owed-back
-- 应收＝已决定追回的已付款－缴回－抵扣。
-- Receivable is what was paid and is taken back, less what was paid in and netted.
with wanted as (
    select budget_line_id, sum(fen) as fen from (
        select p.budget_line_id, p.amount_fen as fen
        from recovery_part p join recovery_line l on l.id = p.recovery_line_id join recovery r on r.id = l.recovery_id
        where p.from_kind = 5 and r.state in (2, 3)
        union all
        select budget_line_id, -amount_fen from recovery_pay_in_line
        union all
        select budget_line_id, -amount_fen from recovery_netting where state = 2) parts
    group by budget_line_id),
booked as (select budget_line_id, balance_fen as fen from ledger_account where kind = 6)
select 'budget_line ' || coalesce(w.budget_line_id, b.budget_line_id) as subject,
       'receivable ' || coalesce(b.fen, 0) || ' fen, owed back ' || coalesce(w.fen, 0) as finding
from wanted w full join booked b on b.budget_line_id = w.budget_line_id
where coalesce(w.fen, 0) <> coalesce(b.fen, 0);

-- check 13.2 taken-back-was-there
-- 从一笔应付款追回的不超过它的金额；从留存追回的不超过留存。
-- No more is taken back of a payable than it was, nor of what was kept back.
select 'payable ' || y.id as subject, 'taken back ' || sum(p.amount_fen) || ' of ' || y.amount_fen || ' fen' as finding
from recovery_part p join recovery_line l on l.id = p.recovery_line_id join recovery r on r.id = l.recovery_id and r.state in (2, 3)
join payable y on y.id = p.payable_id
group by y.id having sum(p.amount_fen) > y.amount_fen
union all
select 'claim_line ' || c.id, 'retained ' || c.retained_fen || ', taken back of it ' || c.retained_clawed_back_fen || ' fen'
from claim_line c where c.retained_clawed_back_fen > c.retained_fen;

-- check 13.3 line-knows-what-was-taken-back
-- 申报行记载的追回金额＝生效的追回之和；已追回的行没有余款。
-- A claim line's amount taken back is that of the decisions that stand, and a line clawed back has nothing left to pay or kept back.
select 'claim_line ' || c.id as subject, 'state ' || c.state || ', says ' || c.clawed_back_fen || ', decided ' || coalesce(d.fen, 0) || ' fen' as finding
from claim_line c
left join lateral (
    select sum(p.amount_fen) as fen, coalesce(sum(p.amount_fen) filter (where p.from_kind = 7), 0) as retained
    from recovery_line l join recovery r on r.id = l.recovery_id and r.state in (2, 3) join recovery_part p on p.recovery_line_id = l.id
    where l.claim_line_id = c.id) d on true
where (c.clawed_back_fen > 0 or c.state = 7 or d.fen is not null)
  and (c.clawed_back_fen <> coalesce(d.fen, 0) or c.retained_clawed_back_fen <> coalesce(d.retained, 0)
       or c.state = 7 and exists (select from payable y where y.claim_line_id = c.id and y.kind in (1, 2) and y.state in (1, 2)));

-- check 13.4 decision-is-booked
-- 每一项追回决定都按各来源记了账。
-- Each decision is booked with what was paid, owed and kept back.
with due as (
    select 'recovery:' || r.id as cause, p.from_kind, sum(p.amount_fen) as fen
    from recovery_part p join recovery_line l on l.id = p.recovery_line_id join recovery r on r.id = l.recovery_id
    group by r.id, p.from_kind),
booked as (
    select t.cause, a.kind as from_kind, -sum(p.amount_fen) as fen
    from ledger_transaction t join ledger_posting p on p.transaction_id = t.id join ledger_account a on a.id = p.ledger_account_id
    where t.kind = 6 and t.subject_kind = 10 and a.kind in (4, 5, 7) group by t.cause, a.kind)
select coalesce(d.cause, b.cause) as subject,
       'from account ' || coalesce(d.from_kind, b.from_kind) || ': decided ' || coalesce(d.fen, 0) || ', booked ' || coalesce(b.fen, 0) || ' fen' as finding
from due d full join booked b on b.cause = d.cause and b.from_kind = d.from_kind
where d.fen is distinct from b.fen;

-- check 13.5 never-more-than-owed
-- 缴回、抵扣和待抵扣合计不超过应收；全部收回的才是已收回。
-- What was paid in, netted and is to be netted is never more than what is owed; a settled recovery owes nothing, an open one something.
select 'recovery ' || r.id as subject, 'state ' || r.state || ', owed ' || w.fen || ', paid in ' || i.fen || ', netted ' || n.netted || ', bound ' || n.bound as finding
from recovery r
cross join lateral (
    select coalesce(sum(p.amount_fen), 0) as fen from recovery_line l join recovery_part p on p.recovery_line_id = l.id
    where l.recovery_id = r.id and p.from_kind = 5 and r.state in (2, 3)) w
cross join lateral (select coalesce(sum(amount_fen), 0) as fen from recovery_pay_in where recovery_id = r.id) i
cross join lateral (
    select coalesce(sum(amount_fen) filter (where state = 2), 0) as netted, coalesce(sum(amount_fen) filter (where state = 1), 0) as bound
    from recovery_netting where recovery_id = r.id) n
where i.fen + n.netted + n.bound > w.fen or (r.state = 3 and i.fen + n.netted <> w.fen) or (r.state = 2 and i.fen + n.netted >= w.fen);

-- check 13.6 recovery-two-persons
-- 追回及其撤销、处理都由两个人办理；决定人没有申报、审核、审批或支付过其中的券，也没有拟过、审批过其中的补助表。
-- A taking back, its reversal and a consequence are decided by another than who proposed; who decides on a taking back has submitted, reviewed, approved and paid nothing of it, nor drawn up or approved its list.
with settled as (
    select l.recovery_id as recovery, coalesce(l.claim_line_id, y.claim_line_id) as line, y.allowance_id as allowance, l.payable_id as payable, l.claim_line_id as whole_line
    from recovery_line l left join payable y on y.id = l.payable_id),
act (recovery, what, staff, at) as (
    select s.recovery, 'claim_line ' || c.id, who.staff, null::timestamptz
    from settled s
    join claim_line c on c.id = s.line
    join claim m on m.id = c.claim_id
    left join claim_approval o on (o.claim_id, o.number) = (c.claim_id, c.approval)
    cross join lateral (values (m.submitted_by_staff), (c.reviewed_by_staff), (o.approved_by_staff)) who (staff)
    union select s.recovery, 'claim_line ' || s.line, t.done_by_staff, null from settled s join claim_line_step t on t.claim_line_id = s.line and t.kind in (1, 2, 3, 4, 5, 7)
    union select s.recovery, 'allowance ' || a.id, who.staff, null
    from settled s join allowance a on a.id = s.allowance join allowance_list m on m.id = a.list_id
    cross join lateral (values (m.drafted_by_staff), (m.approved_by_staff)) who (staff)
    union select s.recovery, 'payment ' || p.id, p.created_by_staff, p.created_at
    from settled s
    join payable y on y.id = s.payable or y.claim_line_id = s.whole_line and y.kind in (1, 2)
    join payment_row r on r.id = y.payment_row_id
    join payment p on p.id = r.payment_id
    union select s.recovery, 'payment ' || p.id, who.staff, p.created_at
    from settled s join claim_line c on c.id = s.whole_line join payment p on p.id = c.payment_id
    cross join lateral (values (p.created_by_staff), (p.paid_by_staff)) who (staff)),
decider as (
    select r.id as recovery, who.staff, who.at
    from recovery r cross join lateral (values (r.decided_by_staff, r.decided_at), (r.reversed_by_staff, r.reversed_at)) who (staff, at)
    where who.staff is not null)
select 'recovery ' || id as subject, 'staff ' || coalesce(decided_by_staff, reversed_by_staff) || ' proposed and decided' as finding
from recovery where person_of(decided_by_staff) = person_of(proposed_by_staff) or person_of(reversed_by_staff) = person_of(reversal_by_staff)
union all
select distinct 'recovery ' || d.recovery, 'staff ' || d.staff || ' also submitted, reviewed, approved or paid ' || act.what
from decider d join act on act.recovery = d.recovery and person_of(act.staff) = person_of(d.staff) and coalesce(act.at < d.at, true)
union all
select 'consequence ' || id, 'staff ' || imposed_by_staff || ' proposed and decided' from consequence where person_of(imposed_by_staff) = person_of(proposed_by_staff);

-- check 13.7 notices-without-a-gap
-- 通知书按年编号，不断号、不重号。
-- Notices are numbered by the year without a gap.
select 'notices of ' || n.year as subject, 'kind ' || n.kind || ': last ' || n.last || ', ' || count(u.no) || ' notices up to ' || coalesce(max(u.no), 0) as finding
from notice_number n
left join (
    select region, 1 as kind, notice_year as year, notice_no as no from recovery where notice_no is not null
    union all
    select region, case rung when 1 then 3 when 2 then 2 else 4 end, notice_year, notice_no from consequence where notice_no is not null) u
  on u.region = n.region and u.kind = n.kind and u.year = n.year
group by n.region, n.kind, n.year, n.last having count(u.no) <> n.last or coalesce(max(u.no), 0) <> n.last;

-- check 13.8 netted-is-its-rows
-- 收款行的抵扣金额＝列入它的各笔抵扣之和；每笔追回记载的已抵扣＝生效的抵扣之和。
-- What a transfer is lessened by is the sum of what is kept from it, and what a recovery's history says was netted is the sum of its nettings.
select 'payment_row ' || r.id as subject, 'netted ' || r.netted_fen || ' fen, kept for recoveries ' || n.fen as finding
from payment_row r
join payment p on p.id = r.payment_id
cross join lateral (select coalesce(sum(amount_fen), 0) as fen from recovery_netting where payment_row_id = r.id and state in (1, 2)) n
where r.state <> 6 and p.status <> 5 and r.netted_fen <> n.fen
union all
select 'recovery ' || r.id, 'netted by its history ' || s.fen || ' fen, by its rows ' || n.fen
from recovery r
cross join lateral (select coalesce(sum(amount_fen), 0) as fen from recovery_step where recovery_id = r.id and step = 7) s
cross join lateral (select coalesce(sum(amount_fen), 0) as fen from recovery_netting where recovery_id = r.id and state = 2) n
where s.fen <> n.fen;
