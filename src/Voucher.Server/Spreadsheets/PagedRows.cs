namespace Voucher.Server.Spreadsheets;

/// <summary>
/// Rows of a store that gives pages, one page in memory at a time. The list may change between two pages: each begins with rows
/// of the one before, by which it is known that nothing was passed over, and no row comes twice.
/// </summary>
public static class PagedRows
{
    /// <summary>Larger than nearly every list: those come from one statement, as of one moment.</summary>
    public const int PageSize = 5_000;

    /// <summary>Rows by which a page reaches back into the one before: so many may leave the list meanwhile.</summary>
    public const int Overlap = 500;

    /// <param name="idOf">What tells a row from the others however it changes.</param>
    /// <param name="read">Given how many to skip and how many to take.</param>
    public static async IAsyncEnumerable<T> Of<T>(Func<T, object> idOf, Func<int, int, Task<IReadOnlyList<T>>> read)
    {
        var seen = new HashSet<object>();
        for (var skip = 0; ;)
        {
            var page = await read(skip, PageSize);
            if (skip > 0 && (page.Count == 0 || !seen.Contains(idOf(page[0]))))
            {
                // More has left the list than the pages overlap: further back there is a row that is known.
                skip = Math.Max(0, skip - PageSize);
                continue;
            }
            foreach (var row in page)
            {
                if (seen.Add(idOf(row))) yield return row;
            }
            if (page.Count < PageSize) yield break;
            skip += PageSize - Overlap;
        }
    }
}
