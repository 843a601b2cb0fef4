-- Journals of terminals: what was done at a desk while the network was away, uploaded as facts and merged (decision 0016).

alter table terminal drop constraint terminal_status_check, add constraint terminal_status_check check (status between 1 and 4);
comment on column terminal.status is '1 pending, 2 active, 3 revoked, 4 quarantined.';

-- Where a terminal's journal stands. Locked while an upload is taken in: one upload of a terminal at a time.
create table journal_head (
    terminal_id int primary key,
    branch      smallint not null default 0,
    sequence    bigint not null default 0,
    hash        bytea not null check (length(hash) = 32),
    bounded_to  bigint not null default 0,
    released_at timestamptz
);
comment on column journal_head.branch is 'Counts the histories of this device: a disk that was set back or copied begins another.';
comment on column journal_head.bounded_to is 'Entries up to here lie between two receipts: their time is known.';
comment on column journal_head.released_at is 'Offline entries of a later branch that were made before this wait for a person.';

create table journal_entry (
    terminal_id     int not null,
    branch          smallint not null,
    sequence        bigint not null check (sequence > 0),
    kind            smallint not null check (kind between 1 and 3),
    entry_id        uuid not null,
    content         text not null,
    previous_hash   bytea not null check (length(previous_hash) = 32),
    hash            bytea not null check (length(hash) = 32),
    boot_id         uuid not null,
    monotonic_ms    bigint not null,
    wall_ms         bigint not null,
    checkpoint_ms   bigint not null,
    signature       bytea not null check (length(signature) = 64),
    is_provisional  boolean not null,
    received_at     timestamptz not null,
    primary key (terminal_id, branch, sequence)
);
comment on column journal_entry.kind is '1 scan, 2 receipt, 3 request for a correction.';
comment on column journal_entry.is_provisional is 'The desk was told that it is accepted and will be confirmed. May become true once, later.';
create index journal_entry_by_hash on journal_entry using hash (hash);
create index journal_entry_receipts on journal_entry (terminal_id, branch, sequence) where kind = 2;

-- Facts never change; only that a scan was accepted offline may be learnt after its entry came.
create function journal_fact_stays() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' or old.is_provisional or not new.is_provisional
       or (to_jsonb(new) - 'is_provisional') is distinct from (to_jsonb(old) - 'is_provisional') then
        raise exception 'journal_entry is append-only' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger append_only before update or delete on journal_entry for each row execute function journal_fact_stays();

-- What cannot be in an honest journal.
create table journal_fault (
    id          bigint generated always as identity primary key,
    terminal_id int not null references terminal,
    kind        smallint not null check (kind between 1 and 5),
    sequence    bigint not null,
    found_at    timestamptz not null,
    quarantines boolean not null,
    decided_by  int references account,
    decided_at  timestamptz,
    reason      text check (length(reason) between 1 and 200),
    check ((decided_at is null) = (decided_by is null) and (decided_at is null) = (reason is null))
);
comment on column journal_fault.kind is '1 signature false, 2 chain broken, 3 forked, 4 rolled back, 5 receipt false.';
create index journal_fault_by_terminal on journal_fault (terminal_id, id);

-- A scan that a desk accepted offline, with the bounds of its time, and what came of it.
create table offline_scan (
    scan_id         uuid primary key,
    terminal_id     int not null,
    branch          smallint not null,
    sequence        bigint not null,
    institution_id  int not null,
    mode            smallint not null check (mode between 1 and 4),
    class_id        bigint not null,
    voucher_id      bigint,
    person_id       bigint,
    from_at         timestamptz not null,
    to_at           timestamptz not null,
    made_at         timestamptz not null,
    received_at     timestamptz not null,
    state           smallint not null check (state between 1 and 5),
    is_claim        boolean not null default false,
    ruling          smallint not null default 0 check (ruling between 0 and 2),
    suspicion       smallint not null default 0 check (suspicion between 0 and 5),
    parked_at       timestamptz,
    decided_by      int references account,
    decided_at      timestamptz,
    reason          text check (length(reason) between 1 and 200),
    check (from_at <= made_at and made_at <= to_at)
);
comment on column offline_scan.state is '1 to be merged, 2 accepted, 3 refused, 4 in conflict, 5 suspect: waits for a person.';
comment on column offline_scan.is_claim is 'An enrolment that the rules allow: it takes part in the contest for its voucher.';
comment on column offline_scan.ruling is '0 the bounds decide, 1 upheld by the county, 2 decided against.';
comment on column offline_scan.parked_at is 'Attendance of a voucher that is enrolled nowhere yet: looked at again later, and with whatever comes of its holder.';
comment on column offline_scan.suspicion is '1 clock set, 2 offline too long, 3 too many enrolments, 4 after a roll-back, 5 of another history.';
create index offline_scan_of_person on offline_scan (person_id);
create index offline_scan_to_merge on offline_scan (parked_at nulls first, person_id) where state = 1;
create index offline_scan_suspect on offline_scan (terminal_id) where state = 5;
create index offline_scan_of_terminal on offline_scan (terminal_id, sequence);

-- Several terminals claim one voucher and nobody can tell which was first.
create table conflict_case (
    id              bigint generated always as identity primary key,
    region          int not null references county,
    voucher_id      bigint not null,
    opened_at       timestamptz not null,
    proposed_by     int references account,
    proposed_staff  int,
    proposed_at     timestamptz,
    proposed_scan   uuid,
    proposed_reason text check (length(proposed_reason) between 1 and 200),
    decided_by      int references account,
    decided_staff   int,
    decided_at      timestamptz,
    decided_reason  text check (length(decided_reason) between 1 and 200),
    upheld_scan     uuid,
    outcome         smallint check (outcome between 1 and 3),
    check ((proposed_at is null) = (proposed_by is null) and (proposed_at is null) = (proposed_reason is null)),
    check (decided_staff <> proposed_staff),
    check ((outcome is null) = (decided_at is null))
);
comment on column conflict_case.outcome is '1 one claim upheld, 2 none upheld, 3 cleared up by an earlier claim.';
create unique index conflict_case_open on conflict_case (voucher_id) where decided_at is null;
create index conflict_case_by_region on conflict_case (region, decided_at, id);

create table conflict_claim (
    case_id bigint not null references conflict_case,
    scan_id uuid not null,
    primary key (case_id, scan_id)
);
create index conflict_claim_by_scan on conflict_claim (scan_id);

-- An enrolment that is contested is taken back: 10, from enrolled to claimed.
alter table voucher_event drop constraint voucher_event_kind_check, add constraint voucher_event_kind_check check (kind between 1 and 10);

-- What stands online is told from what a desk did offline by the enrolment itself.
alter table enrolment add column claimed_by uuid;
comment on column enrolment.claimed_by is 'The offline scan on which it rests; null when it was committed online.';

-- Two desks that are both offline may fill a class beyond its capacity; who sits in it stays, and the county sees it.
alter table training_class add column over_capacity int not null default 0 check (over_capacity >= 0);
alter table training_class drop constraint training_class_has_room;
alter table training_class add constraint training_class_has_room check (enrolled between 0 and capacity + over_capacity);
comment on column training_class.over_capacity is 'Seats beyond capacity that enrolments made offline have taken.';
