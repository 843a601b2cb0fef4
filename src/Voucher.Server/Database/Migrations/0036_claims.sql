-- Claims without paper: a line freezes what was delivered and what it rests on, and certificates are on record.

alter table claim_line add column delivered_hours int check (delivered_hours >= 0);
alter table claim_line add column planned_hours int check (planned_hours >= 0);
alter table claim_line add column full_pay_percent smallint check (full_pay_percent between 0 and 100);
alter table claim_line add column note text check (length(note) between 1 and 200);
alter table claim_line add constraint claim_line_delivery check (
    num_nonnulls(delivered_hours, planned_hours, full_pay_percent) in (0, 3) and delivered_hours <= planned_hours);
comment on column claim_line.delivered_hours is 'Hours of the sessions that the trainee checked in to and out of, when it was claimed; empty for lines of before hours were weighed: paid in full.';
comment on column claim_line.full_pay_percent is 'From which share of the hours the rate is due in full; 0: never in proportion.';
comment on column claim_line.note is 'What has changed since the voucher was rejected, as the institution says; shown to the reviewer.';
create index claim_line_by_voucher on claim_line (voucher_id);
create or replace view live_claim_line as select * from claim_line where state <> 4;

-- The same arithmetic as ClaimAmount: the rate for what was delivered, rounded down, and never more than the face value.
create function claim_amount_fen(face_value bigint, rate bigint, delivered int, planned int, full_percent smallint) returns bigint
language sql immutable parallel safe as $$
    select least(face_value, case
        when coalesce(full_percent, 0) = 0 or planned = 0 or delivered::bigint * 100 >= planned::bigint * full_percent then rate
        else div(rate::numeric * delivered, planned)::bigint end)
$$;

-- What a line rests on stands as it was claimed. Only a line that was sent back and is handed in again is frozen anew.
create function keep_claim_line_frozen() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then raise exception 'claim_line % is kept: it is part of a claim', old.id using errcode = 'restrict_violation'; end if;
    if (new.claim_id, new.voucher_id, new.budget_line_id, new.face_value_fen, new.rate_fen)
       is distinct from (old.claim_id, old.voucher_id, old.budget_line_id, old.face_value_fen, old.rate_fen) then
        raise exception 'claim_line % is frozen: claim, voucher, budget line, face value and rate do not change', old.id using errcode = 'restrict_violation';
    end if;
    if (new.evidence, new.amount_fen, new.delivered_hours, new.planned_hours, new.full_pay_percent, new.note)
       is distinct from (old.evidence, old.amount_fen, old.delivered_hours, old.planned_hours, old.full_pay_percent, old.note)
       and not (old.state = 8 and new.state = 2) then
        raise exception 'claim_line % is frozen: what it rests on changes only when a returned line is handed in again', old.id using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger frozen before update or delete on claim_line for each row execute function keep_claim_line_frozen();

create table certificate (
    id                  bigint generated always as identity primary key,
    region              int not null references county,
    institution_id      int not null references institution,
    enrolment_id        bigint not null references enrolment,
    kind                smallint not null check (kind between 1 and 3),
    number              text not null check (length(number) between 1 and 40),
    issuer              text not null check (length(issuer) between 1 and 60),
    issued_on           date not null,
    recorded_by         int not null references account,
    recorded_by_staff   int not null references staff,
    recorded_at         timestamptz not null,
    voided_by           int references account,
    voided_by_staff     int references staff,
    voided_at           timestamptz,
    void_reason         text check (length(void_reason) between 1 and 200),
    check (num_nonnulls(voided_by, voided_by_staff, voided_at, void_reason) in (0, 4))
);
comment on table certificate is 'Certificates of trainees (颁证花名册): recorded by the institution, made void when wrong, never changed.';
comment on column certificate.kind is '1 the institution''s own of completion, 2 vocational qualification or skill level, 3 special skill.';
create unique index certificate_once_a_kind on certificate (enrolment_id, kind) where voided_at is null;
create unique index certificate_number_once on certificate (region, issuer, number) where voided_at is null;
create index certificate_by_enrolment on certificate (enrolment_id);

create function keep_certificate() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' or old.voided_at is not null
       or (new.region, new.institution_id, new.enrolment_id, new.kind, new.number, new.issuer, new.issued_on, new.recorded_by_staff, new.recorded_at)
          is distinct from (old.region, old.institution_id, old.enrolment_id, old.kind, old.number, old.issuer, old.issued_on, old.recorded_by_staff, old.recorded_at) then
        raise exception 'certificate % is kept as it was recorded; it can only be made void', old.id using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger kept before update or delete on certificate for each row execute function keep_certificate();

-- Completion certificates count by institution and year; a number is never used twice.
create table certificate_serial (
    institution_id  int not null references institution,
    year            int not null check (year between 2016 and 2100),
    last            int not null check (last between 1 and 99999),
    primary key (institution_id, year)
);
