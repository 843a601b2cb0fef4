-- Policy packs are drafted by one person and approved by another. What is in policy_pack is the rule: it never changes.

create table policy_draft (
    id               int generated always as identity primary key,
    region           int not null references county,
    status           smallint not null default 1 check (status between 1 and 5),
    document_no      text not null check (length(document_no) between 1 and 60),
    title            text not null check (length(title) between 1 and 100),
    version          int not null check (version between 1 and 999),
    effective_from   date not null,
    effective_until  date check (effective_until >= effective_from),
    parameters       jsonb not null,
    clauses          jsonb not null,
    drafted_by       int not null references account,
    drafted_by_staff int not null references staff,
    drafted_at       timestamptz not null,
    changed_at       timestamptz not null,
    decided_by       int references account,
    decided_by_staff int references staff,
    decided_at       timestamptz,
    reason           text check (length(reason) between 1 and 200),
    pack_id          int unique references policy_pack,
    check (decided_by_staff <> drafted_by_staff),
    check ((status in (3, 4)) = (decided_by is not null) and (decided_by is null) = (decided_by_staff is null)
           and (decided_by is null) = (decided_at is null)),
    check ((status = 3) = (pack_id is not null)),
    check ((status = 4) = (reason is not null))
);
comment on column policy_draft.status is '1 drafted, 2 submitted, 3 approved, 4 refused, 5 withdrawn';
create index policy_draft_open on policy_draft (region) where status in (1, 2);

-- What the second person approves is what was submitted, and a decision stays.
create function keep_submitted_policy() returns trigger language plpgsql as $$
begin
    if old.status > 2 or old.status = 2 and (
        (new.document_no, new.title, new.version, new.effective_from, new.parameters, new.clauses, new.drafted_by_staff)
            <> (old.document_no, old.title, old.version, old.effective_from, old.parameters, old.clauses, old.drafted_by_staff)
        or new.effective_until is distinct from old.effective_until)
    then
        raise exception 'a submitted policy draft does not change' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger keep_submitted before update on policy_draft for each row execute function keep_submitted_policy();
create trigger never_deleted before delete on policy_draft for each row execute function refuse_change();

create trigger append_only before update or delete on policy_pack for each row execute function refuse_change();

-- Which pack a class's rate was frozen under, and how it came about.
alter table training_class
    add column rate_policy_id int references policy_pack,
    add column standard_fen bigint check (standard_fen > 0),
    add column uplift_percent int check (uplift_percent between 0 and 100),
    add check ((rate_policy_id is null) = (standard_fen is null) and (rate_policy_id is null) = (uplift_percent is null)),
    add check (rate_policy_id is null or rate_fen = standard_fen * (100 + uplift_percent) / 100);
