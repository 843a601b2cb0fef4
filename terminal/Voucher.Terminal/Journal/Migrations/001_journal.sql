-- What was scanned is written once and never changed; only the server's answer is added to it.
create table scan (
    sequence       integer primary key check (sequence >= 1),
    scan_id        text    not null unique,
    request        text    not null,
    previous_hash  blob    not null check (length(previous_hash) = 32),
    hash           blob    not null check (length(hash) = 32),
    signature      blob    not null check (length(signature) = 64),
    boot_id        text    not null,
    monotonic_ms   integer not null,
    wall_ms        integer not null,
    -- The server's clock in its latest answer before this scan: a lower bound for when it happened.
    checkpoint_ms  integer not null,
    state          text    not null default 'waiting' check (state in ('waiting', 'answered')),
    answer         text,
    answered_ms    integer,
    check ((state = 'answered') = (answer is not null and answered_ms is not null))
) strict;

create index scan_waiting on scan (sequence) where state = 'waiting';

create trigger scan_facts_never_change
before update of sequence, scan_id, request, previous_hash, hash, signature, boot_id, monotonic_ms, wall_ms, checkpoint_ms on scan
begin
    select raise(abort, 'a journalled scan never changes');
end;

create trigger scan_answer_is_final
before update on scan when old.state = 'answered'
begin
    select raise(abort, 'an answer is final');
end;

create trigger scan_is_never_deleted
before delete on scan
begin
    select raise(abort, 'a journalled scan is never deleted');
end;

-- Where the count went on after the server's head because this journal was behind it (a disk restored from a copy).
create table resumed (
    after_sequence integer primary key,
    wall_ms        integer not null
) strict;

-- The public half of the key that signs this journal, so that it can be checked without the device.
create table signer (
    public_key blob not null
) strict;
