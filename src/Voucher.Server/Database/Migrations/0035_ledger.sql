-- The ledger as a book that can be shown: less rights than its owner's, a chain over what is posted, what each posting is for,
-- months that are closed, corrections by the exact opposite, purposes by kind of training.

-- Identities need no right of their own; what asks a sequence by name does.
grant usage, select on all sequences in schema public to voucher_app;
alter default privileges in schema public grant usage, select on sequences to voucher_app;

-- The owner may work with the program's rights. (A role that was made by hand beforehand is granted here, where that is allowed.)
do $$ declare may boolean; begin
    if current_setting('server_version_num')::int >= 160000 then may := pg_has_role(current_user, 'voucher_app', 'set');
    else may := pg_has_role(current_user, 'voucher_app', 'member');
    end if;
    if not may then execute format('grant voucher_app to %I', current_user); end if;
end $$;

-- The page of operations shows what other sessions do. Where the owner may not grant it, that page shows the rest.
do $$ begin
    grant pg_read_all_stats to voucher_app;
exception when insufficient_privilege then raise notice 'voucher_app may not read statistics: as a superuser, grant pg_read_all_stats to voucher_app';
end $$;

-- What a transaction is about, so that nobody reads it out of the cause, which only makes it unique.
alter table ledger_transaction add column subject_kind smallint check (subject_kind between 1 and 30);
alter table ledger_transaction add column subject_id bigint;
alter table ledger_transaction add column document_no text check (length(document_no) between 1 and 80);
alter table ledger_transaction add column corrects bigint unique references ledger_transaction;
alter table ledger_transaction add check ((subject_kind is null) = (subject_id is null));
alter table ledger_transaction add check ((kind = 14) = (corrects is not null));
comment on column ledger_transaction.subject_kind is
    '1 budget line, 2 batch, 3 leaving out, 4 claim, 5 payment, 6 voucher, 7 vouchers that expired (the first of them), 8 revocation, 9 ledger transaction; see LedgerSubjectKind.';
comment on column ledger_transaction.document_no is '文号 of an allocation, a cut or a transfer.';
comment on column ledger_transaction.corrects is 'The earlier transaction of which this one is the exact opposite; each is corrected once.';
create index ledger_transaction_by_subject on ledger_transaction (subject_kind, subject_id);
create index ledger_transaction_by_time on ledger_transaction (posted_at);

alter table ledger_transaction disable trigger append_only;
update ledger_transaction t set subject_kind = s.kind, subject_id = s.id, document_no = s.document
from (
    select id as transaction_id,
           case split_part(cause, ':', 1)
               when 'allocate' then 1 when 'lower' then 1 when 'shift' then 1 when 'batch' then 2 when 'batch-stop' then 2
               when 'batch-leave-out' then 3 when 'claim' then 4 when 'payment' then 5 when 'revoke' then 6 when 'withdraw' then 6
               when 'expire' then 7 when 'revocation' then 8 end as kind,
           substring(cause from '^[a-z-]+:([0-9]{1,18})')::bigint as id,
           case when split_part(cause, ':', 1) in ('allocate', 'lower', 'shift') then substring(cause from '^[a-z]+:[0-9-]+:(.+)$') end as document
    from ledger_transaction) s
where s.transaction_id = t.id and s.kind is not null and s.id is not null;
alter table ledger_transaction enable trigger append_only;

