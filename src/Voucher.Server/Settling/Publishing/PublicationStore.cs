using Voucher.Core.Settling;

namespace Voucher.Server.Settling.Publishing;

/// <summary>Something owed that waits to be published, with the name that public shall not see.</summary>
public sealed record UnpublishedLine(
    long Payable, short Kind, Fen Amount, Fen Retained, string Institution, string Course, long? ClassId, string Class, string Person, VoucherId? Voucher);

/// <summary>
/// Writes publications, and says whether what is owed may be paid. Locks: payables by id, then the audit trail; whoever holds
/// claims or vouchers has taken them before.
/// </summary>
public static class PublicationStore
{
    private sealed record Row(
        long Payable, short Kind, Fen AmountFen, Fen RetainedFen, string? Institution, string? Course, long? ClassId, string? ClassName, string Person, VoucherId? Voucher);

    private sealed record StandingRow(long Payable, short Standing, DateOnly? Until, int OpenObjections, int WorkingDays, VoucherId Voucher, bool IsObjected, bool IsStruck);

    /// <summary>
    /// For a payable <c>y</c>: open, of a claim line or an allowance, and not published. What was kept back of a line needs no
    /// publication of its own, since the line was put up with it.
    /// </summary>
    public const string Waits = """
        y.state = 1 and y.kind in (1, 3) and not exists (select from payable_publication s where s.payable_id = y.id)
        """;

    /// <summary>Vouchers against which an objection is open: whatever is owed for them is frozen, also what was approved later.</summary>
    internal const string ObjectedVouchers = $"{VouchersOfObjections} where o.state in (1, 2)";

    /// <summary>Vouchers of objections that were upheld: what could not be struck, being in a payment, does not leave either.</summary>
    private const string StruckVouchers = $"{VouchersOfObjections} where o.state = 3";

    private const string VouchersOfObjections = """
        select coalesce(ol.voucher_id, oa.voucher_id)
        from objection o
        join objection_line oi on oi.objection_id = o.id
        join payable oy on oy.id = oi.payable_id
        left join claim_line ol on ol.id = oy.claim_line_id
        left join allowance oa on oa.id = oy.allowance_id
        """;

    /// <summary>For a payable <c>y</c>: of the institution or the claim that the form names.</summary>
    public const string IsMeant = """
        (@InstitutionId::int is null or y.institution_id = @InstitutionId
            or y.claim_line_id in (select l.id from claim_line l join claim c on c.id = l.claim_id where c.institution_id = @InstitutionId)
            or y.allowance_id in (select w.id from allowance w join training_class k on k.id = w.class_id where k.institution_id = @InstitutionId))
        and (@ClaimId::bigint is null or y.claim_line_id in (select id from claim_line where claim_id = @ClaimId))
        """;

    /// <summary>For a payable <c>y</c> of a claim line <c>l</c>: what is kept back of the line still, and so is put up with it.</summary>
    public const string StillRetained = """
        case when y.kind = 1 and not exists (select from retained_standing r where r.claim_line_id = l.id and r.state in (4, 5))
             then coalesce(l.retained_fen - l.retained_clawed_back_fen, 0) else 0 end
        """;

