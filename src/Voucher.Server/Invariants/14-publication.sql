-- What must be published is published before it is paid, and what is kept back is somewhere.

-- check 14.1 published-before-paid
-- 政策包要求公示的申报，公示期满且无未决异议后才进入支付。
-- What a claim's pack wants published was published, its period over, before a payment took it.
select 'payable ' || y.id as subject,
       case when s.payable_id is null then 'in a payment and never published' else 'in a payment, published until ' || s.until_day end as finding
from payable y
join claim_line l on l.id = y.claim_line_id
join claim c on c.id = l.claim_id
join policy_pack p on p.id = c.policy_id
join payment_row r on r.id = y.payment_row_id
join payment m on m.id = r.payment_id
left join payable_publication s on s.payable_id = y.id
where y.kind = 1 and coalesce((p.parameters ->> 'publicityWorkingDays')::int, 0) > 0
  and (s.payable_id is null or (m.created_at at time zone 'Asia/Shanghai')::date <= s.until_day);

-- check 14.2 frozen-is-not-paid
-- 有未决异议或异议成立的款项不在支付中。
-- Nothing that is frozen by an objection, or was struck by one, is in a payment or paid.
select 'payable ' || y.id as subject, 'state ' || y.state || ', standing ' || s.standing as finding
from payable y join payable_publication s on s.payable_id = y.id
where s.standing = 2 and y.state in (2, 3) or s.standing = 4 and y.state <> 4;

-- check 14.3 standing-fits-objections
-- 冻结的款项正好是有未决异议的款项，件数一致。
-- A payable counts as many open objections as there are.
select 'payable ' || s.payable_id as subject, 'standing ' || s.standing || ' counts ' || s.open_objections || ', open ' || n.open as finding
from payable_publication s
cross join lateral (
    select count(*) as open from objection_line l join objection o on o.id = l.objection_id and o.state in (1, 2)
    where l.payable_id = s.payable_id) n
where s.standing <> 4 and s.open_objections <> n.open;

-- check 14.4 published-is-its-lines
-- 公示名单的行数、金额与明细一致，每行都是它的款项。
-- A list counts as many lines and as much money as it shows, and each line stands with it.
select 'publication ' || p.id as subject, p.lines || ' lines of ' || p.amount_fen || ' fen, shown ' || n.lines || ' of ' || n.fen as finding
from publication p
cross join lateral (
    select count(*) as lines, coalesce(sum(l.amount_fen), 0) as fen
    from publication_line l join payable_publication s on s.payable_id = l.payable_id and s.publication_id = p.id
    where l.publication_id = p.id) n
where n.lines <> p.lines or n.fen <> p.amount_fen;

-- check 14.5 objection-two-persons
-- 异议由两人决定，且都没有办过该券（或补助表）的审核、审批。
-- An objection is proposed on by one person and decided by another, neither of whom reviewed or approved a line of it or the list that it is on.
with last as (
    select o.id, o.state, s.staff_id as decided, (select t.staff_id from objection_step t where t.objection_id = o.id and t.step in (1, 2) order by t.number desc limit 1) as proposed
    from objection o
    join objection_step s on s.objection_id = o.id and s.step = 3)
select 'objection ' || o.id as subject, 'staff ' || o.proposed || ' proposed, staff ' || o.decided || ' decided' as finding
from last o
where o.proposed is null or person_of(o.proposed) = person_of(o.decided)
   or exists (
       select from objection_line x
       join payable y on y.id = x.payable_id
       left join claim_line l on l.id = y.claim_line_id
       left join claim_approval p on (p.claim_id, p.number) = (l.claim_id, l.approval)
       left join allowance a on a.id = y.allowance_id
       left join allowance_list m on m.id = a.list_id
       left join claim_line_step s on s.claim_line_id = l.id and s.kind in (1, 2, 3, 4, 5, 7)
       where x.objection_id = o.id
         and (person_of(o.proposed) in (person_of(l.reviewed_by_staff), person_of(s.done_by_staff), person_of(p.approved_by_staff), person_of(m.drafted_by_staff), person_of(m.approved_by_staff))
              or person_of(o.decided) in (person_of(l.reviewed_by_staff), person_of(s.done_by_staff), person_of(p.approved_by_staff), person_of(m.drafted_by_staff), person_of(m.approved_by_staff))));

