-- Kiosk terminals and every scan they sent.

create table pairing_code (
    code_hash       bytea primary key,
    institution_id  int not null references institution,
    created_by      int not null references account,
    created_at      timestamptz not null,
    expires_at      timestamptz not null,
    used_at         timestamptz
);

create table terminal (
    id              int generated always as identity primary key,
    region          int not null references county,
    institution_id  int not null references institution,
    name            text not null check (length(name) between 1 and 40),
    public_key      bytea not null,
    fingerprint     text not null,
    status          smallint not null check (status between 1 and 3),
    paired_at       timestamptz not null,
    confirmed_by    int references account,
    confirmed_at    timestamptz,
    revoked_by      int references account,
    revoked_at      timestamptz,
    last_seen_at    timestamptz,
    last_sequence   bigint not null default 0
);
comment on column terminal.status is '1 pending, 2 active, 3 revoked.';

create table scan (
    id              uuid primary key,
    terminal_id     int not null references terminal,
    sequence        bigint not null check (sequence > 0),
    content_hash    bytea not null check (length(content_hash) = 32),
    mode            smallint not null check (mode between 1 and 4),
    class_id        bigint,
    voucher_id      bigint,
    event_number    int,
    refusal         smallint not null default 0,
    scanned_at      timestamptz not null,
    received_at     timestamptz not null,
    answer          jsonb not null,
    unique (terminal_id, sequence)
);
comment on column scan.content_hash is 'SHA-256 of the request: the same id with other content is refused.';
create index scan_by_time on scan using brin (received_at);

alter table voucher_event add foreign key (terminal_id) references terminal;
