using Voucher.Core.Classes;

namespace Voucher.Server.Supervising;

/// <summary>A photo of a spot check.</summary>
public sealed record Photo(PhotoKind Kind, byte[] Content);

/// <summary>Photos of spot checks; only ever added.</summary>
public sealed class PhotoStore(NpgsqlDataSource database)
{
    private sealed record Row(short Media, byte[] Content, InstitutionId Institution);

    /// <summary><c>null</c> also for another institution's.</summary>
    public async Task<Photo?> FindAsync(Actor actor, long spotCheck, int number)
    {
        await using var connection = await database.OpenConnectionAsync();
        var row = await connection.QuerySingleOrDefaultAsync<Row>("""
            select p.media, p.content, c.institution_id as institution
            from spot_check_photo p join spot_check k on k.id = p.spot_check_id join training_class c on c.id = k.class_id
            where p.spot_check_id = @spotCheck and p.number = @number
            """, new { spotCheck, number });
        return row is not null && actor.MayActFor(row.Institution) ? new Photo((PhotoKind)row.Media, row.Content) : null;
    }

    /// <summary>Adds one; the number that it got, or <c>null</c> when there are too many. The spot check is locked.</summary>
    public static async Task<int?> AddAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, long spotCheck, Photo photo, int most, Actor actor, DateTimeOffset now)
    {
        await connection.ExecuteAsync("select from spot_check where id = @spotCheck for update", new { spotCheck }, transaction);
        return await connection.QuerySingleOrDefaultAsync<int?>("""
            insert into spot_check_photo (spot_check_id, number, media, content, added_by, added_by_staff, added_at)
            select @spotCheck, count(*) + 1, @kind, @Content, @Account, @Staff, @now from spot_check_photo where spot_check_id = @spotCheck
            having count(*) < @most
            returning number::int
            """, new { spotCheck, kind = (short)photo.Kind, photo.Content, actor.Account, actor.Staff, now, most }, transaction);
    }
}
