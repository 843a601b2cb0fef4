-- State only moves along the machine's graph; every transition has one event, every event one transition.

-- check 2.1 state-is-last-event
-- 券的状态等于最后一条流水的结果。
-- A voucher's state is where its last event led.
select 'voucher ' || v.id as subject, 'state ' || v.state || ', last event led to ' || coalesce(e.to_state::text, 'none') as finding
from voucher v left join voucher_event e on e.voucher_id = v.id and e.number = v.events
where e.to_state is distinct from v.state;

-- check 2.2 events-without-gap
-- 流水号从1起连续，总数与券上记的一致。
-- Events count from 1 without a gap, up to the number on the voucher.
select 'voucher ' || v.id as subject,
       v.events || ' events expected, ' || count(e.number) || ' found, last ' || coalesce(max(e.number), 0) as finding
from voucher v left join voucher_event e on e.voucher_id = v.id
group by v.id having count(e.number) <> v.events or coalesce(max(e.number), 0) <> v.events;

-- check 2.3 events-are-a-chain
-- 每条流水从上一条的结果出发。
-- Each event starts where the one before it ended.
select 'voucher ' || voucher_id as subject, 'event ' || number || ' starts from ' || from_state || ', the one before led to ' || before as finding
from (select voucher_id, number, from_state, lag(to_state) over (partition by voucher_id order by number) as before from voucher_event) chain
where before is not null and before <> from_state;

-- check 2.4 only-known-steps
-- 流水只走规定的路径。
-- Events only take steps of the machine's graph.
select 'voucher ' || e.voucher_id as subject, 'event ' || e.number || ' of kind ' || e.kind || ' from ' || e.from_state || ' to ' || e.to_state as finding
from voucher_event e
where not (e.kind = 1 and e.number = 1 and e.to_state = 1)
  and (e.number = 1 or (e.kind, e.from_state, e.to_state) not in (
      -- handed over, enrolled, checked in, checked out, completed, withdrawn, contested
      (2, 1, 2), (3, 1, 3), (3, 2, 3), (4, 3, 3), (5, 3, 3), (6, 3, 4), (7, 3, 5), (10, 3, 2),
      -- revoked, replaced
      (8, 1, 6), (8, 2, 6), (8, 3, 6), (9, 1, 7), (9, 2, 7), (9, 3, 7)));
