-- What terminals without a link judge vouchers by: the status list and the way to it from earlier ones.

create table status_list (
    region      int primary key references county,
    counter     bigint not null check (counter > 0),
    made_at     timestamptz not null,
    as_of       timestamptz not null,
    whole_at    timestamptz not null,
    content     bytea not null
);
alter table status_list alter column content set storage external;
comment on table status_list is 'The newest status list, signed and compressed: two bits a voucher by serial. Derived from voucher, and made anew from it at any time.';
comment on column status_list.as_of is 'Every change that was committed by then is in the list.';
comment on column status_list.whole_at is 'When it was last compared with all vouchers rather than with those that changed.';

create table status_list_delta (
    region      int not null references county,
    counter     bigint not null,
    previous    bigint not null,
    serials     int[] not null,
    primary key (region, counter),
    check (previous < counter)
);
comment on table status_list_delta is 'Serials whose status may have changed between two status lists; the last some hundred are kept.';
