using Dapper;
using Voucher.Core;
using Voucher.Core.Refusals;
using Voucher.Core.Vouchers;
using Voucher.Server.Invariants;

namespace Voucher.Server.Tests.Settling;

/// <summary>Each invariant is broken behind the system's back, with every guard of the database switched off, and must say so.</summary>
public sealed class InvariantTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private readonly Desk _desk = new(server);

    /// <summary>
    /// Number of the check, what breaks it, and guards that must be taken away first. {v}: a paid voucher, {w}: a completed
    /// and claimed one, {e}: an enrolled one, {c}: the paid claim.
    /// </summary>
    public static TheoryData<string, string> Breakages => new()
    {
        { "1.1", "drop index enrolment_once_a_voucher; drop index enrolment_once_a_person; insert into enrolment (voucher_id, person_id, class_id, enrolled_at, number) select voucher_id, person_id, class_id, enrolled_at, 99 from enrolment where voucher_id = {e}" },
        { "1.2", "update enrolment set is_active = false where voucher_id = {e}" },
        { "1.3", "alter table completion drop constraint completion_pkey, drop constraint completion_enrolment_id_key, drop constraint completion_scan_id_key; insert into completion select * from completion where voucher_id = {v}" },
        { "1.4", "delete from completion where voucher_id = {w}" },
        { "1.4", "update completion set enrolment_id = (select id from enrolment where voucher_id = {e}) where voucher_id = {w}" },
        { "1.5", "drop index claim_line_once_a_voucher; insert into claim_line (claim_id, voucher_id, budget_line_id, face_value_fen, rate_fen, amount_fen, evidence, state) select claim_id, voucher_id, budget_line_id, face_value_fen, rate_fen, amount_fen, evidence, 2 from claim_line where voucher_id = {w}" },
        { "1.6", "drop index enrolment_once_a_person; drop index enrolment_number_of_person; update enrolment set person_id = (select person_id from enrolment where voucher_id = {v}) where voucher_id = {w}" },
        { "1.7", "update training_class set enrolled = enrolled + 1 where id = (select class_id from enrolment where voucher_id = {e})" },
        { "1.8", "insert into scan (id, terminal_id, sequence, content_hash, mode, class_id, refusal, scanned_at, received_at, answer) values (gen_random_uuid(), 999999, 1, sha256(''), 1, 1, 101, now(), now(), '{}')" },
        { "1.8", "update voucher set budget_line_id = 999999 where id = {v}" },
        { "1.8", "update voucher_event set account_id = 999999 where voucher_id = {v} and number = 1" },
        { "1.9", LeaveOut + "insert into batch_left_out (batch_id, person_id, leave_out_id, ordinal, reasons, rule) select batch_id, person_id, 1, 0, '{1}', 'x' from voucher where id = {e}" },
        { "1.9", LeaveOut + "insert into batch_left_out (batch_id, person_id, leave_out_id, ordinal, reasons, rule) select batch_id, 999999, 1, 0, '{1}', 'x' from voucher where id = {e}; update batch set people = people + 1 where id = (select batch_id from voucher where id = {e})" },
        { "2.1", "update voucher set state = 3 where id = {v}" },
        { "2.1", "update voucher set events = 99 where id = {v}" },
        { "2.2", "delete from voucher_event where voucher_id = {v} and number = 3" },
        { "2.2", "update voucher set events = events - 1 where id = {v}" },
        { "2.3", "update voucher_event set from_state = 2 where voucher_id = {v} and number = 5" },
        { "2.4", "update voucher_event set kind = 9 where voucher_id = {v} and number = 4" },
        { "2.4", "update voucher_event set to_state = 4 where voucher_id = {v} and number = 1" },
        { "2.4", "insert into voucher_event (voucher_id, number, kind, from_state, to_state, at) values ({v}, 50, 8, 4, 6, now())" },
        { "3.1", "update ledger_posting set amount_fen = amount_fen + 1 where transaction_id = (select id from ledger_transaction where cause = 'claim:{c}') and amount_fen > 0" },
        { "3.1", "delete from ledger_posting where transaction_id = (select id from ledger_transaction where cause = 'claim:{c}')" },
        { "3.2", "update ledger_account set balance_fen = balance_fen + 1 where kind = 5" },
        { "3.3", "update ledger_account set balance_fen = balance_fen + 1 where kind = 5" },
        { "3.4", "alter table ledger_account drop constraint ledger_account_check; update ledger_account set balance_fen = -1 where kind = 4" },
        { "3.5", "update voucher set is_reserved = false where id = {e}" },
        { "3.5", "update batch set status = 2, written = written - 1 where id = (select batch_id from voucher where id = {e})" },
        { "3.6", "update payable set amount_fen = amount_fen - 1, state = 2 where claim_line_id in (select id from claim_line where voucher_id = {v})" },
        { "3.7", "update payable set amount_fen = amount_fen - 1 where claim_line_id in (select id from claim_line where voucher_id = {v})" },
        { "16.1", "update payment_row set paid_fen = paid_fen - 1" },
        { "16.1", "update payment_return_row set is_booked = false" },
        { "16.2", "update payment_row set state = 4" },
        { "16.3", "update payment set status = 3" },
        { "16.4", "update payable set payment_row_id = null, state = 1 where claim_line_id in (select id from claim_line where voucher_id = {v})" },
        { "16.5", "delete from payment_row_sent; update payment_row set state = 2" },
        { "16.5", "update payment_row_sent set attempt = attempt + 1" },
        { "16.6", "update payment set fund_source_id = (select max(id) from fund_source)" },
        { "3.8", "update ledger_transaction set cause = 'claim:9999' where cause = 'claim:{c}'" },
        { "3.9", "update payment set total_fen = total_fen + 1" },
        { "3.9", "update payment_row set gross_fen = gross_fen + 1, amount_fen = amount_fen + 1" },
        { "3.10", "update claim_line set amount_fen = amount_fen - 1 where voucher_id = {w}" },
        { "3.10", "update claim_line set delivered_hours = 1, full_pay_percent = 100 where voucher_id = {w}" },
        { "3.10", "update claim_line set delivered_hours = 7 where voucher_id = {w}" },
        { "3.10", "update claim_line set rate_fen = rate_fen + 1 where voucher_id = {w}" },
        { "3.10", "update claim_line set budget_line_id = (select min(id) from budget_line) where voucher_id = {w}" },
        { "3.11", "update claim set status = 2 where id = {c}" },
        { "3.11", "update payment set status = 1" },
        { "3.12", "update voucher set is_reserved = false where id = {w}" },
        { "3.12", "update voucher set is_reserved = true where id = {v}" },
        { "3.13", "insert into fund_purpose (region, fund_source_id, budget_line_id, scope) select l.region, l.fund_source_id, l.id, 7 from budget_line l join voucher v on v.budget_line_id = l.id where v.id = {e}" },
        { "3.13", "insert into fund_purpose (region, fund_source_id, scope) select l.region, l.fund_source_id, 7 from budget_line l join voucher v on v.budget_line_id = l.id where v.id = {w}; update batch set scope = 7 where id = (select batch_id from voucher where id = {w})" },
        { "3.14", "update ledger_transaction set kind = 7 where id = (select min(id) from ledger_transaction where cause like 'allocate:%'); insert into ledger_posting (transaction_id, ledger_account_id, amount_fen) select (select min(id) from ledger_transaction where cause like 'allocate:%'), max(a.id), 1 from ledger_account a join budget_line l on l.id = a.budget_line_id where l.fund_source_id = (select max(id) from fund_source)" },
        { "3.30", "update ledger_transaction set rule = rule || ' more' where cause = 'claim:{c}'" },
        { "3.31", "update ledger_voucher_move set amount_fen = amount_fen + 1 where voucher_id = {v}" },
        { "3.31", "delete from ledger_voucher_move where voucher_id = {v}" },
        { "3.32", "update batch set status = 2, people = people + 1 where id = (select batch_id from voucher where id = {e})" },
        { "3.33", ClosedMonth + "update balance_snapshot set balance_fen = balance_fen + 1 where ledger_account_id = (select min(ledger_account_id) from balance_snapshot)" },
        { "3.33", ClosedMonth + "delete from balance_snapshot where ledger_account_id = (select min(ledger_account_id) from balance_snapshot)" },
        { "3.34", ClosedMonth + "update month_closing set through_number = through_number - 1" },
        { "3.34", ClosedMonth + "update month_closing set root = sha256('x')" },
        { "3.35", "update ledger_transaction set kind = 14, corrects = (select min(id) from ledger_transaction) where cause = 'claim:{c}'" },
        { "4.1", "update scan set event_number = null where voucher_id = {v} and event_number = 4" },
        { "4.1", "update voucher_event set scan_id = null where voucher_id = {v} and number = 4" },
        { "4.2", "delete from scan where voucher_id = {v} and event_number = 4" },
        { "4.2", "update voucher_event set scan_id = (select scan_id from voucher_event where voucher_id = {v} and number = 4) where voucher_id = {v} and number = 5" },
        { "4.3", "alter table scan drop constraint scan_terminal_id_sequence_key; update scan set sequence = 1 where voucher_id = {v} and event_number = 4" },
        { "4.4", Journal + "delete from journal_entry where terminal_id = 999 and sequence = 2" },
        { "4.5", Journal + "update journal_entry set previous_hash = sha256('x') where terminal_id = 999 and sequence = 2" },
        { "4.6", "insert into offline_scan (scan_id, terminal_id, branch, sequence, institution_id, mode, class_id, from_at, to_at, made_at, received_at, state) values (gen_random_uuid(), 1, 0, 1, 1, 1, 1, now(), now(), now(), now(), 2)" },
        { "6.1", "update voucher set in_conflict = true where id = {v}" },
        { "6.1", "update voucher set state = 6 where id = {v}" },
        { "6.2", "delete from spot_check" },
        { "6.3", "update claim set institution_id = institution_id + 1 where id = {c}" },
        { "6.4", "insert into hold (region, voucher_id, reason, opened_at, due_at, scan_id, terminal_id, evidence, alarmed_at) select region, {v}, 2, '2020-01-01', '2020-01-02', gen_random_uuid(), 1, '[]', '2020-01-01' from county" },
        { "6.5", "update voucher set in_conflict = true where id = {e}" },
        { "7.1", DropTwoPersonsCheck + "update batch set approved_by_staff = drafted_by_staff where id = (select batch_id from voucher where id = {e})" },
        { "7.2", "update claim_line l set reviewed_by_staff = b.drafted_by_staff from voucher v join batch b on b.id = v.batch_id where v.id = l.voucher_id and v.id = {v}" },
        { "7.2", "update claim_line l set reviewed_by_staff = c.submitted_by_staff from claim c where c.id = l.claim_id and l.voucher_id = {v}" },
        { "7.3", "insert into claim_line_step (claim_line_id, number, kind, done_by, done_by_staff, done_at) select l.id, 90, 7, c.approved_by, c.approved_by_staff, now() from claim_line l join claim c on c.id = l.claim_id where l.voucher_id = {v}" },
        { "7.3", "update claim c set approved_by_staff = l.reviewed_by_staff from claim_line l where l.claim_id = c.id and l.voucher_id = {v}" },
        { "7.4", "update payment p set paid_by_staff = l.reviewed_by_staff from claim_line l where l.voucher_id = {v}" },
        { "7.4", "update payment p set created_by_staff = b.approved_by_staff from batch b, voucher v where v.batch_id = b.id and v.id = {v}" },
        { "7.4", "insert into claim_line_step (claim_line_id, number, kind, done_by, done_by_staff, done_at) select l.id, 91, 7, p.created_by, p.created_by_staff, now() from claim_line l join payment p on p.id = l.payment_id where l.voucher_id = {v}" },
        { "7.4", AllowanceList + "update payable set kind = 3, claim_line_id = null, institution_id = null, person_id = (select person_id from voucher where id = {v}), allowance_id = (select max(id) from allowance) where claim_line_id in (select id from claim_line where voucher_id = {v}); update allowance_list set drafted_by_staff = (select max(created_by_staff) from payment)" },
        { "7.4", "update staff set merged_into = (select reviewed_by_staff from claim_line where voucher_id = {v}) where id = (select created_by_staff from payment p join claim_line l on l.payment_id = p.id where l.voucher_id = {v})" },
        { "7.5", "update payment set paid_by_staff = (select min(id) from staff)" },
        { "7.6", LeaveOut },
        { "8.1", "update claim_line_step set kind = 2, reason = 'x' where claim_line_id in (select id from claim_line where voucher_id = {v})" },
        { "8.1", "delete from claim_line_step where claim_line_id in (select id from claim_line where voucher_id = {v})" },
        { "8.2", "update claim_approval set passed = passed + 1" },
        { "8.3", "delete from phone_attempt" },
        { "14.1", Publishes + "update policy_pack set parameters = parameters || '{\"publicityWorkingDays\": 5}'" },
        { "14.1", Publishes + "update policy_pack set parameters = parameters || '{\"publicityWorkingDays\": 5}'; insert into payable_publication (payable_id, publication_id, standing, until_day, open_objections) select id, 1, 1, '2090-01-01', 0 from payable where claim_line_id = (select id from claim_line where voucher_id = {v})" },
        { "14.2", Publishes + "insert into payable_publication (payable_id, publication_id, standing, until_day, open_objections) select id, 1, 2, '2020-01-01', 1 from payable where claim_line_id = (select id from claim_line where voucher_id = {v})" },
        { "14.3", Publishes + "insert into payable_publication (payable_id, publication_id, standing, until_day, open_objections) select id, 1, 2, '2020-01-01', 1 from payable where claim_line_id = (select id from claim_line where voucher_id = {v})" },
        { "14.4", Publishes + "update publication set lines = 2" },
        { "14.5", Objects + "insert into objection_step select o.id, n, n * 2 - 1, 'x', a.id, a.staff_id, now() from objection o, generate_series(1, 2) n, (select id, staff_id from account order by id limit 1) a" },
        { "14.6", Objects + "update claim_line set state = 4, verdict = 2, review_reason = 'x', reviewed_by_staff = 1, reviewed_at = now(), approval = 1, retained_fen = 1, retained_until = '2090-01-01', objection_id = (select max(id) from objection) where voucher_id = {w}" },
        { "14.7", "update claim_line set retained_fen = 1, retained_until = '2090-01-01' where voucher_id = {v}" },
        { "14.8", "insert into payable (region, kind, claim_line_id, institution_id, budget_line_id, amount_fen, state, created_at) select region, 2, claim_line_id, institution_id, budget_line_id, 1, 1, now() from payable where claim_line_id = (select id from claim_line where voucher_id = {v})" },
        { "14.9", "alter table retained_list drop constraint retained_list_two_persons; insert into retained_list (region, is_release, reason, lines, amount_fen, drafted_by, drafted_by_staff, drafted_at, approved, decided_by, decided_by_staff, decided_at) select c.region, true, 'x', 1, 1, a.id, a.staff_id, now(), true, a.id, a.staff_id, now() from county c, (select id, staff_id from account order by id limit 1) a" },
        { "7.7", "alter table payment drop constraint payment_two_persons; update payment set sent_by_staff = round_by_staff" },
        { "7.7", "update payee_account a set proposed_by_staff = p.sent_by_staff, verified_at = '2020-01-01' from payment p join payment_row r on r.payment_id = p.id where a.id = r.payee_account_id" },
        { "7.1", "update staff set merged_into = (select drafted_by_staff from batch where id = (select batch_id from voucher where id = {e})) where id = (select approved_by_staff from batch where id = (select batch_id from voucher where id = {e}))" },
        { "7.8", "insert into account_role (account_id, role) select id, 1 from account where login = 'auditor'" },
        { "7.8", "update account set staff_id = (select staff_id from account where login = 'operator') where login = 'clerk'" },
        { "15.6", "alter table allowance_line drop constraint allowance_line_two_persons; insert into allowance_line (budget_line_id, document_no, proposed_by, proposed_by_staff, proposed_at, allowed_by, allowed_by_staff, allowed_at) select budget_line_id, 'x', 1, 1, now(), 1, 1, now() from voucher where id = {v}" },
        { "15.1", Allowance },
        { "15.2", Allowance + "insert into allowance_day (allowance_id, person_id, kind, day, rate_fen, policy_id, standing) select id, person_id, kind, '2000-01-01', 1000, 1, 1 from allowance" },
        { "15.3", Allowance },
        { "15.3", AllowanceList + "insert into payable (region, kind, allowance_id, person_id, budget_line_id, amount_fen, state, created_at) select region, 3, id, person_id, budget_line_id, amount_fen, 4, now() from allowance where list_id is not null" },
        { "15.4", AllowanceList },
        { "15.5", AllowanceList },
        { "15.6", DropListTwoPersonsCheck + AllowanceList + "update allowance_list set approved_by_staff = 1" },
        { "13.1", "update ledger_account set balance_fen = balance_fen + 1 where kind = 6" },
        { "13.2", "update recovery_part set amount_fen = amount_fen + 1000000 where id = (select max(id) from recovery_part)" },
        { "13.3", "update claim_line set clawed_back_fen = clawed_back_fen + 1 where clawed_back_fen > 0" },
        { "13.4", "update ledger_transaction set cause = 'recovery:999999' where cause = (select 'recovery:' || max(id) from recovery)" },
        { "13.5", "update recovery set state = 3 where id = (select max(id) from recovery)" },
        { "13.6", "alter table recovery drop constraint recovery_two_persons; update recovery set decided_by_staff = proposed_by_staff where id = (select max(id) from recovery)" },
        { "13.6", "update recovery r set decided_by_staff = (select max(c.reviewed_by_staff) from recovery_line l join claim_line c on c.id = l.claim_line_id where l.recovery_id = r.id) where id = (select max(id) from recovery)" },
        { "13.6", "insert into claim_line_step (claim_line_id, number, kind, done_by, done_by_staff, done_at) select l.claim_line_id, 92, 7, r.decided_by, r.decided_by_staff, now() from recovery r join recovery_line l on l.recovery_id = r.id where r.id = (select max(id) from recovery)" },
        { "13.6", "update staff set merged_into = (select proposed_by_staff from recovery order by id desc limit 1) where id = (select decided_by_staff from recovery order by id desc limit 1)" },
        { "13.7", "update notice_number set last = last + 1" },
        { "13.8", "update payment_row set netted_fen = 1, amount_fen = amount_fen - 1, paid_fen = paid_fen - 1 where id = (select max(id) from payment_row)" },
        { "13.8", "insert into recovery_netting (payment_row_id, recovery_id, budget_line_id, amount_fen, state) select r.id, (select max(id) from recovery), r.budget_line_id, 1, 2 from payment_row r order by id limit 1" },
        { "9.1", "update audit_entry set detail = detail || ' more' where number = 2" },
        { "9.1", "delete from audit_entry where number = 2" },
        { "9.2", "update phone_attempt set note = 'x'" },
        { "9.2", "delete from claim_line_step where claim_line_id in (select id from claim_line where voucher_id = {v})" },
        { "9.2", "update history_chain set content = sha256('x') where number = 2" },
        { "9.1", "update audit_entry set hash = decode(repeat('00', 32), 'hex') where number = 1" },
    };

    /// <summary>A sound journal of three entries.</summary>
    private const string Journal = """
        insert into journal_entry (terminal_id, branch, sequence, kind, entry_id, content, previous_hash, hash, boot_id, monotonic_ms, wall_ms, checkpoint_ms, signature, is_provisional, received_at)
        select 999, 0, n, 1, gen_random_uuid(), '{}', sha256((n - 1)::text::bytea), sha256(n::text::bytea), gen_random_uuid(), 0, 0, 0, decode(repeat('00', 64), 'hex'), true, now()
        from generate_series(1, 3) n;
        """;

    /// <summary>A list of what the paid claim's voucher was owed.</summary>
    private const string Publishes = """
        insert into publication (region, heading, from_day, until_day, working_days, phone, place, rule, policy_id, lines, amount_fen, published_by, published_by_staff, published_at)
        select c.region, 'x', '2020-01-01', '2020-01-08', 5, '1', 'x', 'x', p.id, 1, 1, a.id, a.staff_id, now()
        from county c, (select min(id) as id from policy_pack) p, (select id, staff_id from account order by id limit 1) a;
        """ + "\n";

    private const string Objects = Publishes + """
        insert into objection (region, publication_id, channel, said, lines, received_at, due_on, state)
        select region, id, 4, 'x', 1, now(), '2020-01-08', 1 from publication order by id desc limit 1;
        """ + "\n";

    /// <summary>Decided, with the approval of the batch, by who drafted it.</summary>
    private const string LeaveOut = """
        insert into batch_leave_out (batch_id, list_mark, people, decision, decided_by, decided_by_staff, decided_at)
        select id, repeat('0', 64), 1, 1, drafted_by, drafted_by_staff, now() from batch where id = (select batch_id from voucher where id = {e});
        """ + "\n";

    /// <summary>Everything so far is closed, as of the month to come.</summary>
    private const string ClosedMonth = """
        insert into month_closing (region, month, status, proposed_by, proposed_by_staff, proposed_at, decided_by, decided_by_staff, decided_at, through_number, root)
        select region, date_trunc('month', now() + interval '2 months'), 2, 1, 1, now(), 2, 2, now(), (select max(number) from ledger_chain),
               (select hash from ledger_chain order by number desc limit 1) from county;
        insert into balance_snapshot (closing_id, ledger_account_id, balance_fen)
        select (select id from month_closing), ledger_account_id, sum(amount_fen) from ledger_posting group by ledger_account_id;
        """ + "\n";

    /// <summary>The check has no name of its own; it is found by what it says.</summary>
    private const string DropTwoPersonsCheck = """
        do $$ begin execute (
            select format('alter table batch drop constraint %I', conname) from pg_constraint
            where conrelid = 'batch'::regclass and pg_get_constraintdef(oid) like '%approved_by_staff <> drafted_by_staff%');
        end $$;
        """;

    /// <summary>An allowance out of the paid line.</summary>
    private const string Allowance = """
        insert into allowance (region, claim_line_id, kind, person_id, voucher_id, class_id, budget_line_id, days, full_fen, amount_fen)
        select 1, (select id from claim_line where voucher_id = {v}), 1, person_id, id, (select class_id from enrolment where voucher_id = {v}), budget_line_id, 1, 1000, 1000
        from voucher where id = {v};
        """;

    /// <summary>An approved list with one entry, drafted and approved by persons 1 and 2.</summary>
    private const string AllowanceList = """
        insert into allowance_list (region, month, budget_line_id, status, drafted_by, drafted_by_staff, drafted_at, policy_id, approved_by, approved_by_staff, approved_at)
        select 1, '2026-01-01', budget_line_id, 2, 1, 1, now(), 1, 1, 2, now() from voucher where id = {v};
        insert into allowance (region, list_id, kind, person_id, voucher_id, class_id, budget_line_id, days, full_fen, amount_fen)
        select 1, (select max(id) from allowance_list), 1, person_id, id, (select class_id from enrolment where voucher_id = {v}), budget_line_id, 1, 1000, 1000
        from voucher where id = {v};
        """;

    private const string DropListTwoPersonsCheck = """
        do $$ begin execute (
            select format('alter table allowance_list drop constraint %I', conname) from pg_constraint
            where conrelid = 'allowance_list'::regclass and pg_get_constraintdef(oid) like '%approved_by_staff <> drafted_by_staff%');
        end $$;
        """;

    [Theory]
    [MemberData(nameof(Breakages))]
    public async Task A_broken_invariant_is_reported(string number, string breakage)
    {
        var (paid, claimed, enrolled, claim) = await SceneAsync();
        await using var connection = await server.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync(); // Never committed.
        await connection.ExecuteAsync("set local session_replication_role = replica");
        Assert.Empty((await InvariantChecks.RunAsync(connection)).Violations);
        var changed = await connection.ExecuteAsync(breakage
            .Replace("{v}", Desk.Text(paid.Value)).Replace("{w}", Desk.Text(claimed.Value))
            .Replace("{e}", Desk.Text(enrolled.Value)).Replace("{c}", claim.ToString()));
        Assert.NotEqual(0, changed);
        var report = await InvariantChecks.RunAsync(connection);
        Assert.Contains(report.Violations, violation => violation.Number == number);
    }

    [Fact]
    public void Every_invariant_is_read_from_its_file_and_has_a_test_that_breaks_it()
    {
        var folder = typeof(Invariant).Assembly.GetManifestResourceNames().Where(name => name.StartsWith("Voucher.Server.Invariants.", StringComparison.Ordinal));
        var headed = folder.Sum(name =>
        {
            using var reader = new StreamReader(typeof(Invariant).Assembly.GetManifestResourceStream(name)!);
            return reader.ReadToEnd().Split('\n').Count(line => line.StartsWith("-- check ", StringComparison.Ordinal));
        });
        Assert.Equal(headed, Invariant.All.Count);
        Assert.Equal(Invariant.All.Count, Invariant.All.Select(invariant => invariant.Number).Distinct().Count());
        var broken = Breakages.Select(row => row.Data.Item1).ToHashSet();
        Assert.Equal([], Invariant.All.Select(invariant => invariant.Number).Append(Voucher.Server.Ledger.LedgerChain.Number).Append("9.1").Append("9.2").Except(broken));
    }

    [Fact]
    public async Task A_missing_and_an_edited_audit_entry_are_named()
    {
        await SceneAsync();
        await using var connection = await server.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync("""
            set local session_replication_role = replica;
            update audit_entry set action = 'claim.reject' where number = 3;
            delete from audit_entry where number = 5;
            """);
        var subjects = (await AuditChainInvariant.CheckAsync(connection, 10)).Select(violation => violation.Subject);
        Assert.Equal(["audit_entry 3", "audit_entry 5"], subjects);
    }

    [Fact]
    public async Task The_command_prints_violations_and_answers_one()
    {
        await SceneAsync();
        await using var clean = new StringWriter();
        Assert.Equal(0, await InvariantCommand.RunAsync(server.Get<InvariantChecks>(), clean));
        Assert.Equal($"{Invariant.All.Count + InvariantChecks.Chains} invariants checked, 0 violations.{clean.NewLine}", clean.ToString());

        await using var connection = await server.Database.OpenConnectionAsync();
        await connection.ExecuteAsync("update training_class set enrolled = enrolled + 1 where id = (select min(id) from training_class)");
        await using var broken = new StringWriter();
        Assert.Equal(1, await InvariantCommand.RunAsync(server.Get<InvariantChecks>(), broken));
        Assert.Contains("1.7 roster-is-counted: class ", broken.ToString(), StringComparison.Ordinal);
        await connection.ExecuteAsync("update training_class set enrolled = enrolled - 1 where id = (select min(id) from training_class)");
    }

    /// <summary>One paid voucher, one claimed, one enrolled, each in the books.</summary>
    private async Task<(VoucherId Paid, VoucherId Claimed, VoucherId Enrolled, ClaimId Claim)> SceneAsync()
    {
        var scene = await SettledScene.BuildAsync(server);
        var vouchers = await scene.CompletedVouchersAsync(3);
        var enrolled = (await scene.EnrolledVouchersAsync(1))[0];
        var claim = await _desk.ApprovedClaimAsync([vouchers[0]]);
        (await _desk.PaidAsync((await _desk.PayAsync([claim])).OrThrow())).OrThrow();
        (await _desk.ClaimAsync([vouchers[1]])).OrThrow();
        await _desk.ApprovedClaimAsync([vouchers[2]]);
        var recovering = new RecoveryScene(server);
        var recovery = await recovering.DecidedAsync($"{(await recovering.PaidAsync(1)).Paid[0]} 400");
        (await recovering.PayInAsync(recovery, $"缴款书-{recovery}", "100")).OrThrow();
        return (vouchers[0], vouchers[1], enrolled, claim);
    }

}
