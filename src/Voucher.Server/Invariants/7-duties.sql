-- Issuer ≠ reviewer ≠ payer, as persons: staff members are compared, not accounts.

-- check 7.1 batch-two-persons
-- 发券的经办人与审批人是两个人。
-- A batch is drafted and approved by two persons.
select 'batch ' || id as subject, 'staff ' || drafted_by_staff || ' drafted and approved it' as finding
from batch where person_of(drafted_by_staff) = person_of(approved_by_staff);

-- check 7.2 reviewer-did-not-issue
-- 结算审核人（包括结论后来改了的）没有经办或审批过发券，也不是申报人。
-- Whoever ever reviewed a line has neither drafted nor approved the batch, nor submitted the claim.
with review as (
    select id as line, reviewed_by_staff as staff from claim_line where reviewed_by_staff is not null
    union select claim_line_id, done_by_staff from claim_line_step where kind in (1, 2, 3, 4, 5, 7))
select 'claim_line ' || l.id as subject, 'staff ' || r.staff || ' also issued or claimed the voucher' as finding
from review r
join claim_line l on l.id = r.line
join claim c on c.id = l.claim_id
join voucher v on v.id = l.voucher_id
join batch b on b.id = v.batch_id
where person_of(r.staff) in (person_of(b.drafted_by_staff), person_of(b.approved_by_staff), person_of(c.submitted_by_staff));

-- check 7.3 approver-did-not-review
-- 每一次审批的审批人都没有审核过这张申报单的任何一行，也不是申报人。
-- The approver of each part of a claim has reviewed none of its lines, whatever became of the verdict, and has not submitted it.
with approver as (
    select id as claim, approved_by_staff as staff from claim where approved_by_staff is not null
    union select claim_id, approved_by_staff from claim_approval)
select 'claim ' || c.id as subject, 'staff ' || a.staff || ' approved and reviewed or submitted it' as finding
from approver a join claim c on c.id = a.claim
where person_of(a.staff) = person_of(c.submitted_by_staff)
   or exists (select from claim_line l where l.claim_id = c.id and person_of(l.reviewed_by_staff) = person_of(a.staff))
   or exists (select from claim_line l join claim_line_step s on s.claim_line_id = l.id
              where l.claim_id = c.id and person_of(s.done_by_staff) = person_of(a.staff) and s.kind in (1, 2, 3, 4, 5, 7));

-- check 7.4 payer-did-nothing-else
-- 制单人、送交人、付款人没有办过同一笔钱的其他环节：发券、申报、审核、审批、补助发放表、留存名单。
-- Whoever makes a payment, hands it to the bank or marks it paid has issued, claimed, reviewed and approved nothing in it, nor drawn up or approved the list that it pays.
with paid as (
    select r.payment_id as payment, y.claim_line_id as line, y.allowance_id as allowance, y.kind from payable y join payment_row r on r.id = y.payment_row_id
    union select payment_id, id, null, 1 from claim_line where payment_id is not null),
act (payment, what, staff) as (
    select p.payment, 'claim_line ' || l.id, who.staff
    from paid p
    join claim_line l on l.id = p.line
    join claim c on c.id = l.claim_id
    left join claim_approval o on o.claim_id = l.claim_id and o.number = l.approval
    join voucher v on v.id = l.voucher_id
    join batch b on b.id = v.batch_id
    cross join lateral (values (c.submitted_by_staff), (l.reviewed_by_staff), (o.approved_by_staff), (b.drafted_by_staff), (b.approved_by_staff)) who (staff)
    union select p.payment, 'claim_line ' || p.line, s.done_by_staff from paid p join claim_line_step s on s.claim_line_id = p.line and s.kind in (1, 2, 3, 4, 5, 7)
    union select p.payment, 'allowance ' || a.id, who.staff
    from paid p
    join allowance a on a.id = p.allowance
    join allowance_list m on m.id = a.list_id
    join voucher v on v.id = a.voucher_id
    join batch b on b.id = v.batch_id
    cross join lateral (values (m.drafted_by_staff), (m.approved_by_staff), (b.drafted_by_staff), (b.approved_by_staff)) who (staff)
    union select p.payment, 'retained_list ' || k.id, who.staff
    from paid p
    join retained_list_line x on x.claim_line_id = p.line
    join retained_list k on k.id = x.list_id and k.approved
    cross join lateral (values (k.drafted_by_staff), (k.decided_by_staff)) who (staff)
    where p.kind = 2),
