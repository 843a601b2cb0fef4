-- The life of a terminal after its pairing: its name, its places, who took its place, how it stands; and what its desk asks
-- the county to correct.

alter table terminal
    add replaces int references terminal,
    add protocol smallint not null default 1 check (protocol >= 0);
comment on column terminal.replaces is 'The device whose place and name this one takes; that one is revoked at the moment this one is confirmed.';
comment on column terminal.protocol is 'As said at its latest log-in.';
alter table pairing_code add replaces int references terminal;

-- Two terminals of one institution with the same name cannot be told apart on the telephone. A device that waits to take
-- another's place has that one's name already.
update terminal t set name = left(t.name, 28) || ' (' || t.id || ')'
where t.status <> 3 and exists (
    select from terminal o where o.institution_id = t.institution_id and lower(o.name) = lower(t.name) and o.status <> 3 and o.id < t.id);
create unique index terminal_name on terminal (institution_id, lower(name)) where status <> 3 and (status <> 1 or replaces is null);
create unique index terminal_replaced_once on terminal (replaces) where status <> 1;

create table terminal_place (
    terminal_id     int not null references terminal,
    institution_id  int not null references institution,
    from_at         timestamptz not null,
    until_at        timestamptz check (until_at >= from_at),
    by_account      int references account,
    reason          text not null check (length(reason) <= 200),
    primary key (terminal_id, from_at)
);
comment on table terminal_place is 'Where a terminal stood and when: what it scanned there is judged by that institution, however late it arrives.';
create unique index terminal_place_now on terminal_place (terminal_id) where until_at is null;
insert into terminal_place (terminal_id, institution_id, from_at, reason)
select id, institution_id, coalesce(confirmed_at, paired_at), '' from terminal;

create table terminal_report (
    terminal_id         int primary key references terminal,
    reported_at         timestamptz not null,
    version             text not null check (length(version) between 1 and 40),
    protocol            smallint not null check (protocol >= 0),
    waiting             int not null check (waiting >= 0),
    waiting_since       timestamptz,
    clock_ahead_seconds int not null,
    readings            int not null check (readings >= 0),
    accepted            int not null check (accepted >= 0),
    refused             int not null check (refused >= 0),
    has_camera          boolean,
    has_scanner         boolean,
    list_counter        bigint check (list_counter >= 0),
    list_at             timestamptz,
    system              text not null check (length(system) between 1 and 40)
);
comment on table terminal_report is 'The latest word of each terminal about itself.';

create table terminal_report_hour (
    terminal_id         int not null references terminal,
    hour                timestamptz not null,
    reports             int not null check (reports > 0),
    waiting_most        int not null check (waiting_most >= 0),
    clock_ahead_seconds int not null,
    readings            int not null,
    accepted            int not null,
    refused             int not null,
    primary key (terminal_id, hour)
);
comment on table terminal_report_hour is 'Kept for 30 days. Counts are those of the hour''s last report, each over the 24 hours before it.';

-- Unlogged: it costs no disk flush, and after a crash every terminal connects anew.
create unlogged table terminal_presence (
    connection_id   text primary key check (length(connection_id) <= 100),
    terminal_id     int not null,
    server_id       uuid not null,
    since           timestamptz not null
);
create index terminal_presence_of on terminal_presence (terminal_id);
comment on table terminal_presence is 'The terminals'' open lines. A row counts while its server is in server_instance.';

create index audit_by_subject on audit_entry (subject);

create table correction_request (
    id              bigint generated always as identity primary key,
    region          int not null references county,
    terminal_id     int not null references terminal,
    scan_id         uuid not null unique,
    reason          smallint not null check (reason between 1 and 4),
    note            text not null check (length(note) <= 200),
    asked_at        timestamptz not null,
    received_at     timestamptz not null,
    decision        smallint check (decision between 1 and 2),
    decided_by      int references account,
    decided_at      timestamptz,
    decision_reason text check (length(decision_reason) between 1 and 200),
    check ((decision is null) = (decided_at is null) and (decision is null) = (decided_by is null) and (decision is null) = (decision_reason is null))
);
comment on column correction_request.reason is '1 wrong class, 2 wrong person, 3 scanned twice, 4 other.';
comment on column correction_request.decision is '1 granted, 2 declined.';
create index correction_open on correction_request (region, received_at) where decision is null;
