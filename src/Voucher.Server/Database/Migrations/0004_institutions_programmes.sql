-- Trades, programmes, institutions, and which institution may teach what.

create table trade (
    code    int primary key check (code between 1 and 999),
    name    text not null unique
);

create table programme (
    id              int generated always as identity primary key,
    region          int not null references county,
    code            int not null check (code between 1000 and 65535),
    name            text not null check (length(name) between 1 and 40),
    trade_code      int not null references trade,
    theory_hours    int not null check (theory_hours between 0 and 1000),
    practice_hours  int not null check (practice_hours between 0 and 1000),
    subsidy_fen     bigint not null check (subsidy_fen > 0),
    is_open         boolean not null default true,
    unique (region, code),
    unique (region, name)
);
comment on column programme.subsidy_fen is 'Subsidy standard in force for a trainee who completes; a class freezes it at approval.';

create table institution (
    id              int generated always as identity primary key,
    region          int not null references county,
    uscc            text not null unique check (length(uscc) = 18),
    name            text not null check (length(name) between 2 and 60),
    address         text not null default '' check (length(address) <= 100),
    phone           text not null default '' check (length(phone) <= 30),
    capacity        int not null check (capacity between 1 and 10000),
    accredited_from date not null,
    accredited_until date not null,
    is_suspended    boolean not null default false,
    payee_name      text,
    payee_bank      text,
    payee_account_sealed bytea,
    payee_account_masked text,
    is_demo         boolean not null default false,
    check (accredited_until >= accredited_from)
);
comment on column institution.capacity is 'Accredited training scale: the largest class it may open.';

alter table account add foreign key (institution_id) references institution;

create table institution_programme (
    institution_id  int not null references institution,
    programme_id    int not null references programme,
    primary key (institution_id, programme_id)
);
