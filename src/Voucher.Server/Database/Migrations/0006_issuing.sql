-- Batches, vouchers and their history.

create table batch (
    id                  bigint generated always as identity primary key,
    region              int not null references county,
    name                text not null check (length(name) between 1 and 60),
    kind                smallint not null check (kind between 1 and 4),
    scope               int not null check (scope between 0 and 65535),
    face_value_fen      bigint not null check (face_value_fen > 0),
    valid_from          date not null,
    valid_until         date not null,
    budget_line_id      int not null references budget_line,
    policy_id           int not null references policy_pack,
    selection           jsonb not null,
    status              smallint not null check (status between 1 and 5),
    people              int not null check (people > 0),
    written             int not null default 0,
    first_serial        bigint,
    drafted_by          int not null references account,
    drafted_by_staff    int not null references staff,
    drafted_at          timestamptz not null,
    approved_by         int references account,
    approved_by_staff   int references staff,
    approved_at         timestamptz,
    finished_at         timestamptz,
    closed_by           int references account,
    closed_at           timestamptz,
    closing_reason      text check (length(closing_reason) between 1 and 200),
    check (valid_until >= valid_from),
    check ((status in (4, 5)) = (closed_at is not null and closing_reason is not null)),
    check (approved_by_staff is null or approved_by_staff <> drafted_by_staff),
    check (written between 0 and people)
);
comment on column batch.status is '1 drafted, 2 approved (vouchers being written), 3 issued, 4 cancelled, 5 refused.';

-- Frozen at drafting. A voucher's serial is first_serial + ordinal, so a crash in the middle can be resumed without a double.
create table batch_person (
    batch_id    bigint not null references batch,
    ordinal     int not null check (ordinal >= 0),
    person_id   bigint not null references person,
    primary key (batch_id, ordinal),
    unique (batch_id, person_id)
);

create index batch_person_by_person on batch_person (person_id);

create table voucher_serial (
    region      int primary key references county,
    next_serial bigint not null default 1 check (next_serial between 1 and 4294967296)
);

create table voucher (
    id              bigint primary key,
    batch_id        bigint not null references batch,
    person_id       bigint not null references person,
    kind            smallint not null check (kind between 1 and 4),
    scope           int not null check (scope between 0 and 65535),
    face_value_fen  bigint not null check (face_value_fen > 0),
    budget_line_id  int not null references budget_line,
    valid_from      date not null,
    valid_until     date not null,
    state           smallint not null check (state between 1 and 7),
    in_conflict     boolean not null default false,
    is_reserved     boolean not null,
    events          int not null default 1,
    replaced_by     bigint references voucher,
    short_code      bigint not null unique,
    token           bytea not null check (length(token) = 83),
    check ((state = 7) = (replaced_by is not null))
);
comment on column voucher.is_reserved is 'Whether face_value_fen is still reserved on the budget line.';
comment on column voucher.events is 'How many events the voucher has; the next one takes this number plus one.';
create index voucher_by_batch on voucher (batch_id);
create index voucher_by_person on voucher (person_id);
create index voucher_by_successor on voucher (replaced_by) where replaced_by is not null;
create index voucher_open_by_end on voucher (valid_until) where state in (1, 2) and is_reserved;

create table voucher_event (
    voucher_id      bigint not null references voucher,
    number          int not null check (number > 0),
    kind            smallint not null check (kind between 1 and 9),
    from_state      smallint not null,
    to_state        smallint not null,
    at              timestamptz not null,
    account_id      int references account,
    terminal_id     int,
    scan_id         uuid,
    institution_id  int references institution,
    class_id        bigint,
    session_id      bigint,
    reason          text,
    primary key (voucher_id, number)
);
comment on column voucher_event.from_state is '0 in the first event: there was no voucher before it.';
create index voucher_event_by_time on voucher_event using brin (at);

-- The signed list of issuing keys, one row a version; private keys are not in the database.
create table issuing_key_list (
    region      int not null references county,
    version     int not null check (version > 0),
    content     bytea not null,
    signature   bytea not null,
    published_at timestamptz not null,
    primary key (region, version)
);

-- Printing in the background: a job is cut into files of some hundreds of vouchers by township, each made by one browser run.
create table print_job (
    id          bigint generated always as identity primary key,
    batch_id    bigint not null references batch,
    created_by  int not null references account,
    created_at  timestamptz not null
);
create index print_job_by_batch on print_job (batch_id);

create table print_file (
    job_id      bigint not null references print_job,
    number      int not null check (number > 0),
    title       text not null check (length(title) between 1 and 60),
    voucher_ids bigint[] not null check (cardinality(voucher_ids) between 1 and 250),
    status      smallint not null check (status between 1 and 4),
    attempts    int not null default 0,
    size_bytes  bigint,
    finished_at timestamptz,
    primary key (job_id, number)
);
comment on column print_file.status is '1 waiting, 2 ready, 3 failed, 4 removed after its days of keeping.';
create index print_file_open on print_file (job_id, number) where status = 1;
