-- Allowances: every day was attended, is paid once, and is owed and booked with its amount.

-- check 15.1 allowance-is-its-days
-- 补助金额＝各到课日标准之和（由机构补贴列支的以补贴为限），天数相符。
-- An allowance is the sum of its days' rates, or less where the subsidy had no more.
select 'allowance ' || a.id as subject, a.days || ' days, ' || a.full_fen || ' fen, days on record ' || coalesce(d.days, 0) || ', ' || coalesce(d.fen, 0) as finding
from allowance a
left join lateral (select count(*) as days, sum(rate_fen) as fen from allowance_day where allowance_id = a.id) d on true
where a.days is distinct from d.days or a.full_fen is distinct from d.fen or a.amount_fen > a.full_fen;

-- check 15.2 allowance-day-was-attended
-- 计入补助的每一天，本人当天在该班至少一节课签到并签退。
-- On every day that counts the person attended at least one session of the class from check-in to check-out.
select 'allowance ' || d.allowance_id as subject, 'day ' || d.day || ' was not attended' as finding
from allowance_day d join allowance a on a.id = d.allowance_id
where d.standing = 1 and not exists (
    select from enrolment n
    join person p on p.id = n.person_id
    join attendance t on t.enrolment_id = n.id and t.checked_out_at is not null
    join class_session s on s.id = t.session_id and s.held_on = d.day
    where n.class_id = a.class_id and d.person_id in (p.id, p.merged_into));

-- check 15.3 allowance-is-owed
-- 已审批未作废的补助都有应付款，金额、收款人、预算项目一致；未审批的没有。
-- What was approved and not cancelled is owed to its person with its amount out of its line; what was not approved is not.
select 'allowance ' || a.id as subject,
       case when y.id is null or y.state = 4 and a.cancelled_at is null then 'approved and not owed' when l.status = 1 then 'owed and not approved' else 'owed otherwise than approved' end as finding
from allowance a
left join allowance_list l on l.id = a.list_id
left join lateral (select * from payable where allowance_id = a.id order by id desc limit 1) y on true
where case when a.cancelled_at is not null then y.state <> 4
           when l.status = 1 then y.id is not null
           -- An objection or a cancellation that undoes what is owed cancels the entry with it.
           when a.list_id is not null and y.state = 4 then true
           else y.id is null or y.amount_fen <> a.amount_fen or y.person_id is distinct from a.person_id or y.budget_line_id <> a.budget_line_id
                or y.claim_line_id is distinct from a.claim_line_id end;

-- check 15.4 allowance-list-is-booked
-- 每张已审批的发放表记了账，金额一致。
-- Each approved list is booked with its amount, and nothing is booked without one.
with due as (
    select 'allowance-list:' || a.list_id as cause, sum(a.amount_fen) as fen
    from allowance a join allowance_list l on l.id = a.list_id and l.approved_at is not null group by a.list_id),
booked as (
    select t.cause, sum(p.amount_fen) as fen
    from ledger_transaction t
    join ledger_posting p on p.transaction_id = t.id
    join ledger_account k on k.id = p.ledger_account_id and k.kind = 4
    where t.kind = 9 group by t.cause)
select coalesce(d.cause, b.cause) as subject, 'due ' || coalesce(d.fen::text, 'nothing') || ' fen, booked ' || coalesce(b.fen::text, 'nothing') as finding
from due d full join booked b on b.cause = d.cause
where d.fen is distinct from b.fen;

-- check 15.5 allowance-keeps-its-purpose
-- 补助的项目在资金用途之内，列支项目登记过可以列支补助。
-- The programme lies within the purposes of the line, and the line is recorded as paying allowances.
select 'allowance ' || a.id as subject, 'outside the purpose of budget line ' || a.budget_line_id as finding
from allowance a
join training_class c on c.id = a.class_id
join programme g on g.id = c.programme_id
where a.list_id is not null and a.cancelled_at is null
  and (not fund_covers(a.budget_line_id, g.code) or not exists (select from allowance_line l where l.budget_line_id = a.budget_line_id and l.allowed_at is not null));

-- check 15.6 allowance-two-persons
-- 发放表的拟表人与审批人是两个人。
-- A list of allowances is drafted and approved by two persons, and a budget line proposed and allowed for them.
select 'allowance-list ' || id as subject, 'staff ' || drafted_by_staff || ' drafted and approved it' as finding
from allowance_list where person_of(drafted_by_staff) = person_of(approved_by_staff)
union all
select 'allowance-line ' || id, 'staff ' || proposed_by_staff || ' proposed and allowed it'
from allowance_line where person_of(proposed_by_staff) = person_of(allowed_by_staff);
