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

-- check 4.4 journal-without-gap
-- 终端日志从第一条到已确认的最后一条没有缺号（恢复旧盘后跳号的除外）。
-- A terminal's journal has no gap up to its head, but for where a disk that was set back went on.
select 'terminal ' || terminal_id as subject, 'branch ' || branch || ': nothing before entry ' || sequence as finding
from (select terminal_id, branch, sequence, previous_hash, lag(sequence) over w as before, lag(hash) over w as hash_before
      from journal_entry window w as (partition by terminal_id, branch order by sequence)) chain
where before is not null and sequence <> before + 1
  and not exists (select from journal_fault f where f.terminal_id = chain.terminal_id and f.kind = 4 and f.sequence = chain.sequence);

-- check 4.5 journal-is-a-chain
-- 终端日志的每一条都接着前一条。
-- Each entry of a journal follows the one before it.
select 'terminal ' || terminal_id as subject, 'entry ' || sequence || ' does not follow' as finding
from (select terminal_id, branch, sequence, previous_hash, lag(hash) over w as hash_before
      from journal_entry window w as (partition by terminal_id, branch order by sequence)) chain
where hash_before is not null and hash_before <> previous_hash
  and not exists (select from journal_fault f where f.terminal_id = chain.terminal_id and f.kind = 4 and f.sequence = chain.sequence);

-- check 4.6 accepted-offline-is-in-the-register
-- 离线时接受、已合并的扫码都有它的答复。
-- Every offline scan that was accepted or refused has its answer.
select 'scan ' || o.scan_id as subject, 'state ' || o.state || ' and no answer' as finding
from offline_scan o left join scan s on s.id = o.scan_id
where o.state in (2, 3, 4) and s.id is null;