    /// <summary>Locks what waits, smallest number first, then reads it.</summary>
    public static async Task<IReadOnlyList<UnpublishedLine>> LockWaitingAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, PublicationForm form, int most)
    {
        // The locks come first and alone: a statement that waits for a lock would join tables as they stood before the wait.
        var locked = (await connection.QueryAsync<long>($"""
            select y.id from payable y
            where y.region = @region and {Waits} and {IsMeant}
            order by y.id limit @most for update of y
            """, new { region, form.InstitutionId, form.ClaimId, most }, transaction)).ToArray();
        var rows = await connection.QueryAsync<Row>($"""
            select y.id as payable, y.kind, y.amount_fen, {StillRetained} as retained_fen,
                   i.name as institution, g.name as course, t.id as class_id, t.name as class_name, p.name as person, v.id as voucher
            from payable y
            left join claim_line l on l.id = y.claim_line_id
            left join claim c on c.id = l.claim_id
            left join allowance w on w.id = y.allowance_id
            join voucher v on v.id = coalesce(l.voucher_id, w.voucher_id)
            left join enrolment n on n.voucher_id = v.id and n.is_active
            left join training_class t on t.id = coalesce(w.class_id, n.class_id)
            left join programme g on g.id = t.programme_id
            left join institution i on i.id = coalesce(y.institution_id, c.institution_id, t.institution_id)
            join person p on p.id = coalesce(y.person_id, v.person_id)
            where y.id = any(@locked) and {Waits}
            order by i.id, t.id, y.id
            """, new { locked }, transaction);
        return [.. rows.Select(row => new UnpublishedLine(
            row.Payable, row.Kind, row.AmountFen, row.RetainedFen, row.Institution ?? "—", row.Course ?? "—", row.ClassId, row.ClassName ?? "—", row.Person, row.Voucher))];
    }

    public static async Task<long> InsertAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region,
        PublicationForm form, PublicationPeriod period, Policy policy, IReadOnlyList<UnpublishedLine> lines, Actor actor, DateTimeOffset now)
    {
        var total = lines.Aggregate(Fen.Zero, (sum, line) => sum + line.Amount + line.Retained);
        var id = await connection.QuerySingleAsync<long>("""
            insert into publication (region, heading, from_day, until_day, working_days, phone, place, rule, policy_id, lines, amount_fen,
                                     published_by, published_by_staff, published_at)
            values (@region, @Heading, @From, @Until, @WorkingDays, @Phone, @Place, @rule, @policy, @lines, @total, @Account, @Staff, @now)
            returning id
            """,
            new
            {
                region, form.Heading, period.From, period.Until, form.WorkingDays, form.Phone, form.Place, rule = policy.RuleOf(Clause.Publication).ToString(),
                policy = policy.Id, lines = lines.Count, total, actor.Account, actor.Staff, now,
            }, transaction);
        T[] Column<T>(Func<UnpublishedLine, T> value) => [.. lines.Select(value)];
        await connection.ExecuteAsync("""
            insert into publication_line (publication_id, position, payable_id, institution, course, class_id, class, vouchers, voucher_tail, masked_name, amount_fen, retained_fen)
            select @id, i.position, i.payable, i.institution, i.course, i.class_id, i.class, i.vouchers, i.tail, i.name, i.amount, i.retained
            from unnest(@payables, @institutions, @courses, @classIds, @classes, @vouchers, @tails, @names, @amounts, @retained)
                with ordinality as i (payable, institution, course, class_id, class, vouchers, tail, name, amount, retained, position);
            insert into payable_publication (payable_id, publication_id, standing, until_day, open_objections)
            select payable, @id, 1, @Until, 0 from unnest(@payables) as payable;
            """,
            new
            {
                id, period.Until,
                payables = Column(line => line.Payable), institutions = Column(line => line.Institution), courses = Column(line => line.Course),
                classIds = Column(line => line.ClassId), classes = Column(line => line.Class), vouchers = Column(line => line.Kind == 1 ? 1 : 0),
                tails = Column(line => line.Voucher is { } voucher ? PublicationName.TailOf(voucher.ToString()) : ""),
                names = Column(line => PublicationName.Of(line.Person)), amounts = Column(line => (line.Amount + line.Retained).Value), retained = Column(line => line.Retained.Value),
            }, transaction);
        return id;
    }

    /// <summary>
    /// Why the first of them may not be paid today: not published though its claim's pack wants it, its period not over, itself or
    /// something else of its voucher objected to; <c>null</c> when all may. Holds their locks, so that an objection comes before the payment or is told that it is too late.
    /// </summary>
    /// <param name="policy">In force today: for allowances, which no claim's pack rules, and for what is cited.</param>
    public static async Task<Refusal?> NotYetPayableAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<long> payables, Policy policy, DateOnly today) =>
        (await RefusalsAsync(connection, transaction, payables, policy, today)).Select(one => one.Refusal).FirstOrDefault(refusal => refusal is not null);

    /// <summary>All of them that may not be paid today, under the same locks.</summary>
    public static async Task<IEnumerable<long>> StoppedAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<long> payables, Policy policy, DateOnly today) =>
        (await RefusalsAsync(connection, transaction, payables, policy, today)).Where(one => one.Refusal is not null).Select(one => one.Payable);

    private static async Task<IEnumerable<(long Payable, Refusal? Refusal)>> RefusalsAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<long> payables, Policy policy, DateOnly today)
    {
        var ids = payables.ToArray();
        await connection.ExecuteAsync("select from payable where id = any(@ids) order by id for update", new { ids }, transaction);
        var rows = await connection.QueryAsync<StandingRow>($"""
            select y.id as payable, coalesce(s.standing, 0::smallint) as standing, s.until_day as until, coalesce(s.open_objections, 0) as open_objections,
                   case when y.kind = 2 then 0 when c.id is null then @own else coalesce((k.parameters ->> 'publicityWorkingDays')::int, 0) end as working_days,
                   coalesce(l.voucher_id, w.voucher_id) as voucher, coalesce(l.voucher_id, w.voucher_id) in ({ObjectedVouchers}) as is_objected,
                   coalesce(l.voucher_id, w.voucher_id) in ({StruckVouchers}) as is_struck
            from payable y
            left join claim_line l on l.id = y.claim_line_id
            left join allowance w on w.id = y.allowance_id
            left join claim c on c.id = l.claim_id
            left join policy_pack k on k.id = c.policy_id
            left join payable first on y.kind = 2 and first.claim_line_id = y.claim_line_id and first.kind = 1 and first.state <> 4
            left join payable_publication s on s.payable_id = coalesce(first.id, y.id)
            where y.id = any(@ids) order by y.id
            """, new { ids, own = policy.Parameters.PublicityWorkingDays }, transaction);
        return rows.Select(row => (row.Payable, row.IsStruck ? Refusal.Under(policy, RefusalCode.ObjectionUpheld, NameOf(row.Voucher)) : PublicationMachine.RefusePayment(
            new PublicationState((PublicationStanding)row.Standing, row.Until, row.OpenObjections).BesideAnother(row.IsObjected),
            today, row.WorkingDays, NameOf(row.Voucher), policy)));
    }

    /// <summary>That one of the payables, whose locks are held, is frozen by an open objection against its voucher; <c>null</c> when none is.</summary>
    public static async Task<Refusal?> RefuseFrozenAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<AllowanceId> allowances, Policy policy) =>
        await connection.QueryFirstOrDefaultAsync<VoucherId?>($"""
            select w.voucher_id from payable y join allowance w on w.id = y.allowance_id
            where w.id = any(@ids) and y.state = 1 and w.voucher_id in ({ObjectedVouchers}) order by y.id limit 1
            """, new { ids = allowances.Select(allowance => allowance.Value).ToArray() }, transaction) is { } voucher
            ? Refusal.Under(policy, RefusalCode.ObjectionOpen, NameOf(voucher))
            : null;

    private static Words NameOf(VoucherId voucher) => new($"券 {voucher}", $"Voucher {voucher}");
}
