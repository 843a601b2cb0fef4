-- What was acknowledged to a terminal is there.

-- check 4.1 accepted-scan-has-its-event
-- 每次被接受的扫码都有它的流水。
-- Every accepted scan has its event.
select 'scan ' || s.id as subject,
       'voucher ' || coalesce(s.voucher_id::text, 'none') || ', event ' || coalesce(s.event_number::text, 'none') as finding
from scan s left join voucher_event e on e.voucher_id = s.voucher_id and e.number = s.event_number and e.scan_id = s.id
where s.refusal = 0 and e.number is null;

-- check 4.2 scanned-event-has-its-scan
-- 每条由扫码产生的流水都有它的扫码，且只有一条。
-- Every event that a scan caused has its accepted scan, and a scan causes one event.
select 'voucher ' || e.voucher_id as subject, 'event ' || e.number || ', scan ' || e.scan_id as finding
from voucher_event e left join scan s on s.id = e.scan_id and s.voucher_id = e.voucher_id and s.event_number = e.number and s.refusal = 0
where e.scan_id is not null and s.id is null;

-- check 4.3 sequence-once
-- 一台终端的一个序号只用一次。
-- A sequence number of a terminal is used once.
select 'terminal ' || terminal_id as subject, 'sequence ' || sequence || ' used ' || count(*) || ' times' as finding
from scan group by terminal_id, sequence having count(*) > 1;
