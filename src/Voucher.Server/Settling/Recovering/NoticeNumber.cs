namespace Voucher.Server.Settling.Recovering;

/// <summary>Kinds of numbered notices. Numbers are stored.</summary>
public enum NoticeKind : short
{
    /// <summary>追回通知书.</summary>
    Recovery = 1,

    /// <summary>整改通知书.</summary>
    Rectification = 2,

    /// <summary>警告通知书.</summary>
    Warning = 3,

    /// <summary>建议吊销办学许可证的函, to the authority that gave the licence.</summary>
    LicenceProposal = 4,
}

/// <summary>The number of a notice, by county and year without a gap: 追〔2026〕12号.</summary>
[System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Auto)]
public readonly record struct NoticeNumber(NoticeKind Kind, int Year, int No)
{
    private char Word => Kind switch { NoticeKind.Recovery => '追', NoticeKind.Rectification => '整', NoticeKind.Warning => '警', _ => '吊' };

    public override string ToString() => $"{Word}〔{Year}〕{No}号";

    /// <summary>Which notice a rung of the ladder is served with.</summary>
    public static NoticeKind KindOf(ConsequenceRung rung) => rung switch
    {
        ConsequenceRung.Warning => NoticeKind.Warning,
        ConsequenceRung.LicenceProposal => NoticeKind.LicenceProposal,
        _ => NoticeKind.Rectification,
    };

    /// <summary>The next one. Its row stays locked until the decision is committed, so that one that is rolled back leaves no gap.</summary>
    public static async Task<NoticeNumber> NextAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, NoticeKind kind, int year) =>
        new(kind, year, await connection.QuerySingleAsync<int>("""
            insert into notice_number (region, kind, year, last) values (@region, @kind, @year, 1)
            on conflict (region, kind, year) do update set last = notice_number.last + 1
            returning last
            """, new { region, kind = (short)kind, year }, transaction));
}
