-- Payments, their rows, and what the bank has answered.

-- check 16.1 row-is-what-the-bank-answered
-- 收款行的已付金额＝已入账的银行答复之和。
-- What a row says is paid is the sum of the bank's answers that were booked.
select 'payment_row ' || r.id as subject, 'paid ' || r.paid_fen || ' fen, answered ' || coalesce(b.fen, 0) as finding
from payment_row r
left join (
    select payment_row_id, sum(case answer when 4 then -amount_fen else amount_fen end) as fen
    from payment_return_row where is_booked group by payment_row_id) b on b.payment_row_id = r.id
where r.paid_fen <> coalesce(b.fen, 0) and (b.fen is not null or r.payee_account_id is not null);

-- check 16.2 row-state-fits-its-money
-- 收款行的状态与已付金额相符。
-- The state of a row agrees with what of it is paid.
select 'payment_row ' || id as subject, 'state ' || state || ', paid ' || paid_fen || ' of ' || amount_fen || ' fen' as finding
from payment_row
where not case state
    when 1 then paid_fen < amount_fen or amount_fen = 0
    when 2 then paid_fen < amount_fen
    when 3 then paid_fen = amount_fen
    when 5 then paid_fen > 0 and paid_fen < amount_fen
    else paid_fen = 0 end;

-- check 16.3 status-is-that-of-the-rows
-- 支付批次的状态由各收款行得出。
-- The status of a payment is what its rows come to.
select 'payment ' || p.id as subject, 'status ' || p.status || ', rows ' || string_agg(r.state::text, ' ' order by r.number) as finding
from payment p join payment_row r on r.payment_id = p.id
group by p.id
having not case p.status
    when 1 then bool_and(r.state = 1)
    when 2 then bool_and(r.state in (3, 6)) and bool_or(r.state = 3)
    when 3 then bool_or(r.state = 2)
    when 4 then not bool_or(r.state = 2) and bool_or(r.state in (1, 4, 5))
    else bool_and(r.state in (1, 6)) end;

-- check 16.4 payable-follows-its-row
-- 应付款付清与否，与所在收款行的已付金额相符（抵扣的除外）。
-- What is paid of the payables of a row is what the row was paid, but for what was kept for money taken back.
select 'payment_row ' || r.id as subject, 'paid ' || r.paid_fen || ' fen, of its payables ' || coalesce(sum(case y.state when 3 then y.amount_fen else y.part_paid_fen end), 0) as finding
from payment_row r left join payable y on y.payment_row_id = r.id
group by r.id
having coalesce(sum(case y.state when 3 then y.amount_fen else y.part_paid_fen end), 0) not in (r.paid_fen, r.paid_fen + r.netted_fen);

-- check 16.5 sent-once-an-attempt
-- 与银行往来的每一行都有送行记录，一次一条，次数不超过行上的次数。
-- A row that the bank has to answer or has answered was handed over in that attempt, and in none that it has not reached.
select 'payment_row ' || r.id as subject, 'state ' || r.state || ', attempt ' || r.attempt || ', handed over ' || coalesce(s.last, 0) as finding
from payment_row r
join payment p on p.id = r.payment_id
left join (select payment_row_id, max(attempt) as last from payment_row_sent group by payment_row_id) s on s.payment_row_id = r.id
where r.payee_account_id is not null and p.status <> 5
  and (r.state = 2 and s.last is distinct from r.attempt or coalesce(s.last, 0) > r.attempt);

-- check 16.6 one-source-a-payment
-- 一个支付批次只用一个资金来源。
-- A payment has one fund source.
select 'payment ' || p.id as subject, 'source ' || p.fund_source_id || ', row of source ' || b.fund_source_id as finding
from payment p join payment_row r on r.payment_id = p.id join budget_line b on b.id = r.budget_line_id
where r.payee_account_id is not null and b.fund_source_id is distinct from p.fund_source_id;
