using System.Text;
using Dapper;
using Npgsql;
using Voucher.Core;
using Voucher.Core.People;
using Voucher.Core.Refusals;
using Voucher.Core.Regions;
using Voucher.Server.Accounts;
using Voucher.Server.Demo;
using Voucher.Server.Register;
using Voucher.Server.Register.Changes;
using Voucher.Server.Register.Households;
using Voucher.Server.Register.Lists;
using Voucher.Server.Register.Places;
using Voucher.Server.Tests.Settling;

namespace Voucher.Server.Tests.Register;

/// <summary>History, corrections, places, households and lists, through their use cases.</summary>
public sealed class RegisterDepthTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private static int _township = 622_926_700;

    private Task<Actor> ClerkAsync() => SettledScene.ActorAsync(server, "clerk");

    private async Task<PersonId> AddAsync(PersonStatement statement, ChangeCause? cause = null)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await server.Get<PersonWriter>().WriteAsync(connection, transaction, [statement], isDemo: false, list: null, cause ?? new ChangeCause(), server.Clock.GetUtcNow());
        await transaction.CommitAsync();
        return (await server.Get<PersonStore>().FindAsync(RegisterScope.County, server.Get<PersonalData>().LookupHash(statement.Number)))!.Value;
    }

    private static PersonStatement Someone(int? township = 622_926_100, string household = "") =>
        new(Roster.NewNumber(), "马小梅", "初中", "15411112222", true, township, "", "", "", ["建档立卡"]) { HouseholdNumber = household };

    private async Task<IReadOnlyList<ChangeLine>> ChangesAsync(PersonId person) => await server.Get<ChangeStore>().OfPersonAsync(person, 1, 100);

    // History

    [Fact]
    public async Task A_first_appearance_is_one_line_and_an_unchanged_row_is_none()
    {
        var said = Someone();
        var person = await AddAsync(said);
        await AddAsync(said);
        var line = Assert.Single(await ChangesAsync(person));
        Assert.Equal((1, PersonField.Created), (line.Number, line.Field));
    }

    [Fact]
    public async Task Every_changed_field_is_a_line_with_both_values_a_phone_masked_and_sealed()
    {
        var said = Someone();
        var person = await AddAsync(said);
        var clerk = await ClerkAsync();
        await AddAsync(said with { Education = "高中", Phone = "15433334444", WishTrades = [1, 3], Categories = null }, new ChangeCause(clerk.Account));
        var lines = await ChangesAsync(person);
        Assert.Equal([4, 3, 2, 1], lines.Select(line => line.Number));
        Assert.Equal(("初中", "高中", clerk.Name), lines.Where(line => line.Field is PersonField.Education).Select(line => (line.Before, line.After, line.Who)).Single());
        Assert.Equal(("154****2222", "154****4444"), lines.Where(line => line.Field is PersonField.Phone).Select(line => (line.Before, line.After)).Single());
        await using var connection = await server.Database.OpenConnectionAsync();
        var secret = await connection.QuerySingleAsync<byte[]>("select before_sealed from person_change where person_id = @person and field = 4", new { person = person.Value });
        Assert.Equal("15411112222", server.Get<PersonalData>().Open(secret));
        var words = await server.Get<ChangeStore>().WordsAsync();
        Assert.Equal("餐饮服务、电工焊工", words.Show(PersonField.WishTrades, "1,3").Zh);
        Assert.Equal("锁南镇", words.Show(PersonField.Township, "622926100").Zh);
    }

    [Fact]
    public async Task An_import_stands_in_the_history_with_its_file_and_who_brought_it()
    {
        using var api = await server.LogInAsync("clerk");
        var row = Roster.Row();
        await api.ImportAsync("春季花名册.csv", Roster.Csv(Roster.Header, row));
        var person = (await server.FindAsync(row[Roster.IdNumber])).Id;
        row[Roster.Education] = "大专";
        await api.ImportAsync("夏季花名册.csv", Roster.Csv(Roster.Header, row));
        var lines = await ChangesAsync(person);
        Assert.Equal([("夏季花名册.csv", "马经办"), ("春季花名册.csv", "马经办")], lines.Select(line => (line.FileName!, line.Who!)));
        using var portal = await server.OpenPortalAsync("auditor");
        var page = await portal.GetStringAsync($"/register/people/{person}/changes");
        Assert.Contains("夏季花名册.csv", page, StringComparison.Ordinal);
        Assert.Contains("大专", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task History_is_only_appended_to()
    {
        await AddAsync(Someone());
        await using var connection = await server.Database.OpenConnectionAsync();
        foreach (var sql in new[] { "update person_change set after = 'x'", "delete from person_change" })
            Assert.Contains("append-only", (await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync(sql))).MessageText, StringComparison.Ordinal);
    }

    // Corrections

    [Fact]
    public async Task A_clerk_corrects_a_person_with_a_reason_that_history_and_trail_keep()
    {
        var person = await AddAsync(Someone());
        var (clerk, change) = (await ClerkAsync(), server.Get<ChangePerson>());
        var form = (await change.FormOfAsync(person, clerk))! with { Name = "马晓梅", Employment = "OutOfWork", Village = DemoPlaces.VillageOf(622_926_100, 4).Value, HouseholdNumber = "C-1", Relation = "户主" };
        Assert.Null(form.Phone);
        Assert.Equal(RefusalCode.ReasonMissing, Assert.IsType<Outcome<Nothing>.Refused>(await change.CorrectAsync(person, form, clerk)).Refusal.Code);
        (await change.CorrectAsync(person, form with { Reason = "本人到窗口更正" }, clerk)).OrThrow();
        var lines = await ChangesAsync(person);
        Assert.Equal(
            [PersonField.Created, PersonField.Employment, PersonField.HouseholdNumber, PersonField.Name, PersonField.Relation, PersonField.Village],
            lines.Select(line => line.Field).OrderBy(field => field.ToString(), StringComparer.Ordinal));
        Assert.All(lines.Where(line => line.Field is not PersonField.Created), line => Assert.Equal("本人到窗口更正", line.Reason));
        var sheet = (await server.Get<PersonStore>().GetAsync(RegisterScope.County, person))!;
        Assert.Equal(("马晓梅", "154****2222", "示例4村", EmploymentState.OutOfWork), (sheet.Name, sheet.PhoneMasked, sheet.Village, sheet.Employment));
        Assert.NotNull(sheet.HouseholdId);
        await using var connection = await server.Database.OpenConnectionAsync();
        Assert.Equal("本人到窗口更正", await connection.QuerySingleAsync<string>("select detail from audit_entry where action = 'person.correct' and subject = @subject", new { subject = $"person:{person}" }));
    }

    [Fact]
    public async Task A_form_does_not_overwrite_what_has_changed_since_it_was_opened()
    {
        var person = await AddAsync(Someone());
        var (clerk, change) = (await ClerkAsync(), server.Get<ChangePerson>());
        var form = (await change.FormOfAsync(person, clerk))! with { Reason = "更正" };
        (await change.RecordWishesAsync(person, [3], clerk)).OrThrow();
        Assert.Equal(RefusalCode.PersonChangedMeanwhile, Refused(await change.CorrectAsync(person, form, clerk)));
        Assert.Equal(RefusalCode.PersonChangedMeanwhile, Refused(await change.CorrectAsync(person, form with { Changes = null }, clerk)));
        Assert.Equal([3], (await server.Get<PersonStore>().GetAsync(RegisterScope.County, person))!.WishTrades);
    }

    [Fact]
    public async Task Who_has_left_is_shown_with_where_they_went_and_changed_by_nobody()
    {
        var (person, other) = (await AddAsync(Someone()), await AddAsync(Someone()));
        var (clerk, change) = (await ClerkAsync(), server.Get<ChangePerson>());
        var form = (await change.FormOfAsync(person, clerk))! with { Reason = "更正" };
        var list = (await server.Get<SaveList>().AddAsync(new($"退{person}", null, null, null, null), clerk)).OrThrow();
        await using var connection = await server.Database.OpenConnectionAsync();
        await connection.ExecuteAsync("update person set withdrawn_at = now(), merged_into = @other where id = @person", new { person = person.Value, other = other.Value });
        Assert.Equal(RefusalCode.PersonHasLeft, Refused(await change.CorrectAsync(person, form, clerk)));
        Assert.Equal(RefusalCode.PersonHasLeft, Refused(await change.RecordWishesAsync(person, [3], clerk)));
        Assert.Equal(RefusalCode.PersonHasLeft, Refused(await server.Get<ListMembers>().PutOnAsync(list, person, clerk)));
        using var portal = await server.OpenPortalAsync("clerk");
        var page = await portal.GetStringAsync($"/register/people/{person}");
        Assert.Contains($"href=\"/register/people/{other}\" data-testid=\"merged-into\"", page, StringComparison.Ordinal);
        foreach (var form2 in new[] { "go-edit", "wishes-form", "put-on-form", "eligibility-card" }) Assert.DoesNotContain($"data-testid=\"{form2}\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_that_cannot_be_used_names_every_field_and_changes_nothing()
    {
        var person = await AddAsync(Someone());
        var (clerk, change) = (await ClerkAsync(), server.Get<ChangePerson>());
        var form = (await change.FormOfAsync(person, clerk))! with { Reason = "更正" };
        (string Field, PersonForm Form)[] bad =
        [
            ("name", form with { Name = "马1" }), ("name", form with { Name = "a\0" }), ("phone", form with { Phone = "12345" }),
            ("township", form with { Township = 622_926_999 }), ("township", form with { Township = -1 }), ("village", form with { Village = 622_926_100_999 }),
            ("village", form with { Village = DemoPlaces.VillageOf(622_926_101, 1).Value }), ("village", form with { Village = -5 }),
            ("employment", form with { Employment = "6" }), ("labourAbility", form with { LabourAbility = "Strong" }), ("wishTrades", form with { WishTrades = [999] }),
            ("wishTrades", form with { WishTrades = [.. Enumerable.Range(1, 11)] }), ("categories", form with { Categories = new string('长', 21) }),
            ("categories", form with { Categories = "甲\u001e乙" }), ("householdNumber", form with { HouseholdNumber = new string('1', 31) }),
            ("education", form with { Education = new string('长', 21) }), ("reason", form with { Reason = new string('因', 201) }), ("reason", form with { Reason = "电话15411112222" }),
        ];
        foreach (var (field, spoilt) in bad)
        {
            var outcome = Assert.IsType<Outcome<Nothing>.BadInput>(await change.CorrectAsync(person, spoilt, clerk));
            Assert.Contains(field, outcome.Errors.Select(error => error.Field));
        }
        Assert.Single(await ChangesAsync(person));
        Assert.IsType<Outcome<Nothing>.Refused>(await change.CorrectAsync(person, form, await SettledScene.ActorAsync(server, "reviewer")));
    }

    // Places

    [Fact]
    public async Task When_a_code_ends_its_people_households_and_log_ins_go_on_under_the_next_one_and_history_says_so()
    {
        var (clerk, change) = (await ClerkAsync(), server.Get<ChangePlace>());
        var (old, next) = (await NewTownshipAsync("旧乡"), await NewTownshipAsync("新镇"));
        var person = await AddAsync(Someone(old, household: $"P{old}") with { Relation = "户主" });
        await server.Get<AccountStore>().SaveAsync($"t{old}", "某人", "x", [Role.TownshipStaff], null, server.Clock.GetUtcNow(), new PlaceCode(old));
        Assert.Equal(RefusalCode.PlaceHasPeople, Refused(await change.EndAsync(new($"{old}", new(2024, 12, 31), null), clerk)));
        Assert.Equal(1, (await change.EndAsync(new($"{old}", new(2024, 12, 31), $"{next}"), clerk)).OrThrow());
        var line = (await ChangesAsync(person))[0];
        Assert.Equal((PersonField.Township, $"{old}", $"{next}"), (line.Field, line.Before, line.After));
        Assert.Equal($"新镇{next}", (await server.Get<PersonStore>().GetAsync(RegisterScope.County, person))!.Township);
        Assert.Equal(new PlaceCode(next), (await SettledScene.ActorAsync(server, $"t{old}")).Place);
        await using var connection = await server.Database.OpenConnectionAsync();
        Assert.Equal(next, await connection.QuerySingleAsync<int>("select township_code from household where number = @number", new { number = $"P{old}" }));
        var ended = (await server.Get<PlaceStore>().TownshipsAsync()).Single(place => place.Code.Value == old);
        Assert.Equal((new DateOnly(2024, 12, 31), new PlaceCode(next)), (ended.EffectiveUntil!.Value, ended.Successor!.Value));
        Assert.DoesNotContain(old, (await server.Get<PersonStore>().TownshipsAsync()).Select(township => township.Code));
        Assert.Equal(RefusalCode.NotFound, Refused(await change.EndAsync(new($"{old}", new(2025, 1, 1), $"{next}"), clerk)));
        Assert.Contains("append-only", (await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync("delete from township where code = @old", new { old }))).MessageText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_township_with_villages_in_force_does_not_end_and_a_place_is_followed_by_one_of_its_rank()
    {
        var (clerk, change) = (await ClerkAsync(), server.Get<ChangePlace>());
        var (township, other) = (await NewTownshipAsync("甲乡"), await NewTownshipAsync("乙乡"));
        (await change.AddAsync(new($"{township}201", "一村", new(2020, 1, 1)), clerk)).OrThrow();
        (await change.AddAsync(new($"{other}201", "一村", new(2020, 1, 1)), clerk)).OrThrow();
        Assert.Equal(RefusalCode.PlaceHasVillages, Refused(await change.EndAsync(new($"{township}", new(2024, 1, 1), $"{other}"), clerk)));
        foreach (var successor in new[] { $"{other}", $"{township}201", $"{township}299", "x", "533123100201" })
            Assert.Contains("successor", Fields(await change.EndAsync(new($"{township}201", new(2024, 1, 1), successor), clerk)));
        Assert.Contains("until", Fields(await change.EndAsync(new($"{township}201", new(2019, 1, 1), $"{other}201"), clerk)));
        var tomorrow = CountyTime.DayOf(server.Clock.GetUtcNow()).AddDays(1);
        Assert.Contains("until", Fields(await change.EndAsync(new($"{township}201", tomorrow, $"{other}201"), clerk)));
        var person = await AddAsync(Someone(township) with { SaysVillage = true, Village = new PlaceCode(township * 1000L + 201) });
        (await change.EndAsync(new($"{township}201", new(2024, 1, 1), $"{other}201"), clerk)).OrThrow();
        Assert.Equal([PersonField.Township, PersonField.Village], (await ChangesAsync(person)).Take(2).Select(line => line.Field).Order());
        (await change.EndAsync(new($"{township}", new(2024, 1, 1), null), clerk)).OrThrow();
    }

    [Fact]
    public async Task A_place_is_added_once_within_the_county_and_renamed_without_a_double()
    {
        var (clerk, change) = (await ClerkAsync(), server.Get<ChangePlace>());
        var township = await NewTownshipAsync("丙乡");
        foreach (var (code, name, field) in new[] { ($"{township}", "又一", "code"), ("533123100", "盈江", "code"), ("622926998201", "无乡", "code"), ("6229", "短", "code"), ($"{township + 50}", "锁南镇", "name"), ($"{township + 50}", "", "name"), ($"{township + 50}", "a\0", "name") })
            Assert.Contains(field, Fields(await change.AddAsync(new(code, name, new(2020, 1, 1)), clerk)));
        Assert.Contains("from", Fields(await change.AddAsync(new($"{township + 50}", "可以", null), clerk)));
        Assert.Contains("name", Fields(await change.RenameAsync($"{township}", "锁南镇", clerk)));
        (await change.RenameAsync($"{township}", $"丙镇{township}", clerk)).OrThrow();
        Assert.IsType<Outcome<Nothing>.Refused>(await change.RenameAsync($"{township}", "丁镇", await SettledScene.ActorAsync(server, "township")));
    }

    [Fact]
    public async Task An_operator_loads_places_and_trades_whole_or_not_at_all()
    {
        var load = server.Get<LoadCodes>();
        var township = Interlocked.Increment(ref _township);
        var (loaded, problems) = await load.PlacesAsync(Encoding.UTF8.GetBytes($"﻿代码,名称,启用日期\r\n{township}201,东村,2020-01-31\r\n{township},装{township}乡\r\n"));
        Assert.Empty(problems);
        Assert.Equal(new LoadCodes.Loaded(2, 0, 0), loaded);
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        Assert.Equal(new LoadCodes.Loaded(0, 1, 1), (await load.PlacesAsync(Encoding.GetEncoding("GB18030").GetBytes($"{township},装{township}乡\n{township}201,西村\n"))).Loaded);
        var (nothing, wrong) = await load.PlacesAsync(Encoding.UTF8.GetBytes($"代码,名称\n{township}202,好村\n5331,坏\n{township}203,\n{township}202,又\n622926997201,孤村\n"));
        Assert.Null(nothing);
        Assert.Equal([3, 4, 5], wrong.Select(problem => problem.Row));
        Assert.DoesNotContain("好村", (await server.Get<PlaceStore>().VillagesAsync(township)).Select(village => village.Name));
        Assert.Equal(2, Assert.Single((await load.PlacesAsync(Encoding.UTF8.GetBytes($"代码,名称\n622926997201,孤村\n{township}204,好\n"))).Problems).Row);
        Assert.NotEmpty((await load.PlacesAsync([])).Problems);
        Assert.NotEmpty((await load.PlacesAsync([0xff, 0xfe, 0xff, 0x80, 0x00])).Problems);

        Assert.Equal(new LoadCodes.Loaded(1, 0, 1), (await load.TradesAsync(Encoding.UTF8.GetBytes("代码,名称\n8,园林林草\n901,刺绣\n"))).Loaded);
        Assert.Equal(new LoadCodes.Loaded(0, 1, 0), (await load.TradesAsync(Encoding.UTF8.GetBytes("901,东乡刺绣\n"))).Loaded);
        Assert.Null((await load.TradesAsync(Encoding.UTF8.GetBytes("902,餐饮服务\n"))).Loaded);
        Assert.Null((await load.TradesAsync(Encoding.UTF8.GetBytes("0,零\n"))).Loaded);
    }

    private async Task<int> NewTownshipAsync(string name)
    {
        var code = Interlocked.Increment(ref _township);
        (await server.Get<ChangePlace>().AddAsync(new($"{code}", $"{name}{code}", new(2016, 1, 1)), await ClerkAsync())).OrThrow();
        return code;
    }

    // Households

    [Fact]
    public async Task A_household_is_covered_once_one_member_has_completed_a_training()
    {
        var number = $"K{Guid.NewGuid():N}"[..12];
        var head = await AddAsync(Someone(622_926_105, number) with { Relation = "户主" });
        await AddAsync(Someone(622_926_105, number) with { Relation = "子女" });
        var households = server.Get<HouseholdStore>();
        async Task<HouseholdLine> LineAsync() => Assert.Single((await households.PageAsync(RegisterScope.County, new(Number: number), 1, 50)).Households);
        async Task<PlaceCoverage> CoverageAsync() => (await households.CoverageAsync(RegisterScope.County, null)).Single(place => place.Code == 622_926_105);
        var line = await LineAsync();
        Assert.Equal((2, true, false, "马小梅"), (line.Members, line.IsRegistered, line.IsCovered, line.Head!));
        var before = await CoverageAsync();
        var voucher = (await (await SettledScene.BuildAsync(server)).CompletedVouchersAsync(1))[0];
        await using var connection = await server.Database.OpenConnectionAsync();
        await connection.ExecuteAsync("update voucher set person_id = @head where id = @id", new { head = head.Value, id = voucher.Value });
        Assert.True((await LineAsync()).IsCovered);
        Assert.Equal((before.Households, before.Covered + 1), (await CoverageAsync() is var after ? (after.Households, after.Covered) : default));
        Assert.Empty((await households.PageAsync(RegisterScope.County, new(Number: number, Covered: false), 1, 50)).Households);
        using var portal = await server.OpenPortalAsync("auditor");
        Assert.Contains("data-testid=\"covered\"", await portal.GetStringAsync($"/register/households/{line.Id}"), StringComparison.Ordinal);
        Assert.Contains("data-testid=\"coverage\"", await portal.GetStringAsync("/register/coverage"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_has_left_is_no_member_and_a_household_of_nobody_counts_nowhere()
    {
        var number = $"Q{Guid.NewGuid():N}"[..12];
        var (head, twin) = (await AddAsync(Someone(622_926_106, number)), await AddAsync(Someone(622_926_106, number)));
        var (households, places) = (server.Get<HouseholdStore>(), server.Get<PlaceStore>());
        async Task<int> PeopleAsync() => (await places.TownshipsAsync()).Single(place => place.Code.Value == 622_926_106).People;
        async Task<int> HouseholdsAsync() => (await households.CoverageAsync(RegisterScope.County, null)).SingleOrDefault(place => place.Code == 622_926_106)?.Households ?? 0;
        var voucher = (await (await SettledScene.BuildAsync(server)).CompletedVouchersAsync(1))[0];
        var (people, counted) = (await PeopleAsync(), await HouseholdsAsync());
        await using var connection = await server.Database.OpenConnectionAsync();
        await connection.ExecuteAsync("""
            update voucher set person_id = @twin where id = @id;
            update person set withdrawn_at = now(), merged_into = @head where id = @twin
            """, new { head = head.Value, twin = twin.Value, id = voucher.Value });
        var line = Assert.Single((await households.PageAsync(RegisterScope.County, new(Number: number), 1, 50)).Households);
        Assert.Equal((1, true), (line.Members, line.IsCovered));
        Assert.Equal(1, Assert.Single(await households.MembersAsync(RegisterScope.County, number)).Completed);
        Assert.Equal(people - 1, await PeopleAsync());
        await connection.ExecuteAsync("update person set withdrawn_at = now() where id = @head", new { head = head.Value });
        Assert.Empty((await households.PageAsync(RegisterScope.County, new(Number: number), 1, 50)).Households);
        Assert.Equal(counted - 1, await HouseholdsAsync());
    }

    [Fact]
    public async Task A_household_is_registered_once_a_member_is_and_stays_as_a_clerk_says()
    {
        var number = $"R{Guid.NewGuid():N}"[..12];
        var said = Someone(household: number) with { Categories = ["妇女"] };
        await AddAsync(said);
        async Task<HouseholdLine> LineAsync() => Assert.Single((await server.Get<HouseholdStore>().PageAsync(RegisterScope.County, new(Number: number), 1, 50)).Households);
        Assert.False((await LineAsync()).IsRegistered);
        await AddAsync(said with { Categories = ["妇女", "建档立卡"] });
        Assert.True((await LineAsync()).IsRegistered);
        (await server.Get<PlanHousehold>().SaveAsync((await LineAsync()).Id, "", isRegistered: false, await ClerkAsync())).OrThrow();
        await AddAsync(said with { Categories = null, Phone = "15433334444" });
        Assert.False((await LineAsync()).IsRegistered);
    }

    [Fact]
    public async Task A_household_moves_with_its_head_and_not_with_another_member()
    {
        var number = $"M{Guid.NewGuid():N}"[..12];
        var (head, child) = (Someone(622_926_102, number) with { Relation = "户主" }, Someone(622_926_103, number));
        await AddAsync(child);
        await AddAsync(head);
        await AddAsync(child with { Township = 622_926_104 });
        await using var connection = await server.Database.OpenConnectionAsync();
        Assert.Equal(622_926_102, await connection.QuerySingleAsync<int>("select township_code from household where number = @number", new { number }));
    }

    [Fact]
    public async Task A_plan_has_measures_with_who_and_until_when_and_each_is_finished_once()
    {
        var number = $"L{Guid.NewGuid():N}"[..12];
        await AddAsync(Someone(household: number));
        var (clerk, plan, households) = (await ClerkAsync(), server.Get<PlanHousehold>(), server.Get<HouseholdStore>());
        var id = (await households.PageAsync(RegisterScope.County, new(Number: number), 1, 1)).Households[0].Id;
        (await plan.SaveAsync(id, "学一门手艺", isRegistered: false, clerk)).OrThrow();
        (await plan.AddMeasureAsync(id, new("动员参训", "驻村干部", new(2026, 6, 30)), clerk)).OrThrow();
        Assert.Equal(["dueOn", "responsible", "text"], Fields(await plan.AddMeasureAsync(id, new("", new string('长', 51), null), clerk)).Order());
        Assert.Contains("plan", Fields(await plan.SaveAsync(id, new string('长', HouseholdLine.LongestPlan + 1), true, clerk)));
        var measure = Assert.Single(await households.MeasuresAsync(id));
        (await plan.FinishMeasureAsync(id, measure.Id, clerk)).OrThrow();
        Assert.Equal(RefusalCode.NotFound, Refused(await plan.FinishMeasureAsync(id, measure.Id, clerk)));
        Assert.Equal(RefusalCode.NotFound, Refused(await plan.AddMeasureAsync(long.MaxValue, new("x", "x", new(2026, 6, 30)), clerk)));
        Assert.Equal(("学一门手艺", false), (await households.FindAsync(RegisterScope.County, id) is { } kept ? (kept.Plan, kept.IsRegistered) : default));
        Assert.Equal((clerk.Name, clerk.Name), ((await households.MeasuresAsync(id))[0] is var done ? (done.AddedBy, done.DoneBy!) : default));
    }

    // Lists

    [Fact]
    public async Task The_five_lists_are_there_and_a_county_renames_them_as_it_likes()
    {
        var (clerk, save, lists) = (await ClerkAsync(), server.Get<SaveList>(), server.Get<ListStore>());
        Assert.Equal(0, (await server.Get<FiveLists>().AddMissingAsync(clerk)).OrThrow());
        Assert.Equal(5, (await lists.AllAsync(RegisterScope.County)).Count(list => list.Kind is ListKind.Standing));
        var id = (await save.AddAsync(new("边民名单", "Standing", "边境村的人", 6, null), clerk)).OrThrow();
        (await save.ChangeAsync(id, new("边民清单", null, "边境一线的人", 7, null), clerk)).OrThrow();
        Assert.Equal(("边民清单", "边境一线的人", (short)7), (await lists.FindAsync(id) is { } list ? (list.Name, list.Definition, list.Position) : default));
        Assert.Contains("name", Fields(await save.ChangeAsync(id, new("培训名单", null, null, null, null), clerk)));
        (await save.AddAsync(new("三〇年任务", "YearTask", null, null, 2030), clerk)).OrThrow();
        Assert.Contains("name", Fields(await save.AddAsync(new("又一份", "YearTask", null, null, 2030), clerk)));
        Assert.Contains("year", Fields(await save.AddAsync(new("无年", "YearTask", null, null, 2200), clerk)));
        Assert.Contains("kind", Fields(await save.AddAsync(new("怪", "2", null, null, null), clerk)));
        Assert.Contains("position", Fields(await save.AddAsync(new("怪", null, null, 100, null), clerk)));
        Assert.Equal(RefusalCode.NotAllowed, Refused(await save.AddAsync(new("怪", null, null, null, null), await SettledScene.ActorAsync(server, "village"))));
    }

    [Fact]
    public async Task Putting_on_a_list_and_taking_off_stand_in_history_and_trail_once_each()
    {
        var (clerk, members) = (await ClerkAsync(), server.Get<ListMembers>());
        var person = await AddAsync(Someone());
        var list = (await server.Get<SaveList>().AddAsync(new($"名单{person}", null, null, null, null), clerk)).OrThrow();
        for (var again = 0; again < 2; again++) (await members.PutOnAsync(list, person, clerk)).OrThrow();
        Assert.Equal(1, (await server.Get<ListStore>().AllAsync(RegisterScope.County)).Single(one => one.Id == list).People);
        for (var again = 0; again < 2; again++) (await members.TakeOffAsync(list, person, clerk)).OrThrow();
        Assert.Equal([("", $"名单{person}"), ($"名单{person}", "")], (await ChangesAsync(person)).Reverse().Skip(1).Select(line => (line.Before, line.After)));
        Assert.Equal(RefusalCode.NotFound, Refused(await members.PutOnAsync(list, new PersonId(long.MaxValue), clerk)));
        Assert.Equal(RefusalCode.NotFound, Refused(await members.PutOnAsync(int.MaxValue, person, clerk)));
        await using var connection = await server.Database.OpenConnectionAsync();
        Assert.Equal(["list.put-on", "list.take-off"], await connection.QueryAsync<string>("select action from audit_entry where detail = @detail order by number", new { detail = $"person:{person}" }));
    }

    private static RefusalCode Refused<T>(Outcome<T> outcome) => Assert.IsType<Outcome<T>.Refused>(outcome).Refusal.Code;

    private static IEnumerable<string> Fields<T>(Outcome<T> outcome) => Assert.IsType<Outcome<T>.BadInput>(outcome).Errors.Select(error => error.Field);
}
