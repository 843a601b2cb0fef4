-- What is owed is a thing of its own: one payable for each claim line that was approved, for what was kept back of it, and for
-- each allowance. Publication, payment and taking back all speak of payables.

-- The rights with which the program works, less than its owner's: what is append-only may only be read and added to.
do $$ begin
    if not exists (select from pg_roles where rolname = 'voucher_app') then create role voucher_app nologin; end if;
exception when duplicate_object or unique_violation then null; -- Made for another database of this server at the same moment.
end $$;
grant usage on schema public to voucher_app;
grant select, insert, update, delete on all tables in schema public to voucher_app;
alter default privileges in schema public grant select, insert, update, delete on tables to voucher_app;
revoke insert, update, delete on migration from voucher_app;

-- Makes a table history: by right, and by triggers that also stop its owner, row by row or all at once.
create function make_append_only(history regclass) returns void language plpgsql as $$
begin
    execute format('revoke update, delete, truncate on %s from voucher_app', history);
    if not exists (select from pg_trigger where tgrelid = history and tgname = 'append_only') then
        execute format('create trigger append_only before update or delete on %s for each row execute function refuse_change()', history);
    end if;
    execute format('create or replace trigger never_emptied before truncate on %s for each statement execute function refuse_change()', history);
end $$;

-- Every table that was history by its triggers is so by right.
do $$ declare history regclass; begin
    for history in
        select t.tgrelid from pg_trigger t join pg_proc p on p.oid = t.tgfoid
        where t.tgname = 'append_only' and p.proname = 'refuse_change'
    loop perform make_append_only(history); end loop;
end $$;

alter table ledger_account drop constraint ledger_account_kind_check;
alter table ledger_account add constraint ledger_account_kind_check check (kind between 1 and 7);
alter table ledger_transaction drop constraint ledger_transaction_kind_check;
alter table ledger_transaction add constraint ledger_transaction_kind_check check (kind between 1 and 14);
comment on column ledger_transaction.kind is
    '1 allocate, 2 reserve, 3 release, 4 approve, 5 pay, 6 reverse, 7 transfer between lines, 8 lower an allocation, 9 allowance, 10 release retained money, 11 returned by the bank, 12 paid in, 13 netted, 14 correction.';

-- Who caused it, as a person: a second log-in, or one that changes hands, changes nothing.
alter table ledger_transaction add column staff_id int references staff;
alter table ledger_transaction disable trigger append_only;
update ledger_transaction t set staff_id = a.staff_id from account a where a.id = t.account_id;
alter table ledger_transaction enable trigger append_only;

-- For which voucher how much of a transaction moved. A batch's reservation names no vouchers: they are those of the batch.
create table ledger_voucher_move (
    transaction_id  bigint not null references ledger_transaction,
    voucher_id      bigint not null references voucher,
    budget_line_id  int not null references budget_line,
    from_kind       smallint not null check (from_kind between 1 and 7),
    to_kind         smallint not null check (to_kind between 1 and 7),
    amount_fen      bigint not null check (amount_fen > 0)
);
create index ledger_voucher_move_by_transaction on ledger_voucher_move (transaction_id);
create index ledger_voucher_move_by_voucher on ledger_voucher_move (voucher_id);
select make_append_only('ledger_voucher_move');

-- Whom money is sent to. An account is proposed by one person and verified by another, and can be used from a later day on.
create table payee_account (
    id              int generated always as identity primary key,
    region          int not null references county,
    institution_id  int references institution,
    person_id       bigint references person,
    holder_name     text not null check (length(holder_name) between 1 and 60),
    bank            text not null check (length(bank) between 1 and 60),
    account_sealed  bytea not null,
    account_hash    bytea,
    account_masked  text not null,
    reason          text check (length(reason) <= 200),
    proposed_by     int references account,
    proposed_by_staff int references staff,
    proposed_at     timestamptz not null,
    verified_by     int references account,
    verified_by_staff int references staff,
    verified_at     timestamptz,
    usable_from     date,
    ended_at        timestamptz,
    ended_by_staff  int references staff,
    check ((institution_id is null) <> (person_id is null)),
    check ((verified_at is null) = (usable_from is null)),
    check (verified_by_staff <> proposed_by_staff)
);
comment on table payee_account is 'Bank accounts of institutions and trainees: proposed, verified by a second person, usable after a waiting time, ended; never changed.';
comment on column payee_account.account_hash is 'Keyed hash of the digits, so that one account of two payees is found; empty for what was there before.';
comment on column payee_account.proposed_by_staff is 'Empty for the accounts that institutions had before accounts were verified by two.';

