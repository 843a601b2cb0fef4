-- Taking back what was wrongly paid (追回), and what follows for the institution (警告、限期整改、暂停、建议吊销).

alter table claim_line add column clawed_back_fen bigint not null default 0 check (clawed_back_fen between 0 and amount_fen);
alter table claim_line add column retained_clawed_back_fen bigint not null default 0 check (retained_clawed_back_fen between 0 and retained_fen);
comment on column claim_line.clawed_back_fen is 'Of the line, by decisions that stand; with all of it the line is clawed back (7).';
comment on column claim_line.retained_clawed_back_fen is 'The part of it that had been kept back: it is not released any more.';

-- Numbers of notices, by county, kind and year, without a gap: the row is locked until the decision is committed.
create table notice_number (
    region  int not null references county,
    kind    smallint not null check (kind between 1 and 4),
    year    int not null check (year between 2016 and 2100),
    last    int not null check (last > 0),
    primary key (region, kind, year)
);
comment on column notice_number.kind is '1 追回通知书, 2 整改通知书, 3 警告通知书, 4 建议吊销办学许可证的函.';

create table recovery (
    id                  bigint generated always as identity primary key,
    region              int not null references county,
    institution_id      int references institution,
    person_id           bigint references person,
    state               smallint not null check (state between 1 and 6),
    source              smallint not null check (source between 1 and 6 or source = 99),
    finding             text not null check (length(finding) between 1 and 1000),
    documents           text not null check (length(documents) <= 200),
    pay_by              date not null,
    amount_fen          bigint not null check (amount_fen > 0),
    policy_id           int not null references policy_pack,
    proposed_by         int not null references account,
    proposed_by_staff   int not null references staff,
    proposed_at         timestamptz not null,
    decided_by          int references account,
    decided_by_staff    int references staff,
    decided_at          timestamptz,
    notice_year         int,
    notice_no           int check (notice_no > 0),
    reversal_by         int references account,
    reversal_by_staff   int references staff,
    reversed_by         int references account,
    reversed_by_staff   int references staff,
    reversed_at         timestamptz,
    check ((institution_id is null) <> (person_id is null)),
    check ((decided_at is null) = (state in (1, 5))),
    check ((notice_no is null) = (state in (1, 4, 5))),
    check ((reversed_at is null) = (state <> 6)),
    constraint recovery_two_persons check (decided_by_staff <> proposed_by_staff),
    constraint recovery_reversed_by_two check (reversed_by_staff <> reversal_by_staff),
    unique (region, notice_year, notice_no)
);
comment on table recovery is 'What is taken back from one institution or one trainee: proposed by one, decided by another, settled by paying in or netting.';
comment on column recovery.state is '1 proposed, 2 owed, 3 settled, 4 turned down, 5 withdrawn, 6 decision reversed.';
comment on column recovery.source is '1 spot check, 2 hold, 3 conflict, 4 audit, 5 objection, 6 match, 99 other.';
comment on column recovery.documents is 'Numbers of the documents that the finding rests on.';
create index recovery_of_institution on recovery (institution_id, state);

create table recovery_line (
    id              bigint generated always as identity primary key,
    recovery_id     bigint not null references recovery,
    voucher_id      bigint references voucher,
    claim_line_id   bigint references claim_line,
    payable_id      bigint references payable,
    amount_fen      bigint not null check (amount_fen > 0),
    reason          text not null check (length(reason) <= 200),
    check ((claim_line_id is null) <> (payable_id is null)),
    unique (recovery_id, claim_line_id),
    unique (recovery_id, payable_id)
);
comment on table recovery_line is 'Of which claim line (of an institution) or allowance (of a trainee) how much is taken back, and why.';
create index recovery_line_of_claim_line on recovery_line (claim_line_id);
create index recovery_line_of_payable on recovery_line (payable_id);
create index recovery_line_of_voucher on recovery_line (voucher_id);
select make_append_only('recovery_line');

-- Each part points at exactly one settlement: a payable, or what was kept back of a claim line.
create table recovery_part (
    id                  bigint generated always as identity primary key,
    recovery_line_id    bigint not null references recovery_line,
    payable_id          bigint references payable,
    budget_line_id      int not null references budget_line,
    from_kind           smallint not null check (from_kind in (4, 5, 7)),
    amount_fen          bigint not null check (amount_fen > 0),
    check ((from_kind = 7) = (payable_id is null)),
    unique nulls not distinct (recovery_line_id, payable_id)
);
comment on table recovery_part is 'Where the money of a decision came from: 4 owed and not paid, 5 paid, 7 kept back. Written with its posting.';
create index recovery_part_of_payable on recovery_part (payable_id);
select make_append_only('recovery_part');

