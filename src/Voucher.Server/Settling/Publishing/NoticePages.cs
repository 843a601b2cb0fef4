using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Voucher.Server.Portal;

namespace Voucher.Server.Settling.Publishing;

/// <summary>A page as it is sent.</summary>
/// <param name="Tag">The same while the page says the same, on every server.</param>
public sealed record NoticePage(NoticeBoard Board, byte[] Html, byte[] Gzip, string Tag);

/// <summary>Keeps the public pages as long as the board that they were made of.</summary>
public sealed class NoticePages(PartialHtml partials, Notices notices)
{
    /// <summary>Pages kept; beyond it all are made anew.</summary>
    public const int MostKept = 500;

    private readonly ConcurrentDictionary<(long Id, int Page, bool InEnglish), NoticePage> _kept = new();

    /// <param name="notice"><c>null</c>: the list of lists.</param>
    public async Task<NoticePage> GetAsync(NoticeBoard board, Notice? notice, int page, bool inEnglish)
    {
        var key = (notice?.Id ?? 0, page, inEnglish);
        if (_kept.TryGetValue(key, out var known) && ReferenceEquals(known.Board, board)) return known;
        var lines = notice is null ? [] : await notices.LinesAsync(notice, page);
        var bytes = Encoding.UTF8.GetBytes(await RenderAsync(new NoticeView(board, notice, page, lines, inEnglish)));
        if (_kept.Count >= MostKept) _kept.Clear();
        return _kept[key] = new NoticePage(board, bytes, Pack(bytes), $"W/\"{Convert.ToHexStringLower(SHA256.HashData(bytes))[..24]}\"");
    }

    /// <summary>Rendered outside of any request: the page is the same for everybody.</summary>
    public async Task<string> RenderAsync(NoticeView view)
    {
        // Ends with this method: the language of the one who asks is not touched.
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(view.InEnglish ? Speech.English : Speech.Chinese);
        return await partials.RenderAsync("/Settling/Publishing/_NoticeDocument.cshtml", view);
    }

    /// <summary>Nothing secret is on the page, so its packed length tells nobody anything.</summary>
    private static byte[] Pack(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(bytes);
        return packed.ToArray();
    }
}
