using System.Collections.Concurrent;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Voucher.Server.PublicMenu;

/// <summary>A page as it is sent.</summary>
/// <param name="Tag">The same while the page says the same, on every server.</param>
public sealed record MenuPage(MenuBoard Board, byte[] Html, byte[] Gzip, string Tag);

/// <summary>Keeps pages as long as the board they were made of. A search is not kept: there is no end of what people type.</summary>
public sealed class MenuPages(MenuHtml html)
{
    /// <summary>Pages kept; beyond it all are made anew.</summary>
    public const int MostKept = 500;

    private readonly ConcurrentDictionary<string, MenuPage> _kept = new(StringComparer.Ordinal);

    public async Task<MenuPage> GetAsync(MenuBoard board, MenuQuestion asked)
    {
        if (asked.Typed.Length > 0) return await MakeAsync(board, asked);
        var address = asked.Address();
        if (_kept.TryGetValue(address, out var known) && ReferenceEquals(known.Board, board)) return known;
        if (_kept.Count >= MostKept) _kept.Clear();
        return _kept[address] = await MakeAsync(board, asked);
    }

    private async Task<MenuPage> MakeAsync(MenuBoard board, MenuQuestion asked)
    {
        var bytes = Encoding.UTF8.GetBytes(await html.RenderAsync(new MenuView(board, asked, board.Find(asked))));
        return new MenuPage(board, bytes, Pack(bytes), $"W/\"{Convert.ToHexStringLower(SHA256.HashData(bytes))[..24]}\"");
    }

    /// <summary>Nothing secret is on the page, so its packed length tells nobody anything.</summary>
    private static byte[] Pack(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(bytes);
        return packed.ToArray();
    }
}
