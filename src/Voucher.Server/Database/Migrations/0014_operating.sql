-- What operators look at: the servers that run, and when the invariants were last checked.

-- Unlogged: it costs no disk flush, and after a crash every server is back in it within seconds.
create unlogged table server_instance (
    id          uuid primary key,
    name        text not null check (length(name) between 1 and 100),
    started_at  timestamptz not null,
    seen_at     timestamptz not null,
    standing    jsonb not null
);
comment on table server_instance is 'One row a running server, renewed every few seconds; seen_at is by the database''s clock.';

create table invariant_run (
    id          bigint generated always as identity primary key,
    at          timestamptz not null,
    checks      int not null check (checks > 0),
    violations  int not null check (violations >= 0)
);
comment on table invariant_run is 'Each whole check of all invariants, by whomever.';
