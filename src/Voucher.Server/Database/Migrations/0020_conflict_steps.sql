-- What persons said of a contested enrolment, step by step: a proposal that was sent back stays to be read (decision 0016).
create table conflict_step (
    case_id       bigint not null references conflict_case,
    number        int not null check (number > 0),
    kind          smallint not null check (kind between 1 and 3),
    upheld_scan   uuid,
    reason        text not null check (length(reason) between 1 and 200),
    done_by       int not null references account,
    done_by_staff int not null references staff,
    done_at       timestamptz not null,
    primary key (case_id, number),
    check (kind <> 2 or upheld_scan is null)
);
comment on column conflict_step.kind is '1 proposed, 2 sent back, 3 decided.';
comment on column conflict_step.upheld_scan is 'The claim that is to be upheld; null: none of them.';
create trigger append_only before update or delete on conflict_step for each row execute function refuse_change();
