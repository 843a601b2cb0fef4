-- Every decision, unmasking and export: who, when, what. Hash-chained: each row's hash covers the one before it.

create table audit_entry (
    number      bigint primary key check (number > 0),
    at          timestamptz not null,
    account_id  int references account,
    action      text not null check (length(action) between 3 and 40),
    subject     text not null check (length(subject) <= 80),
    detail      text not null check (length(detail) <= 500),
    hash        bytea not null check (length(hash) = 32)
);
