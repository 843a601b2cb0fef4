-- Living and transport allowances by attended day, what colleges keep of their income, what is promised beside the voucher.

-- Which budget lines may pay allowances, by which document: proposed by one, allowed by another, until it is ended.
create table allowance_line (
    id                  int generated always as identity primary key,
    budget_line_id      int not null references budget_line,
    document_no         text not null check (length(document_no) between 1 and 60),
    proposed_by         int not null references account,
    proposed_by_staff   int not null references staff,
    proposed_at         timestamptz not null,
    allowed_by          int references account,
    allowed_by_staff    int references staff,
    allowed_at          timestamptz,
    ended_by            int references account,
    ended_by_staff      int references staff,
    ended_at            timestamptz,
    end_reason          text check (length(end_reason) between 1 and 200),
    constraint allowance_line_two_persons check (allowed_by_staff <> proposed_by_staff),
    check (num_nonnulls(allowed_by, allowed_by_staff, allowed_at) in (0, 3)),
    check (num_nonnulls(ended_by, ended_by_staff, ended_at, end_reason) in (0, 4))
);
comment on table allowance_line is 'Lists rest on what was allowed when they were approved; ended, it pays no further list. A proposal that is ended was turned down.';
create unique index allowance_line_once on allowance_line (budget_line_id) where ended_at is null;
create trigger never_deleted before delete on allowance_line for each row execute function refuse_change();

create table allowance_list (
    id                  bigint generated always as identity primary key,
    region              int not null references county,
    month               date not null check (extract(day from month) = 1),
    institution_id      int references institution,
    budget_line_id      int not null references budget_line,
    status              smallint not null check (status between 1 and 3),
    drafted_by          int not null references account,
    drafted_by_staff    int not null references staff,
    drafted_at          timestamptz not null,
    policy_id           int references policy_pack,
    approved_by         int references account,
    approved_by_staff   int references staff,
    approved_at         timestamptz,
    cancelled_by        int references account,
    cancelled_by_staff  int references staff,
    cancelled_at        timestamptz,
    cancel_reason       text check (length(cancel_reason) between 1 and 200),
    check (approved_by_staff <> drafted_by_staff),
    check (num_nonnulls(approved_by, approved_by_staff, approved_at, policy_id) in (0, 4)),
    check ((status = 2) <= (approved_at is not null)),
    check ((status = 3) = (cancelled_at is not null)),
    check (num_nonnulls(cancelled_by, cancelled_by_staff, cancelled_at, cancel_reason) in (0, 4))
);
comment on column allowance_list.status is '1 drafted, 2 approved, 3 cancelled as a whole. What is paid of it, its payables say.';
comment on column allowance_list.institution_id is 'Empty: the classes of all institutions.';
comment on column allowance_list.policy_id is 'The pack under which it was approved; each day has the pack of its own day.';
create index allowance_list_by_month on allowance_list (region, month, id);
create trigger never_deleted before delete on allowance_list for each row execute function refuse_change();

-- One trainee's allowance of one kind for one training: on a monthly list, or out of a claim line.
create table allowance (
    id                  bigint generated always as identity primary key,
    region              int not null references county,
    list_id             bigint references allowance_list,
    claim_line_id       bigint references claim_line,
    kind                smallint not null check (kind between 1 and 2),
    person_id           bigint not null references person,
    voucher_id          bigint not null references voucher,
    class_id            bigint not null references training_class,
    budget_line_id      int not null references budget_line,
    days                int not null check (days > 0),
    full_fen            bigint not null check (full_fen > 0),
    amount_fen          bigint not null check (amount_fen > 0),
    cancelled_by        int references account,
    cancelled_by_staff  int references staff,
    cancelled_at        timestamptz,
    cancel_reason       text check (length(cancel_reason) between 1 and 200),
    check ((list_id is null) <> (claim_line_id is null)),
    check (amount_fen <= full_fen and (list_id is null or amount_fen = full_fen)),
    check (num_nonnulls(cancelled_by, cancelled_by_staff, cancelled_at, cancel_reason) in (0, 4))
);
comment on column allowance.kind is '1 living, 2 transport.';
comment on column allowance.full_fen is 'Days times rates; what is paid is less only where the institution''s subsidy had no more.';
create unique index allowance_once_a_list on allowance (list_id, voucher_id, kind) where list_id is not null;
create unique index allowance_once_a_line on allowance (claim_line_id, kind) where claim_line_id is not null;
create index allowance_by_person on allowance (person_id);
create index allowance_by_voucher on allowance (voucher_id);
create trigger never_deleted before delete on allowance for each row execute function refuse_change();
alter table payable add foreign key (allowance_id) references allowance;
create index payable_by_allowance on payable (allowance_id) where allowance_id is not null;

create table allowance_day (
    allowance_id    bigint not null references allowance,
    person_id       bigint not null references person,
    kind            smallint not null check (kind between 1 and 2),
    day             date not null,
    rate_fen        bigint not null check (rate_fen > 0),
    policy_id       int not null references policy_pack,
    standing        smallint not null check (standing between 1 and 3),
    primary key (allowance_id, day)
);
comment on column allowance_day.standing is '1 counts, 2 free again (its list was cancelled), 3 struck off: the day was not attended, and is never paid.';
-- A person's day of one kind is paid once ever, whatever the code above it believes.
create unique index allowance_day_once on allowance_day (person_id, kind, day) where standing <> 2;
create trigger never_deleted before delete on allowance_day for each row execute function refuse_change();

