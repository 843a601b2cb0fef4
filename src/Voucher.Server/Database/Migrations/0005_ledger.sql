-- Public money, double entry, in 分. Append-only: corrections are further postings.

create table fund_source (
    id          int generated always as identity primary key,
    region      int not null references county,
    name        text not null,
    document_no text not null,
    unique (region, name)
);

create table budget_line (
    id              int generated always as identity primary key,
    region          int not null references county,
    fund_source_id  int not null references fund_source,
    year            int not null check (year between 2016 and 2100),
    department      text not null,
    name            text not null,
    unique (region, year, fund_source_id, name)
);

-- One account a budget line and kind: 1 allocated, 2 unreserved, 3 reserved, 4 payable, 5 paid, 6 receivable.
-- Allocated is the source's side and carries the opposite sign of the others.
create table ledger_account (
    id              int generated always as identity primary key,
    budget_line_id  int not null references budget_line,
    kind            smallint not null check (kind between 1 and 6),
    balance_fen     bigint not null default 0,
    unique (budget_line_id, kind),
    check (case when kind = 1 then balance_fen <= 0 else balance_fen >= 0 end)
);
comment on column ledger_account.balance_fen is 'Running sum of the postings, kept in the same transaction; the check refuses overdrawing under any concurrency.';

create table ledger_transaction (
    id          bigint generated always as identity primary key,
    posted_at   timestamptz not null,
    kind        smallint not null check (kind between 1 and 6),
    cause       text not null unique check (length(cause) between 3 and 80),
    rule        text not null,
    account_id  int references account
);
comment on column ledger_transaction.kind is '1 allocate, 2 reserve, 3 release, 4 approve, 5 pay, 6 reverse.';
comment on column ledger_transaction.cause is 'What caused it, such as batch:7 or claim:3; unique, so that nothing is ever posted twice.';

create table ledger_posting (
    transaction_id      bigint not null references ledger_transaction,
    ledger_account_id   int not null references ledger_account,
    amount_fen          bigint not null check (amount_fen <> 0),
    primary key (transaction_id, ledger_account_id)
);
create index ledger_posting_by_account on ledger_posting (ledger_account_id);
