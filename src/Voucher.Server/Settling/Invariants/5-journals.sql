-- What a terminal's journal holds and what the server has taken of it agree.

-- check 5.1 head-is-last-scan
-- 终端记录的最后序号就是它最后一次扫码的序号。
-- The last sequence noted for a terminal is that of its last scan: none is lost behind it, none stands beyond it.
select 'terminal ' || t.id as subject, 'noted up to ' || t.last_sequence || ', last scan ' || coalesce(max(s.sequence), 0) as finding
from terminal t left join scan s on s.terminal_id = t.id
group by t.id having coalesce(max(s.sequence), 0) <> t.last_sequence;
