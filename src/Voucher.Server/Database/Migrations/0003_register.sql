-- The register of laborers. Identity numbers and phones are encrypted; a person is found by the keyed hash.

create table person (
    id                  bigint generated always as identity primary key,
    region              int not null references county,
    id_number_hash      bytea not null check (length(id_number_hash) = 32),
    id_number_sealed    bytea not null,
    id_number_masked    text not null,
    holder_check        int not null check (holder_check between 0 and 65535),
    name                text not null check (length(name) between 1 and 50),
    is_male             boolean not null,
    birth_date          date not null,
    education           text not null default '' check (length(education) <= 20),
    phone_sealed        bytea,
    phone_masked        text not null default '',
    township_code       int references township,
    household_place     text not null default '' check (length(household_place) <= 100),
    household_kind      text not null default '' check (length(household_kind) <= 20),
    pledged_employer    text not null default '' check (length(pledged_employer) <= 100),
    categories          text[] not null default '{}',
    is_demo             boolean not null default false,
    content_hash        bytea not null,
    created_at          timestamptz not null,
    changed_at          timestamptz not null,
    unique (region, id_number_hash)
);
comment on column person.holder_check is 'First 16 bits of HMAC-SHA256 under the binding key, as in the token.';
comment on column person.content_hash is 'Keyed hash of all imported fields, so that the same row twice changes nothing.';
create index person_by_township on person (region, township_code);
create index person_by_category on person using gin (categories);
create index person_by_name on person (region, name text_pattern_ops);
create index person_demo on person (region) where is_demo;

create table person_list (
    id      int generated always as identity primary key,
    region  int not null references county,
    name    text not null check (length(name) between 1 and 40),
    unique (region, name)
);

create table person_list_member (
    list_id     int not null references person_list,
    person_id   bigint not null references person,
    primary key (list_id, person_id)
);

create table register_import (
    id              bigint generated always as identity primary key,
    region          int not null references county,
    file_name       text not null check (length(file_name) between 1 and 200),
    file_hash       bytea not null,
    content         bytea,
    list_id         int references person_list,
    status          smallint not null check (status between 1 and 4),
    total_rows      int not null default 0,
    done_rows       int not null default 0,
    added           int not null default 0,
    changed         int not null default 0,
    unchanged       int not null default 0,
    bad             int not null default 0,
    failure_zh      text,
    failure_en      text,
    notes_zh        text not null default '',
    notes_en        text not null default '',
    created_by      int not null references account,
    created_at      timestamptz not null,
    finished_at     timestamptz
);
comment on column register_import.status is '1 waiting, 2 running, 3 finished, 4 failed as a whole.';
comment on column register_import.content is 'The uploaded file, sealed, while it waits; emptied when finished.';
comment on column register_import.file_hash is 'Keyed hash; a file that was imported before is only a hint to the clerk.';
comment on column register_import.bad is 'Rows, not errors: a row may have several.';
comment on column register_import.notes_zh is 'What the clerk should know of the file: hidden rows, columns and sheets that were not read.';
create index register_import_waiting on register_import (id) where status in (1, 2);

create table register_import_error (
    import_id   bigint not null references register_import,
    row_number  int not null,
    ordinal     smallint not null,
    column_name text not null,
    reason_zh   text not null,
    reason_en   text not null,
    primary key (import_id, row_number, ordinal)
);
