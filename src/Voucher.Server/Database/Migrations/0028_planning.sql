-- The plan of targets, the purposes of money, and the reports of progress.

-- A plan (目标任务) of a document, in versions; of each document one version is in force.
create table plan (
    id                  int generated always as identity primary key,
    region              int not null references county,
    document_no         text not null check (length(document_no) between 1 and 60),
    title               text not null check (length(title) between 1 and 100),
    version             int not null check (version > 0),
    first_year          int not null check (first_year between 2016 and 2100),
    last_year           int not null check (last_year between first_year and first_year + 9),
    status              smallint not null check (status between 1 and 4),
    drafted_by          int not null references account,
    drafted_by_staff    int not null references staff,
    drafted_at          timestamptz not null,
    approved_by         int references account,
    approved_by_staff   int references staff,
    approved_at         timestamptz,
    unique (region, document_no, version),
    check (approved_by_staff is null or approved_by_staff <> drafted_by_staff),
    check ((status in (2, 3)) = (approved_by is not null)),
    check ((approved_by is null) = (approved_by_staff is null) and (approved_by is null) = (approved_at is null))
);
comment on column plan.status is '1 draft, 2 in force, 3 replaced by a later version, 4 discarded draft.';
create unique index plan_in_force on plan (region, document_no) where status = 2;
create unique index plan_one_draft on plan (region, document_no) where status = 1;

-- One target. Says only how it differs from the one above it: what it is about is read along the way from the whole.
create table plan_target (
    id              bigint generated always as identity primary key,
    plan_id         int not null references plan,
    parent_id       bigint,
    split           smallint not null check (split between 0 and 5),
    year            int check (year between 2016 and 2109),
    department      text check (length(department) between 1 and 40),
    township_code   int references township,
    scope           int check (scope between 1 and 65535),
    item            text check (length(item) between 1 and 60),
    responsible     text not null default '' check (length(responsible) <= 200),
    people          int not null check (people between 0 and 10000000),
    unique (id, plan_id),
    foreign key (parent_id, plan_id) references plan_target (id, plan_id) on delete cascade,
    unique nulls not distinct (plan_id, parent_id, split, year, department, township_code, scope, item),
    check ((split = 0) = (parent_id is null)),
    check ((split = 1) = (year is not null) and (split = 2) = (department is not null) and (split = 3) = (township_code is not null)
           and (split = 5) = (item is not null) and (split <> 4 or scope is not null) and (scope is null or split in (4, 5)))
);
comment on column plan_target.split is '0 the whole plan, 1 year, 2 department, 3 township, 4 programme or trade, 5 action with a name.';
comment on column plan_target.scope is '1–999 a trade, 1000–65535 a programme.';
create unique index plan_target_whole on plan_target (plan_id) where parent_id is null;
create index plan_target_by_parent on plan_target (parent_id);

-- What is in force is what was approved: targets change in a draft only, and a draft that does not add up is not approved.
create function plan_target_in_draft() returns trigger language plpgsql as $$
declare
    changed int := case when tg_op = 'DELETE' then old.plan_id else new.plan_id end;
begin
    if not exists (select from plan where id = changed and status = 1) then
        raise exception 'targets of plan % change only while it is a draft', changed using errcode = 'restrict_violation';
    end if;
    return case when tg_op = 'DELETE' then old else new end;
end $$;
create trigger in_draft before insert or update or delete on plan_target for each row execute function plan_target_in_draft();

create function plan_moves_on() returns trigger language plpgsql as $$
begin
    if (old.status, new.status) not in ((1, 1), (1, 2), (1, 4), (2, 3)) then
        raise exception 'plan % does not go from % to %', old.id, old.status, new.status using errcode = 'restrict_violation';
    end if;
    if (old.document_no, old.version, old.first_year, old.last_year, old.drafted_by_staff)
        is distinct from (new.document_no, new.version, new.first_year, new.last_year, new.drafted_by_staff) then
        raise exception 'what a plan is does not change' using errcode = 'restrict_violation';
    end if;
    if new.status = 2 and exists (
        select from plan_target t join plan_target c on c.parent_id = t.id
        where t.plan_id = new.id group by t.id, c.split having sum(c.people) <> t.people) then
        raise exception 'plan % does not add up', new.id using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger moves_on before update on plan for each row execute function plan_moves_on();
create trigger never_deleted before delete on plan for each row execute function refuse_change();

-- A 任务分解表 that was handed in, until its reader takes it over or thinks better of it. Holds no personal data.
create table plan_import (
    id          bigint generated always as identity primary key,
    region      int not null references county,
    plan_id     int not null references plan,
    target_id   bigint not null references plan_target on delete cascade,
    file_name   text not null check (length(file_name) between 1 and 200),
    content     bytea not null,
    created_by  int not null references account,
    created_at  timestamptz not null
);
create index plan_import_by_age on plan_import (region, created_at);
create index plan_import_by_target on plan_import (target_id);

