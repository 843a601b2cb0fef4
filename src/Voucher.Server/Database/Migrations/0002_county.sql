-- The county that this database serves, its townships, and its rules as data.

create table county (
    region  int primary key check (region between 110000 and 829999),
    name    text not null
);

create table township (
    code    int primary key check (code between 110000000 and 829999999),
    region  int not null references county,
    name    text not null check (length(name) between 1 and 30),
    unique (region, name)
);
comment on column township.code is 'GB/T 2260 six digits followed by the three of GB/T 10114.';

create table policy_pack (
    id              int generated always as identity primary key,
    region          int not null references county,
    document_no     text not null,
    title           text not null,
    version         int not null check (version > 0),
    effective_from  date not null,
    effective_until date,
    parameters      jsonb not null,
    clauses         jsonb not null,
    unique (region, document_no, version),
    check (effective_until is null or effective_until >= effective_from)
);
