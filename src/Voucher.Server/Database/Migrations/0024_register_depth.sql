-- The register in depth: villages, households, what a person can and wishes to do, lists of several kinds, who sees which
-- place, and every change of every field.

-- Places live and end: a code that has ended may be followed by another (GB/T 2260, GB/T 10114).
alter table township add column effective_from date not null default '1949-10-01';
alter table township add column effective_until date;
alter table township add column successor int references township;
alter table township add check (effective_until is null or effective_until >= effective_from);
alter table township add check (successor is null or (effective_until is not null and successor <> code));
alter table township drop constraint township_region_name_key;
create unique index township_name_in_force on township (region, name) where effective_until is null;
comment on column township.effective_until is 'Last day on which the code is used; it stays in history.';

create table village (
    code            bigint primary key check (code between 110000000000 and 829999999999),
    region          int not null references county,
    township_code   int not null references township,
    name            text not null check (length(name) between 1 and 30),
    effective_from  date not null default '1949-10-01',
    effective_until date,
    successor       bigint references village,
    check (code / 1000 = township_code),
    check (effective_until is null or effective_until >= effective_from),
    check (successor is null or (effective_until is not null and successor <> code))
);
comment on column village.code is 'The nine digits of its township and three more.';
create unique index village_name_in_force on village (township_code, name) where effective_until is null;
create index village_by_region on village (region, code);

create trigger never_deleted before delete on township for each row execute function refuse_change();
create trigger never_deleted before delete on village for each row execute function refuse_change();

create table household (
    id              bigint generated always as identity primary key,
    region          int not null references county,
    number          text not null check (length(number) between 1 and 30),
    township_code   int references township,
    village_code    bigint references village,
    is_registered   boolean not null,
    plan            text not null default '' check (length(plan) <= 500),
    created_at      timestamptz not null,
    changed_at      timestamptz not null,
    unique (region, number),
    check (village_code is null or village_code / 1000 = township_code)
);
comment on column household.is_registered is '建档立卡.';
comment on column household.plan is 'What the household plan (一户一策) is after; its measures are in household_measure.';
create index household_by_place on household (region, township_code, village_code);

create table household_measure (
    id              bigint generated always as identity primary key,
    household_id    bigint not null references household,
    text            text not null check (length(text) between 1 and 200),
    responsible     text not null check (length(responsible) between 1 and 50),
    due_on          date not null,
    added_by        int not null references account,
    added_at        timestamptz not null,
    done_on         date,
    done_by         int references account,
    check ((done_on is null) = (done_by is null))
);
create index household_measure_by_household on household_measure (household_id);

alter table person add column household_number text;
alter table person add column relation text not null default '' check (length(relation) <= 20);
alter table person add column labour_ability smallint not null default 0 check (labour_ability between 0 and 5);
alter table person add column village_code bigint references village;
alter table person add column employment smallint not null default 0 check (employment between 0 and 7);
alter table person add column wish_trades int[] not null default '{}' check (cardinality(wish_trades) <= 10);
alter table person add column changes int not null default 0;
alter table person add foreign key (region, household_number) references household (region, number);
alter table person add check (village_code is null or village_code / 1000 = township_code);
comment on column person.labour_ability is '0 not stated, 1 usual, 2 skilled, 3 weak, 4 lost, 5 none.';
comment on column person.employment is '0 not stated, 1 farming, 2 away at work, 3 employed nearby, 4 own business, 5 public-welfare post, 6 out of work, 7 at school.';
comment on column person.wish_trades is 'Trades that the person would like to be trained in (培训意愿).';
comment on column person.changes is 'How many rows of person_change there are; the next one takes this number plus one.';
create index person_by_village on person (region, village_code) where village_code is not null;
create index person_by_household on person (region, household_number) where household_number is not null;
create index person_by_wish on person using gin (wish_trades) where wish_trades <> '{}';

-- Every change of every field. A first appearance is one row of field 1. What is personal is sealed or masked.
create table person_change (
    region          int not null,
    person_id       bigint not null references person,
    number          int not null check (number > 0),
    field           smallint not null check (field between 1 and 99),
    before          text not null check (length(before) <= 300),
    after           text not null check (length(after) <= 300),
    before_sealed   bytea,
    import_id       bigint references register_import,
    account_id      int references account,
    reason          text not null default '' check (length(reason) <= 200),
    at              timestamptz not null,
    primary key (region, person_id, number)
);
comment on column person_change.before_sealed is 'The value itself where the text is only its masked form.';
comment on column person_change.account_id is 'Who made the change by hand, or started the import; none for the system itself.';
create index person_change_by_import on person_change (import_id, person_id, number) where import_id is not null;
create trigger append_only before update or delete on person_change for each row execute function refuse_change();

-- Lists: ordinary ones for issuing to, the standing ones of the county's register (一库五名单), and the year's tasks.
alter table person_list add column kind smallint not null default 1 check (kind between 1 and 3);
alter table person_list add column definition text not null default '' check (length(definition) <= 200);
alter table person_list add column position smallint not null default 0;
alter table person_list add column year int check (year between 2016 and 2100);
alter table person_list add check ((kind = 3) = (year is not null));
comment on column person_list.kind is '1 ordinary, 2 standing (one of 一库五名单), 3 the task list of a year (年度任务清单).';
comment on column person_list.definition is 'Who belongs on the list.';
create unique index person_list_task_of_year on person_list (region, year) where kind = 3;

alter table person_list_member add column import_id bigint references register_import;
alter table person_list_member add column added_by int references account;
alter table person_list_member add column added_at timestamptz;
create index person_list_member_by_person on person_list_member (person_id);
create index person_list_member_by_import on person_list_member (import_id) where import_id is not null;

-- Townships and villages see what is theirs.
alter table account_role drop constraint account_role_role_check;
alter table account_role add constraint account_role_role_check check (role between 1 and 10);
alter table account add column scope_code bigint
    check (scope_code between 110000000 and 829999999 or scope_code between 110000000000 and 829999999999);
alter table account add check (scope_code is null or institution_id is null);
comment on column account.scope_code is 'Nine digits of a township or twelve of a village: this account sees the people of that place only.';
