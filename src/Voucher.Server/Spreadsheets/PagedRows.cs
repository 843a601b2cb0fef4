namespace Voucher.Server.Spreadsheets;

/// <summary>Rows of a store that gives pages, one page in memory at a time.</summary>
public static class PagedRows
{
    /// <summary>Larger than nearly every list: those come from one statement, as of one moment.</summary>
    public const int PageSize = 5_000;

    /// <summary>The same for a store that counts pages from 1.</summary>
    /// <param name="read">Given the page and its size.</param>
    public static IAsyncEnumerable<T> ByNumber<T>(Func<int, int, Task<IReadOnlyList<T>>> read) => Of((skip, take) => read(skip / take + 1, take));

    /// <param name="read">Given how many to skip and how many to take.</param>
    public static async IAsyncEnumerable<T> Of<T>(Func<int, int, Task<IReadOnlyList<T>>> read)
    {
        for (var skip = 0; ; skip += PageSize)
        {
            var page = await read(skip, PageSize);
            foreach (var row in page) yield return row;
            if (page.Count < PageSize) yield break;
        }
    }
}
