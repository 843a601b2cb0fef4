using Voucher.Core.Refusals;
using Voucher.Core.Wire;
using Voucher.Server.Tests.Redeeming;

namespace Voucher.Server.Tests.Journals;

/// <summary>Attendance made offline at several sessions of one class. Moves the server's clock.</summary>
public sealed class SessionsOfOneClassTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private readonly JournalScene _scene = new(server);

    /// <summary>The trainee forgot to check out on one day, and not on the others.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_session_without_a_check_out_is_merged_with_those_that_have_one(int without)
    {
        using var device = await _scene.PairAsync();
        var (training, voucher) = (await _scene.Scans.OpenClassAsync(startsInDays: 1, days: 3), await _scene.Scans.IssueAsync());
        List<(Guid In, Guid? Out)> expected = [];
        for (var day = 0; day < 3; day++)
        {
            _scene.ToNextMorning();
            if (day == 0) device.Scan(ScanMode.Enrol, training, voucher);
            _scene.Later();
            var came = device.Scan(ScanMode.CheckIn, training, voucher).EntryId;
            _scene.Later(120);
            expected.Add((came, day == without ? null : device.Scan(ScanMode.CheckOut, training, voucher).EntryId));
        }
        await _scene.Scans.LogInAsync(device.Terminal);
        await device.ComeBackAsync();
        await _scene.SettleAsync();
        Assert.Equal(expected, await _scene.AttendedAsync(voucher));
        Assert.Equal(2, await LeftAsync(voucher));
    }

    /// <summary>Who has not been checked out has not left, until it is known when.</summary>
    [Fact]
    public async Task A_check_out_that_comes_after_its_check_in_was_merged_is_the_one_that_counts()
    {
        using var door = await _scene.PairAsync();
        using var exit = await _scene.PairAsync();
        var (training, voucher) = (await _scene.Scans.OpenClassAsync(startsInDays: 1), await _scene.Scans.IssueAsync());
        _scene.ToNextMorning();
        foreach (var device in new[] { door, exit }) await _scene.Scans.LogInAsync(device.Terminal);
        door.Scan(ScanMode.Enrol, training, voucher);
        var came = door.Scan(ScanMode.CheckIn, training, voucher);
        _scene.Later(120);
        var left = exit.Scan(ScanMode.CheckOut, training, voucher);
        await door.ComeBackAsync();
        await _scene.SettleAsync();
        Assert.Equal(0, await LeftAsync(voucher));
        await exit.ComeBackAsync();
        await _scene.SettleAsync();
        Assert.Equal([(came.EntryId, left.EntryId)], await _scene.AttendedAsync(voucher));
        Assert.Equal(1, await LeftAsync(voucher));
        Assert.Equal(RefusalCode.None, await exit.AnswerAsync(left));
    }

    /// <summary>Sessions that count as attended to the end.</summary>
    private Task<long> LeftAsync(PaperVoucher voucher) => _scene.AskAsync<long>("""
        select count(*) from attendance a join enrolment n on n.id = a.enrolment_id and n.is_active
        where n.voucher_id = @Id and a.checked_out_at is not null
        """, new { voucher.Id });
}
