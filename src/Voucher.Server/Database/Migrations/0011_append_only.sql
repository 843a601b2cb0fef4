-- History is only ever appended. The triggers hold against every code path and against hands in psql.

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;

create trigger append_only before update or delete on voucher_event for each row execute function refuse_change();
create trigger append_only before update or delete on ledger_transaction for each row execute function refuse_change();
create trigger append_only before update or delete on ledger_posting for each row execute function refuse_change();
create trigger append_only before update or delete on audit_entry for each row execute function refuse_change();
create trigger append_only before update or delete on scan for each row execute function refuse_change();
create trigger append_only before update or delete on completion for each row execute function refuse_change();