insert into payee_account (region, institution_id, holder_name, bank, account_sealed, account_masked, proposed_at, verified_at, usable_from)
select region, id, payee_name, payee_bank, payee_account_sealed, payee_account_masked, now(), now(), '2016-01-01'
from institution where coalesce(payee_name, '') <> '' and coalesce(payee_bank, '') <> '' and payee_account_sealed is not null and payee_account_masked is not null;

-- The lines of a claim: 8 sent back to be completed, 9 held; both still hold their voucher. A line clawed back holds it for good:
-- what was taken back is not claimed again.
alter table claim_line drop constraint claim_line_state_check;
alter table claim_line add constraint claim_line_state_check check (state between 1 and 9);
comment on column claim_line.state is '1 drafted, 2 submitted, 3 approved, 4 rejected, 5 paid, 6 payment failed, 7 clawed back, 8 returned to be completed, 9 held.';
drop view live_claim_line;
drop index claim_line_once_a_voucher;
create unique index claim_line_once_a_voucher on claim_line (voucher_id) where state <> 4;
create view live_claim_line as select * from claim_line where state <> 4;
comment on view live_claim_line is 'Lines that still hold their voucher: all but the rejected.';

-- One transfer of a payment: to an institution or to a trainee.
alter table payment_row drop constraint payment_row_pkey;
alter table payment_row add column id bigint generated always as identity primary key;
alter table payment_row add column person_id bigint references person;
alter table payment_row alter column institution_id drop not null;
alter table payment_row add constraint payment_row_one_payee check ((institution_id is null) <> (person_id is null));
alter table payment_row add constraint payment_row_once_a_payee unique nulls not distinct (payment_id, institution_id, person_id, budget_line_id);

create table payable (
    id              bigint generated always as identity primary key,
    region          int not null references county,
    kind            smallint not null check (kind between 1 and 3),
    claim_line_id   bigint references claim_line,
    allowance_id    bigint,
    institution_id  int references institution,
    person_id       bigint references person,
    budget_line_id  int not null references budget_line,
    amount_fen      bigint not null check (amount_fen > 0),
    state           smallint not null check (state between 1 and 4),
    payment_row_id  bigint references payment_row,
    created_at      timestamptz not null,
    check ((institution_id is null) <> (person_id is null)),
    check ((kind = 3) = (allowance_id is not null)),
    check (kind = 3 or claim_line_id is not null),
    check (state in (2, 3) = (payment_row_id is not null))
);
comment on column payable.kind is '1 claim line, 2 retained of a claim line, 3 allowance (of a claim line where it comes out of the institution''s subsidy).';
comment on column payable.state is '1 open, 2 in a payment, 3 paid, 4 cancelled.';
create unique index payable_once_a_line on payable (claim_line_id, kind) where state <> 4 and kind in (1, 2);
create unique index payable_once_an_allowance on payable (allowance_id) where state <> 4;
create index payable_by_row on payable (payment_row_id);
create index payable_open on payable (budget_line_id) where state in (1, 2);

insert into payable (region, kind, claim_line_id, institution_id, budget_line_id, amount_fen, state, payment_row_id, created_at)
select c.region, 1, l.id, c.institution_id, l.budget_line_id, l.amount_fen,
       case when l.state = 5 then 3 when r.id is not null then 2 else 1 end, r.id, coalesce(c.approved_at, c.submitted_at)
from claim_line l
join claim c on c.id = l.claim_id
left join payment_row r on r.payment_id = l.payment_id and r.institution_id = c.institution_id and r.budget_line_id = l.budget_line_id
where l.state in (3, 5)
order by l.id;

-- What of an approved line is kept back, and until which day.
alter table claim_line add column retained_fen bigint not null default 0 check (retained_fen between 0 and amount_fen);
alter table claim_line add column retained_until date;
alter table claim_line add constraint claim_line_retained_until check ((retained_fen > 0) = (retained_until is not null));
