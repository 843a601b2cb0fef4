namespace Voucher.Server.Settling.Forms;

/// <summary>
/// Where the money of approved claim lines is now. Each part is read from where it is written down (payables, parts of recoveries,
/// decided lists of retained money, upheld objections) and none is the rest of the others, so that <see cref="Unexplained"/> tells
/// whether the books agree.
/// </summary>
/// <param name="Approved">As it was approved, whatever became of it since.</param>
/// <param name="Paid">Sent to the institution, or netted against what it owed, less what was taken back of it since.</param>
/// <param name="Outstanding">Owed to the institution, or with the bank.</param>
/// <param name="Retained">Still kept back.</param>
/// <param name="Forfeited">Kept back, and forfeited for good.</param>
/// <param name="Struck">Not paid, since an objection to the publication was upheld.</param>
/// <param name="Trainees">The trainees' share out of the institution's subsidy, owed or paid.</param>
/// <param name="TakenBack">Taken back from the institution, whether it had been paid or not.</param>
/// <param name="TakenBackPaid">Of it, what had been paid.</param>
public sealed record LineMoney(
    Fen Approved, Fen Paid, Fen Outstanding, Fen Retained, Fen Forfeited, Fen Struck, Fen Trainees, Fen TakenBack, Fen TakenBackPaid)
{
    public static readonly LineMoney None = new(Fen.Zero, Fen.Zero, Fen.Zero, Fen.Zero, Fen.Zero, Fen.Zero, Fen.Zero, Fen.Zero, Fen.Zero);

    /// <summary>What is not paid any more though it was approved and nothing of it was taken back: forfeited, or struck.</summary>
    public Fen Lapsed => Forfeited + Struck;

    /// <summary>What payments have paid of it, netted or by the bank.</summary>
    public Fen PaidOut => Paid + TakenBackPaid;

    /// <summary>Zero where the books agree: what was approved is paid, outstanding, retained, forfeited, struck, the trainees' or taken back.</summary>
    public Fen Unexplained => Approved - Paid - Outstanding - Retained - Forfeited - Struck - Trainees - TakenBack;

    /// <summary>As forms say it, so that a difference is seen on paper as well.</summary>
    public Words Check => Unexplained == Fen.Zero
        ? new("核定与各项去向之和一致", "approved and the sum of where it is agree")
        : new($"核定与各项去向之和相差 {Unexplained.ToGroupedYuan()} 元，请先核对资金账", $"approved and the sum of where it is differ by {Unexplained.ToGroupedYuan()} yuan; check the ledger first");

    public static LineMoney operator +(LineMoney a, LineMoney b) => new(
        a.Approved + b.Approved, a.Paid + b.Paid, a.Outstanding + b.Outstanding, a.Retained + b.Retained, a.Forfeited + b.Forfeited,
        a.Struck + b.Struck, a.Trainees + b.Trainees, a.TakenBack + b.TakenBack, a.TakenBackPaid + b.TakenBackPaid);

    /// <summary>Of the claim lines <c>l</c>, as the lateral <c>m</c> with a column for each parameter, in their order.</summary>
    public const string OfLines = """
        cross join lateral (
            select case when l.approval is not null and l.verdict = 1 then l.amount_fen else 0 end as approved,
                   y.paid - b.paid as paid, y.outstanding,
                   case when l.state = 4 or s.state in (4, 5) then 0 else l.retained_fen - l.retained_clawed_back_fen end as retained,
                   case when s.state = 5 then x.amount_fen else 0 end as forfeited,
                   y.struck + case when l.state = 4 and coalesce(s.state, 0) not in (4, 5) then l.retained_fen - l.retained_clawed_back_fen else 0 end as struck,
                   y.trainees, b.taken as taken_back, b.paid as taken_back_paid
            from (
                select coalesce(sum(case y.state when 3 then y.amount_fen else y.part_paid_fen end) filter (where y.kind <> 3 and y.state <> 4), 0)::bigint as paid,
                       coalesce(sum(y.amount_fen - y.part_paid_fen) filter (where y.kind <> 3 and y.state in (1, 2)), 0)::bigint as outstanding,
                       coalesce(sum(y.amount_fen) filter (where y.kind = 3 and y.state <> 4), 0)::bigint as trainees,
                       coalesce(sum(y.amount_fen) filter (where p.struck_by is not null), 0)::bigint as struck
                from payable y left join payable_publication p on p.payable_id = y.id where y.claim_line_id = l.id) y
            cross join (
                select coalesce(sum(p.amount_fen), 0)::bigint as taken, coalesce(sum(p.amount_fen) filter (where p.from_kind = 5), 0)::bigint as paid
                from recovery_line z
                join recovery r on r.id = z.recovery_id and r.state in (2, 3)
                join recovery_part p on p.recovery_line_id = z.id
                where z.claim_line_id = l.id) b
            left join retained_standing s on s.claim_line_id = l.id
            left join retained_list_line x on x.list_id = s.list_id and x.claim_line_id = l.id) m
        """;
}
