using Dapper;
using Voucher.Core.People;
using Voucher.Server.Demo;
using Voucher.Server.Register;

namespace Voucher.Server.Tests.Demo;

public sealed class DemoPeopleTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    [Fact]
    public void The_same_index_gives_the_same_person_and_no_two_share_a_number()
    {
        var people = Enumerable.Range(0, 60_000).Select(index => DemoPeople.At(1, index)).ToList();
        Assert.Equal(people.Count, people.Select(person => person.Number).Distinct().Count());
        Assert.Equal(people[777].Over(null).ContentText(), DemoPeople.At(1, 777).Over(null).ContentText());
        Assert.Empty(people.Select(person => person.Number).Intersect(Enumerable.Range(0, 60_000).Select(index => DemoPeople.At(DemoPeople.SpreadsheetSeed, index).Number)));
        Assert.Equal(people.Count, people.Count(person => IdNumber.TryParse(person.Number.Reveal(), out _) == IdNumberFault.None));
    }

    [Fact]
    public void The_last_person_is_there_and_the_one_after_is_not()
    {
        Assert.NotNull(DemoPeople.At(4, DemoPeople.MostPeople - 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => DemoPeople.At(1, DemoPeople.MostPeople));
    }

    [Fact]
    public void Most_are_18_to_59_and_phones_are_of_no_operator()
    {
        var people = Enumerable.Range(0, 5_000).Select(index => DemoPeople.At(1, index)).ToList();
        Assert.InRange(people.Count(person => person.Number.AgeOn(new DateOnly(2026, 6, 1)) is >= 18 and <= 59), 4_000, 4_900);
        Assert.All(people, person => Assert.True(person.Phone!.Length == 0 || person.Phone.StartsWith("154", StringComparison.Ordinal) && PhoneNumber.Read(person.Phone) == person.Phone));
    }

    [Fact]
    public async Task Filling_tops_up_and_marks()
    {
        var register = server.Get<DemoRegister>();
        Assert.Equal(100, await register.FillAsync(100));
        Assert.Equal(0, await register.FillAsync(100));
        Assert.Equal(50, await register.FillAsync(150));
        await using var connection = await server.Database.OpenConnectionAsync();
        Assert.Equal((150, true), await connection.QuerySingleAsync<(int, bool)>("select count(*)::int, bool_and(is_demo) from person"));
    }
}
