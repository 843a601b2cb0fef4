-- Importing with a mapping, a dry run and an undo; rows that a person must look at; matching in the background.

-- People are never deleted: one who leaves the register is marked, and one who was in it twice points to whom they really are.
alter table person
    add column withdrawn_at timestamptz,
    add column merged_into bigint references person,
    add column imports bigint[] not null default '{}' check (cardinality(imports) <= 20),
    add check (merged_into is null or withdrawn_at is not null),
    add check (merged_into <> id);
comment on column person.imports is 'The last imports that had a row of the person, also one that changed nothing; in the order in which they ran.';
create index person_withdrawn on person (region) where withdrawn_at is not null;
create index person_merged_into on person (merged_into) where merged_into is not null;

-- What a clerk has said of a file's columns, by the file's header, so that the next file of the same layout needs no word.
create table import_layout (
    region      int not null references county,
    layout      bytea not null check (length(layout) = 32),
    columns     jsonb not null,
    said_by     int not null references account,
    said_at     timestamptz not null,
    primary key (region, layout)
);
comment on column import_layout.layout is 'Keyed hash of the normalised titles.';
comment on column import_layout.columns is 'Which title is which column of the register, and in which order dates are written.';

alter table register_import
    drop constraint register_import_status_check,
    add constraint register_import_status_check check (status between 1 and 10),
    add column to_review int not null default 0,
    add column columns jsonb,
    add column screen jsonb,
    add column preview jsonb,
    add column undone_by int references account,
    add column undone_at timestamptz,
    add column undo_reason text check (length(undo_reason) between 1 and 200),
    add column undo_after bigint,
    add column undo_report jsonb;
comment on column register_import.undo_after is 'Up to which person an undo has come, chunk by chunk; undo_report is what it has come to so far.';
comment on column register_import.status is '1 waiting, 2 running, 3 finished, 4 failed as a whole, 5 its columns are to be confirmed, 6 dry run, 7 dry run over and to be started, 8 given up by a person, 9 being undone, 10 undone.';
comment on column register_import.screen is 'Titles and a masked sample of the file, for the person who confirms its columns; emptied when it starts.';
comment on column register_import.to_review is 'Rows that wait for a person, or wait no more.';
drop index register_import_waiting;
create index register_import_waiting on register_import (id) where status in (1, 2, 6, 9);
create trigger never_deleted before delete on register_import for each row execute function refuse_change();

-- Two notions of one person, for somebody to decide on.
create table duplicate_case (
    id              bigint generated always as identity primary key,
    region          int not null references county,
    kind            smallint not null check (kind between 1 and 4),
    person_id       bigint references person,
    other_id        bigint references person,
    import_id       bigint references register_import,
    row_number      int,
    row_name        text check (length(row_name) between 1 and 50),
    row_number_masked text,
    row_sealed      bytea,
    content         bytea not null check (length(content) = 32),
    opened_at       timestamptz not null,
    decision        smallint check (decision between 1 and 5),
    reason          text check (length(reason) between 1 and 200),
    decided_by      int references account,
    decided_at      timestamptz,
    check ((decision is null) = (decided_by is null) and (decision is null) = (decided_at is null) and (decision is null) = (reason is null)),
    check ((kind = 4) = (other_id is not null) and (kind = 4) = (import_id is null) and (kind <> 4 or person_id is not null)),
    check (decision is null or row_sealed is null)
);
comment on column duplicate_case.kind is '1 known number, other name; 2 old number of 15 digits; 3 wrong check character; 4 two people who may be one.';
comment on column duplicate_case.row_sealed is 'The row as it was read, sealed, while it waits.';
comment on column duplicate_case.content is 'Keyed hash of what the case is about: the same doubt is not opened twice.';
comment on column duplicate_case.decision is '1 as the row says, 2 under the old name, 3 merged, 4 rejected, 5 closed with the undo of its import: nobody has decided.';
create unique index duplicate_case_once on duplicate_case (region, content) where decision is null;
create index duplicate_case_by_content on duplicate_case (region, content, id);
create trigger never_deleted before delete on duplicate_case for each row execute function refuse_change();

-- The same doubt in another import, while it waits: undoing the one import leaves the case to the other.
create table duplicate_case_row (
    case_id     bigint not null references duplicate_case,
    import_id   bigint not null references register_import,
    region      int not null references county,
    row_number  int not null,
    row_sealed  bytea not null,
    primary key (case_id, import_id)
);
create index duplicate_case_row_by_import on duplicate_case_row (import_id);

-- A list is matched in the background; its hits count when it has been read to its end.
alter table match_run
    add column status smallint not null default 3 check (status between 1 and 4),
    add column content bytea,
    add column done_rows int not null default 0,
    add column found int not null default 0,
    add column differing int not null default 0,
    add column not_found int not null default 0,
    add column bad int not null default 0,
    add column notes_zh text not null default '',
    add column notes_en text not null default '',
    add column failure_zh text,
    add column failure_en text,
    add column finished_at timestamptz;
comment on column match_run.status is '1 waiting, 2 running, 3 finished, 4 failed as a whole.';
comment on column match_run.content is 'The uploaded list, sealed, while it waits; emptied when finished.';
comment on column match_run.found is 'People of the register, not rows: a list may name one several times.';
create index match_run_waiting on match_run (id) where status in (1, 2);
create index match_run_by_region on match_run (region, id);
alter table match_hit add column row_number int;
create trigger never_deleted before delete on match_run for each row execute function refuse_change();
create trigger never_deleted before delete on match_hit for each row execute function refuse_change();

-- The first rows of a list that could not be read.
create table match_problem (
    run_id      bigint not null references match_run,
    row_number  int not null,
    column_name text not null,
    reason_zh   text not null,
    reason_en   text not null,
    primary key (run_id, row_number)
);