-- For which vouchers the transactions moved that were posted before this was written down, where it can be told to the 分.
create temporary table told on commit drop as
select t.id as transaction_id, l.voucher_id, l.budget_line_id, 3::smallint as from_kind, 4::smallint as to_kind, l.amount_fen - l.retained_fen as amount_fen
from ledger_transaction t join claim_line l on l.claim_id = t.subject_id and l.state in (3, 5, 6, 7)
where t.kind = 4 and t.subject_kind = 4
union all
select t.id, l.voucher_id, l.budget_line_id, 3, 2, l.face_value_fen - l.amount_fen
from ledger_transaction t join claim_line l on l.claim_id = t.subject_id and l.state in (3, 5, 6, 7) and l.face_value_fen > l.amount_fen
where t.kind = 4 and t.subject_kind = 4
union all
select t.id, l.voucher_id, y.budget_line_id, 4, 5, y.amount_fen
from ledger_transaction t
join payment_row r on r.payment_id = t.subject_id
join payable y on y.payment_row_id = r.id
join claim_line l on l.id = y.claim_line_id
where t.kind = 5 and t.subject_kind = 5
union all
select t.id, v.id, v.budget_line_id, 3, 2, v.face_value_fen
from ledger_transaction t join voucher v on v.id = t.subject_id
where t.kind = 3 and t.subject_kind = 6
union all
select t.id, e.voucher_id, v.budget_line_id, 3, 2, v.face_value_fen
from ledger_transaction t
join voucher_event e on e.at = t.posted_at and e.kind = 8
join voucher v on v.id = e.voucher_id
where t.kind = 3 and t.subject_kind = 8
union all
-- What had expired unused since the run before.
select t.id, v.id, v.budget_line_id, 3, 2, v.face_value_fen
from (select id, (posted_at at time zone 'UTC' + interval '8 hours')::date as day,
             lag((posted_at at time zone 'UTC' + interval '8 hours')::date) over (order by id) as day_before
      from ledger_transaction where kind = 3 and subject_kind = 7) t
join (select distinct valid_until from voucher) ended on ended.valid_until < t.day and ended.valid_until >= coalesce(t.day_before, '-infinity')
join voucher v on v.valid_until = ended.valid_until and v.state in (1, 2) and not v.is_reserved;
analyze told;

-- All of a transaction or nothing: where one account was posted otherwise than its vouchers say, none of them is named.
create temporary table mistold on commit drop as
with named as (
    select told.transaction_id, side.line, side.kind, sum(side.fen) as fen
    from told cross join lateral (values (budget_line_id, from_kind, -amount_fen), (budget_line_id, to_kind, amount_fen)) side (line, kind, fen)
    group by 1, 2, 3 having sum(side.fen) <> 0),
posted as (
    select p.transaction_id, a.budget_line_id as line, a.kind, p.amount_fen as fen
    from ledger_posting p join ledger_account a on a.id = p.ledger_account_id
    where p.transaction_id in (select transaction_id from told))
select distinct transaction_id from named full join posted using (transaction_id, line, kind) where posted.fen is distinct from named.fen;

insert into ledger_voucher_move (transaction_id, voucher_id, budget_line_id, from_kind, to_kind, amount_fen)
select transaction_id, voucher_id, budget_line_id, from_kind, to_kind, amount_fen from told
where not exists (select from mistold m where m.transaction_id = told.transaction_id);

-- What could not be told stays unnamed for good, and is written down, so that nobody takes it for a fault of later days.
create table ledger_untold (
    transaction_id  bigint primary key references ledger_transaction
);
comment on table ledger_untold is 'Transactions from before vouchers were named, of which the rows no longer tell for which vouchers they moved. Written once, by the migration.';
insert into ledger_untold
select id from ledger_transaction t
where (kind in (4, 5, 6) or (kind = 3 and subject_kind is distinct from 2 and subject_kind is distinct from 3))
  and not exists (select from ledger_voucher_move m where m.transaction_id = t.id);
select make_append_only('ledger_untold');
revoke insert on ledger_untold from voucher_app;

-- The chain. A transaction is sealed when it is committed, under one lock, after everything else has been locked and written: the
-- lock is held for a moment only, and waits for nothing. What is sealed gains no posting and no voucher.
create table ledger_chain (
    number          bigint primary key check (number > 0),
    transaction_id  bigint not null unique references ledger_transaction,
    hash            bytea not null check (length(hash) = 32)
);
comment on table ledger_chain is 'The order in which transactions were posted, without gaps; each hash covers the one before it and all of the transaction''s content.';
select make_append_only('ledger_chain');
revoke insert on ledger_chain from voucher_app;

-- All that is hashed of a transaction but its number, fields parted by U+001F.
create function ledger_content(posted bigint) returns text language sql stable as $$
    select array_to_string(array[
        t.id::text, (extract(epoch from t.posted_at) * 1000000)::bigint::text, t.kind::text, t.cause, t.rule, t.account_id::text, t.staff_id::text,
        t.subject_kind::text, t.subject_id::text, t.document_no, t.corrects::text,
        (select string_agg(a.id || ':' || a.budget_line_id || ':' || a.kind || ':' || p.amount_fen, ';' order by a.id)
         from ledger_posting p join ledger_account a on a.id = p.ledger_account_id where p.transaction_id = t.id),
        (select string_agg(m.voucher_id || ':' || m.budget_line_id || ':' || m.from_kind || ':' || m.to_kind || ':' || m.amount_fen, ';'
                           order by m.voucher_id, m.budget_line_id, m.from_kind, m.to_kind, m.amount_fen)
         from ledger_voucher_move m where m.transaction_id = t.id)], chr(31), '')
    from ledger_transaction t where t.id = posted