create table recovery_step (
    recovery_id     bigint not null references recovery,
    number          int not null check (number > 0),
    step            smallint not null check (step between 1 and 11),
    amount_fen      bigint,
    reason          text not null check (length(reason) <= 200),
    rule            text not null,
    account_id      int references account,
    staff_id        int references staff,
    at              timestamptz not null,
    primary key (recovery_id, number)
);
select make_append_only('recovery_step');

create table recovery_pay_in (
    id                  bigint generated always as identity primary key,
    region              int not null references county,
    recovery_id         bigint not null references recovery,
    document            text not null check (length(document) between 1 and 60),
    paid_on             date not null,
    amount_fen          bigint not null check (amount_fen > 0),
    recorded_by         int not null references account,
    recorded_by_staff   int not null references staff,
    recorded_at         timestamptz not null,
    constraint recovery_pay_in_document unique (region, document)
);
create index recovery_pay_in_of_recovery on recovery_pay_in (recovery_id);
select make_append_only('recovery_pay_in');

create table recovery_pay_in_line (
    pay_in_id       bigint not null references recovery_pay_in,
    budget_line_id  int not null references budget_line,
    amount_fen      bigint not null check (amount_fen > 0),
    primary key (pay_in_id, budget_line_id)
);
select make_append_only('recovery_pay_in_line');

create table recovery_netting (
    id              bigint generated always as identity primary key,
    payment_row_id  bigint not null references payment_row,
    recovery_id     bigint not null references recovery,
    budget_line_id  int not null references budget_line,
    amount_fen      bigint not null check (amount_fen > 0),
    state           smallint not null check (state in (1, 2, 3))
);
comment on table recovery_netting is 'What is kept from one transfer for a recovery. 1 bound to a transfer under way, 2 netted, 3 freed: the transfer was not made.';
create unique index recovery_netting_once on recovery_netting (payment_row_id, recovery_id, budget_line_id) where state <> 3;
create index recovery_netting_of_recovery on recovery_netting (recovery_id);

create table consequence (
    id                  bigint generated always as identity primary key,
    region              int not null references county,
    institution_id      int not null references institution,
    rung                smallint not null check (rung in (1, 2, 5)),
    state               smallint not null check (state between 1 and 7),
    pending             smallint not null check (pending between 0 and 3),
    finding             text not null check (length(finding) between 1 and 1000),
    demand              text not null check (length(demand) <= 1000),
    due_on              date,
    new_due_on          date,
    recovery_id         bigint references recovery,
    follows_id          bigint references consequence,
    policy_id           int not null references policy_pack,
    proposed_by_staff   int not null references staff,
    imposed_by_staff    int references staff,
    imposed_at          timestamptz,
    pending_by_staff    int not null references staff,
    notice_year         int,
    notice_no           int check (notice_no > 0),
    created_at          timestamptz not null,
    check ((rung = 2) = (due_on is not null)),
    check (rung = 1 or length(demand) > 0),
    check ((state = 1) = (pending = 1)),
    check ((imposed_at is null) = (state in (1, 5, 6))),
    check ((notice_no is not null) = (imposed_at is not null)),
    constraint consequence_two_persons check (imposed_by_staff <> proposed_by_staff),
    unique (region, rung, notice_year, notice_no)
);
comment on table consequence is 'Warnings, rectifications by a date, proposals to withdraw the licence. A suspension is the accreditation''s own.';
comment on column consequence.rung is '1 warning, 2 rectification, 5 licence proposal; 3 (overdue) is time''s and 4 (suspension) the accreditation''s.';
comment on column consequence.state is '1 proposed, 2 in force, 3 answered, 4 lifted, 5 turned down, 6 withdrawn, 7 concluded by the licensing authority.';
comment on column consequence.pending is '0 nothing, 1 imposing, 2 lifting, 3 another last day.';
comment on column consequence.pending_by_staff is 'Who put forward what is pending, or was pending last.';
comment on column consequence.due_on is 'Last day, extensions included; the notice says the day with which it was imposed, which is in its step.';
create unique index consequence_once_a_rung on consequence (institution_id, rung) where state in (1, 2, 3, 7);
create index consequence_live on consequence (region, due_on) where state in (2, 3);

create table consequence_step (
    consequence_id  bigint not null references consequence,
    number          int not null check (number > 0),
    step            smallint not null check (step between 1 and 8),
    text            text not null check (length(text) <= 1000),
    due_on          date,
    rule            text not null,
    account_id      int not null references account,
    staff_id        int not null references staff,
    at              timestamptz not null,
    primary key (consequence_id, number)
);
select make_append_only('consequence_step');