-- Counting for the plan: who finished when, and what money was given for.
create index enrolment_by_time on enrolment using brin (enrolled_at);
create index completion_by_time on completion using brin (completed_at);

-- Where money comes from, and what for.
alter table fund_source add column kind smallint not null default 99 check (kind in (1, 2, 3, 4, 5, 6, 7, 99));
comment on column fund_source.kind is '1 central, 2 provincial, 3 prefecture, 4 county, 5 east-west cooperation, 6 unemployment insurance, 7 poverty relief, 99 other.';
alter table budget_line add unique (id, fund_source_id);

-- 用途不变: what a source, or one line of it, may pay for. Without rows of a sort (trades and programmes; categories of people)
-- it may pay for any.
create table fund_purpose (
    id              int generated always as identity primary key,
    region          int not null references county,
    fund_source_id  int not null references fund_source,
    budget_line_id  int,
    scope           int check (scope between 1 and 65535),
    category        text check (length(category) between 1 and 20),
    foreign key (budget_line_id, fund_source_id) references budget_line (id, fund_source_id),
    unique nulls not distinct (fund_source_id, budget_line_id, scope, category),
    check ((scope is null) <> (category is null))
);
comment on column fund_purpose.budget_line_id is 'Empty: the purpose of the source, and so of all its lines.';
create index fund_purpose_by_line on fund_purpose (budget_line_id) where budget_line_id is not null;

-- Whether the line, and its source, may pay for a trade, a programme, or (0) for whatever the holder chooses.
create function fund_covers(line int, wanted int) returns boolean language sql stable as $$
    select not exists (
        select from (
            select array_agg(p.scope) as scopes
            from budget_line l
            join fund_purpose p on p.fund_source_id = l.fund_source_id and (p.budget_line_id is null or p.budget_line_id = l.id)
            where l.id = line and p.scope is not null
            group by p.budget_line_id is null) level
        where wanted <> all (level.scopes) and not exists (
            select from programme g join budget_line b on b.id = line and b.region = g.region
            where g.code = wanted and g.trade_code = any (level.scopes)))
$$;

-- The categories of people that the line, and its source, are for: one of each array must be a person's.
create function fund_categories(line int) returns setof text[] language sql stable as $$
    select array_agg(p.category)
    from budget_line l
    join fund_purpose p on p.fund_source_id = l.fund_source_id and (p.budget_line_id is null or p.budget_line_id = l.id)
    where l.id = line and p.category is not null
    group by p.budget_line_id is null
$$;

