-- A merge once wrote a time of leaving for whoever had only come. No scan stands behind such a time: the next merge, or a scan, says when they left.
update attendance set checked_out_at = null where out_scan_id is null and checked_out_at is not null;

alter table attendance add constraint attendance_out_by_a_scan check ((checked_out_at is null) = (out_scan_id is null));
