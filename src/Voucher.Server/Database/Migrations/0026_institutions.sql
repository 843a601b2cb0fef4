-- Accreditation year by year, the pool of teachers and who teaches which session, marks of institutions.

create table accreditation (
    id                  bigint generated always as identity primary key,
    region              int not null references county,
    institution_id      int not null references institution,
    year                int not null check (year between 2016 and 2100),
    is_taken_over       boolean not null default false,
    state               smallint not null check (state between 1 and 8),
    proposal            smallint not null default 0 check (proposal between 0 and 4),
    -- As applied for.
    licence_no          text not null default '' check (length(licence_no) <= 60),
    licence_authority   text not null default '' check (length(licence_authority) <= 60),
    licence_from        date,
    licence_until       date,
    tender_no           text not null default '' check (length(tender_no) <= 100),
    capacity            int not null default 0 check (capacity between 0 and 10000),
    rooms               int not null default 0 check (rooms between 0 and 1000),
    area_m2             int not null default 0 check (area_m2 between 0 and 1000000),
    created_by          int references account,
    created_at          timestamptz not null,
    submitted_staff     int references staff,
    submitted_at        timestamptz,
    -- As found.
    inspected_staff     int references staff,
    inspected_on        date,
    finding             text not null default '' check (length(finding) <= 500),
    -- As decided.
    approved_capacity   int check (approved_capacity between 1 and 10000),
    valid_from          date,
    valid_until         date,
    verdict_proposed_staff int references staff,
    verdict_reason      text not null default '' check (length(verdict_reason) <= 200),
    verdict_staff       int references staff,
    verdict_at          timestamptz,
    -- As stopped.
    suspended_staff     int references staff,
    suspended_at        timestamptz,
    suspended_until     date,
    suspension_reason   text not null default '' check (length(suspension_reason) <= 200),
    suspension_confirmed_staff int references staff,
    withdrawal_proposed_staff int references staff,
    withdrawal_proposed_at timestamptz,
    withdrawal_reason   text not null default '' check (length(withdrawal_reason) <= 200),
    withdrawal_staff    int references staff,
    withdrawn_at        timestamptz,
    steps               int not null default 0,
    check (licence_until >= licence_from),
    -- A period that another one has cut to nothing ends the day before it begins.
    check (valid_until >= valid_from - 1),
    check (is_taken_over or extract(year from valid_from) = year and valid_until <= make_date(year, 12, 31)),
    check (is_taken_over or valid_until <= licence_until),
    check (state not in (4, 5, 7) or approved_capacity is not null and valid_from is not null and valid_until is not null),
    -- Two persons, not two accounts: the machine says so, and so does this.
    check (state not in (4, 5, 6, 7) or is_taken_over or verdict_staff is not null and verdict_proposed_staff is not null),
    check (verdict_staff <> verdict_proposed_staff),
    check (verdict_staff <> submitted_staff),
    check (state <> 5 or suspended_staff is not null or withdrawal_proposed_staff is not null or is_taken_over),
    check (suspension_confirmed_staff <> suspended_staff),
    check (state <> 7 or withdrawal_staff is not null and withdrawal_proposed_staff is not null),
    check (withdrawal_staff <> withdrawal_proposed_staff),
    -- An institution's accreditations do not overlap; a one-element range stands for the number, which GiST knows without an extension.
    exclude using gist (int4range(institution_id, institution_id, '[]') with &&, daterange(valid_from, valid_until, '[]') with &&)
        where (state in (4, 5) and valid_until >= valid_from)
);
comment on column accreditation.is_taken_over is 'From before there were accreditations year by year; ends where the first granted one begins.';
comment on column accreditation.state is '1 draft, 2 submitted, 3 inspected, 4 granted, 5 suspended, 6 refused, 7 withdrawn, 8 taken back.';
comment on column accreditation.proposal is 'What waits for a second person: 1 grant, 2 refuse, 3 suspend, 4 withdraw.';
-- One application at a time. A year may have several accreditations, one after the other: a licence ends in it and is renewed.
create unique index accreditation_one_a_year on accreditation (institution_id, year) where state in (1, 2, 3) and not is_taken_over;
create index accreditation_by_institution on accreditation (region, institution_id, year);
create trigger never_deleted before delete on accreditation for each row execute function refuse_change();

create table accreditation_place (
    accreditation_id    bigint not null references accreditation,
    number              int not null check (number between 1 and 50),
    name                text not null check (length(name) between 1 and 60),
    address             text not null check (length(address) between 1 and 100),
    places              int not null check (places between 1 and 10000),
    primary key (accreditation_id, number)
);
create table accreditation_programme (
    accreditation_id    bigint not null references accreditation,
    programme_id        int not null references programme,
    is_requested        boolean not null,
    is_approved         boolean not null,
    primary key (accreditation_id, programme_id)
);

create table accreditation_step (
    accreditation_id    bigint not null references accreditation,
    number              int not null,
    command             smallint not null check (command between 1 and 13),
    from_state          smallint not null,
    to_state            smallint not null,
    at                  timestamptz not null,
    staff_id            int references staff,
    reason              text not null default '' check (length(reason) <= 500),
    rule                text not null default '',
    primary key (accreditation_id, number)
);
create trigger append_only before update or delete on accreditation_step for each row execute function refuse_change();

-- The standing projection that redemption, classes and offline lists read stays where it was. An empty period
-- (until = from − 1) and no capacity: never accredited, or no more.
alter table institution drop constraint institution_capacity_check, drop constraint institution_check;
alter table institution add constraint institution_capacity_check check (capacity between 0 and 10000),
    add constraint institution_period_check check (accredited_until >= accredited_from - 1);