payer as (
    select distinct p.id as payment, person_of(who.staff) as person
    from payment p
    left join payment_row r on r.payment_id = p.id
    left join payment_row_sent t on t.payment_row_id = r.id
    cross join lateral (values (p.created_by_staff), (p.paid_by_staff), (p.sent_by_staff), (p.round_by_staff), (t.sent_by_staff)) who (staff))
select distinct 'payment ' || act.payment as subject, act.what || ': the payer also issued, claimed, reviewed or approved it' as finding
from act join payer on payer.payment = act.payment and payer.person = person_of(act.staff);

-- check 7.5 staff-fits-account
-- 记录的办理人就是所用账号的持有人。
-- The person on record is the holder of the account that acted.
select acts.subject, 'account ' || acts.account || ' does not belong to staff ' || acts.staff as finding
from (
    select 'batch ' || id as subject, drafted_by as account, drafted_by_staff as staff from batch
    union all select 'batch ' || id, approved_by, approved_by_staff from batch
    union all select 'claim ' || id, submitted_by, submitted_by_staff from claim
    union all select 'claim ' || id, approved_by, approved_by_staff from claim
    union all select 'claim_line ' || id, reviewed_by, reviewed_by_staff from claim_line
    union all select 'claim ' || claim_id, approved_by, approved_by_staff from claim_approval
    union all select 'claim_line ' || claim_line_id, done_by, done_by_staff from claim_line_step
    union all select 'claim_line ' || claim_line_id, called_by, called_by_staff from phone_attempt
    union all select 'payment ' || id, created_by, created_by_staff from payment
    union all select 'leave-out ' || id, asked_by, asked_by_staff from batch_leave_out
    union all select 'leave-out ' || id, decided_by, decided_by_staff from batch_leave_out
    union all select 'payment ' || id, sent_by, sent_by_staff from payment
    union all select 'payment_return ' || id, booked_by, booked_by_staff from payment_return
    union all select 'payee_account ' || id, proposed_by, proposed_by_staff from payee_account
    union all select 'payee_account ' || id, verified_by, verified_by_staff from payee_account
    union all select 'payment ' || id, paid_by, paid_by_staff from payment) acts
left join account a on a.id = acts.account
where person_of(a.staff_id) is distinct from person_of(acts.staff);

-- check 7.6 leave-out-two-persons
-- 剔除人员由两个人办理：申请（或拟定批次）与决定。
-- People are left out by two persons: whoever asked, or else drafted the batch, and whoever decided.
select 'leave-out ' || o.id as subject, 'staff ' || o.decided_by_staff || ' asked or drafted, and decided' as finding
from batch_leave_out o join batch b on b.id = o.batch_id
where o.decision in (1, 2) and person_of(o.decided_by_staff) = person_of(coalesce(o.asked_by_staff, b.drafted_by_staff));

-- check 7.7 payment-two-persons
-- 付款制单人与送交银行的人是两个人；付款人没有经办过收款账户。
-- Who made a payment's round is not who handed it to the bank, and nobody had a hand in an account before making or sending a row to it. A row that was sent again may go to another account than its maker saw: that one is its resender's.
select 'payment ' || id as subject, 'staff ' || round_by_staff || ' made and sent a round' as finding
from payment where person_of(sent_by_staff) = person_of(round_by_staff)
union all
select distinct 'payment ' || p.id, 'staff ' || act.staff || ' made or sent a row to an account of their own making'
from payment p
join payment_row r on r.payment_id = p.id
join payee_account a on a.id = r.payee_account_id
left join payment_row_sent t on t.payment_row_id = r.id and t.attempt = r.attempt
cross join lateral (values
    (case when r.attempt = 1 then p.created_by_staff end, p.created_at),
    (case when r.state = 1 and r.attempt > 1 then p.round_by_staff end, now()),
    (t.sent_by_staff, t.sent_at)) act (staff, at)
where person_of(act.staff) in (person_of(a.proposed_by_staff), person_of(a.verified_by_staff)) and a.verified_at < act.at;

-- check 7.8 watchers-only-watch
-- 审计、运维岗位不与其他岗位由同一人担任（含其全部启用的账号）。
-- Auditor and operator go with no other role, on any open log-in of the same person.
select 'staff ' || person_of(a.staff_id) as subject, 'log-ins ' || string_agg(distinct a.login, ', ') || ' hold roles that do not go together' as finding
from account a join account_role r on r.account_id = a.id
where a.is_active
group by person_of(a.staff_id) having count(distinct r.role) > 1 and bool_or(r.role in (5, 8));
