-- Refusals of which somebody at the desk knows: the screen has shown it at once, or a person has said "understood". One that
-- came while nobody looked has no line here, and is told to every page that opens.
create table told (
    sequence integer primary key references scan (sequence),
    wall_ms  integer not null
) strict;

create index scan_refused on scan (sequence) where state = 'answered' and answer ->> 'accepted' = 0;

-- What was answered before this table existed has been on the screen.
insert into told (sequence, wall_ms) select sequence, answered_ms from scan where state = 'answered';
