-- The review of claims: every step of a line, approvals in parts, the telephone sample, photos of spot checks, public holidays.

alter table claim drop constraint claim_status_check;
alter table claim add constraint claim_status_check check (status between 1 and 5);
comment on column claim.status is '1 submitted, 2 approved, 3 closed without an approved line, 4 paid, 5 partly approved: held and returned lines are still open.';
comment on column claim.approved_by is 'Of the latest approval; all of them stand in claim_approval.';
alter table claim add column sample_seed text check (sample_seed ~ '^[0-9a-f]{32}$');
comment on column claim.sample_seed is 'By which its telephone sample is drawn, kept so that anybody can repeat the draw; null before the first review.';

-- One approval of a claim: of the lines that were decided by then. The ledger's posting is named claim:7, claim:7:2, claim:7:3.
create table claim_approval (
    claim_id            bigint not null references claim,
    number              smallint not null check (number > 0),
    approved_by         int not null references account,
    approved_by_staff   int not null references staff,
    approved_at         timestamptz not null,
    rule                text not null,
    passed              int not null check (passed >= 0),
    rejected            int not null check (rejected >= 0),
    primary key (claim_id, number),
    check (passed + rejected > 0)
);
insert into claim_approval (claim_id, number, approved_by, approved_by_staff, approved_at, rule, passed, rejected)
select c.id, 1, c.approved_by, c.approved_by_staff, c.approved_at, p.document_no,
       count(*) filter (where l.verdict = 1), count(*) filter (where l.verdict = 2)
from claim c join claim_line l on l.claim_id = c.id join policy_pack p on p.id = c.policy_id
where c.status in (2, 3, 4) group by c.id, p.document_no having count(*) filter (where l.verdict is not null) > 0;
select make_append_only('claim_approval');

alter table claim_line add column approval smallint;
update claim_line l set approval = 1 from claim_approval a where a.claim_id = l.claim_id and l.state in (3, 4, 5, 6, 7);
alter table claim_line add constraint claim_line_approved_by foreign key (claim_id, approval) references claim_approval;
alter table claim_line add constraint claim_line_approval check ((approval is not null) = (state in (3, 4, 5, 6, 7)));
alter table claim_line add constraint claim_line_open_has_no_verdict check (state not in (8, 9) or verdict is null);
comment on column claim_line.approval is 'Which approval of the claim decided the line.';

-- What was done with a line, step by step: no verdict is ever forgotten.
create table claim_line_step (
    claim_line_id   bigint not null references claim_line,
    number          int not null check (number > 0),
    kind            smallint not null check (kind between 1 and 9),
    reason          text check (length(reason) between 1 and 200),
    missing         text check (length(missing) between 1 and 200),
    evidence        jsonb,
    done_by         int not null references account,
    done_by_staff   int not null references staff,
    done_at         timestamptz not null,
    primary key (claim_line_id, number),
    check (kind not in (2, 3, 4, 5) or reason is not null),
    check ((kind = 3) = (missing is not null)),
    check ((kind = 6) = (evidence is not null))
);
comment on column claim_line_step.kind is '1 passed, 2 rejected, 3 returned to be completed, 4 held, 5 released, 6 handed in again, 7 verdict taken back, 8 held after a denial on the telephone, 9 held because too few of the class were reached.';
comment on column claim_line_step.evidence is 'What the line rested on before it was handed in again.';
insert into claim_line_step (claim_line_id, number, kind, reason, done_by, done_by_staff, done_at)
select id, 1, verdict, review_reason, reviewed_by, reviewed_by_staff, reviewed_at from claim_line where verdict is not null;
select make_append_only('claim_line_step');

-- Whom the county calls, and every call.
create table phone_sample (
    claim_line_id   bigint primary key references claim_line,
    claim_id        bigint not null references claim,
    class_id        bigint not null references training_class,
    drawn_at        timestamptz not null,
    replaces        bigint references claim_line
);
create index phone_sample_by_claim on phone_sample (claim_id);
create index phone_sample_by_class on phone_sample (class_id);
comment on column phone_sample.replaces is 'Steps in for somebody who was not reached in three attempts.';
select make_append_only('phone_sample');

create table phone_attempt (
    claim_line_id   bigint not null references phone_sample,
    number          smallint not null check (number between 1 and 3),
    result          smallint not null check (result between 1 and 3),
    note            text check (length(note) between 1 and 200),
    called_by       int not null references account,
    called_by_staff int not null references staff,
    called_at       timestamptz not null,
    primary key (claim_line_id, number),
    check (result <> 2 or note is not null)
);
comment on column phone_attempt.result is '1 confirms, 2 denies, 3 not reached.';
create unique index phone_attempt_reached_once on phone_attempt (claim_line_id) where result in (1, 2);
select make_append_only('phone_attempt');

-- Photos of spot checks, as they were handed in.
create table spot_check_photo (
    spot_check_id   bigint not null references spot_check,
    number          smallint not null check (number between 1 and 10),
    media           smallint not null check (media in (1, 2)),
    content         bytea not null check (length(content) between 1 and 5242880),
    added_by        int not null references account,
    added_by_staff  int not null references staff,
    added_at        timestamptz not null,
    primary key (spot_check_id, number)
);
alter table spot_check_photo alter column content set storage external;
comment on column spot_check_photo.media is '1 JPEG, 2 PNG: told by its first bytes. Location data of the camera is cut out of it.';
select make_append_only('spot_check_photo');

-- Public holidays and made-up working days of a year, beside those that are shipped; the newest of a year counts.
create table holiday_notice (
    id              int generated always as identity primary key,
    year            smallint not null check (year between 2016 and 2100),
    content         text not null check (length(content) between 1 and 4000),
    saved_by        int not null references account,
    saved_by_staff  int not null references staff,
    saved_at        timestamptz not null
);
create index holiday_notice_by_year on holiday_notice (year, id desc);
select make_append_only('holiday_notice');
