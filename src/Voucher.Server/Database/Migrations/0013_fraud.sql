-- Suspicions that are held for a person, and bait vouchers that nobody holds.

alter table county add column phone text not null default '' check (length(phone) <= 30);
comment on column county.phone is 'Where a desk calls about a voucher that is held.';

-- Bait is marked where people, batches and figures are counted: it is in none of them, and reserves no money.
alter table person add column is_bait boolean not null default false;
alter table batch add column is_bait boolean not null default false;
create index batch_bait on batch (id) where is_bait;

create table hold (
    id              bigint generated always as identity primary key,
    region          int not null references county,
    voucher_id      bigint not null references voucher,
    reason          smallint not null check (reason between 1 and 5),
    opened_at       timestamptz not null,
    due_at          timestamptz not null,
    scan_id         uuid,
    terminal_id     int references terminal,
    evidence        jsonb not null,
    alarmed_at      timestamptz,
    confirmed_at    timestamptz,
    released_at     timestamptz,
    check (reason = 1 or (alarmed_at is not null and scan_id is not null and terminal_id is not null)),
    check (reason <> 1 or released_at is null)
);
comment on column hold.reason is '1 bait, 2 two places, 3 tried elsewhere, 4 too close, 5 many at once.';
comment on column hold.scan_id is 'The scan that raised it; none for bait, which is held from its birth.';
comment on column hold.alarmed_at is 'When it was last brought to the county; null for bait that nobody has shown yet.';
comment on column hold.confirmed_at is 'The county found the suspicion right: the voucher stays held.';
-- One hold in force a voucher; the one lookup of the scan path.
create unique index hold_in_force on hold (voucher_id) where released_at is null;
create index hold_by_voucher on hold (voucher_id);

create table hold_decision (
    hold_id             bigint not null references hold,
    number              int not null check (number > 0),
    verdict             smallint not null check (verdict in (1, 2)),
    reason              text not null check (length(reason) between 1 and 200),
    decided_by          int not null references account,
    decided_by_staff    int not null references staff,
    decided_at          timestamptz not null,
    primary key (hold_id, number)
);
comment on column hold_decision.verdict is '1 released, 2 confirmed.';

create trigger append_only before update or delete on hold_decision for each row execute function refuse_change();
create trigger never_deleted before delete on hold for each row execute function refuse_change();

-- What a voucher was refused: accepted scans cost nothing for it.
create index scan_refused_by_voucher on scan (voucher_id, received_at) where refusal <> 0 and voucher_id is not null;
