-- A voucher is used once. The unique indexes see to it; these look past them.

-- check 1.1 one-enrolment
-- 一张券最多一个有效报到。
-- A voucher has at most one active enrolment.
select 'voucher ' || voucher_id as subject, count(*) || ' active enrolments' as finding
from enrolment where is_active group by voucher_id having count(*) > 1;

-- check 1.2 enrolment-fits-state
-- 已报到、已结业的券有且只有一个有效报到，其他的券没有。
-- An enrolled or completed voucher has an active enrolment, any other has none.
select 'voucher ' || v.id as subject, 'state ' || v.state || ', ' || count(n.id) || ' active enrolments' as finding
from voucher v left join enrolment n on n.voucher_id = v.id and n.is_active
group by v.id having (v.state in (3, 4)) <> (count(n.id) > 0);

-- check 1.3 one-completion
-- 一张券最多结业一次。
-- A voucher is completed at most once.
select 'voucher ' || voucher_id as subject, count(*) || ' completions' as finding
from completion group by voucher_id having count(*) > 1;

-- check 1.4 completion-fits-state
-- 已结业的券有结业记录，记录属于它自己的报到；其他的券没有。
-- A completed voucher has its completion, on its own enrolment; any other has none.
select 'voucher ' || v.id as subject, 'state ' || v.state || ', completion on enrolment ' || coalesce(d.enrolment_id::text, 'none') as finding
from voucher v
left join completion d on d.voucher_id = v.id
left join enrolment n on n.id = d.enrolment_id and n.voucher_id = v.id and n.is_active
where (v.state = 4) <> (d.voucher_id is not null) or (d.voucher_id is not null and n.id is null);

-- check 1.5 one-settlement
-- 一张券最多在一张有效的结算申报中。
-- A voucher has at most one live claim line.
select 'voucher ' || voucher_id as subject, 'live in claims ' || string_agg(claim_id::text, ', ' order by claim_id) as finding
from live_claim_line group by voucher_id having count(*) > 1;

-- check 1.6 one-voucher-a-class
-- 一人在一个班里最多用一张券。
-- A person is enrolled in a class by one voucher.
select 'class ' || class_id as subject, 'person ' || person_id || ' enrolled by ' || count(*) || ' vouchers' as finding
from enrolment where is_active group by class_id, person_id having count(*) > 1;

-- check 1.7 roster-is-counted
-- 班级的在册人数等于有效报到数。
-- A class counts as many trainees as it has active enrolments.
select 'class ' || c.id as subject, c.enrolled || ' counted, ' || count(n.id) || ' enrolled' as finding
from training_class c left join enrolment n on n.class_id = c.id and n.is_active
group by c.id having c.enrolled <> count(n.id);

-- check 1.8 nothing-points-nowhere
-- 券、流水、报到和扫码指向的批次、人、预算项目、账号、券、班级、终端、机构都存在。
-- What vouchers, events, enrolments and scans refer to exists; no foreign key looks after these.
select 'voucher ' || v.id as subject, 'refers to a batch, person or budget line that is not there' as finding
from voucher v
where not exists (select from batch b where b.id = v.batch_id)
   or not exists (select from person p where p.id = v.person_id)
   or not exists (select from budget_line l where l.id = v.budget_line_id)
union all
select 'event ' || e.voucher_id || '/' || e.number, 'refers to a voucher, account, institution or terminal that is not there'
from voucher_event e
where not exists (select from voucher v where v.id = e.voucher_id)
   or e.account_id is not null and not exists (select from account a where a.id = e.account_id)
   or e.institution_id is not null and not exists (select from institution i where i.id = e.institution_id)
   or e.terminal_id is not null and not exists (select from terminal t where t.id = e.terminal_id)
union all
select 'enrolment ' || n.id, 'refers to a voucher, person or class that is not there'
from enrolment n
where not exists (select from voucher v where v.id = n.voucher_id)
   or not exists (select from person p where p.id = n.person_id)
   or not exists (select from training_class c where c.id = n.class_id)
union all
select 'scan ' || s.id, 'refers to a terminal that is not there'
from scan s where not exists (select from terminal t where t.id = s.terminal_id);

-- check 1.9 left-out-gets-nothing
-- 剔除的人不在批次中、没有此批次的券；剔除后批次人数等于名单人数，序号连续。
-- Whoever was left out of a batch is not in it and has no voucher of it; the others are as many as it counts, without a gap.
select 'batch ' || o.batch_id as subject, 'person ' || o.person_id || ' was left out and has a place or a voucher in it' as finding
from batch_left_out o
where exists (select from batch_person m where m.batch_id = o.batch_id and m.person_id = o.person_id)
   or exists (select from voucher v where v.batch_id = o.batch_id and v.person_id = o.person_id)
union all
select 'batch ' || b.id, b.people || ' people, ' || count(m.person_id) || ' places up to ' || coalesce(max(m.ordinal), -1)
from batch b left join batch_person m on m.batch_id = b.id
where b.id in (select batch_id from batch_left_out)
group by b.id having count(m.person_id) <> b.people or max(m.ordinal) <> b.people - 1;
