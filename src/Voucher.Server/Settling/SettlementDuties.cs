namespace Voucher.Server.Settling;

/// <summary>
/// Everybody who has decided on what is owed: asked wherever a person must be somebody else (谁审批谁负责). Of a claim line that is who
/// submitted it, whoever ever gave a verdict on it or called its trainee, and the approver of its own approval, for a claim may be approved
/// in parts by several; of an allowance the two persons of its monthly list, of retained money those of its list; of what is in a payment everybody who made it, handed
/// a round of it to the bank or booked an answer; and who issued the voucher.
/// </summary>
public static class SettlementDuties
{
    public static readonly Words Payment = new("支付", "made the payment");
    public static readonly Words RetainedDraft = new("拟定留存名单", "drafted the list of retained money");
    public static readonly Words RetainedApproval = new("审批留存名单", "approved the list of retained money");
    public static readonly Words AllowanceDraft = new("拟补助发放表", "drafted the list of allowances");
    public static readonly Words AllowanceApproval = new("审批补助发放表", "approved the list of allowances");

    /// <summary>Numbers as in the statement; issuing comes last, since whoever pays hears first of what is nearest.</summary>
    private const int Calling = 3, Paying = 9, FirstOfIssuing = 10;

    private sealed record Row(int Duty, StaffId Staff);

    /// <summary>
    /// Of the payables <c>@payables</c> and the claim lines <c>@lines</c>. A line that is named itself stands for all that the institution
    /// is owed of it, what is kept back included; a payable for itself.
    /// </summary>
    private const string Select = """
        with owed as (
            select y.id, y.kind, y.claim_line_id, y.allowance_id, y.payment_row_id from payable y where y.id = any(@payables)
            union select y.id, y.kind, y.claim_line_id, y.allowance_id, y.payment_row_id from payable y where y.claim_line_id = any(@lines) and y.kind in (1, 2)),
        line as (
            select l.* from claim_line l where l.id in (select claim_line_id from owed union select unnest(@lines))),
        list as (
            select a.list_id as id from owed join allowance a on a.id = owed.allowance_id where a.list_id is not null),
        retained as (
            select x.list_id as id from retained_list_line x
            where x.claim_line_id in (select claim_line_id from owed where kind = 2 union select unnest(@lines))),
        round as (
            select r.payment_id as id from owed join payment_row r on r.id = owed.payment_row_id
            union select l.payment_id from line l where l.id = any(@lines)),
        payment_step as (
            select s.sent_by_staff as staff from round join payment_row r on r.payment_id = round.id join payment_row_sent s on s.payment_row_id = r.id
            union select b.booked_by_staff from round join payment_row r on r.payment_id = round.id
                join payment_return_row w on w.payment_row_id = r.id and w.is_booked join payment_return b on b.id = w.return_id),
        voucher_of as (
            select voucher_id as id from line union select a.voucher_id from owed join allowance a on a.id = owed.allowance_id),
        act (duty, staff) as (
            select 1, c.submitted_by_staff from line join claim c on c.id = line.claim_id
            union select 2, reviewed_by_staff from line
            union select 2, s.done_by_staff from line join claim_line_step s on s.claim_line_id = line.id where s.kind in (1, 2, 3, 4, 5, 7)
            union select 3, p.called_by_staff from line join phone_attempt p on p.claim_line_id = line.id
            union select 4, o.approved_by_staff from line join claim_approval o on (o.claim_id, o.number) = (line.claim_id, line.approval)
            union select 5, l.drafted_by_staff from list join allowance_list l on l.id = list.id
            union select 6, l.approved_by_staff from list join allowance_list l on l.id = list.id
            union select 7, l.drafted_by_staff from retained join retained_list l on l.id = retained.id where l.approved
            union select 8, l.decided_by_staff from retained join retained_list l on l.id = retained.id where l.approved
            union select 9, who.staff from round join payment p on p.id = round.id
                cross join lateral (values (p.created_by_staff), (p.round_by_staff), (p.sent_by_staff), (p.paid_by_staff)) who (staff)
            union select 9, staff from payment_step
            union select 10, b.drafted_by_staff from voucher_of join voucher v on v.id = voucher_of.id join batch b on b.id = v.batch_id
            union select 11, b.approved_by_staff from voucher_of join voucher v on v.id = voucher_of.id join batch b on b.id = v.batch_id)
        select duty, staff from act where staff is not null order by duty, staff
        """;

    /// <summary>Whoever must not pay them: also who issued their vouchers.</summary>
    public static async Task<IEnumerable<(Words Duty, StaffId? By)>> BeforePaymentAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<long> payables) =>
        Named(await ReadAsync(connection, transaction, payables, []), duty => duty != Paying);

    /// <summary>Whoever must not judge whether they were rightly approved. Whoever called trainees has only heard them, and may.</summary>
    public static async Task<IEnumerable<(Words Duty, StaffId? By)>> OfPayablesAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<long> payables) =>
        Named(await ReadAsync(connection, transaction, payables, []), duty => duty < Paying && duty != Calling);

    /// <summary>Whoever must not judge what becomes of them: also who paid them.</summary>
    public static async Task<IEnumerable<(Words Duty, StaffId? By)>> OfSettlementsAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<long> lines, IReadOnlyCollection<long> payables) =>
        Named(await ReadAsync(connection, transaction, payables, lines), duty => duty < FirstOfIssuing && duty != Calling);

    private static Task<IEnumerable<Row>> ReadAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<long> payables, IReadOnlyCollection<long> lines) =>
        connection.QueryAsync<Row>(Select, new { payables = payables.ToArray(), lines = lines.ToArray() }, transaction);

    private static List<(Words Duty, StaffId? By)> Named(IEnumerable<Row> rows, Func<int, bool> counts) =>
        [.. rows.Where(row => counts(row.Duty)).Select(row => (NameOf(row.Duty), (StaffId?)row.Staff))];

    private static Words NameOf(int duty) => duty switch
    {
        1 => Duties.Submission,
        2 => Duties.Review,
        Calling => Duties.PhoneCheck,
        4 => Duties.Approval,
        5 => AllowanceDraft,
        6 => AllowanceApproval,
        7 => RetainedDraft,
        8 => RetainedApproval,
        Paying => Payment,
        FirstOfIssuing => Duties.BatchDraft,
        _ => Duties.BatchApproval,
    };
}
