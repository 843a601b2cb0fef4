-- Payments: whom money goes to, in which of the bank's formats, what the bank answered row by row, and what is still open.

alter table payee_account add column same_account_reason text check (length(same_account_reason) <= 200);
alter table payee_account add column end_reason text check (length(end_reason) <= 200);
comment on column payee_account.same_account_reason is 'Why the account is right although another payee has it too.';

-- Whom an institution is paid at stands in payee_account alone; 0034 has copied what stood here whole. What lacked a name or a bank
-- paid nobody, and is kept as an account that has ended: it must be proposed anew. A name or bank without an account number is dropped.
insert into payee_account (region, institution_id, holder_name, bank, account_sealed, account_masked, proposed_at, ended_at, end_reason)
select region, id, coalesce(nullif(payee_name, ''), '（未填户名）'), coalesce(nullif(payee_bank, ''), '（未填开户行）'), payee_account_sealed,
       coalesce(payee_account_masked, '****'), now(), now(), '原登记的户名或开户行不全，须重新提出并核实'
from institution
where payee_account_sealed is not null
  and (coalesce(payee_name, '') = '' or coalesce(payee_bank, '') = '' or payee_account_masked is null);
alter table institution drop column payee_name, drop column payee_bank, drop column payee_account_sealed, drop column payee_account_masked;

create unique index payee_account_one_proposal on payee_account (institution_id, person_id) nulls not distinct where verified_at is null and ended_at is null;
create index payee_account_by_institution on payee_account (institution_id);
create index payee_account_by_person on payee_account (person_id);
create index payee_account_by_hash on payee_account (account_hash);

-- Accounts that a later one has replaced for good: the later one came into use, whether or not it was ended afterwards. An account
-- never comes back because the one after it is ended.
create view replaced_payee_account as
select a.id as payee_account_id, min(o.usable_from) as replaced_from
from payee_account a
join payee_account o on (o.institution_id = a.institution_id or o.person_id = a.person_id) and (o.usable_from, o.id) > (a.usable_from, a.id)
where o.ended_at is null or (o.ended_at at time zone 'Asia/Shanghai')::date >= o.usable_from
group by a.id;

-- What stands on an institution's page: the account that was verified last, or else the one that is proposed.
create view institution_payee as
select distinct on (a.institution_id) a.institution_id, a.id as payee_account_id, a.holder_name as payee_name, a.bank as payee_bank,
       a.account_masked as payee_account_masked
from payee_account a
where a.institution_id is not null and a.ended_at is null
  and not exists (select from payee_account o where o.institution_id = a.institution_id and o.ended_at is not null
                  and (o.usable_from, o.id) > (a.usable_from, a.id) and (o.ended_at at time zone 'Asia/Shanghai')::date >= o.usable_from)
order by a.institution_id, a.verified_at is null, a.usable_from desc, a.id desc;

-- Of a payable in a payment whose bank has sent a part of the row: how much of this one has been paid.
alter table payable add column part_paid_fen bigint not null default 0;
alter table payable add constraint payable_part_paid check (part_paid_fen >= 0 and (part_paid_fen = 0 or state = 2));

alter table payment drop constraint payment_status_check;
alter table payment add constraint payment_status_check check (status between 1 and 5);
alter table payment drop constraint payment_check;
alter table payment add column fund_source_id int references fund_source;
alter table payment add column payee_kind smallint not null default 1 check (payee_kind in (1, 2));
alter table payment add column bank text not null default '' check (length(bank) <= 60);
alter table payment add column format text not null default 'generic-csv' check (length(format) between 1 and 60);
alter table payment add column round int not null default 1 check (round > 0);
alter table payment add column round_by_staff int references staff;
alter table payment add column sent_by int references account;
alter table payment add column sent_by_staff int references staff;
alter table payment add column sent_at timestamptz;
alter table payment add column cancel_asked_by_staff int references staff;
alter table payment add column cancelled_by int references account;
alter table payment add column cancelled_by_staff int references staff;
alter table payment add column cancelled_at timestamptz;
alter table payment add column cancel_reason text check (length(cancel_reason) <= 200);
update payment p set round_by_staff = created_by_staff,
    fund_source_id = (select min(b.fund_source_id) from payment_row r join budget_line b on b.id = r.budget_line_id where r.payment_id = p.id);
