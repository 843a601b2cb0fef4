namespace Voucher.Core;

/// <summary>
/// Who takes a step: the row of the register of staff under which it is written, and every row under which the same person is known.
/// Two rows that were found to be one person stay two rows; whoever compares persons asks here, never by the row alone.
/// </summary>
/// <param name="Staff">The row that stands for the person now.</param>
/// <param name="Rows">All rows of the person, <paramref name="Staff"/> among them; <c>null</c> where there is no other.</param>
public readonly record struct ActingPerson(StaffId Staff, IReadOnlySet<StaffId>? Rows = null)
{
    /// <summary>Whether the row is this person.</summary>
    public bool Is(StaffId? row) => row is { } one && (one == Staff || Rows is { } rows && rows.Contains(one) && rows.Contains(Staff));

    public static ActingPerson FromStaffId(StaffId staff) => new(staff);

    public static implicit operator ActingPerson(StaffId staff) => new(staff);
}