-- A purpose is settled before money is given out of its line (or of any line, where it is the source's), or is transferred from
-- or to it, and stays what it was: 用途不变.
create function purpose_stays() returns trigger language plpgsql as $$
declare
    source int := case when tg_op = 'DELETE' then old.fund_source_id else new.fund_source_id end;
    line int := case when tg_op = 'DELETE' then old.budget_line_id else new.budget_line_id end;
begin
    perform from fund_source where id = source for update;
    if tg_op = 'UPDATE' or exists (
        select from batch b join budget_line l on l.id = b.budget_line_id where l.fund_source_id = source and (line is null or l.id = line) and b.status in (1, 2, 3, 6))
        or exists (
            select from ledger_account a
            join ledger_posting p on p.ledger_account_id = a.id
            join ledger_transaction t on t.id = p.transaction_id and t.kind = 7
            where a.budget_line_id = line) then
        raise exception 'the purpose of source % is settled', source using errcode = 'VX714';
    end if;
    return case when tg_op = 'DELETE' then old else new end;
end $$;
create trigger purpose_stays before insert or update or delete on fund_purpose for each row execute function purpose_stays();

create function batch_keeps_purpose() returns trigger language plpgsql as $$
begin
    if new.status not in (1, 2, 3, 6) then return new; end if;
    if tg_op = 'UPDATE' and new.budget_line_id <> old.budget_line_id and old.status <> 1 then
        raise exception 'batch % keeps its budget line', new.id using errcode = 'restrict_violation';
    end if;
    -- Whoever settles a purpose meanwhile waits for this batch, and then sees it.
    perform from fund_source s join budget_line l on l.fund_source_id = s.id where l.id = new.budget_line_id for share of s;
    if not fund_covers(new.budget_line_id, new.scope) then
        raise exception 'batch % is outside the purpose of budget line %', new.id, new.budget_line_id using errcode = 'VX712';
    end if;
    if new.status <> 1 and exists (
        select from batch_person m
        join person p on p.id = m.person_id
        join fund_categories(new.budget_line_id) wanted on not (p.categories && wanted)
        where m.batch_id = new.id) then
        raise exception 'people of batch % are outside the purpose of budget line %', new.id, new.budget_line_id using errcode = 'VX712';
    end if;
    return new;
end $$;
create trigger keeps_purpose_new before insert on batch for each row execute function batch_keeps_purpose();
create trigger keeps_purpose before update of budget_line_id, scope on batch for each row execute function batch_keeps_purpose();
create trigger keeps_purpose_approved before update of status on batch for each row
    when (old.status = 1 and new.status in (2, 3)) execute function batch_keeps_purpose();

-- What is claimed from a line was taught within its purpose, whatever the voucher says.
create function claim_keeps_purpose() returns trigger language plpgsql as $$
begin
    if exists (
        select from completion d
        join enrolment n on n.id = d.enrolment_id
        join training_class c on c.id = n.class_id
        join programme g on g.id = c.programme_id
        where d.voucher_id = new.voucher_id and not fund_covers(new.budget_line_id, g.code)) then
        raise exception 'voucher % is outside the purpose of budget line %', new.voucher_id, new.budget_line_id using errcode = 'VX712';
    end if;
    return new;
end $$;
create trigger keeps_purpose before insert or update of budget_line_id, voucher_id on claim_line
    for each row execute function claim_keeps_purpose();

-- A programme does not leave its trade where that would take it out of a purpose that has paid for it.
create function programme_keeps_purpose() returns trigger language plpgsql as $$
begin
    if exists (select from batch b where b.region = new.region and b.scope = new.code and b.status in (1, 2, 3, 6)
               and not fund_covers(b.budget_line_id, b.scope))
       or exists (
            select from live_claim_line l
            join completion d on d.voucher_id = l.voucher_id
            join enrolment n on n.id = d.enrolment_id
            join training_class c on c.id = n.class_id
            where c.programme_id = new.id and not fund_covers(l.budget_line_id, new.code)) then
        raise exception 'programme % would leave the purpose of its money', new.code using errcode = 'VX712';
    end if;
    return null;
end $$;
create trigger keeps_purpose after update of trade_code on programme for each row
    when (old.trade_code <> new.trade_code) execute function programme_keeps_purpose();

-- 渠道不乱: money goes from line to line within one source, and between lines of the same purpose.
alter table ledger_transaction drop constraint ledger_transaction_kind_check;
alter table ledger_transaction add constraint ledger_transaction_kind_check check (kind between 1 and 8);
comment on column ledger_transaction.kind is '1 allocate, 2 reserve, 3 release, 4 approve, 5 pay, 6 reverse, 7 transfer between lines, 8 lower an allocation.';

create function purposes_of_line(line int) returns text language sql stable as $$
    select coalesce(string_agg(coalesce(scope::text, category), ',' order by scope, category), '') from fund_purpose where budget_line_id = line
$$;

create function transfer_keeps_source() returns trigger language plpgsql as $$
begin
    -- Whoever settles a purpose meanwhile waits for this transfer, or this for them.
    perform from fund_source s where s.id in (
        select l.fund_source_id from ledger_posting p
        join ledger_account a on a.id = p.ledger_account_id
        join budget_line l on l.id = a.budget_line_id
        where p.transaction_id = new.id)
    order by s.id for share;
    if (select count(distinct l.fund_source_id) > 1 or count(distinct purposes_of_line(l.id)) > 1
        from ledger_posting p
        join ledger_account a on a.id = p.ledger_account_id
        join budget_line l on l.id = a.budget_line_id
        where p.transaction_id = new.id) then
        raise exception 'transfer % leaves its source or its purpose', new.id using errcode = 'VX713';
    end if;
    return null;
end $$;
create constraint trigger keeps_source after insert on ledger_transaction deferrable initially deferred
    for each row when (new.kind = 7) execute function transfer_keeps_source();

-- 进展情况表: as it was sent. The figures are frozen with it.
create table progress_report (
    id              int generated always as identity primary key,
    region          int not null references county,
    first_day       date not null,
    last_day        date not null check (last_day >= first_day),
    policy_id       int not null references policy_pack,
    figures         jsonb not null,
    recipient       text not null check (length(recipient) between 1 and 60),
    certificates    int check (certificates between 0 and 10000000),
    employed        int check (employed between 0 and 10000000),
    note            text not null default '' check (length(note) <= 2000),
    sent_by         int not null references account,
    sent_by_staff   int not null references staff,
    sent_at         timestamptz not null,
    unique (region, first_day)
);
comment on column progress_report.certificates is 'Certificates of skill, as the sender knows them; empty when not known.';
create trigger append_only before update or delete on progress_report for each row execute function refuse_change();