$$;

create function chain_ledger_transaction(posted bigint) returns void language plpgsql as $$
declare
    last_number bigint;
    last_hash bytea;
begin
    select number, hash into last_number, last_hash from ledger_chain order by number desc limit 1;
    last_number := coalesce(last_number, 0) + 1;
    insert into ledger_chain (number, transaction_id, hash) values (
        last_number, posted,
        sha256(coalesce(last_hash, decode(repeat('00', 32), 'hex')) || convert_to(last_number || chr(31) || ledger_content(posted), 'UTF8')));
end $$;
do $$ declare posted bigint; begin
    for posted in select id from ledger_transaction order by id loop perform chain_ledger_transaction(posted); end loop;
end $$;

-- Months that are closed: what each account stood at, and with which transaction the chain ended.
create table month_closing (
    id                  int generated always as identity primary key,
    region              int not null references county,
    month               date not null check (extract(day from month) = 1),
    status              smallint not null check (status between 1 and 3),
    proposed_by         int not null references account,
    proposed_by_staff   int not null references staff,
    proposed_at         timestamptz not null,
    decided_by          int references account,
    decided_by_staff    int references staff,
    decided_at          timestamptz,
    reason              text check (length(reason) between 1 and 200),
    through_number      bigint,
    root                bytea check (length(root) = 32),
    check (decided_by_staff <> proposed_by_staff),
    check ((status = 1) = (decided_at is null) and (decided_at is null) = (decided_by is null) and (decided_at is null) = (decided_by_staff is null)),
    check ((status = 2) = (through_number is not null)),
    check (status <> 3 or reason is not null)
);
comment on column month_closing.status is '1 proposed, 2 closed, 3 sent back.';
comment on column month_closing.through_number is 'The last of the chain when the month was closed; 0 where there was none. Nothing after it lies in the month.';
create unique index month_closing_once on month_closing (region, month) where status <> 3;
create function month_closing_moves_on() returns trigger language plpgsql as $$
begin
    if old.status <> 1 or new.status = 1
        or (old.region, old.month, old.proposed_by_staff, old.proposed_at) is distinct from (new.region, new.month, new.proposed_by_staff, new.proposed_at) then
        raise exception 'the closing of % stands', old.month using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger moves_on before update on month_closing for each row execute function month_closing_moves_on();
create trigger never_deleted before delete on month_closing for each row execute function refuse_change();
revoke delete on month_closing from voucher_app;

create table balance_snapshot (
    closing_id          int not null references month_closing,
    ledger_account_id   int not null references ledger_account,
    balance_fen         bigint not null,
    primary key (closing_id, ledger_account_id)
);
comment on table balance_snapshot is 'What each account stood at when a month ended; balances at a day are the snapshot before it and the postings since.';
select make_append_only('balance_snapshot');

-- The first instant after a local day: all China keeps UTC+8.
create function end_of_day(day date) returns timestamptz language sql immutable as $$ select ((day + 1)::timestamp - interval '8 hours') at time zone 'UTC' $$;

-- What each account stood at when a local day ended: the last snapshot before, and the postings since.
create function ledger_balances(county_region int, day date) returns table (ledger_account_id int, budget_line_id int, kind smallint, balance_fen bigint)
language sql stable as $$
    with base as (
        select c.id, end_of_day((c.month + interval '1 month - 1 day')::date) as until from month_closing c
        where c.region = county_region and c.status = 2 and (c.month + interval '1 month - 1 day')::date <= day order by c.month desc limit 1),
    since as (
        select p.ledger_account_id, sum(p.amount_fen) as fen
        from ledger_transaction t join ledger_posting p on p.transaction_id = t.id
        where t.posted_at < end_of_day(day) and t.posted_at >= coalesce((select until from base), '-infinity')
        group by p.ledger_account_id)
    select a.id, a.budget_line_id, a.kind, (coalesce(s.balance_fen, 0) + coalesce(n.fen, 0))::bigint
    from ledger_account a
    join budget_line l on l.id = a.budget_line_id and l.region = county_region
    left join balance_snapshot s on s.closing_id = (select id from base) and s.ledger_account_id = a.id
    left join since n on n.ledger_account_id = a.id