-- A file that was ever fetched may lie with the bank.
update payment p set status = 3, sent_at = created_at
where status = 1 and exists (select from audit_entry a where a.action = 'payment.export' and a.subject = 'payment:' || p.id);
alter table payment alter column round_by_staff set not null;
alter table payment add constraint payment_paid_says_when check (status <> 2 or (paid_by, paid_by_staff, paid_at, paid_on) is not null);
alter table payment add constraint payment_two_persons check (sent_by_staff <> round_by_staff);
alter table payment add constraint payment_cancelled_by_two check (cancelled_by_staff <> cancel_asked_by_staff);
alter table payment add constraint payment_cancelled_says_why check ((status = 5) = (cancelled_at is not null) and (cancelled_at is null or cancel_reason is not null));
comment on column payment.status is '1 made, 2 paid, 3 with the bank, 4 partly paid or failed and still open, 5 cancelled.';
comment on column payment.cancel_asked_by_staff is 'Who asked to give it up before it went out; somebody else does it.';
comment on column payment.round is 'How often rows of it were sent: the first time all, later what had failed and was corrected.';
comment on column payment.round_by_staff is 'Who made the round; whoever hands it to the bank is somebody else.';

alter table payment_row drop constraint payment_row_amount_fen_check;
alter table payment_row add constraint payment_row_amount_fen_check check (amount_fen >= 0);
alter table payment_row add column number int;
alter table payment_row add column payee_account_id int references payee_account;
alter table payment_row add column state smallint not null default 1 check (state between 1 and 6);
alter table payment_row add column attempt int not null default 1 check (attempt > 0);
alter table payment_row add column gross_fen bigint;
alter table payment_row add column netted_fen bigint not null default 0 check (netted_fen >= 0);
alter table payment_row add column paid_fen bigint not null default 0;
alter table payment_row add column failure text check (length(failure) <= 200);
alter table payment_row add column resend_reason text check (length(resend_reason) <= 200);
alter table payment_row add column take_out_by_staff int references staff;
alter table payment_row add column take_out_reason text check (length(take_out_reason) <= 200);
alter table payment_row add column taken_out_by_staff int references staff;
alter table payment_row add column unpaid_by_staff int references staff;
alter table payment_row add column unpaid_reason text check (length(unpaid_reason) <= 200);
update payment_row r set gross_fen = amount_fen, number = n.number,
    state = case p.status when 2 then 3 when 3 then 2 else 1 end, paid_fen = case p.status when 2 then r.amount_fen else 0 end
from payment p, (select id, row_number() over (partition by payment_id order by institution_id, budget_line_id) as number from payment_row) n
where p.id = r.payment_id and n.id = r.id;
alter table payment_row alter column number set not null;
alter table payment_row alter column gross_fen set not null;
alter table payment_row add constraint payment_row_number unique (payment_id, number);
alter table payment_row add constraint payment_row_net check (amount_fen = gross_fen - netted_fen);
alter table payment_row add constraint payment_row_paid check (paid_fen between 0 and amount_fen);
alter table payment_row add constraint payment_row_take_out_two check (taken_out_by_staff <> take_out_by_staff);
alter table payment_row drop constraint payment_row_vouchers_check;
alter table payment_row add constraint payment_row_vouchers_check check (vouchers >= 0);
comment on column payment_row.amount_fen is 'What the bank is told: gross less what is kept for money taken back.';
comment on column payment_row.state is '1 waits to be sent, 2 with the bank, 3 paid, 4 failed, 5 partly paid, 6 taken out.';
comment on column payment_row.unpaid_by_staff is 'Who says that the bank has not paid what it was sent; a second person makes it an answer.';
comment on column payment_row.attempt is 'How often the bank was told; the row and the bank''s reference stay the same.';

-- The files that went to the bank, sealed, so that the same attempt is the same bytes whenever it is fetched.
create table payment_file (
    id              bigint generated always as identity primary key,
    payment_id      bigint not null references payment,
    round           int not null,
    part            int not null check (part > 0),
    name            text not null check (length(name) between 1 and 120),
    content_type    text not null,
    content_sealed  bytea not null,
    content_hash    bytea not null,
    rows            int not null check (rows > 0),
    total_fen       bigint not null check (total_fen > 0),
    made_by         int not null references account,
    made_by_staff   int not null references staff,
    made_at         timestamptz not null,
    unique (payment_id, round, part)
);
select make_append_only('payment_file');

