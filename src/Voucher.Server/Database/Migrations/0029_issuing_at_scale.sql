-- Issuing at scale: pausing and stopping a batch while it is written, revoking many vouchers, counting and reviewing
-- reissues, and what was handed over with a voucher.

-- A batch is paused by one person and stopped by two; what is not written then never is.
alter table batch
    drop constraint batch_status_check,
    drop constraint batch_check1,
    add column paused_at timestamptz,
    add column paused_by int references account,
    add column paused_by_staff int references staff,
    add column pause_reason text check (length(pause_reason) between 1 and 200),
    add column is_stop_asked boolean not null default false,
    add column stopped_by_staff int references staff,
    add constraint batch_status_check check (status between 1 and 6),
    add constraint batch_closed_with_reason check ((status in (4, 5, 6)) = (closed_at is not null and closing_reason is not null)),
    add constraint batch_paused_by_somebody check (num_nonnulls(paused_at, paused_by, paused_by_staff, pause_reason) in (0, 4)),
    add constraint batch_stop_is_asked_in_a_pause check (not is_stop_asked or paused_at is not null),
    add constraint batch_stopped_by_two check ((status = 6) = (stopped_by_staff is not null) and stopped_by_staff <> paused_by_staff);
comment on column batch.status is '1 drafted, 2 approved (vouchers being written), 3 issued, 4 cancelled, 5 refused, 6 stopped while it was written.';
comment on column batch.paused_at is 'Nothing is written from then on; empty when it goes on.';

-- How often the paper was replaced before: 0 for a first print.
alter table voucher add column reissues int not null default 0 check (reissues >= 0);
with recursive chain as (
    select v.id, v.replaced_by, 0 as reissues from voucher v
    where v.replaced_by is not null and not exists (select from voucher o where o.replaced_by = v.id)
    union all
    select v.id, v.replaced_by, c.reissues + 1 from chain c join voucher v on v.id = c.replaced_by)
update voucher v set reissues = c.reissues from chain c where c.id = v.id and c.reissues > 0;

create table reissue_request (
    id                  bigint generated always as identity primary key,
    region              int not null references county,
    voucher_id          bigint not null references voucher,
    number              int not null check (number > 0),
    reason              text not null check (length(reason) between 1 and 200),
    requested_by        int not null references account,
    requested_by_staff  int not null references staff,
    requested_at        timestamptz not null,
    decision            smallint check (decision in (1, 2)),
    decided_by          int references account,
    decided_by_staff    int references staff,
    decided_at          timestamptz,
    decided_reason      text check (length(decided_reason) between 1 and 200),
    successor           bigint references voucher,
    check (num_nonnulls(decision, decided_by, decided_by_staff, decided_at) in (0, 4)),
    check (decided_by_staff <> requested_by_staff),
    check ((decision is not distinct from 1) = (successor is not null)),
    check (decision is distinct from 2 or decided_reason is not null)
);
comment on column reissue_request.number is 'The how-manieth reissue of the voucher it would be.';
comment on column reissue_request.decision is '1 approved and reprinted, 2 refused.';
create unique index reissue_request_open on reissue_request (voucher_id) where decision is null;
create trigger never_deleted before delete on reissue_request for each row execute function refuse_change();

-- Many vouchers taken out of use at once: those of a batch, of a person, or of an institution's unfinished trainees.
create table revocation (
    id                  bigint generated always as identity primary key,
    region              int not null references county,
    batch_id            bigint references batch,
    person_id           bigint references person,
    institution_id      int references institution,
    includes_enrolled   boolean not null,
    reason              text not null check (length(reason) between 1 and 200),
    status              smallint not null check (status between 1 and 4),
    vouchers            int not null check (vouchers >= 0),
    revoked             int not null default 0,
    last_id             bigint not null default 0,
    proposed_by         int not null references account,
    proposed_by_staff   int not null references staff,
    proposed_at         timestamptz not null,
    decided_by          int references account,
    decided_by_staff    int references staff,
    decided_at          timestamptz,
    decided_reason      text check (length(decided_reason) between 1 and 200),
    finished_at         timestamptz,
    retry_at            timestamptz,
    check (num_nonnulls(batch_id, person_id, institution_id) = 1),
    check ((status = 1) = (decided_at is null)),
    check (num_nonnulls(decided_by, decided_by_staff, decided_at) in (0, 3)),
    check (decided_by_staff <> proposed_by_staff),
    check ((status = 3) = (finished_at is not null)),
    check (status <> 4 or decided_reason is not null)
);
comment on column revocation.status is '1 proposed, 2 approved and under way, 3 done, 4 refused.';
comment on column revocation.vouchers is 'How many it would take when it was proposed.';
comment on column revocation.last_id is 'Up to this voucher it is done: a crash in the middle is resumed after it.';
comment on column revocation.retry_at is 'It failed, and others go first until then.';
create unique index revocation_open_of_batch on revocation (batch_id) where status in (1, 2);
create unique index revocation_open_of_person on revocation (person_id) where status in (1, 2);
create unique index revocation_open_of_institution on revocation (institution_id) where status in (1, 2);
create trigger never_deleted before delete on revocation for each row execute function refuse_change();

-- What the proposer saw and the approver decides on; a reprint made meanwhile stands in for its paper.
create table revocation_voucher (
    revocation_id   bigint not null references revocation,
    voucher_id      bigint not null references voucher,
    primary key (revocation_id, voucher_id)
);
create index revocation_voucher_by_voucher on revocation_voucher (voucher_id);
create trigger append_only before update or delete on revocation_voucher for each row execute function refuse_change();

-- A file of a print job holds whole villages of one township where they fit; the first of a township begins with its totals.
alter table print_file
    add column township_code int,
    add column part int not null default 1 check (part > 0);

-- 两联三送: what the holder got together with the voucher.
create table delivery (
    voucher_id  bigint primary key references voucher,
    region      int not null references county,
    items       smallint not null check (items between 1 and 15),
    is_signed   boolean not null,
    account_id  int not null references account,
    at          timestamptz not null
);
comment on column delivery.items is 'Sum of: 1 policy card (明白卡), 2 contact card (联系卡), 4 posts on offer (岗位信息), 8 training papers (培训资料).';
comment on column delivery.is_signed is 'The holder signed on the printed list.';
create trigger append_only before update or delete on delivery for each row execute function refuse_change();
