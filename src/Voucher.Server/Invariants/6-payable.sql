-- Nothing is payable that must not be paid.

-- check 6.1 payable-is-completed
-- 待支付、已支付的券都已结业、无争议、未作废；审批后才发现的争议不得付款，付款后才发现的另案处理。
-- A voucher that is payable or paid is completed, in no conflict, and not revoked. A conflict that came to light after the approval stops the payment; one after the money had gone does not undo it.
select 'claim_line ' || l.id as subject,
       'voucher ' || v.id || ' is in state ' || v.state || case when v.in_conflict then ', in conflict' else '' end as finding
from claim_line l join voucher v on v.id = l.voucher_id
where l.state in (3, 5) and (v.state <> 4 or v.in_conflict and not exists (
    select from claim_approval o left join payment p on p.id = l.payment_id join conflict_case k on k.voucher_id = v.id and k.opened_at > coalesce(p.created_at, o.approved_at)
    where (o.claim_id, o.number) = (l.claim_id, l.approval)));

-- check 6.2 payable-class-was-checked
-- 待支付、已支付的券，所在班级都抽查过（规则要求时）。
-- The class of a voucher that is payable or paid has had its spot check, where the policy requires one.
select 'claim_line ' || l.id as subject, 'class ' || coalesce(n.class_id::text, 'none') || ' has no spot check' as finding
from claim_line l
join claim c on c.id = l.claim_id
join policy_pack p on p.id = c.policy_id
left join completion d on d.voucher_id = l.voucher_id
left join enrolment n on n.id = d.enrolment_id
where l.state in (3, 5) and coalesce((p.parameters ->> 'spotCheckRequired')::boolean, true)
  and not exists (select from spot_check k where k.class_id = n.class_id);

-- check 6.3 claimed-by-own-institution
-- 申报单上的券都是本机构班级结业的。
-- A claim holds only vouchers that were completed in a class of its own institution.
select 'claim_line ' || l.id as subject, 'claim ' || c.id || ' of institution ' || c.institution_id || ', class of ' || coalesce(k.institution_id::text, 'none') as finding
from live_claim_line l
join claim c on c.id = l.claim_id
left join completion d on d.voucher_id = l.voucher_id
left join enrolment n on n.id = d.enrolment_id
left join training_class k on k.id = n.class_id
where k.institution_id is distinct from c.institution_id;

-- check 6.4 held-is-not-paid
-- 暂缓办理期间没有付过款。
-- Nothing was paid for a voucher that was held at that time.
select 'claim_line ' || l.id as subject, 'hold ' || h.id || ' has been in force since ' || h.opened_at as finding
from claim_line l
join payment p on p.id = l.payment_id
join hold h on h.voucher_id = l.voucher_id and h.opened_at < p.created_at and (h.released_at is null or h.released_at > p.created_at)
where l.state = 5;


-- check 6.5 conflict-has-its-case
-- 有争议的券都有未结案或维持争议的案件。
-- A voucher in conflict has a case that is open, or was decided against its completion.
select 'voucher ' || v.id as subject, 'in conflict without a case' as finding
from voucher v
where v.in_conflict and not exists (select from conflict_case k where k.voucher_id = v.id and (k.decided_at is null or v.state = 4));
