using Voucher.Core.Settling;

namespace Voucher.Server.Settling.Publishing;

/// <summary>Reads what is public: the lists and their lines as they were put up, and nothing else of the database.</summary>
public static class NoticeStore
{
    /// <summary>Lists that the public page names at once, newest first.</summary>
    public const int MostNotices = 500;

    /// <summary>Days after its period for which a list stays on the public page; the county keeps it for good.</summary>
    public const int KeptDays = 30;

    private const long LockNumber = 0x6F626A656374; // "object"

    private const string Select = "select id, heading, from_day, until_day, working_days, phone, place, rule, lines, amount_fen from publication";

    public static async Task<IReadOnlyList<Notice>> NoticesAsync(NpgsqlConnection connection, RegionCode region, DateOnly today) =>
        [.. await connection.QueryAsync<Notice>($"""
            {Select} where region = @region and from_day <= @today and until_day >= @since order by id desc limit @MostNotices
            """, new { region, today, since = today.AddDays(-KeptDays), MostNotices })];

    /// <summary>For the county's paper, however old.</summary>
    public static Task<Notice?> FindAsync(NpgsqlConnection connection, RegionCode region, long id) =>
        connection.QuerySingleOrDefaultAsync<Notice>($"{Select} where region = @region and id = @id", new { region, id });

    public static async Task<IReadOnlyList<NoticeLine>> LinesAsync(NpgsqlConnection connection, long id, int skip, int take) =>
        [.. await connection.QueryAsync<NoticeLine>("""
            select position, institution, course, class as class_name, vouchers, voucher_tail, masked_name, amount_fen, retained_fen
            from publication_line where publication_id = @id and position > @skip order by position limit @take
            """, new { id, skip, take })];

    public static async Task<PublicationPeriod?> PeriodAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, long id) =>
        await connection.QuerySingleOrDefaultAsync<(DateOnly From, DateOnly Until)?>(
            "select from_day, until_day from publication where region = @region and id = @id", new { region, id }, transaction) is { } days
            ? new PublicationPeriod(days.From, days.Until) : null;

    /// <summary>Objections by the public page are taken one after the other, so that they are counted right.</summary>
    public static Task OneAtATimeAsync(NpgsqlConnection connection, NpgsqlTransaction transaction) =>
        connection.ExecuteAsync("select pg_advisory_xact_lock(@LockNumber)", new { LockNumber }, transaction);
}
