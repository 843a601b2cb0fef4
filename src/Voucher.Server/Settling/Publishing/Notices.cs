using System.Collections.Concurrent;
using Voucher.Server.Database;

namespace Voucher.Server.Settling.Publishing;

/// <summary>Keeps what is public for a short while, so that a village that looks itself up costs the database a few reads.</summary>
public sealed class Notices(NpgsqlDataSource database, County county, TimeProvider clock) : IDisposable
{
    /// <summary>How soon a new list is seen on every server, and an old one gone.</summary>
    public static readonly TimeSpan Keep = TimeSpan.FromSeconds(30);

    /// <summary>Pages of lines kept; beyond it all are read anew. What a list shows never changes.</summary>
    public const int MostKept = 500;

    private readonly ConcurrentDictionary<(long Id, int Page), IReadOnlyList<NoticeLine>> _lines = new();
    private readonly SemaphoreSlim _reading = new(1);
    private volatile NoticeBoard? _board;

    /// <summary>One visitor reads anew, the others wait for it. While the database is away the known board is shown, which names its day.</summary>
    public async Task<NoticeBoard> BoardAsync()
    {
        if (Fresh() is { } fresh) return fresh;
        await _reading.WaitAsync();
        try
        {
            if (Fresh() is { } meanwhile) return meanwhile;
            return _board = await ReadAsync();
        }
        catch (Exception fault) when (_board is not null && BrokenRead.CauseOf(fault) is NpgsqlException or TimeoutException)
        {
            return _board!;
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <summary>The lines of a page of a list that the board names.</summary>
    public async Task<IReadOnlyList<NoticeLine>> LinesAsync(Notice notice, int page)
    {
        if (_lines.TryGetValue((notice.Id, page), out var known)) return known;
        await using var connection = await database.OpenConnectionAsync();
        var lines = await NoticeStore.LinesAsync(connection, notice.Id, (page - 1) * Notice.PageSize, Notice.PageSize);
        if (_lines.Count >= MostKept) _lines.Clear();
        return _lines[(notice.Id, page)] = lines;
    }

    /// <summary>All of a list, for paper; the county's, however old.</summary>
    public async Task<NoticeView?> WholeAsync(long id)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync();
        if (await NoticeStore.FindAsync(connection, county.Region, id) is not { } notice) return null;
        var lines = await NoticeStore.LinesAsync(connection, id, 0, PublicationForm.MostLines);
        return new NoticeView(new NoticeBoard(county.Name, CountyTime.DayOf(now), now, [notice]), notice, 0, lines, InEnglish: false);
    }

    /// <summary>A list was put up on this server: it is seen at once.</summary>
    public void Forget() => _board = null;

    private NoticeBoard? Fresh() =>
        _board is { } board && (clock.GetUtcNow() - board.ReadAt).Duration() < Keep && board.Day == CountyTime.DayOf(clock.GetUtcNow()) ? board : null;

    private async Task<NoticeBoard> ReadAsync()
    {
        var now = clock.GetUtcNow();
        var today = CountyTime.DayOf(now);
        await using var connection = await database.OpenConnectionAsync();
        return new NoticeBoard(county.Name, today, now, await NoticeStore.NoticesAsync(connection, county.Region, today));
    }

    public void Dispose() => _reading.Dispose();
}
