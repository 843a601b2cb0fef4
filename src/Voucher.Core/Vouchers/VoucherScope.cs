using System.Globalization;

namespace Voucher.Core.Vouchers;

/// <summary>
/// What a voucher may be used for: 0 = any programme; 1–999 = every programme of one trade; 1000–65535 = one programme.
/// </summary>
public readonly record struct VoucherScope(ushort Code)
{
    public static readonly VoucherScope Any = new(0);
    public const ushort SmallestProgrammeCode = 1000;

    public bool IsAny => Code == 0;
    public bool IsTrade => Code is > 0 and < SmallestProgrammeCode;
    public bool IsProgramme => Code >= SmallestProgrammeCode;

    /// <summary>Whether a programme of the given trade is within the scope.</summary>
    public bool Covers(ushort programmeCode, ushort tradeCode) => IsAny || Code == programmeCode || Code == tradeCode;

    public override string ToString() => Code.ToString(CultureInfo.InvariantCulture);
}
