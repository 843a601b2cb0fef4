-- The audit trail says who as a person, from where and on what ground; people behind log-ins are known by their number, so that
-- a second log-in does not make a second person.

alter table audit_entry add column staff_id int references staff;
alter table audit_entry add column origin text check (length(origin) between 1 and 60);
alter table audit_entry add column ground text check (length(ground) <= 300);
-- Entries from before keep what they were; every new one says where and on what ground.
alter table audit_entry add constraint audit_entry_says_where check (origin is not null and ground <> '') not valid;
comment on column audit_entry.staff_id is 'The person behind the log-in at that moment.';
comment on column audit_entry.origin is 'Address of the caller, terminal:N, or server.';
comment on column audit_entry.ground is 'What it rests on: the rule and clause, the reason, or the permission (permission:…) under which it was done; empty in entries from before.';

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

-- The steps by which money was decided are sealed: when a row is committed, the hash of its content goes into a chain of its own, with
-- the last entry of the audit trail at that moment. A row that is edited, taken out or put in past the triggers no longer fits it.
create table history_chain (
    number      bigint primary key check (number > 0),
    history     text not null,
    key         text not null,
    entry       bigint,
    content     bytea not null check (length(content) = 32),
    hash        bytea not null check (length(hash) = 32)
);
create index history_chain_by_row on history_chain (history, key, number desc);
comment on table history_chain is 'One link for each row when it was written (and when a certificate was made void); each hash covers the one before it.';
comment on column history_chain.key is 'The row''s primary key, its columns parted by commas.';
comment on column history_chain.entry is 'Number of the last audit entry when the row was committed; empty for rows of before there was any.';
select make_append_only('history_chain');
revoke insert on history_chain from voucher_app;

-- What is empty is left out of the content, so that a column that comes later changes no hash.
create function seal_row(history text, row_key text, content jsonb) returns void language plpgsql as $$
declare
    last_number bigint;
    last_hash bytea;
    last_entry bigint;
    sealed bytea := sha256(convert_to(jsonb_strip_nulls(content)::text, 'UTF8'));
begin
    select c.number, c.hash into last_number, last_hash from history_chain c order by c.number desc limit 1;
    select number into last_entry from audit_entry order by number desc limit 1;
    last_number := coalesce(last_number, 0) + 1;
    insert into history_chain (number, history, key, entry, content, hash) values (
        last_number, history, row_key, last_entry, sealed,
        sha256(coalesce(last_hash, decode(repeat('00', 32), 'hex'))
            || convert_to(concat_ws(chr(31), last_number, history, row_key, coalesce(last_entry, 0), encode(sealed, 'hex')), 'UTF8')));
end $$;

-- Under the lock of the ledger's chain, at the end of the transaction: two chains, one order. Its arguments are the columns of the key.
create function seal_history() returns trigger language plpgsql security definer
    set search_path = public, pg_temp set timezone = 'UTC' set bytea_output = 'hex' as $$
begin
    perform pg_advisory_xact_lock(119182731994482);
    perform seal_row(tg_table_name, (select string_agg(to_jsonb(new) ->> c.name, ',' order by c.place) from unnest(tg_argv) with ordinality c (name, place)), to_jsonb(new));
    return null;
end $$;

create function make_sealed(history regclass, deeds text default 'insert') returns void language plpgsql
    set timezone = 'UTC' set bytea_output = 'hex' as $$
declare
    key_columns text[] := (
        select array_agg(a.attname::text order by array_position(i.indkey::smallint[], a.attnum))
        from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey::smallint[])
        where i.indrelid = history and i.indisprimary);
    written record;
begin
    execute format('create constraint trigger sealed after %s on %s deferrable initially deferred for each row execute function seal_history(%s)',
        deeds, history, (select string_agg(quote_literal(c), ', ') from unnest(key_columns) c));
    for written in execute format(
        'select concat_ws('','', %s) as row_key, to_jsonb(h) as content from %s h order by %s',
        (select string_agg(format('h.%I', c), ', ') from unnest(key_columns) c), history, (select string_agg(format('h.%I', c), ', ') from unnest(key_columns) c))
    loop perform seal_row(history::text, written.row_key, written.content); end loop;
end $$;
revoke execute on function seal_row(text, text, jsonb), make_sealed(regclass, text) from public;

select make_sealed('certificate', 'insert or update');
select make_sealed('allowance_line', 'insert or update');
select make_sealed(history::regclass) from unnest(array[
    'claim_approval', 'claim_line_step', 'phone_sample', 'phone_attempt', 'publication', 'publication_line', 'objection_line', 'objection_step',
    'retained_list_line', 'payment_row_sent', 'payment_return', 'payment_return_row', 'payment_difference_note',
    'recovery_line', 'recovery_part', 'recovery_step', 'recovery_pay_in', 'recovery_pay_in_line', 'consequence_step']) history;