-- What was told to the bank, and how often: one line each time that a row goes out.
create table payment_row_sent (
    payment_row_id  bigint not null references payment_row,
    attempt         int not null,
    amount_fen      bigint not null check (amount_fen >= 0),
    payee_account_masked text not null,
    sent_by         int not null references account,
    sent_by_staff   int not null references staff,
    sent_at         timestamptz not null,
    primary key (payment_row_id, attempt)
);
select make_append_only('payment_row_sent');

-- Return files that wait for somebody to look at them and to book them.
create table payment_return_upload (
    id              bigint generated always as identity primary key,
    region          int not null references county,
    format          text not null,
    file_name       text not null,
    content_sealed  bytea not null,
    content_hash    bytea not null,
    uploaded_by     int not null references account,
    uploaded_at     timestamptz not null
);

-- What the bank answered: a file, a receipt entered by hand, or money that came back.
create table payment_return (
    id              bigint generated always as identity primary key,
    region          int not null references county,
    kind            smallint not null check (kind between 1 and 5),
    format          text,
    file_name       text check (length(file_name) <= 200),
    content_hash    bytea,
    document        text check (length(document) between 1 and 60),
    paid_on         date not null,
    rows            int not null,
    booked          int not null,
    differences     int not null,
    booked_by       int not null references account,
    booked_by_staff int not null references staff,
    booked_at       timestamptz not null,
    check ((kind = 1) = (content_hash is not null)),
    check (kind in (1, 4, 5) or document is not null)
);
comment on column payment_return.kind is
    '1 file of the bank, 2 receipt entered by hand, 3 money that the bank returned, 4 rows that needed no bank, 5 not paid, as two persons say.';
create unique index payment_return_once on payment_return (content_hash);
select make_append_only('payment_return');

create table payment_return_row (
    id              bigint generated always as identity primary key,
    return_id       bigint not null references payment_return,
    line            int not null,
    reference       text not null,
    payment_row_id  bigint references payment_row,
    attempt         int,
    answer          smallint check (answer between 1 and 4),
    finding         smallint not null,
    amount_fen      bigint,
    account_masked  text not null,
    reason          text not null,
    serial          text not null,
    is_booked       boolean not null,
    check (not is_booked or (payment_row_id, attempt, answer, amount_fen) is not null)
);
comment on column payment_return_row.answer is '1 paid, 2 failed, 3 partly, 4 came back after it was paid.';
comment on column payment_return_row.finding is '0 good; otherwise the number of what is wrong with it.';
-- The last guard against booking an answer twice.
create unique index payment_return_row_once on payment_return_row (payment_row_id, attempt, (answer = 4)) where is_booked;
create index payment_return_row_by_return on payment_return_row (return_id);
create index payment_return_row_open on payment_return_row (id) where not is_booked and finding <> 1;
create index payment_return_row_differences on payment_return_row (payment_row_id) where not is_booked and finding <> 1;
select make_append_only('payment_return_row');

-- What was paid before there were returns: the receipt that was entered then, so that each row is paid by an answer of the bank.
do $$ declare paid payment; receipt bigint; begin
    for paid in select * from payment where status = 2 order by id loop
        insert into payment_return (region, kind, document, paid_on, rows, booked, differences, booked_by, booked_by_staff, booked_at)
        select paid.region, 2, paid.bank_reference, paid.paid_on, count(*), count(*), 0, paid.paid_by, paid.paid_by_staff, paid.paid_at
        from payment_row where payment_id = paid.id returning id into receipt;
        insert into payment_return_row (return_id, line, reference, payment_row_id, attempt, answer, finding, amount_fen, account_masked, reason, serial, is_booked)
        select receipt, number, 'PXQ' || lpad(paid.id::text, 8, '0') || '-' || number, id, 1, 1, 0, amount_fen, payee_account_masked, '', '', true
        from payment_row where payment_id = paid.id order by number;
    end loop;
end $$;

-- How a difference was cleared up.
create table payment_difference_note (
    return_row_id   bigint not null references payment_return_row,
    number          smallint not null check (number in (1, 2)),
    note            text not null check (length(note) between 1 and 200),
    noted_by        int not null references account,
    noted_by_staff  int not null references staff,
    noted_at        timestamptz not null,
    primary key (return_row_id, number),
    unique (return_row_id, noted_by_staff)
);
comment on table payment_difference_note is 'One clears a difference; two persons, where the bank may have said that money of ours moved.';
select make_append_only('payment_difference_note');
