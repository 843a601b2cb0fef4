namespace Voucher.Server.Register.Duplicates;

/// <summary>What keeps two people from being made one while both have it.</summary>
public static class LiveVouchers
{
    /// <summary>
    /// For a row <c>h</c> with a <c>person_id</c>, on the day <c>@today</c>: vouchers that may still be used or are being used, and
    /// places in batches that wait for vouchers. Those of entries that were merged into theirs count as theirs.
    /// </summary>
    public const string Of = $"""
        (select count(*)::int from voucher v where v.person_id in {KnownAs.Holder} and (v.state = 3 or v.state in (1, 2) and v.valid_until >= @today))
        + (select count(*)::int from batch_person m join batch b on b.id = m.batch_id where m.person_id in {KnownAs.Holder} and b.status in (1, 2))
        """;
}
