-- 公示: what is to be paid is put up before it is paid, whoever objects freezes it, two persons decide. And what is kept back
-- of a claim line (留存): released or forfeited by two persons.

create table publication (
    id              bigint generated always as identity primary key,
    region          int not null references county,
    heading         text not null check (length(heading) between 1 and 60),
    from_day        date not null,
    until_day       date not null check (until_day > from_day),
    working_days    int not null check (working_days between 1 and 30),
    phone           text not null check (length(phone) between 1 and 30),
    place           text not null check (length(place) between 1 and 60),
    rule            text not null,
    policy_id       int not null references policy_pack,
    lines           int not null check (lines between 1 and 5000),
    amount_fen      bigint not null check (amount_fen > 0),
    published_by    int not null references account,
    published_by_staff int not null references staff,
    published_at    timestamptz not null
);
comment on table publication is 'Lists that were put up in public; what was shown stays as it was shown.';
comment on column publication.until_day is 'Last day of the period; paid is from the day after it on.';
create index publication_by_until on publication (region, until_day);
select make_append_only('publication');

-- As it was shown: nothing here identifies a trainee, so the public page reads this table alone.
create table publication_line (
    publication_id  bigint not null references publication,
    position        int not null check (position > 0),
    payable_id      bigint not null references payable,
    institution     text not null,
    course          text not null,
    class_id        bigint references training_class,
    class           text not null,
    vouchers        int not null check (vouchers >= 0),
    voucher_tail    text not null check (length(voucher_tail) <= 4),
    masked_name     text not null,
    amount_fen      bigint not null check (amount_fen > 0),
    retained_fen    bigint not null check (retained_fen >= 0),
    primary key (publication_id, position),
    unique (payable_id)
);
comment on column publication_line.amount_fen is 'What is owed, with what of it is kept back.';
select make_append_only('publication_line');

-- Where what is owed stands; what is not here is not published.
create table payable_publication (
    payable_id      bigint primary key references payable,
    publication_id  bigint not null references publication,
    standing        smallint not null check (standing between 1 and 4),
    until_day       date not null,
    open_objections int not null check (open_objections >= 0),
    struck_by       bigint,
    check ((standing = 2) = (open_objections > 0)),
    check ((standing = 4) = (struck_by is not null))
);
comment on column payable_publication.standing is '1 published, 2 objected to (frozen), 3 objections dismissed and the period over, 4 objection upheld: not paid.';
create index payable_publication_by_list on payable_publication (publication_id);

create table objection (
    id              bigint generated always as identity primary key,
    region          int not null references county,
    publication_id  bigint not null references publication,
    channel         smallint not null check (channel between 1 and 4),
    said            text not null check (length(said) between 1 and 500),
    objector_sealed bytea,
    lines           int not null check (lines > 0),
    received_at     timestamptz not null,
    received_by     int references account,
    received_by_staff int references staff,
    due_on          date not null,
    state           smallint not null check (state between 1 and 4),
    proposes_upheld boolean,
    proposed_by_staff int references staff,
    decided_at      timestamptz,
    check ((channel = 4) = (received_by is null)),
    check ((state = 2) = (proposes_upheld is not null)),
    check ((state in (3, 4)) = (decided_at is not null))
);
comment on column objection.objector_sealed is 'Who objected and how they are reached; sealed as all personal data, empty: left anonymous.';
comment on column objection.state is '1 open, 2 proposed, 3 upheld, 4 dismissed.';
alter table payable_publication add foreign key (struck_by) references objection;
comment on column payable_publication.struck_by is 'The upheld objection by which it is not paid.';
create index objection_open on objection (region, due_on) where state in (1, 2);
create index objection_by_publication on objection (publication_id, received_at);

create table objection_line (
    objection_id    bigint not null references objection,
    payable_id      bigint not null references payable,
    primary key (objection_id, payable_id)
);
create index objection_line_by_payable on objection_line (payable_id);
-- All that is owed for a voucher is frozen and struck together.
create index payable_by_line on payable (claim_line_id) where claim_line_id is not null;
select make_append_only('objection_line');

create table objection_step (
    objection_id    bigint not null references objection,
    number          int not null,
    step            smallint not null check (step between 1 and 4),
    reason          text not null check (length(reason) between 1 and 200),
    account_id      int not null references account,
    staff_id        int not null references staff,
    at              timestamptz not null,
    primary key (objection_id, number)
);
comment on column objection_step.step is '1 proposed to uphold, 2 proposed to dismiss, 3 confirmed, 4 sent back.';
select make_append_only('objection_step');

-- An approval that an upheld objection has undone: the line is rejected, its voucher is not claimed again.
alter table claim_line add column objection_id bigint references objection;
-- A line that was passed is rejected only by an objection.
alter table claim_line drop constraint claim_line_check4;
alter table claim_line add constraint claim_line_rejected check (state <> 4 or verdict = 2 or objection_id is not null);
alter table claim_line add constraint claim_line_undone check (objection_id is null or state = 4);
create index claim_line_undone_of_voucher on claim_line (voucher_id) where objection_id is not null;

create table retained_list (
    id              bigint generated always as identity primary key,
    region          int not null references county,
    is_release      boolean not null,
    reason          text not null check (length(reason) between 1 and 200),
    lines           int not null check (lines between 1 and 2000),
    amount_fen      bigint not null check (amount_fen > 0),
    drafted_by      int not null references account,
    drafted_by_staff int not null references staff,
    drafted_at      timestamptz not null,
    approved        boolean,
    decided_by      int references account,
    decided_by_staff int references staff,
    decided_at      timestamptz,
    refusal_reason  text check (length(refusal_reason) between 1 and 200),
    check ((approved is null) = (decided_at is null)),
    check ((decided_at is null) = (decided_by_staff is null)),
    check ((refusal_reason is not null) = (approved is not null and not approved)),
    constraint retained_list_two_persons check (decided_by_staff <> drafted_by_staff)
);
comment on table retained_list is 'Lists by which retained money is released to institutions, or forfeited; drafted by one person, approved or refused by another.';

create table retained_list_line (
    list_id         bigint not null references retained_list,
    claim_line_id   bigint not null references claim_line,
    amount_fen      bigint not null check (amount_fen > 0),
    primary key (list_id, claim_line_id)
);
create index retained_list_line_by_line on retained_list_line (claim_line_id);
select make_append_only('retained_list_line');

-- Where what is kept back of a line stands; what is not here is kept. 2 release drafted, 3 forfeit drafted, 4 released, 5 forfeited.
create table retained_standing (
    claim_line_id   bigint primary key references claim_line,
    list_id         bigint not null references retained_list,
    state           smallint not null check (state between 2 and 5)
);
create index claim_line_retained on claim_line (retained_until) where retained_fen > 0;
