-- Claims of institutions, their review, approval and payment.

create table claim (
    id                  bigint generated always as identity primary key,
    region              int not null references county,
    institution_id      int not null references institution,
    status              smallint not null check (status between 1 and 4),
    submitted_by        int not null references account,
    submitted_by_staff  int not null references staff,
    submitted_at        timestamptz not null,
    approved_by         int references account,
    approved_by_staff   int references staff,
    approved_at         timestamptz,
    policy_id           int not null references policy_pack,
    check ((status = 1) = (approved_by is null)),
    check ((approved_by is null) = (approved_by_staff is null)),
    check (approved_by_staff <> submitted_by_staff)
);
create index claim_by_institution on claim (institution_id);
comment on column claim.status is '1 submitted, 2 approved, 3 closed without an approved line, 4 paid.';

create table payment (
    id              bigint generated always as identity primary key,
    region          int not null references county,
    status          smallint not null check (status between 1 and 2),
    created_by      int not null references account,
    created_by_staff int not null references staff,
    created_at      timestamptz not null,
    paid_by         int references account,
    paid_by_staff   int references staff,
    paid_at         timestamptz,
    paid_on         date,
    bank_reference  text check (length(bank_reference) between 1 and 60),
    total_fen       bigint not null check (total_fen > 0),
    check (status = 1 or (paid_by, paid_by_staff, paid_at, paid_on, bank_reference) is not null)
);
comment on column payment.status is '1 file made, 2 paid.';
comment on column payment.paid_on is 'The day on which the bank paid, as its receipt says.';

-- One transfer of a payment. The payee is frozen here, so that the file is the same whenever it is made.
create table payment_row (
    payment_id      bigint not null references payment,
    institution_id  int not null references institution,
    budget_line_id  int not null references budget_line,
    payee_name      text not null,
    payee_bank      text not null,
    payee_account_sealed bytea not null,
    payee_account_masked text not null,
    vouchers        int not null check (vouchers > 0),
    amount_fen      bigint not null check (amount_fen > 0),
    primary key (payment_id, institution_id, budget_line_id)
);

create table claim_line (
    id                  bigint generated always as identity primary key,
    claim_id            bigint not null references claim,
    voucher_id          bigint not null references voucher,
    budget_line_id      int not null references budget_line,
    face_value_fen      bigint not null check (face_value_fen > 0),
    rate_fen            bigint not null check (rate_fen > 0),
    amount_fen          bigint not null check (amount_fen > 0),
    evidence            jsonb not null,
    state               smallint not null check (state between 1 and 7),
    verdict             smallint check (verdict in (1, 2)),
    reviewed_by         int references account,
    reviewed_by_staff   int references staff,
    reviewed_at         timestamptz,
    review_reason       text check (length(review_reason) <= 200),
    payment_id          bigint references payment,
    check (amount_fen <= face_value_fen and amount_fen <= rate_fen),
    check (verdict is distinct from 2 or review_reason is not null),
    check ((verdict is null) = (reviewed_by_staff is null)),
    check (state not in (3, 5, 6, 7) or verdict = 1),
    check (state <> 4 or verdict = 2),
    check (state <> 5 or payment_id is not null)
);
comment on column claim_line.state is '1 drafted, 2 submitted, 3 approved, 4 rejected, 5 paid, 6 payment failed, 7 clawed back.';
comment on column claim_line.verdict is 'The reviewer''s: 1 pass, 2 reject with reason.';
comment on column claim_line.evidence is 'What the line rests on, frozen: class, sessions attended and held, result, spot check.';
-- The last guard against double settlement: one live line a voucher.
create unique index claim_line_once_a_voucher on claim_line (voucher_id) where state in (1, 2, 3, 5, 6);
create view live_claim_line as select * from claim_line where state in (1, 2, 3, 5, 6);
comment on view live_claim_line is 'Lines that still hold their voucher: neither rejected nor clawed back.';
create index claim_line_by_claim on claim_line (claim_id);
create index claim_line_by_payment on claim_line (payment_id);
