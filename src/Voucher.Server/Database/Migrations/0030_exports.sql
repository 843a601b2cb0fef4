-- Long exports of lists: asked for, made in the background, fetched by whoever asked, and removed after a day.

create table export_job (
    id              bigint generated always as identity primary key,
    region          int not null references county,
    account_id      int not null references account,
    list            text not null check (length(list) between 1 and 60),
    language        text not null check (length(language) between 2 and 10),
    fields_sealed   bytea not null,
    status          smallint not null default 1 check (status between 1 and 4),
    total_rows      bigint check (total_rows >= 0),
    done_rows       bigint not null default 0 check (done_rows >= 0),
    bytes           bigint not null default 0 check (bytes >= 0),
    parts           int not null default 0 check (parts >= 0),
    attempts        smallint not null default 0 check (attempts >= 0),
    asked_at        timestamptz not null,
    finished_at     timestamptz,
    failure_zh      text,
    failure_en      text,
    check ((failure_zh is null) = (failure_en is null)),
    check ((finished_at is not null) = (status in (3, 4)))
);
comment on column export_job.attempts is 'How often it was begun. What always runs out of time is given up, and meanwhile goes behind the others.';
comment on column export_job.fields_sealed is 'How the list is narrowed; a name may be among it.';
create index export_job_of_account on export_job (account_id);
create index export_job_unfinished on export_job (region, id) where status in (1, 2);

create table export_part (
    job_id          bigint not null references export_job on delete cascade,
    number          int not null check (number > 0),
    content_sealed  bytea not null,
    primary key (job_id, number)
);
alter table export_part alter column content_sealed set storage external;
