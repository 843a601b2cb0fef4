-- What several servers of a county share besides its data.

-- A server whose secrets are not the county's must not start: see KeyMarks.
create table key_mark (
    region  int not null references county,
    file    text not null check (length(file) between 1 and 60),
    mark    bytea not null check (length(mark) = 32),
    left_at timestamptz not null,
    primary key (region, file)
);
comment on table key_mark is 'HMAC of a fixed text under each secret of the key folder: tells whether two servers have the same one, and nothing else.';

-- Finished PDFs, so that every server can hand out what another has made, and one alone clears them away. Unlogged: they
-- are no record, are made again when a crash of the database has emptied the table, and cost neither log nor backup.
create unlogged table print_content (
    job_id  bigint not null,
    number  int not null,
    pdf     bytea not null,
    primary key (job_id, number)
);
alter table print_content alter column pdf set storage external;
comment on table print_content is 'PDFs are compressed already, so PostgreSQL need not try.';

-- What lies in a folder of one server is made again for all.
update print_file set status = 1, attempts = 0, size_bytes = null, finished_at = null where status = 2;
