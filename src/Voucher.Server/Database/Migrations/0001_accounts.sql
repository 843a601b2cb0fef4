-- People who work with the system, their log-ins and roles.

create table staff (
    id          int generated always as identity primary key,
    name        text not null check (length(name) between 1 and 50)
);
comment on table staff is 'A human being. Separation of duties is by staff member, not by account.';

create table account (
    id              int generated always as identity primary key,
    staff_id        int not null references staff,
    login           text not null unique check (login ~ '^[a-z0-9][a-z0-9._-]{1,31}$'),
    password_hash   text not null,
    institution_id  int,
    is_active       boolean not null default true,
    created_at      timestamptz not null
);
comment on column account.institution_id is 'Set for people of an institution: they see only their own.';

create table account_role (
    account_id  int not null references account,
    role        smallint not null check (role between 1 and 8),
    primary key (account_id, role)
);

-- Keys of the web framework's data protection (cookies, access tokens), shared by all servers of a county.
create table data_protection_key (
    friendly_name   text primary key,
    xml             text not null
);
