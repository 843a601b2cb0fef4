-- What a programme is: level, kind, way of teaching, hours of safety; employers' orders; teaching documents with approval.

alter table programme
    add column level        smallint not null default 0 check (level between 0 and 5),
    add column kind         smallint not null default 1 check (kind between 1 and 7),
    add column mode         smallint not null default 1 check (mode between 1 and 5),
    add column safety_hours int not null default 0,
    add check (safety_hours between 0 and theory_hours + practice_hours);
comment on column programme.safety_hours is 'Of all hours, those on safety; a policy pack asks for some in trades of high risk.';
comment on column programme.level is 'As on the Chinese scale: 1 the highest, 5 the lowest; 0 none.';

-- An employer's order (订单): for which post, how many, and how many were hired in the end.
create table programme_order (
    id              int generated always as identity primary key,
    region          int not null references county,
    programme_id    int not null references programme,
    employer        text not null check (length(employer) between 2 and 60),
    employer_uscc   text not null check (length(employer_uscc) = 18),
    post            text not null check (length(post) between 1 and 40),
    agency          text not null default '' check (length(agency) <= 60),
    size            int not null check (size between 1 and 10000),
    placed_by       int not null references account,
    placed_at       timestamptz not null,
    hired           int check (hired between 0 and 10000),
    hired_by        int references account,
    hired_at        timestamptz,
    check ((hired is null) = (hired_by is null) and (hired is null) = (hired_at is null))
);
comment on column programme_order.agency is 'Labour agency of embedded training (“岗位+劳务机构+培训”); empty when none.';
create index programme_order_by_programme on programme_order (programme_id);

-- Plans, syllabuses and textbooks (教学计划、大纲和教材) in versions; none is ever changed after it was handed in.
create table teaching_document (
    id              int generated always as identity primary key,
    region          int not null references county,
    programme_id    int not null references programme,
    institution_id  int references institution,
    kind            smallint not null check (kind between 1 and 3),
    version         int not null check (version between 1 and 10000),
    title           text not null check (length(title) between 1 and 80),
    body            text not null default '' check (length(body) <= 20000),
    file_name       text check (length(file_name) between 1 and 100),
    file_bytes      int check (file_bytes > 0),
    file_hash       bytea check (length(file_hash) = 32),
    status          smallint not null default 1 check (status between 1 and 3),
    handed_in_by    int not null references account,
    handed_in_at    timestamptz not null,
    decided_by      int references account,
    decided_at      timestamptz,
    refused_reason  text check (length(refused_reason) between 1 and 200),
    unique nulls not distinct (programme_id, institution_id, kind, version),
    check (body <> '' or file_hash is not null),
    check ((file_hash is null) = (file_name is null) and (file_hash is null) = (file_bytes is null)),
    check ((status = 1) = (decided_by is null) and (status = 1) = (decided_at is null)),
    check ((status = 3) = (refused_reason is not null))
);
comment on column teaching_document.institution_id is 'Whose own it is; null: the county''s, for all who teach the programme.';
comment on column teaching_document.status is '1 handed in, 2 approved, 3 refused.';
create index teaching_document_waiting on teaching_document (region) where status = 1;

create table teaching_file (
    document_id     int primary key references teaching_document,
    content         bytea not null check (length(content) between 1 and 10485760)
);
alter table teaching_file alter column content set storage external;
create trigger append_only before update or delete on teaching_file for each row execute function refuse_change();

-- A decision is made once, and what was handed in stays as it was.
create function refuse_teaching_change() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' or old.status <> 1
        or (old.region, old.programme_id, old.institution_id, old.kind, old.version, old.title, old.body, old.file_name, old.file_bytes, old.file_hash,
            old.handed_in_by, old.handed_in_at)
        is distinct from (new.region, new.programme_id, new.institution_id, new.kind, new.version, new.title, new.body, new.file_name, new.file_bytes, new.file_hash,
            new.handed_in_by, new.handed_in_at)
    then raise exception 'a teaching document is decided once and never changed' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger decided_once before update or delete on teaching_document for each row execute function refuse_teaching_change();
