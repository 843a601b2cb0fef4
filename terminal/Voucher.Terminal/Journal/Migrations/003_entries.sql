-- The journal holds more than scans: the server's receipts, and requests for corrections. All are entries of one chain.
alter table scan rename to entry;
alter table entry rename column scan_id to entry_id;
alter table entry rename column request to content;
alter table entry add column kind integer not null default 1 check (kind between 1 and 3);

drop trigger scan_facts_never_change;
drop trigger scan_answer_is_final;
drop trigger scan_is_never_deleted;
drop index scan_waiting;
drop index scan_refused;

create trigger entry_never_changes
before update of sequence, kind, entry_id, content, previous_hash, hash, signature, boot_id, monotonic_ms, wall_ms, checkpoint_ms on entry
begin
    select raise(abort, 'a journal entry never changes');
end;

create trigger answer_is_final
before update on entry when old.state = 'answered'
begin
    select raise(abort, 'an answer is final');
end;

create trigger entry_is_never_deleted
before delete on entry
begin
    select raise(abort, 'a journal entry is never deleted');
end;

create index entry_waiting on entry (sequence) where state = 'waiting';
create index entry_refused on entry (sequence) where state = 'answered' and answer ->> 'accepted' = 0;
create index entry_of_voucher on entry (content ->> 'digits', sequence) where kind = 1;
create index entry_of_kind on entry (kind, sequence) where kind <> 1;

-- Scans of which the desk was told: accepted, will be confirmed. They go to the server with the journal, not by themselves.
create table provisional (
    sequence integer primary key references entry (sequence),
    wall_ms  integer not null,
    -- Whether the server knows it.
    is_sent  integer not null default 0 check (is_sent in (0, 1))
) strict;
create index provisional_unsent on provisional (sequence) where is_sent = 0;

-- Up to where the journal is on the server for good. One line.
create table uploaded (
    id       integer primary key check (id = 1),
    sequence integer not null
) strict;
insert into uploaded (id, sequence) values (1, 0);
