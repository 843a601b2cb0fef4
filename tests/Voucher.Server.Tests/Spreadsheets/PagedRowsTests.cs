using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Tests.Spreadsheets;

/// <summary>A list that changes while it is read page by page.</summary>
public sealed class PagedRowsTests
{
    [Theory]
    [InlineData(0, 3)]
    [InlineData(3, 0)]
    [InlineData(PagedRows.Overlap + 700, 2)]
    public async Task Nothing_that_stays_is_lost_and_nothing_comes_twice(int leave, int arrive)
    {
        List<int> rows = [.. Enumerable.Range(1, 3 * PagedRows.PageSize)];
        var pages = 0;
        Task<IReadOnlyList<int>> ReadAsync(int skip, int take)
        {
            if (++pages == 2)
            {
                rows.RemoveRange(10, leave);
                rows.InsertRange(0, Enumerable.Range(-arrive, arrive));
            }
            return Task.FromResult<IReadOnlyList<int>>([.. rows.Skip(skip).Take(take)]);
        }

        var read = await PagedRows.Of(row => row, ReadAsync).ToListAsync(TestContext.Current.CancellationToken);
        Assert.Equal(read.Count, read.Distinct().Count());
        Assert.Empty(rows.Where(row => row > 0).Except(read));
    }
}
