using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Voucher.Core;
using Voucher.Core.People;
using Voucher.Core.Vouchers;
using Voucher.Server.Accounts;
using Voucher.Server.Demo;
using Voucher.Server.Register.Changes;
using Voucher.Server.Register;
using Voucher.Server.Register.Households;
using Voucher.Server.Tests.Settling;

namespace Voucher.Server.Tests.Register;

/// <summary>A township, a village and an institution each see their own people, by whatever way they ask.</summary>
public sealed class RegisterScopeTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private const int OwnTownship = 622_926_100; // Of the demo log-in “township”; “village” has its village 201.
    private static readonly long OwnVillage = DemoPlaces.VillageOf(OwnTownship, 1).Value;
    private const int OtherTownship = 622_926_101;

    private sealed record Someone(long Id, string Name, IdNumber Number, long Household);

    /// <summary>One new person of the place, in a household of their own, on a list, with a wish.</summary>
    private async Task<Someone> AddAsync(int township, int village, string surname = "妥")
    {
        var number = Roster.NewNumber();
        var household = $"H{Guid.NewGuid():N}"[..20];
        var name = $"{surname}{household[1..].Aggregate("", (text, c) => text + (char)('一' + c))}"[..12];
        var statement = new PersonStatement(number, name, "初中", "15400000009", true, township, "某村", "", "", ["建档立卡"])
        {
            SaysVillage = true, Village = DemoPlaces.VillageOf(township, village), HouseholdNumber = household, Relation = "户主", WishTrades = [3],
        };
        await using var connection = await server.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var list = await connection.QuerySingleAsync<int>("select min(id) from person_list where kind = 2", transaction: transaction);
        await server.Get<PersonWriter>().WriteAsync(connection, transaction, [statement], isDemo: true, list, new ChangeCause(), server.Clock.GetUtcNow());
        await transaction.CommitAsync();
        var id = await connection.QuerySingleAsync<long>("select id from person where name = @name", new { name });
        var householdId = await connection.QuerySingleAsync<long>("select id from household where number = @household", new { household });
        return new(id, name, number, householdId);
    }

    [Theory]
    [InlineData("township", 2)]
    [InlineData("village", 1)]
    public async Task Whoever_is_of_a_place_sees_its_people_and_nobody_else_by_any_way(string login, int ownVillage)
    {
        var own = await AddAsync(OwnTownship, ownVillage);
        var strangers = new List<Someone> { await AddAsync(OtherTownship, 1) };
        if (login == "village") strangers.Add(await AddAsync(OwnTownship, 5));
        using var api = await server.LogInAsync(login);
        using var portal = await server.OpenPortalAsync(login);
        Assert.True((await AnswersAsync(api, portal, own)).All(answer => answer.Text.Contains(own.Name, StringComparison.Ordinal)), "one's own person is not shown everywhere");
        foreach (var stranger in strangers)
            foreach (var (how, text) in await AnswersAsync(api, portal, stranger))
                Assert.False(text.Contains(stranger.Name, StringComparison.Ordinal) || text.Contains(stranger.Number.Masked(), StringComparison.Ordinal), $"{how} shows a stranger to {login}");
    }

    /// <summary>Every way to come upon a person: what each answers.</summary>
    private static async Task<List<(string How, string Text)>> AnswersAsync(HttpClient api, HttpClient portal, Someone person)
    {
        List<(string, string)> answers = [];
        foreach (var path in new[] { $"/api/register/people/{person.Id}/file" }) answers.Add((path, await TextAsync(await api.GetAsync(path))));
        foreach (var body in new object[] { new { name = person.Name }, new { name = person.Name, townshipCode = (int?)null, listId = (int?)null } })
            answers.Add(("search", await TextAsync(await api.PostAsJsonAsync("/api/register/people/search", body))));
        answers.Add(("find", await TextAsync(await api.PostAsJsonAsync("/api/register/people/find", new { idNumber = person.Number.Reveal() }))));
        foreach (var path in new[] { $"/register/people/{person.Id}", $"/register/people/{person.Id}/file", $"/register/people/{person.Id}/changes", $"/register/households/{person.Household}" })
            answers.Add((path, await TextAsync(await portal.GetAsync(path))));
        var found = await FindInPortalAsync(portal, person.Name);
        answers.Add(("/register?handler=Find", found.Replace($"value=\"{person.Name}\"", "", StringComparison.Ordinal)));
        return answers;
    }

    private static async Task<string> TextAsync(HttpResponseMessage answer)
    {
        using (answer) return await answer.Content.ReadAsStringAsync();
    }

    private static async Task<string> FindInPortalAsync(HttpClient portal, string who)
    {
        var page = await portal.GetStringAsync("/register");
        var token = ServerUnderTest.Antiforgery(page[page.IndexOf("data-testid=\"find-form\"", StringComparison.Ordinal)..]);
        using var answer = await portal.PostAsync("/register?handler=Find", new FormUrlEncodedContent(new Dictionary<string, string> { ["who"] = who, ["__RequestVerificationToken"] = token }));
        return await answer.Content.ReadAsStringAsync();
    }

    [Theory]
    [InlineData("township", "p.township_code = @OwnTownship")]
    [InlineData("village", "p.village_code = @OwnVillage")]
    public async Task Every_list_and_count_is_of_the_place_alone_whatever_filter_is_asked_for(string login, string own)
    {
        await AddAsync(OwnTownship, 1);
        await AddAsync(OwnTownship, 4);
        await AddAsync(OtherTownship, 1);
        await using var connection = await server.Database.OpenConnectionAsync();
        var terms = new { OwnTownship, OwnVillage };
        var people = await connection.ExecuteScalarAsync<int>($"select count(*) from person p where {own}", terms);
        var listed = await connection.ExecuteScalarAsync<int>($"select count(*) from person p join person_list_member m on m.person_id = p.id join person_list l on l.id = m.list_id and l.kind = 2 and l.position = 1 where {own}", terms);
        using var api = await server.LogInAsync(login);
        Assert.Equal(people, (await api.GetFromJsonAsync<JsonElement>("/api/register/people")).GetProperty("total").GetInt32());
        foreach (var query in new[] { $"townshipCode={OtherTownship}", $"villageCode={DemoPlaces.VillageOf(OtherTownship, 1)}" })
            Assert.Equal(0, (await api.GetFromJsonAsync<JsonElement>($"/api/register/people?{query}")).GetProperty("total").GetInt32());
        Assert.Equal(people, (await api.GetFromJsonAsync<JsonElement>("/api/register/people?derived=demand")).GetProperty("total").GetInt32());
        var lists = await api.GetFromJsonAsync<JsonElement>("/api/register/lists");
        Assert.Equal(listed, lists.EnumerateArray().Single(list => list.GetProperty("name").GetString() == "贫困劳动力名单").GetProperty("people").GetInt32());

        using var portal = await server.OpenPortalAsync(login);
        var listId = await connection.QuerySingleAsync<int>("select min(id) from person_list where kind = 2");
        foreach (var path in new[] { "/register", "/register/lists", $"/register/lists/{listId}", "/register/lists/demand", "/register/households", $"/register/households?township={OtherTownship}", "/register/coverage", $"/register/coverage?township={OtherTownship}" })
        {
            using var answer = await portal.GetAsync(path);
            Assert.Equal((path, HttpStatusCode.OK), (path, answer.StatusCode));
            var page = await answer.Content.ReadAsStringAsync();
            Assert.DoesNotContain($"<td class=\"text-nowrap\">{DemoPlaces.Townships[1].Name}", page, StringComparison.Ordinal);
            Assert.DoesNotContain("<td>达板镇", page, StringComparison.Ordinal);
            Assert.DoesNotContain($"href=\"/register/coverage?township={OtherTownship}\"", page, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("township")]
    [InlineData("village")]
    public async Task Who_is_of_a_place_reads_and_records_wishes_and_does_nothing_else(string login)
    {
        var own = await AddAsync(OwnTownship, 1);
        var stranger = await AddAsync(OtherTownship, 2);
        using var api = await server.LogInAsync(login);
        using var recorded = await api.PutAsJsonAsync($"/api/register/people/{own.Id}/wishes", new { tradeCodes = new[] { 5, 2 } });
        Assert.Equal(HttpStatusCode.NoContent, recorded.StatusCode);
        using var refused = await api.PutAsJsonAsync($"/api/register/people/{stranger.Id}/wishes", new { tradeCodes = new[] { 5 } });
        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        await using var connection = await server.Database.OpenConnectionAsync();
        Assert.Equal("2,5", await connection.QuerySingleAsync<string>("select array_to_string(wish_trades, ',') from person where id = @Id", new { own.Id }));
        Assert.Equal("3", await connection.QuerySingleAsync<string>("select array_to_string(wish_trades, ',') from person where id = @Id", new { stranger.Id }));

        var actor = await SettledScene.ActorAsync(server, login);
        Assert.Equal([Permission.ReadHouseholds, Permission.ReadPeople, Permission.RecordWishes], Permission.Holders.Keys.Where(actor.May).Order());
        using var portal = await server.OpenPortalAsync(login);
        foreach (var path in new[] { $"/register/people/{own.Id}/edit", "/register/imports", "/register/import", "/register/places", "/issuing", "/classes", "/audit" })
        {
            using var answer = await portal.GetAsync(path);
            Assert.True(answer.Headers.Location?.PathAndQuery.StartsWith("/not-allowed", StringComparison.Ordinal), path);
        }
        var page = await portal.GetStringAsync($"/register/people/{own.Id}");
        Assert.DoesNotContain("data-testid=\"eligibility-card\"", page, StringComparison.Ordinal); // Its reasons would name matches.
        var token = ServerUnderTest.Antiforgery(page);
        foreach (var (path, field, value) in new[]
        {
            ($"/register/people/{own.Id}?handler=Reveal", "reason", "想看看"), ($"/register/people/{own.Id}?handler=PutOn", "list", "1"),
            ($"/register/people/{own.Id}?handler=TakeOff", "list", "1"), ($"/register/households/{own.Household}?handler=Plan", "plan", "x"),
            ("/register/lists?handler=Add", "name", "x"), ("/register/lists?handler=Five", "x", "x"), ("/register/lists/1?handler=PutOn", "who", own.Number.Reveal()),
        })
        {
            using var answer = await portal.PostAsync(path, new FormUrlEncodedContent(new Dictionary<string, string> { [field] = value, ["__RequestVerificationToken"] = token }));
            Assert.True(answer.Headers.Location?.PathAndQuery.StartsWith("/not-allowed", StringComparison.Ordinal), $"{path}: {answer.StatusCode}");
        }
        Assert.IsType<Voucher.Core.Refusals.Outcome<Voucher.Core.Refusals.Nothing>.Refused>(
            await server.Get<PlanHousehold>().SaveAsync(own.Household, "x", true, actor));
    }

    [Fact]
    public async Task An_institution_sees_its_own_trainees_and_its_own_part_of_their_file()
    {
        var mine = await SettledScene.BuildAsync(server);
        var other = await SettledScene.BuildAsync(server, manager: "manager2");
        var ownVoucher = (await mine.CompletedVouchersAsync(1))[0];
        var otherVoucher = (await other.CompletedVouchersAsync(1))[0];
        await using var connection = await server.Database.OpenConnectionAsync();
        var trainee = await PersonOfAsync(connection, ownVoucher);
        var stranger = await PersonOfAsync(connection, otherVoucher);
        // The trainee went to the other institution as well.
        await connection.ExecuteAsync("""
            insert into enrolment (voucher_id, person_id, class_id, enrolled_at, number) values (@otherVoucher, @trainee, @Class, now(), 9);
            insert into match_run (region, source, file_name, as_of, created_by, created_at) select 622926, 4, 'x', '2026-01-01', min(id), now() from account;
            insert into match_hit (run_id, region, person_id, source, difference) select max(id), 622926, @trainee, 4, '保密差异' from match_run
            """, new { otherVoucher = otherVoucher.Value + 1_000_000, trainee, other.Class });
        using var manager = await server.LogInAsync("manager");
        var seen = await manager.GetFromJsonAsync<JsonElement>("/api/register/people");
        Assert.Contains(trainee, seen.GetProperty("people").EnumerateArray().Select(person => person.GetProperty("id").GetInt64()));
        Assert.DoesNotContain(stranger, seen.GetProperty("people").EnumerateArray().Select(person => person.GetProperty("id").GetInt64()));
        var file = await manager.GetFromJsonAsync<JsonElement>($"/api/register/people/{trainee}/file");
        var one = Assert.Single(file.GetProperty("classes").EnumerateArray());
        Assert.Equal((mine.Class.Value, 2), (one.GetProperty("id").GetInt64(), one.GetProperty("sessions").GetInt32()));
        Assert.Equal(8, one.GetProperty("plannedHours").GetInt32());
        Assert.Equal((4, 4), (one.GetProperty("theoryHours").GetInt32(), one.GetProperty("practiceHours").GetInt32()));
        Assert.Equal(0, file.GetProperty("matches").GetArrayLength());
        Assert.Single(file.GetProperty("spotChecks").EnumerateArray());
        using var hidden = await manager.GetAsync($"/api/register/people/{stranger}/file");
        Assert.Equal(HttpStatusCode.NotFound, hidden.StatusCode);

        await AssertHowTheyLiveIsHiddenAsync(manager, trainee);
        using var clerk = await server.LogInAsync("clerk");
        var whole = await clerk.GetFromJsonAsync<JsonElement>($"/api/register/people/{trainee}/file");
        Assert.Equal(2, whole.GetProperty("classes").GetArrayLength());
        Assert.Equal("Deceased", Assert.Single(whole.GetProperty("matches").EnumerateArray()).GetProperty("source").GetString());
        using var desk = await server.OpenPortalAsync("manager");
        var page = await desk.GetStringAsync($"/register/people/{trainee}/file");
        Assert.DoesNotContain("保密差异", page, StringComparison.Ordinal);
        Assert.Contains("data-testid=\"file-classes\"", page, StringComparison.Ordinal);
        using var county = await server.OpenPortalAsync("clerk");
        Assert.Contains("保密差异", await county.GetStringAsync($"/register/people/{trainee}/file"), StringComparison.Ordinal);
        foreach (var path in new[] { "/api/townships", "/api/register/lists", "/api/villages" })
        {
            using var answer = await manager.GetAsync(path);
            Assert.Equal((path, HttpStatusCode.Forbidden), (path, answer.StatusCode));
        }
    }

    /// <summary>Neither shown, nor exported, nor to be asked for one filter after the other.</summary>
    private async Task AssertHowTheyLiveIsHiddenAsync(HttpClient manager, long trainee)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        await connection.ExecuteAsync("update person set categories = '{残疾保密}', employment = 6 where id = @trainee", new { trainee });
        var line = (await manager.GetFromJsonAsync<JsonElement>("/api/register/people")).GetProperty("people").EnumerateArray().Single(person => person.GetProperty("id").GetInt64() == trainee);
        Assert.Equal((0, "NotStated", JsonValueKind.Null), (line.GetProperty("categories").GetArrayLength(), line.GetProperty("employment").GetString(), line.GetProperty("village").ValueKind));
        foreach (var query in new[] { "category=x", "listId=1", "employment=OutOfWork", "wishTrade=3", "derived=demand", $"villageCode={OwnVillage}" })
        {
            using var asked = await manager.GetAsync($"/api/register/people?{query}");
            Assert.Equal((query, HttpStatusCode.BadRequest), (query, asked.StatusCode));
            Assert.Contains($"\"{query.Split('=')[0]}\"", await asked.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        using var household = await manager.PostAsJsonAsync("/api/register/people/search", new { householdNumber = "H1" });
        Assert.Equal(HttpStatusCode.BadRequest, household.StatusCode);
        using var portal = await server.OpenPortalAsync("manager");
        var page = await portal.GetStringAsync("/register?category=x&list=demand&employment=Farming&wish=3");
        Assert.Contains($"/register/people/{trainee}", page, StringComparison.Ordinal); // The filters say nothing here.
        Assert.DoesNotContain("残疾保密", page, StringComparison.Ordinal);
        Assert.DoesNotContain("name=\"employment\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("name=\"household\"", page, StringComparison.Ordinal);
    }

    private static Task<long> PersonOfAsync(Npgsql.NpgsqlConnection connection, VoucherId voucher) =>
        connection.QuerySingleAsync<long>("select person_id from voucher where id = @id", new { id = voucher.Value });

    [Fact]
    public async Task A_log_in_of_a_place_without_a_place_sees_nobody()
    {
        var lost = new Actor(new AccountId(1), new StaffId(1), "x", new HashSet<Role> { Role.TownshipStaff }, null);
        Assert.Throws<InvalidOperationException>(() => RegisterScope.Of(lost));
        await using var connection = await server.Database.OpenConnectionAsync();
        // Moved to another place while logged in: the session is over.
        using var portal = await server.OpenPortalAsync("village");
        await connection.ExecuteAsync("update account set scope_code = scope_code + 1 where login = 'village'");
        using var answer = await portal.GetAsync("/register");
        await connection.ExecuteAsync("update account set scope_code = scope_code - 1 where login = 'village'");
        Assert.Equal("/log-in", answer.Headers.Location?.AbsolutePath);
        Assert.Equal(OwnVillage.ToString(CultureInfo.InvariantCulture), (await SettledScene.ActorAsync(server, "village")).Place.ToString());
    }
}
