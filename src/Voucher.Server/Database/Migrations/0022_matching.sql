-- Matching with outside lists (精准比对). A list's rows are not kept: only who of the register is in it.

create table match_run (
    id              bigint generated always as identity primary key,
    region          int not null references county,
    source          smallint not null check (source between 1 and 6),
    file_name       text not null check (length(file_name) between 1 and 200),
    as_of           date not null,
    rows            int not null default 0,
    created_by      int not null references account,
    created_at      timestamptz not null
);

-- A hit counts until a person dismisses it.
create table match_hit (
    id              bigint generated always as identity primary key,
    run_id          bigint not null references match_run,
    region          int not null references county,
    person_id       bigint not null references person,
    source          smallint not null check (source between 1 and 6),
    difference      text not null default '' check (length(difference) <= 200),
    dismissed_at    timestamptz,
    dismissed_by    int references account,
    dismissed_reason text check (length(dismissed_reason) between 1 and 200),
    unique (run_id, person_id),
    check ((dismissed_at is null) = (dismissed_by is null) and (dismissed_at is null) = (dismissed_reason is null))
);
comment on column match_hit.difference is 'What the outside list says otherwise than the register, such as another name; empty when nothing.';
create index match_hit_standing on match_hit (person_id) where dismissed_at is null;
