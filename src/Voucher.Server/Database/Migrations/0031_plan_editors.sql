-- Whoever changed a draft of targets wrote a part of it, and does not approve it.
create table plan_editor (
    plan_id     int not null references plan,
    staff_id    int not null references staff,
    primary key (plan_id, staff_id)
);
comment on table plan_editor is 'Persons who divided targets of the draft or took a breakdown over, beside the one who drafted it.';
create trigger append_only before update or delete on plan_editor for each row execute function refuse_change();

create function plan_editor_in_draft() returns trigger language plpgsql as $$
begin
    if not exists (select from plan where id = new.plan_id and status = 1) then
        raise exception 'plan % is edited only while it is a draft', new.plan_id using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger in_draft before insert on plan_editor for each row execute function plan_editor_in_draft();

create function plan_editors_do_not_approve() returns trigger language plpgsql as $$
begin
    if exists (select from plan_editor where plan_id = new.id and staff_id = new.approved_by_staff) then
        raise exception 'plan % was edited by its approver', new.id using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger editors_do_not_approve before update of approved_by_staff on plan for each row execute function plan_editors_do_not_approve();
