-- The book itself: what each posting is for, months that are closed, corrections. Its chain is walked, as 3.30.

-- check 3.31 posting-names-its-vouchers
-- 每笔为券而记的账，分录等于所列各券之和。
-- The postings of every transaction that moves for vouchers are the sums of what it moves for each of them. What is paid in or netted makes good the vouchers of its recovery one after the other; what is from before vouchers were named, and could not be told, is written down.
with bound as (
    select id from ledger_transaction t
    where (kind in (4, 5, 6, 9, 10, 11, 12, 13) or (kind = 3 and subject_kind is distinct from 2 and subject_kind is distinct from 3)
       or (kind <> 2 and id in (select transaction_id from ledger_voucher_move)))
      and not exists (select from ledger_untold u where u.transaction_id = t.id)),
named as (
    select transaction_id, budget_line_id, account_kind, sum(amount_fen) as fen from ledger_voucher
    where transaction_id in (select id from bound) group by transaction_id, budget_line_id, account_kind having sum(amount_fen) <> 0),
posted as (
    select p.transaction_id, a.budget_line_id, a.kind as account_kind, p.amount_fen as fen
    from ledger_posting p join ledger_account a on a.id = p.ledger_account_id where p.transaction_id in (select id from bound))
select 'ledger_transaction ' || coalesce(p.transaction_id, n.transaction_id) as subject,
       'line ' || coalesce(p.budget_line_id, n.budget_line_id) || ', account ' || coalesce(p.account_kind, n.account_kind)
       || ': posted ' || coalesce(p.fen, 0) || ' fen, for vouchers ' || coalesce(n.fen, 0) as finding
from posted p full join named n
    on n.transaction_id = p.transaction_id and n.budget_line_id = p.budget_line_id and n.account_kind = p.account_kind
where p.fen is distinct from n.fen;

-- check 3.32 batch-reserves-for-its-vouchers
-- 批次预留（减去剔除和中止的）＝已写的券＋待写的券的面值。
-- What a batch reserved, less what was left out or stopped, is the face value of its vouchers, written and still to be written.
with moved as (
    select coalesce(o.batch_id, t.subject_id) as batch_id, sum(p.amount_fen) as fen
    from ledger_transaction t
    left join batch_leave_out o on t.subject_kind = 3 and o.id = t.subject_id
    join ledger_posting p on p.transaction_id = t.id
    join ledger_account a on a.id = p.ledger_account_id and a.kind = 3
    where t.subject_kind in (2, 3) group by 1),
written as (
    select v.transaction_id, sum(v.amount_fen) as fen from ledger_voucher v join ledger_transaction t on t.id = v.transaction_id and t.kind = 2 and t.subject_kind = 2
    where v.account_kind = 3 group by v.transaction_id)
select 'batch ' || m.batch_id as subject, 'reserved ' || m.fen || ' fen, vouchers ' || x.fen as finding
from moved m
join batch b on b.id = m.batch_id
cross join lateral (
    select coalesce((select sum(w.fen) from written w join ledger_transaction t on t.id = w.transaction_id where t.subject_id = b.id), 0)
         + case when b.status = 2 then b.face_value_fen * (b.people - b.written) else 0 end as fen) x
where m.fen <> x.fen;

-- check 3.33 snapshot-is-sum-of-postings
-- 月结余额等于当月底前分录合计。
-- What a closed month recorded of an account is the sum of all postings to the end of the month.
select 'month_closing ' || c.id as subject,
       'account ' || coalesce(s.ledger_account_id, d.ledger_account_id) || ': recorded ' || coalesce(s.balance_fen::text, 'nothing') || ' fen, postings ' || coalesce(d.fen, 0) as finding
from month_closing c
cross join lateral (
    select p.ledger_account_id, sum(p.amount_fen) as fen
    from ledger_transaction t
    join ledger_posting p on p.transaction_id = t.id
    join ledger_account a on a.id = p.ledger_account_id
    join budget_line l on l.id = a.budget_line_id and l.region = c.region
    where t.posted_at < end_of_day((c.month + interval '1 month - 1 day')::date) group by p.ledger_account_id) d
full join (select m.id, n.ledger_account_id, n.balance_fen from balance_snapshot n join month_closing m on m.id = n.closing_id) s
    on s.id = c.id and s.ledger_account_id = d.ledger_account_id
where c.status = 2 and s.balance_fen is distinct from d.fen;

-- check 3.34 closed-month-stays
-- 月结之后，该月没有再记账；月结时的链尾未变。
-- Nothing was posted into a month after it was closed, and the chain still ends there as it did.
select 'month_closing ' || c.id as subject, 'ledger_transaction ' || t.id || ' was posted into it later' as finding
from month_closing c
join ledger_transaction t on t.posted_at < end_of_day((c.month + interval '1 month - 1 day')::date)
left join ledger_chain n on n.transaction_id = t.id
where c.status = 2 and coalesce(n.number, 9223372036854775807) > c.through_number
union all
select 'month_closing ' || c.id, 'the chain ended at ' || c.through_number || ' with another hash'
from month_closing c left join ledger_chain n on n.number = c.through_number
where c.status = 2 and c.through_number > 0 and n.hash is distinct from c.root;

-- check 3.35 correction-is-the-opposite
-- 更正是原账的相反数，由两人决定。
-- A correction is the exact opposite of what it corrects, and was decided by two persons.
select 'ledger_transaction ' || t.id as subject, 'corrects ' || t.corrects || ' with other amounts' as finding
from ledger_transaction t
where t.kind = 14 and exists (
    select from (select ledger_account_id, amount_fen from ledger_posting where transaction_id = t.id) mine
    full join (select ledger_account_id, amount_fen from ledger_posting where transaction_id = t.corrects) other using (ledger_account_id)
    where mine.amount_fen is distinct from -other.amount_fen)
union all
select 'ledger_transaction ' || t.id, 'nobody decided to correct ' || t.corrects
from ledger_transaction t
join ledger_transaction o on o.id = t.corrects and o.kind <> 6 -- What was taken back is given back by decisions of its own.
where t.kind = 14 and not exists (
    select from ledger_correction c where c.transaction_id = t.corrects and c.decision = 1 and c.decided_by_staff <> c.proposed_by_staff);
