-- Leaving people out of a batch who have become ineligible since it was drafted, so that the others need not be drafted anew.

-- Asked for by a clerk while a batch is paused and decided by another person; or decided with the approval of the batch, which
-- the clerk who drafted it had asked for.
create table batch_leave_out (
    id                  bigint generated always as identity primary key,
    batch_id            bigint not null references batch,
    list_mark           text not null check (list_mark ~ '^[0-9a-f]{64}$'),
    people              int not null check (people > 0),
    reason              text check (length(reason) between 1 and 200),
    asked_by            int references account,
    asked_by_staff      int references staff,
    asked_at            timestamptz,
    decision            smallint check (decision between 1 and 3),
    decided_by          int references account,
    decided_by_staff    int references staff,
    decided_at          timestamptz,
    decided_reason      text check (length(decided_reason) between 1 and 200),
    check (num_nonnulls(asked_by, asked_by_staff, asked_at, reason) in (0, 4)),
    check (num_nonnulls(decision, decided_by, decided_by_staff, decided_at) in (0, 4)),
    constraint leave_out_by_two check (decision = 3 or asked_by_staff <> decided_by_staff),
    constraint leave_out_is_asked_or_decided check (asked_by is not null or decision is not distinct from 1),
    constraint leave_out_refused_with_reason check (decision is distinct from 2 or decided_reason is not null)
);
comment on column batch_leave_out.list_mark is 'SHA-256 of the people and their reasons as they were read; another list is never decided on.';
comment on column batch_leave_out.decision is '1 left out, 2 refused, 3 overtaken: the batch went on, was to be stopped, or another list was asked for.';
create unique index batch_leave_out_open on batch_leave_out (batch_id) where decision is null;
create index batch_leave_out_by_batch on batch_leave_out (batch_id);
create trigger never_deleted before delete on batch_leave_out for each row execute function refuse_change();

-- A person who was left out moves here from batch_person with the place they had, so that whatever asks who is to get a voucher of
-- a batch goes on asking one table, and the places of the others have no gap.
create table batch_left_out (
    batch_id        bigint not null references batch,
    person_id       bigint not null references person,
    leave_out_id    bigint not null references batch_leave_out,
    ordinal         int not null check (ordinal >= 0),
    reasons         smallint[] not null check (cardinality(reasons) > 0),
    rule            text not null check (length(rule) > 0),
    primary key (batch_id, person_id)
);
comment on column batch_left_out.ordinal is 'The place in the batch before it was given to somebody else.';
comment on column batch_left_out.reasons is 'Numbers of the reasons in order of precedence, as the judgement gives them.';
create index batch_left_out_by_person on batch_left_out (person_id);
create trigger append_only before update or delete on batch_left_out for each row execute function refuse_change();

create function batch_person_moves() returns trigger language plpgsql as $$
begin
    if not exists (select from batch_left_out o where o.batch_id = old.batch_id and o.person_id = old.person_id) then
        raise exception 'person % of batch % is not left out of it', old.person_id, old.batch_id using errcode = 'restrict_violation';
    end if;
    return old;
end $$;
create trigger moves_only before delete on batch_person for each row execute function batch_person_moves();
