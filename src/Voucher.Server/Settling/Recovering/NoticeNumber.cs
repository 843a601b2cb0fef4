namespace Voucher.Server.Settling.Recovering;

/// <summary>Kinds of numbered notices. Numbers are stored.</summary>
public enum NoticeKind : short
{
    /// <summary>追回通知书.</summary>
    Recovery = 1,

    /// <summary>整改通知书.</summary>
    Rectification = 2,
}

/// <summary>The number of a notice, by county and year without a gap: 追〔2026〕12号.</summary>
[System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Auto)]
public readonly record struct NoticeNumber(NoticeKind Kind, int Year, int No)
{
    public override string ToString() => $"{(Kind == NoticeKind.Recovery ? '追' : '整')}〔{Year}〕{No}号";

    /// <summary>The next one. Its row stays locked until the decision is committed, so that one that is rolled back leaves no gap.</summary>
    public static async Task<NoticeNumber> NextAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, NoticeKind kind, int year) =>
        new(kind, year, await connection.QuerySingleAsync<int>("""
            insert into notice_number (region, kind, year, last) values (@region, @kind, @year, 1)
            on conflict (region, kind, year) do update set last = notice_number.last + 1
            returning last
            """, new { region, kind = (short)kind, year }, transaction));
}