$$;

-- A correction is proposed by one person and posted, or refused, by another.
create table ledger_correction (
    id                  int generated always as identity primary key,
    region              int not null references county,
    transaction_id      bigint not null references ledger_transaction,
    reason              text not null check (length(reason) between 1 and 200),
    proposed_by         int not null references account,
    proposed_by_staff   int not null references staff,
    proposed_at         timestamptz not null,
    decision            smallint check (decision between 1 and 2),
    decided_by          int references account,
    decided_by_staff    int references staff,
    decided_at          timestamptz,
    check (num_nonnulls(decision, decided_by, decided_by_staff, decided_at) in (0, 4)),
    check (decided_by_staff <> proposed_by_staff)
);
comment on column ledger_correction.decision is '1 posted, 2 refused.';
create unique index ledger_correction_once on ledger_correction (transaction_id) where decision is distinct from 2;
create trigger never_deleted before delete on ledger_correction for each row execute function refuse_change();
revoke delete on ledger_correction from voucher_app;

-- What the books ask of a transaction when it is committed: it balances, its month is open, a correction is what it says.
create function seal_ledger_transaction() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
    -- "ledger": one at a time; a month is closed under the same lock.
    perform pg_advisory_xact_lock(119182731994482);
    if exists (select from ledger_posting p join ledger_account a on a.id = p.ledger_account_id
               where p.transaction_id = new.id group by a.budget_line_id having sum(p.amount_fen) <> 0) then
        raise exception 'ledger transaction % does not balance', new.id using errcode = 'restrict_violation';
    end if;
    if exists (select from month_closing c where c.status = 2 and new.posted_at < end_of_day((c.month + interval '1 month - 1 day')::date)) then
        raise exception 'ledger transaction % lies in a month that is closed', new.id using errcode = 'VX715';
    end if;
    if new.kind = 14 and (
        not exists (select from ledger_transaction o where o.id = new.corrects and o.kind in (1, 6, 7, 8))
        or exists (
            select from (select ledger_account_id, amount_fen from ledger_posting where transaction_id = new.id) mine
            full join (select ledger_account_id, amount_fen from ledger_posting where transaction_id = new.corrects) other
                on other.ledger_account_id = mine.ledger_account_id
            where mine.amount_fen is distinct from -other.amount_fen)) then
        raise exception 'ledger transaction % is not the opposite of %', new.id, new.corrects using errcode = 'restrict_violation';
    end if;
    perform chain_ledger_transaction(new.id);
    return null;
end $$;
create constraint trigger sealed after insert on ledger_transaction deferrable initially deferred
    for each row execute function seal_ledger_transaction();

create function refuse_sealed() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if exists (select from ledger_chain where transaction_id = new.transaction_id) then
        raise exception 'ledger transaction % is sealed', new.transaction_id using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger not_sealed before insert on ledger_posting for each row execute function refuse_sealed();
create trigger not_sealed before insert on ledger_voucher_move for each row execute function refuse_sealed();

-- Nobody but the postings themselves moves a balance, and the program opens accounts by one door.
create function keep_balance() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
    update ledger_account set balance_fen = balance_fen + new.amount_fen where id = new.ledger_account_id;
    return null;
end $$;
create trigger keeps_balance after insert on ledger_posting for each row execute function keep_balance();
revoke insert, update, delete on ledger_account from voucher_app;
create function open_ledger_account(line int, account_kind smallint) returns table (id int, balance_fen bigint)
language sql security definer set search_path = public, pg_temp as $$
    insert into ledger_account as a (budget_line_id, kind) values (line, account_kind)
    on conflict (budget_line_id, kind) do update set kind = excluded.kind
    returning a.id, a.balance_fen
$$;
comment on function open_ledger_account(int, smallint) is 'The account of a line, made if there is none, locked for this transaction, with what it stands at.';
revoke execute on function open_ledger_account(int, smallint) from public;
grant execute on function open_ledger_account(int, smallint) to voucher_app;
revoke execute on function chain_ledger_transaction(bigint) from public;