-- check 14.6 upheld-is-reversed
-- 异议成立的申报行都已冲回，金额一致。
-- Each upheld objection is booked with the amounts of the lines that it has undone.
with due as (
    select 'objection:' || struck.objection as cause, sum(struck.fen) as fen
    from (
        select s.struck_by as objection, y.amount_fen as fen from payable_publication s join payable y on y.id = s.payable_id where s.struck_by is not null
        union all
        select l.objection_id, l.retained_fen - l.retained_clawed_back_fen from claim_line l
        where l.objection_id is not null and not exists (select from retained_standing r where r.claim_line_id = l.id and r.state in (4, 5))) struck
    group by struck.objection),
booked as (
    select t.cause, sum(p.amount_fen) as fen
    from ledger_transaction t
    join ledger_posting p on p.transaction_id = t.id
    join ledger_account a on a.id = p.ledger_account_id and a.kind = 2
    where t.kind = 6 and t.cause like 'objection:%' group by t.cause)
select coalesce(d.cause, b.cause) as subject, 'due ' || coalesce(d.fen::text, 'nothing') || ' fen, booked ' || coalesce(b.fen::text, 'nothing') as finding
from due d full join booked b on b.cause = d.cause
where d.fen is distinct from b.fen;

-- check 14.7 retained-is-what-is-kept-back
-- 留存＝未释放、未不予释放、未追回的留存之和。
-- Retained is what is kept back of approved lines and neither released, forfeited nor taken back.
with wanted as (
    select l.budget_line_id, sum(l.retained_fen - l.retained_clawed_back_fen) as fen
    from claim_line l left join retained_standing s on s.claim_line_id = l.id and s.state in (4, 5)
    where l.state in (3, 5, 6) and s.claim_line_id is null group by l.budget_line_id),
booked as (select budget_line_id, balance_fen as fen from ledger_account where kind = 7)
select 'budget_line ' || coalesce(w.budget_line_id, b.budget_line_id) as subject,
       'retained ' || coalesce(b.fen, 0) || ' fen, kept back ' || coalesce(w.fen, 0) as finding
from wanted w full join booked b on b.budget_line_id = w.budget_line_id
where coalesce(w.fen, 0) <> coalesce(b.fen, 0);

-- check 14.8 released-is-owed
-- 已释放的留存（扣除已追回的）都成了应付款，未释放的没有。
-- What was released of a line is owed or paid to its institution, less what was taken back of it before or since, and nothing else of it is.
select 'claim_line ' || l.id as subject,
       'retained ' || l.retained_fen || ' fen in state ' || coalesce(s.state, 1) || ', taken back ' || l.retained_clawed_back_fen + o.taken || ', owed ' || o.owed as finding
from (select claim_line_id from retained_standing union select claim_line_id from payable where kind = 2) x
join claim_line l on l.id = x.claim_line_id and l.state <> 4
left join retained_standing s on s.claim_line_id = l.id
cross join lateral (
    select coalesce(sum(y.amount_fen) filter (where y.state <> 4), 0) as owed, coalesce(sum(t.fen), 0) as taken
    from payable y
    left join lateral (
        select sum(p.amount_fen) as fen
        from recovery_part p join recovery_line r on r.id = p.recovery_line_id join recovery d on d.id = r.recovery_id and d.state in (2, 3)
        where p.payable_id = y.id and p.from_kind = 4) t on true
    where y.claim_line_id = l.id and y.kind = 2) o
where o.owed <> case when s.state = 4 then l.retained_fen - l.retained_clawed_back_fen - o.taken else 0 end;

-- check 14.9 retained-two-persons
-- 留存资金的释放、不予释放由两人办理。
-- A list of retained money is drafted and decided by two persons.
select 'retained_list ' || id as subject, 'staff ' || drafted_by_staff || ' drafted and decided it' as finding
from retained_list where person_of(drafted_by_staff) = person_of(decided_by_staff);