comment on column institution.capacity is 'Accredited training scale: the largest class it may open. Written by the accreditation in force.';

insert into accreditation (region, institution_id, year, is_taken_over, state, capacity, approved_capacity, valid_from, valid_until,
                           suspended_at, created_at, steps)
select region, id, extract(year from greatest(accredited_from, date '2016-01-01')), true, case when is_suspended then 5 else 4 end, capacity, capacity,
       accredited_from, accredited_until, case when is_suspended then now() end, now(), 0
from institution where accredited_from <= date '2100-12-31';
alter table institution add column accreditation_id bigint references accreditation;
comment on column institution.accreditation_id is 'Whose terms the standing shows: the one in force, or the next.';
update institution i set accreditation_id = a.id from accreditation a where a.institution_id = i.id;
insert into accreditation_programme (accreditation_id, programme_id, is_requested, is_approved)
select a.id, p.programme_id, true, true from accreditation a join institution_programme p on p.institution_id = a.institution_id;

-- The pool of teachers (师资库).
create table teacher (
    id                  int generated always as identity primary key,
    region              int not null references county,
    name                text not null check (length(name) between 1 and 50),
    source              smallint not null check (source between 1 and 5),
    qualification       text not null default '' check (length(qualification) <= 100),
    employer            text not null default '' check (length(employer) <= 60),
    phone_sealed        bytea,
    phone_masked        text not null default '',
    id_number_hash      bytea,
    id_number_sealed    bytea,
    id_number_masked    text not null default '',
    engaged_from        date not null,
    engaged_until       date,
    left_reason         text not null default '' check (length(left_reason) <= 200),
    is_demo             boolean not null default false,
    check (engaged_until >= engaged_from),
    check ((id_number_hash is null) = (id_number_sealed is null))
);
create unique index teacher_once on teacher (region, id_number_hash) where id_number_hash is not null;
create index teacher_by_name on teacher (region, name);
create trigger never_deleted before delete on teacher for each row execute function refuse_change();

create table teacher_trade (
    teacher_id  int not null references teacher,
    trade_code  int not null references trade,
    primary key (teacher_id, trade_code)
);
create table teacher_change (
    id          bigint generated always as identity primary key,
    teacher_id  int not null references teacher,
    kind        smallint not null check (kind between 1 and 3),
    at          timestamptz not null,
    staff_id    int references staff,
    reason      text not null default '' check (length(reason) <= 200)
);
comment on column teacher_change.kind is '1 in, 2 changed, 3 out.';
create index teacher_change_of on teacher_change (teacher_id);
create trigger append_only before update or delete on teacher_change for each row execute function refuse_change();

create table accreditation_teacher (
    accreditation_id    bigint not null references accreditation,
    teacher_id          int not null references teacher,
    primary key (accreditation_id, teacher_id)
);

-- Who teaches which session. The constraint is the last guard against one teacher in two rooms, whatever the code believes.
create table session_teacher (
    session_id  bigint not null references class_session on delete cascade,
    teacher_id  int not null references teacher,
    class_id    bigint not null references training_class,
    during      tsrange not null check (not isempty(during)),
    primary key (session_id, teacher_id),
    constraint session_teacher_elsewhere exclude using gist (int4range(teacher_id, teacher_id, '[]') with &&, during with &&)
);
create index session_teacher_of_class on session_teacher (class_id);

-- A class that was sent back holds no teacher's time.
create function free_teachers() returns trigger language plpgsql as $$
begin
    delete from session_teacher where class_id = new.id;
    return null;
end $$;
create trigger free_teachers after update of status on training_class for each row when (new.status = 3) execute function free_teachers();

-- 双重点 and 对口帮扶.
create table institution_mark (
    id              int generated always as identity primary key,
    region          int not null references county,
    institution_id  int not null references institution,
    kind            smallint not null check (kind between 1 and 3),
    year            int not null check (year between 2016 and 2100),
    trade_code      int references trade,
    document_no     text not null check (length(document_no) between 1 and 60),
    published_on    date,
    helper          text not null default '' check (length(helper) <= 60),
    helped_from     date,
    helped_until    date,
    created_staff   int references staff,
    created_at      timestamptz not null,
    ended_staff     int references staff,
    ended_at        timestamptz,
    ended_reason    text check (length(ended_reason) between 1 and 200),
    check (kind <> 2 or trade_code is not null),
    check ((kind = 3) = (helper <> '' and helped_from is not null and helped_until is not null)),
    check (helped_until >= helped_from),
    check ((ended_at is null) = (ended_reason is null))
);
create unique index institution_mark_once on institution_mark (institution_id, kind, year, coalesce(trade_code, 0), helper) where ended_at is null;
create trigger never_deleted before delete on institution_mark for each row execute function refuse_change();

-- Whether the institution could enrol for the programme at that moment, for what was done offline and comes later. The present has its own
-- answer in the institution's row, which every scan reads.
create function accredited_at(of_institution int, of_programme int, moment timestamptz) returns boolean language sql stable as $$
    with known as (
        select a.id, a.valid_from, a.valid_until,
               coalesce(
                   (select s.to_state from accreditation_step s where s.accreditation_id = a.id and s.at <= moment order by s.number desc limit 1),
                   (select s.from_state from accreditation_step s where s.accreditation_id = a.id order by s.number limit 1),
                   a.state) as state
        from accreditation a where a.institution_id = of_institution)
    select exists (
               select from known k join accreditation_programme p on p.accreditation_id = k.id and p.programme_id = of_programme and p.is_approved
               where k.state = 4 and (moment at time zone 'Asia/Shanghai')::date between k.valid_from and k.valid_until)
           and not exists (select from known k where k.state = 5)
$$;