-- For which vouchers each account of a transaction gained or lost: as it was posted, or, for the reservation of a batch, those that
-- were written from it (a reprint stands for the voucher that it replaced).
create view ledger_voucher as
select m.transaction_id, m.voucher_id, m.budget_line_id, side.account_kind, side.amount_fen
from ledger_voucher_move m
cross join lateral (values (m.from_kind, -m.amount_fen), (m.to_kind, m.amount_fen)) side (account_kind, amount_fen)
union all
select t.id, v.id, v.budget_line_id, side.account_kind, side.amount_fen
from ledger_transaction t
join voucher v on v.batch_id = t.subject_id and not exists (select from voucher o where o.replaced_by = v.id)
cross join lateral (values (2::smallint, -v.face_value_fen), (3::smallint, v.face_value_fen)) side (account_kind, amount_fen)
where t.kind = 2 and t.subject_kind = 2;
comment on view ledger_voucher is 'For each transaction and account of a line, the vouchers it was for and how much of it.';

-- 用途不变: money may be bound to kinds of training, too. Of a voucher for a trade, or for whatever the holder chooses, nobody knows the
-- kind when money is reserved for it: from such a line only vouchers for a programme are issued.
alter table fund_purpose add column training_kind smallint check (training_kind between 1 and 7);
comment on column fund_purpose.training_kind is 'As programme.kind: 1 employment skills, 2 entrepreneurship, 3 job skills, 4 training at work, 5 project, 6 embedded, 7 to order.';
alter table fund_purpose drop constraint fund_purpose_check;
alter table fund_purpose add constraint fund_purpose_one_sort check (num_nonnulls(scope, category, training_kind) = 1);
alter table fund_purpose drop constraint fund_purpose_fund_source_id_budget_line_id_scope_category_key;
alter table fund_purpose add constraint fund_purpose_once unique nulls not distinct (fund_source_id, budget_line_id, scope, category, training_kind);

create or replace function fund_covers(line int, wanted int) returns boolean language sql stable as $$
    select not exists (
        select from (
            select array_agg(p.scope) filter (where p.scope is not null) as scopes,
                   array_agg(p.training_kind) filter (where p.training_kind is not null) as kinds
            from budget_line l
            join fund_purpose p on p.fund_source_id = l.fund_source_id and (p.budget_line_id is null or p.budget_line_id = l.id)
            where l.id = line and p.category is null
            group by p.budget_line_id is null) level
        left join (
            select g.trade_code, g.kind from programme g join budget_line b on b.id = line and b.region = g.region where g.code = wanted) taught on true
        where level.scopes is not null and wanted <> all (level.scopes) and (taught.trade_code = any (level.scopes)) is not true
           or level.kinds is not null and (taught.kind = any (level.kinds)) is not true)
$$;
create or replace function purposes_of_line(line int) returns text language sql stable as $$
    select coalesce(string_agg(coalesce(scope::text, category, 'kind ' || training_kind), ',' order by scope, category, training_kind), '')
    from fund_purpose where budget_line_id = line
$$;
drop trigger keeps_purpose on programme;
create trigger keeps_purpose after update of trade_code, kind on programme for each row
    when (old.trade_code <> new.trade_code or old.kind <> new.kind) execute function programme_keeps_purpose();

-- 渠道不乱: money also stays in its year.
create or replace function transfer_keeps_source() returns trigger language plpgsql as $$
begin
    -- Whoever settles a purpose meanwhile waits for this transfer, or this for them.
    perform from fund_source s where s.id in (
        select l.fund_source_id from ledger_posting p
        join ledger_account a on a.id = p.ledger_account_id
        join budget_line l on l.id = a.budget_line_id
        where p.transaction_id = new.id)
    order by s.id for share;
    if (select count(distinct l.fund_source_id) > 1 or count(distinct l.year) > 1 or count(distinct purposes_of_line(l.id)) > 1
        from ledger_posting p
        join ledger_account a on a.id = p.ledger_account_id
        join budget_line l on l.id = a.budget_line_id
        where p.transaction_id = new.id) then
        raise exception 'transfer % leaves its source, its year or its purpose', new.id using errcode = 'VX713';
    end if;
    return null;
end $$;
