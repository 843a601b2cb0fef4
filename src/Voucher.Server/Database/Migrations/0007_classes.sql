-- Classes, sessions, rosters, attendance, assessment, spot checks.

create table training_class (
    id              bigint generated always as identity primary key,
    region          int not null references county,
    institution_id  int not null references institution,
    programme_id    int not null references programme,
    name            text not null check (length(name) between 1 and 60),
    site            text not null default '' check (length(site) <= 100),
    starts_on       date not null,
    ends_on         date not null,
    capacity        int not null check (capacity between 1 and 10000),
    status          smallint not null check (status between 1 and 3),
    rate_fen        bigint check (rate_fen > 0),
    created_by      int not null references account,
    created_at      timestamptz not null,
    approved_by     int references account,
    approved_at     timestamptz,
    refused_by      int references account,
    refused_at      timestamptz,
    refused_reason  text check (length(refused_reason) between 1 and 200),
    check (ends_on >= starts_on),
    check ((status = 2) = (rate_fen is not null)),
    check (status <> 3 or refused_reason is not null),
    unique (institution_id, name)
);
comment on column training_class.status is '1 submitted, 2 approved, 3 refused.';
comment on column training_class.rate_fen is 'The subsidy standard in force at approval; what a completed voucher of the class is worth at most.';

create index training_class_by_start on training_class (region, starts_on);

create table class_session (
    id          bigint generated always as identity primary key,
    class_id    bigint not null references training_class,
    held_on     date not null,
    starts_at   time not null,
    ends_at     time not null,
    is_practice boolean not null,
    hours       int not null check (hours between 1 and 12),
    check (ends_at > starts_at),
    unique (class_id, held_on, starts_at)
);

create table enrolment (
    id          bigint generated always as identity primary key,
    voucher_id  bigint not null references voucher,
    person_id   bigint not null references person,
    class_id    bigint not null references training_class,
    enrolled_at timestamptz not null,
    is_active   boolean not null default true
);
comment on column enrolment.is_active is 'False after withdrawal or revocation; a reprint moves the row to the new voucher.';
-- The last guard against double enrolment, whatever the code above it believes.
create unique index enrolment_once_a_voucher on enrolment (voucher_id) where is_active;
create unique index enrolment_once_a_person on enrolment (class_id, person_id) where is_active;

create table attendance (
    enrolment_id    bigint not null references enrolment,
    session_id      bigint not null references class_session,
    checked_in_at   timestamptz not null,
    checked_out_at  timestamptz,
    in_scan_id      uuid not null,
    out_scan_id     uuid,
    primary key (enrolment_id, session_id),
    check (checked_out_at is null or checked_out_at >= checked_in_at)
);

create table assessment (
    enrolment_id    bigint primary key references enrolment,
    theory_score    smallint check (theory_score between 0 and 100),
    practice_score  smallint check (practice_score between 0 and 100),
    has_passed      boolean not null,
    recorded_by     int not null references account,
    recorded_at     timestamptz not null
);

create table completion (
    voucher_id      bigint primary key references voucher,
    enrolment_id    bigint not null unique references enrolment,
    completed_at    timestamptz not null,
    scan_id         uuid not null unique
);

create table spot_check (
    id          bigint generated always as identity primary key,
    class_id    bigint not null references training_class,
    checked_by  int not null references account,
    checked_at  timestamptz not null,
    present     int not null check (present >= 0),
    finding     text not null check (length(finding) between 1 and 500),
    is_clean    boolean not null
);
create index spot_check_by_class on spot_check (class_id);
