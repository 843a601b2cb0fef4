using System.Globalization;
using Dapper;
using Voucher.Core;
using Voucher.Core.Vouchers;
using Voucher.Server.Register;
using Voucher.Server.Tests.Settling;

namespace Voucher.Server.Tests.Register;

/// <summary>需求清单 and 参训清单: who stands on them on which day, whatever day the test runs on.</summary>
public sealed class DerivedListTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private const int Wished = 6;

    /// <summary>Which of the people are on the list on a day.</summary>
    private async Task<PersonId[]> OnAsync(DerivedList list, string day, params PersonId[] people)
    {
        var clock = new TestClock();
        clock.MoveTo(Day(day), new TimeOnly(9, 0));
        var store = new PersonStore(server.Database, server.Get<County>(), clock);
        List<PersonId> on = [];
        await foreach (var person in store.AllAsync(RegisterScope.County, new(Derived: list))) on.Add(person.Id);
        return [.. people.Where(on.Contains)];
    }

    private static DateOnly Day(string day) => DateOnly.Parse(day, CultureInfo.InvariantCulture);

    /// <summary>Moves the class, and when its trainees enrolled, to other days.</summary>
    private async Task MoveAsync(SettledScene scene, string starts, string ends, string enrolled)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        await connection.ExecuteAsync("""
            update training_class set starts_on = @starts, ends_on = @ends where id = @Class;
            update enrolment set enrolled_at = @enrolled where class_id = @Class
            """, new { scene.Class, starts = Day(starts), ends = Day(ends), enrolled = Noon(enrolled) });
    }

    private static DateTimeOffset Noon(string day) => CountyTime.At(Day(day), new TimeOnly(12, 0)).ToUniversalTime();

    private async Task<PersonId> OfAsync(VoucherId voucher)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        return await connection.QuerySingleAsync<PersonId>(
            "update person set wish_trades = array[@Wished] where id = (select person_id from voucher where id = @voucher) returning id", new { Wished, voucher });
    }

    [Fact]
    public async Task Demand_is_who_wishes_and_has_not_completed_this_year_and_attending_is_who_enrolled()
    {
        var scene = await SettledScene.BuildAsync(server);
        var wisher = await MergedPeople.AddAsync(server, wishes: Wished);
        var vouchers = await scene.EnrolledVouchersAsync(2);
        var (trained, training) = (await OfAsync(vouchers[0]), await OfAsync(vouchers[1]));
        await MoveAsync(scene, "2031-03-01", "2031-03-20", enrolled: "2031-03-01");
        await MergedPeople.CompleteAsync(server, vouchers[0], Noon("2031-03-20"));
        PersonId[] all = [wisher, trained, training];
        foreach (var day in new[] { "2031-03-21", "2031-12-31" })
        {
            Assert.Equal([wisher, training], await OnAsync(DerivedList.Demand, day, all));
            Assert.Equal([trained, training], await OnAsync(DerivedList.Attending, day, all));
        }
        Assert.Equal(all, await OnAsync(DerivedList.Demand, "2032-01-01", all));
        Assert.Empty(await OnAsync(DerivedList.Attending, "2032-01-01", all));
    }

    [Theory]
    [InlineData("2031-12-10", "2032-01-20", "2031-12-10", "2031 2032")] // Begun in December, running on.
    [InlineData("2032-01-05", "2032-02-20", "2031-12-20", "2031 2032")] // Enrolled for before it began.
    [InlineData("2031-12-01", "2031-12-31", "2032-01-02", "2031 2032")] // Enrolled late, by an offline terminal.
    [InlineData("2031-11-01", "2031-12-31", "2031-11-01", "2031")]
    public async Task A_class_over_New_Year_is_on_the_attending_list_of_both_years(string starts, string ends, string enrolled, string years)
    {
        var scene = await SettledScene.BuildAsync(server);
        var person = await OfAsync((await scene.EnrolledVouchersAsync(1))[0]);
        await MoveAsync(scene, starts, ends, enrolled);
        foreach (var year in new[] { 2031, 2032, 2033 })
            foreach (var day in new[] { $"{year}-01-10", $"{year}-12-31" })
            {
                var isOn = years.Contains($"{year}", StringComparison.Ordinal);
                Assert.Equal((day, isOn), (day, (await OnAsync(DerivedList.Attending, day, person)).Length == 1));
            }
    }

    [Fact]
    public async Task Who_has_withdrawn_attends_no_longer()
    {
        var scene = await SettledScene.BuildAsync(server);
        var person = await OfAsync((await scene.EnrolledVouchersAsync(1))[0]);
        await MoveAsync(scene, "2031-12-10", "2032-01-20", enrolled: "2031-12-10");
        await using var connection = await server.Database.OpenConnectionAsync();
        await connection.ExecuteAsync("update enrolment set is_active = false where person_id = @person", new { person });
        Assert.Empty(await OnAsync(DerivedList.Attending, "2031-12-31", person));
        Assert.Empty(await OnAsync(DerivedList.Attending, "2032-01-10", person));
    }

    /// <summary>甲 was trained and is 乙 now, and 乙 is 丙 now: who stays demands nothing more this year.</summary>
    [Fact]
    public async Task Training_under_an_entry_that_was_merged_counts_for_the_one_that_stays_and_for_the_next()
    {
        var scene = await SettledScene.BuildAsync(server);
        var (trained, voucher) = (await MergedPeople.AddAsync(server), (await scene.EnrolledVouchersAsync(1))[0]);
        await MergedPeople.GiveAsync(server, trained, voucher);
        await MoveAsync(scene, "2031-03-01", "2031-03-20", enrolled: "2031-03-01");
        await MergedPeople.CompleteAsync(server, voucher, Noon("2031-03-20"));
        var second = await MergedPeople.HolderAsync(server, wishes: Wished);
        Assert.Equal([second], await OnAsync(DerivedList.Demand, "2031-06-01", trained, second));
        Assert.Null(await MergedPeople.MergeAsync(server, trained, second));
        Assert.Empty(await OnAsync(DerivedList.Demand, "2031-06-01", trained, second));
        Assert.Equal([second], await OnAsync(DerivedList.Attending, "2031-06-01", trained, second));
        Assert.Equal([second], await OnAsync(DerivedList.Demand, "2032-06-01", trained, second));

        await using var connection = await server.Database.OpenConnectionAsync();
        await connection.ExecuteAsync("update voucher set valid_until = '2020-01-02', valid_from = '2020-01-01' where person_id = @second", new { second });
        var third = await MergedPeople.HolderAsync(server, wishes: Wished);
        Assert.Null(await MergedPeople.MergeAsync(server, second, third));
        Assert.Empty(await OnAsync(DerivedList.Demand, "2031-06-01", trained, second, third));
        Assert.Equal([third], await OnAsync(DerivedList.Attending, "2031-06-01", trained, second, third));
    }
}
