-- The audit trail says who as a person, from where and on what ground; people behind log-ins are known by their number, so that
-- a second log-in does not make a second person.

alter table audit_entry add column staff_id int references staff;
alter table audit_entry add column origin text check (length(origin) between 1 and 60);
alter table audit_entry add column ground text check (length(ground) <= 300);
-- Entries from before keep what they were; every new one says where and why.
alter table audit_entry add constraint audit_entry_says_where check (origin is not null and ground is not null) not valid;
comment on column audit_entry.staff_id is 'The person behind the log-in at that moment.';
comment on column audit_entry.origin is 'Address of the caller, terminal:N, or server.';
comment on column audit_entry.ground is 'The rule, clause or reason that it rests on; empty where the act needs none.';

-- From which entry on which formula gives the hash: the earlier knew neither person nor place nor ground.
create table audit_hash_form (
    form        smallint primary key,
    from_number bigint not null unique check (from_number > 0)
);
insert into audit_hash_form (form, from_number) select 2, coalesce(max(number), 0) + 1 from audit_entry;
select make_append_only('audit_hash_form');

alter table staff add column id_number_hash bytea check (length(id_number_hash) = 32);
alter table staff add column id_number_sealed bytea;
alter table staff add column merged_into int references staff;
alter table staff add constraint staff_number_is_whole check ((id_number_hash is null) = (id_number_sealed is null));
alter table staff add constraint staff_merged_into_another check (merged_into <> id);
create unique index staff_once_a_person on staff (id_number_hash) where merged_into is null;
create index staff_by_root on staff (merged_into) where merged_into is not null;
comment on column staff.id_number_hash is 'Keyed hash of the identity number; empty for people entered before numbers were asked for.';
comment on column staff.merged_into is 'The row that stands for the same person; never one that is merged itself. What was decided under the old row stays under it.';

-- The row that stands for the person of a row; what compares persons compares these.
create function person_of(staff int) returns int language sql stable as $$ select coalesce(s.merged_into, s.id) from staff s where s.id = person_of.staff $$;

-- Two rows that are one person: proposed by one, decided by another.
create table staff_merge (
    id              int generated always as identity primary key,
    kept            int not null references staff,
    merged          int not null references staff,
    reason          text not null check (length(reason) between 1 and 200),
    proposed_by     int not null references account,
    proposed_staff  int not null references staff,
    proposed_at     timestamptz not null,
    state           smallint not null default 1 check (state between 1 and 3),
    decided_by      int references account,
    decided_staff   int references staff,
    decided_at      timestamptz,
    check (kept <> merged),
    check (decided_staff <> proposed_staff),
    check ((state = 1) = (decided_by is null) and (decided_by is null) = (decided_staff is null) and (decided_by is null) = (decided_at is null))
);
comment on column staff_merge.state is '1 proposed, 2 merged, 3 refused.';
create unique index staff_merge_once on staff_merge (least(kept, merged), greatest(kept, merged)) where state = 1;
