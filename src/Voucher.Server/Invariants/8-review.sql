-- The review of claims: every verdict has its step, every approval its lines, and nothing was approved before its telephone sample.

-- check 8.1 verdict-is-its-last-step
-- 申报行的结论就是经过中的最后一步，审核人相符。
-- The verdict of a line is its last step, by the same person; a held or returned line says so.
select 'claim_line ' || l.id as subject,
       'state ' || l.state || ', verdict ' || coalesce(l.verdict::text, 'none') || ', last step ' || coalesce(s.kind::text, 'none') as finding
from claim_line l
left join lateral (select kind, done_by_staff from claim_line_step where claim_line_id = l.id order by number desc limit 1) s on true
where case
    when l.state = 8 then s.kind = 3
    when l.state = 9 then s.kind in (4, 8, 9)
    when l.verdict is not null then s.kind = l.verdict and s.done_by_staff = l.reviewed_by_staff
    else s.kind is null or s.kind in (5, 6, 7) end is not true;

-- check 8.2 approval-is-its-lines
-- 每次审批的通过、不通过数与申报行相符。
-- Each approval has as many passed and rejected lines as it says.
select 'claim ' || a.claim_id as subject,
       'approval ' || a.number || ': ' || a.passed || ' passed and ' || a.rejected || ' rejected, lines ' || l.passed || ' and ' || l.rejected as finding
from claim_approval a
cross join lateral (
    select count(*) filter (where verdict = 1) as passed, count(*) filter (where verdict = 2) as rejected
    from claim_line where claim_id = a.claim_id and approval = a.number) l
where a.passed <> l.passed or a.rejected <> l.rejected;

-- check 8.3 sample-was-called
-- 抽中回访的人有了结果才审批。
-- Nothing was passed at an approval while somebody of the telephone sample had no result.
select distinct 'claim ' || a.claim_id as subject, 'approval ' || a.number || ': claim_line ' || p.claim_line_id || ' was not called' as finding
from claim_approval a
join phone_sample p on p.claim_id = a.claim_id and p.drawn_at < a.approved_at
where a.passed > 0 and not exists (
    select from phone_attempt t where t.claim_line_id = p.claim_line_id and t.called_at <= a.approved_at and (t.result in (1, 2) or t.number >= 3));
