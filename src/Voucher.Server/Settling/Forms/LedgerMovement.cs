using System.Globalization;
using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Settling.Forms;

/// <summary>What stands on, or moves through, the accounts of budget lines. Allocated is shown as a positive amount.</summary>
public sealed record LedgerMovement(Fen Allocated, Fen Unreserved, Fen Reserved, Fen Payable, Fen Retained, Fen Paid, Fen Receivable)
{
    public static readonly LedgerMovement None = new(Fen.Zero, Fen.Zero, Fen.Zero, Fen.Zero, Fen.Zero, Fen.Zero, Fen.Zero);

    /// <summary>Of ledger postings <c>p</c> on accounts <c>a</c>, in the order of the parameters.</summary>
    public const string Columns = """
        -coalesce(sum(p.amount_fen) filter (where a.kind = 1), 0)::bigint as allocated,
        coalesce(sum(p.amount_fen) filter (where a.kind = 2), 0)::bigint as unreserved,
        coalesce(sum(p.amount_fen) filter (where a.kind = 3), 0)::bigint as reserved,
        coalesce(sum(p.amount_fen) filter (where a.kind = 4), 0)::bigint as payable,
        coalesce(sum(p.amount_fen) filter (where a.kind = 7), 0)::bigint as retained,
        coalesce(sum(p.amount_fen) filter (where a.kind = 5), 0)::bigint as paid,
        coalesce(sum(p.amount_fen) filter (where a.kind = 6), 0)::bigint as receivable
        """;

    public static LedgerMovement operator +(LedgerMovement a, LedgerMovement b) => new(
        a.Allocated + b.Allocated, a.Unreserved + b.Unreserved, a.Reserved + b.Reserved, a.Payable + b.Payable, a.Retained + b.Retained,
        a.Paid + b.Paid, a.Receivable + b.Receivable);

    internal FormCell[] Cells => [Allocated, Unreserved, Reserved, Payable, Retained, Paid, Receivable];

    internal static readonly IReadOnlyList<FormColumn> FormColumns =
    [
        new(new("下达", "Allocated"), CellKind.Money, 16), new(new("可用", "Free"), CellKind.Money, 16), new(new("已预留", "Reserved"), CellKind.Money, 16),
        new(new("应付", "Payable"), CellKind.Money, 16), new(new("留存", "Retained"), CellKind.Money, 16), new(new("已付", "Paid"), CellKind.Money, 16),
        new(new("应收", "Receivable"), CellKind.Money, 16),
    ];

    /// <summary>A day as it stands in a form's number.</summary>
    internal static string Compact(DateOnly day) => day.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
}