-- 用途不变: a list pays only programmes and people for whom its money is.
create function allowance_keeps_purpose() returns trigger language plpgsql as $$
begin
    if new.list_id is null then return new; end if;
    perform from fund_source s join budget_line l on l.fund_source_id = s.id where l.id = new.budget_line_id for share of s;
    if not fund_covers(new.budget_line_id, (select g.code from training_class c join programme g on g.id = c.programme_id where c.id = new.class_id))
        or exists (select from person p join fund_categories(new.budget_line_id) wanted on not (p.categories && wanted) where p.id = new.person_id) then
        raise exception 'allowance of voucher % is outside the purpose of budget line %', new.voucher_id, new.budget_line_id using errcode = 'VX712';
    end if;
    return new;
end $$;
create trigger keeps_purpose before insert on allowance for each row execute function allowance_keeps_purpose();

-- And a programme does not leave the purpose of money out of which its allowances were listed.
create or replace function programme_keeps_purpose() returns trigger language plpgsql as $$
begin
    if exists (select from batch b where b.region = new.region and b.scope = new.code and b.status in (1, 2, 3, 6)
               and not fund_covers(b.budget_line_id, b.scope))
       or exists (
            select from live_claim_line l
            join completion d on d.voucher_id = l.voucher_id
            join enrolment n on n.id = d.enrolment_id
            join training_class c on c.id = n.class_id
            where c.programme_id = new.id and not fund_covers(l.budget_line_id, new.code))
       or exists (
            select from allowance a
            join allowance_list s on s.id = a.list_id and s.status <> 3
            join training_class c on c.id = a.class_id
            where c.programme_id = new.id and a.cancelled_at is null and not fund_covers(a.budget_line_id, new.code)) then
        raise exception 'programme % would leave the purpose of its money', new.code using errcode = 'VX712';
    end if;
    return null;
end $$;

-- And the purpose stays once allowances rest on it.
create function purpose_stays_for_allowances() returns trigger language plpgsql as $$
declare
    source int := case when tg_op = 'DELETE' then old.fund_source_id else new.fund_source_id end;
    line int := case when tg_op = 'DELETE' then old.budget_line_id else new.budget_line_id end;
begin
    perform from fund_source where id = source for update;
    if exists (
        select from allowance a join allowance_list s on s.id = a.list_id and s.status <> 3
        join budget_line l on l.id = a.budget_line_id
        where l.fund_source_id = source and (line is null or l.id = line) and a.cancelled_at is null) then
        raise exception 'the purpose of source % is settled', source using errcode = 'VX714';
    end if;
    return case when tg_op = 'DELETE' then old else new end;
end $$;
create trigger purpose_stays_for_allowances before insert or update or delete on fund_purpose
    for each row execute function purpose_stays_for_allowances();

-- 职业院校: a mark of its own, of which texts let half of the training income be used for running costs.
alter table institution_mark drop constraint institution_mark_kind_check;
alter table institution_mark add constraint institution_mark_kind_check check (kind between 1 and 4);

-- What is promised beside the voucher: facts on which it depends, and what became of it for each person. Not paid here.
create table promise_fact (
    id              bigint generated always as identity primary key,
    region          int not null references county,
    person_id       bigint not null references person,
    kind            smallint not null check (kind between 1 and 6),
    holds           boolean not null,
    since           date,
    until           date,
    note            text not null default '' check (length(note) <= 100),
    document_no     text not null check (length(document_no) between 1 and 60),
    recorded_by     int not null references account,
    recorded_by_staff int not null references staff,
    recorded_at     timestamptz not null,
    check (until is null or since is not null and until >= since)
);
comment on column promise_fact.kind is '1 own micro enterprise, 2 own individual business, 3 first business, 4 employed by a farming enterprise, 5 student of a technical school, 6 meets the terms of the guaranteed loan. The newest of a kind counts.';
create index promise_fact_by_person on promise_fact (person_id, kind, id);
select make_append_only('promise_fact');

create table promise_step (
    id              bigint generated always as identity primary key,
    region          int not null references county,
    promise         text not null check (length(promise) between 1 and 40),
    version         int not null check (version > 0),
    person_id       bigint not null references person,
    year            int not null check (year = 0 or year between 2016 and 2100),
    step            smallint not null check (step between 1 and 3),
    done_on         date not null,
    how             smallint not null default 0 check (how between 0 and 4),
    amount_fen      bigint check (amount_fen > 0),
    recipient       text not null default '' check (length(recipient) <= 60),
    document_no     text not null default '' check (length(document_no) <= 60),
    recorded_by     int not null references account,
    recorded_by_staff int not null references staff,
    recorded_at     timestamptz not null,
    annulled_by_staff int references staff,
    annulled_at     timestamptz,
    annul_reason    text check (length(annul_reason) between 1 and 200),
    check ((step = 3) = (amount_fen is not null)),
    check ((step = 1) = (how > 0)),
    check (step <> 3 or document_no <> ''),
    check (num_nonnulls(annulled_by_staff, annulled_at, annul_reason) in (0, 3))
);
comment on column promise_step.step is '1 told, 2 applied, 3 received (paid by the department named, not by this system).';
comment on column promise_step.year is 'Of what is given once a school year; 0 for what is given once.';
comment on column promise_step.how is '1 with the policy card (明白卡), 2 by telephone, 3 at home, 4 at the office; 0 for steps that tell nobody.';
comment on column promise_step.recipient is 'Who got the money where it is not the person, such as the employer.';
-- Nobody receives it twice.
create unique index promise_received_once on promise_step (region, promise, person_id, year) where step = 3 and annulled_at is null;
create unique index promise_step_once on promise_step (region, promise, person_id, year, step) where step < 3 and annulled_at is null;
create index promise_step_by_person on promise_step (person_id);
create trigger never_deleted before delete on promise_step for each row execute function refuse_change();
