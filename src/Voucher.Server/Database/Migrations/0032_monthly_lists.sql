-- A later list of a source replaces what earlier ones said of a person. Which hits stand is written down when a list has been
-- read, so that whoever asks, asks of the hit alone; nothing is deleted.
alter table match_run
    add column is_complete boolean not null default false,
    add column ended int not null default 0,
    add column carried int not null default 0,
    add column held int not null default 0 check (held >= 0),
    add column confirmed_at timestamptz,
    add column confirmed_by int references account,
    add column confirmed_reason text check (length(confirmed_reason) between 1 and 200),
    add check (num_nonnulls(confirmed_at, confirmed_by, confirmed_reason) in (0, 3)),
    add check (held = 0 or is_complete),
    add check (confirmed_at is null or held > 0);
comment on column match_run.is_complete is 'The list names everybody of its source on its day (全量名单); otherwise it only adds (增量名单).';
comment on column match_run.ended is 'Hits, mostly of earlier lists of the source, that did not stand any more when this one had been read.';
comment on column match_run.held is 'People missing from a complete list, so many that their hits stand until another person has confirmed that they are not in it.';
comment on column match_run.carried is 'Hits of this list that were answered as a person had answered the same hit before.';

alter table match_hit
    add column ended_at timestamptz,
    add column ended_by_run bigint references match_run,
    add column decided_hit bigint references match_hit,
    add check ((ended_at is null) = (ended_by_run is null)),
    add check (ended_at is null or dismissed_at is null),
    add check (decided_hit is null or dismissed_at is not null);
comment on column match_hit.ended_by_run is 'The later list of the source in whose place this hit stood; the hit counts no more.';
comment on column match_hit.decided_hit is 'The hit on which the person decided whose answer this one has.';

-- Lists that were matched before only added: of each person the newest of a source counts. Where the newest was dismissed, what
-- was decided on it answers only hits of the same content; on any other nobody has decided, and it stands as before.
with told as (
    select h.id, h.run_id, h.difference, first_value(h.run_id) over newest_first as newest,
           first_value(h.dismissed_at is not null) over newest_first as is_answered, first_value(h.difference) over newest_first as newest_difference
    from match_hit h join match_run r on r.id = h.run_id
    window newest_first as (partition by h.region, h.person_id, h.source order by r.as_of desc, r.id desc))
update match_hit h set ended_by_run = t.newest, ended_at = coalesce(r.finished_at, r.created_at)
from told t join match_run r on r.id = t.newest
where t.id = h.id and t.newest <> t.run_id and h.dismissed_at is null and (not t.is_answered or t.newest_difference = t.difference);

drop index match_hit_standing;
create index match_hit_standing on match_hit (person_id) where dismissed_at is null and ended_at is null;
create index match_hit_standing_of_source on match_hit (region, source) where dismissed_at is null and ended_at is null;
create index match_hit_by_person on match_hit (person_id, source);
create index match_hit_ended on match_hit (ended_by_run) where ended_by_run is not null;

-- Everybody of whom an undo left the import as it was; the report names only the first.
create table import_kept (
    import_id   bigint not null references register_import,
    person_id   bigint not null references person,
    why         smallint not null check (why between 1 and 6),
    primary key (import_id, person_id)
);
comment on column import_kept.why is 'As the query of the undo numbers them: 1 changed since, 2 holds a voucher, 3 in a batch, 4 left since, 5 a later import has them, 6 another entry merged into theirs.';
create trigger never_deleted before delete on import_kept for each row execute function refuse_change();

-- Of earlier undos as many as their reports name.
insert into import_kept (import_id, person_id, why)
select i.id, (k ->> 'id')::bigint, array_position(array['ChangedSince', 'HoldsVoucher', 'InBatch', 'LeftSince', 'ConfirmedSince', 'MergedWith'], k ->> 'why')
from register_import i, jsonb_array_elements(i.undo_report -> 'kept') k
where i.undo_report is not null
  and k ->> 'why' in ('ChangedSince', 'HoldsVoucher', 'InBatch', 'LeftSince', 'ConfirmedSince', 'MergedWith')
on conflict do nothing;
