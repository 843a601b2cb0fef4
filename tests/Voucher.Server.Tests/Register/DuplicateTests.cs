using System.Net;
using System.Net.Http.Json;
using Dapper;
using Voucher.Core;
using Voucher.Core.People;

namespace Voucher.Server.Tests.Register;

/// <summary>Rows that may mean somebody else than they say are neither refused nor merged: a person decides.</summary>
public sealed class DuplicateTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>, IAsyncLifetime
{
    private HttpClient _clerk = null!;

    public async ValueTask InitializeAsync() => _clerk = await server.LogInAsync("clerk");

    public ValueTask DisposeAsync()
    {
        _clerk.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("TakeNew", "马晓梅", "大专")]
    [InlineData("KeepOld", "马小梅", "大专")]
    [InlineData("Reject", "马小梅", "初中")]
    public async Task A_known_number_under_another_name_waits_for_a_decision_and_then_is_as_decided(string decision, string name, string education)
    {
        var row = Roster.Row();
        await _clerk.ImportAsync("a.csv", Roster.Csv(Roster.Header, row));
        var other = row.ToArray();
        (other[Roster.Name], other[Roster.Education]) = ("马晓梅", "大专");
        var import = await _clerk.ImportAsync("b.csv", Roster.Csv(Roster.Header, other));
        Assert.Equal((0, 0, 0, 0, 1), (import.Added, import.Changed, import.Unchanged, import.Bad, await ToReviewAsync(import.Id)));
        Assert.Equal("马小梅", (await server.FindAsync(row[Roster.IdNumber])).Name);

        var id = await CaseOfAsync(import.Id);
        await DecideAsync(id, decision);
        var person = await server.FindAsync(row[Roster.IdNumber]);
        Assert.Equal((name, education), (person.Name, person.Education));
        using var twice = await _clerk.PostAsJsonAsync($"/api/register/duplicates/{id}/decide", new { decision, reason = "再来" });
        Assert.Equal(HttpStatusCode.Conflict, twice.StatusCode);

        // Nobody is asked twice about the same: what was said holds for the same row of the next file.
        var again = await _clerk.ImportAsync("c.csv", Roster.Csv(Roster.Header, other));
        Assert.Equal(decision == "Reject" ? (0, 1, 0) : (1, 0, 0), (again.Unchanged, again.Bad, await ToReviewAsync(again.Id)));
        await using var connection = await server.Database.OpenConnectionAsync();
        Assert.Equal(decision + ": 已电话核实", await connection.QuerySingleAsync<string>("select detail from audit_entry where action = 'duplicate.decide' and subject = @subject", new { subject = $"duplicate:{id}" }));
        Assert.True(await connection.QuerySingleAsync<bool>("select row_sealed is null from duplicate_case where id = @id", new { id }));
    }

    [Fact]
    public async Task An_old_number_of_fifteen_digits_is_converted_and_decided_on()
    {
        var known = Roster.RowOfLastCentury();
        await _clerk.ImportAsync("a.csv", Roster.Csv(Roster.Header, known));
        var old = known.ToArray();
        old[Roster.IdNumber] = OldOf(known[Roster.IdNumber]);
        old[Roster.Education] = "本科";
        var stranger = Roster.RowOfLastCentury();
        var present = stranger[Roster.IdNumber];
        stranger[Roster.IdNumber] = OldOf(present);
        var import = await _clerk.ImportAsync("旧号.csv", Roster.Csv(Roster.Header, old, stranger));
        Assert.Equal((0, 0, 2), (import.Added, import.Bad, await ToReviewAsync(import.Id)));
        foreach (var id in await CasesOfAsync(import.Id)) await DecideAsync(id, "TakeNew");
        Assert.Equal("本科", (await server.FindAsync(known[Roster.IdNumber])).Education);
        Assert.Equal(stranger[Roster.Name], (await server.FindAsync(present)).Name);
    }

    [Fact]
    public async Task A_wrong_check_character_waits_where_somebody_has_the_right_one_and_is_an_error_where_nobody_has()
    {
        var known = Roster.Row();
        await _clerk.ImportAsync("a.csv", Roster.Csv(Roster.Header, known));
        string[] Spoilt(string[] row)
        {
            var spoilt = row.ToArray();
            spoilt[Roster.IdNumber] = row[Roster.IdNumber][..17] + (row[Roster.IdNumber][17] == '1' ? '2' : '1');
            spoilt[Roster.Education] = "高中";
            return spoilt;
        }
        var import = await _clerk.ImportAsync("校验.csv", Roster.Csv(Roster.Header, Spoilt(known), Spoilt(Roster.Row())));
        Assert.Equal((1, 1), (import.Bad, await ToReviewAsync(import.Id)));
        Assert.Contains("校验位", Assert.Single(import.Errors).Reason, StringComparison.Ordinal);
        await DecideAsync(await CaseOfAsync(import.Id), "TakeNew");
        Assert.Equal("高中", (await server.FindAsync(known[Roster.IdNumber])).Education);
    }

    [Fact]
    public async Task A_good_row_is_taken_although_a_doubtful_one_before_it_means_the_same_number()
    {
        var good = Roster.RowOfLastCentury();
        var (spoilt, old) = (good.ToArray(), good.ToArray());
        spoilt[Roster.IdNumber] = good[Roster.IdNumber][..17] + (good[Roster.IdNumber][17] == '1' ? '2' : '1');
        old[Roster.IdNumber] = OldOf(good[Roster.IdNumber]);
        var import = await _clerk.ImportAsync("先疑后好.csv", Roster.Csv(Roster.Header, spoilt, old, good, good));
        Assert.Equal((1, 2, 1), (import.Added, import.Bad, await ToReviewAsync(import.Id)));
        Assert.Equal([2, 5], import.Errors.Select(error => error.Row).Order());
        // What was decided holds for the next file, where the good row comes first all the same.
        await DecideAsync(await CaseOfAsync(import.Id), "TakeNew");
        old[Roster.Education] = "本科";
        var again = await _clerk.ImportAsync("又.csv", Roster.Csv(Roster.Header, old, good));
        Assert.Equal((0, 1, 1), (again.Changed, again.Unchanged, again.Bad));
    }

    [Fact]
    public async Task Who_had_left_and_comes_back_under_another_name_is_doubted()
    {
        var row = Roster.Row();
        await _clerk.ImportAsync("a.csv", Roster.Csv(Roster.Header, row));
        await using var connection = await server.Database.OpenConnectionAsync();
        await connection.ExecuteAsync("update person set withdrawn_at = now() where id = @Id", new { (await server.FindAsync(row[Roster.IdNumber])).Id });
        row[Roster.Name] = "马晓梅";
        var import = await _clerk.ImportAsync("b.csv", Roster.Csv(Roster.Header, row));
        Assert.Equal((0, 0, 1), (import.Added, import.Bad, await ToReviewAsync(import.Id)));
        await DecideAsync(await CaseOfAsync(import.Id), "KeepOld");
        Assert.Equal("马小梅", (await server.FindAsync(row[Roster.IdNumber])).Name);
        Assert.True(await connection.QuerySingleAsync<bool>("select withdrawn_at is null from person where id = @Id", new { (await server.FindAsync(row[Roster.IdNumber])).Id }));
    }

    [Fact]
    public async Task A_number_cut_off_after_fifteen_characters_is_no_old_number()
    {
        var row = Roster.Row();
        row[Roster.IdNumber] = row[Roster.IdNumber][..15];
        var import = await _clerk.ImportAsync("a.csv", Roster.Csv(Roster.Header, row));
        Assert.Equal((1, 0), (import.Bad, await ToReviewAsync(import.Id)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Two_entries_of_one_person_become_one_and_the_holder_of_a_voucher_stays(bool secondHolds)
    {
        var (first, second) = await TwinsAsync();
        if (secondHolds) await VoucherSeed.IssueAsync(server, second, status: 3, withVoucher: true);
        var (stays, leaves) = secondHolds ? (second, first) : (first, second);
        await DecideAsync(await PairAsync(first), "Merge");
        await using var connection = await server.Database.OpenConnectionAsync();
        Assert.Equal(stays.Value, await connection.QuerySingleAsync<long>("select merged_into from person where id = @leaves and withdrawn_at is not null", new { leaves }));
        Assert.Equal(2, await connection.QuerySingleAsync<int>("select count(*) from person_list_member where person_id = @stays", new { stays }));
        Assert.Equal(0, await connection.QuerySingleAsync<int>("select count(*) from person_list_member where person_id = @leaves", new { leaves }));
        Assert.Contains("青年", (await server.Get<Voucher.Server.Register.PersonStore>().GetAsync(Voucher.Server.Register.RegisterScope.County, stays))!.Categories);
        Assert.Contains("建档立卡", (await server.Get<Voucher.Server.Register.PersonStore>().GetAsync(Voucher.Server.Register.RegisterScope.County, stays))!.Categories);
        // Nobody asks again about the two, and a row with the number that was given up is an error.
        Assert.Equal(0, await PairsAsync(first));
    }

    /// <summary>甲 into 乙, 乙 into 丙: nobody points to an entry that is gone, and a hit against 丙 stops what was issued to 甲.</summary>
    [Fact]
    public async Task Who_was_merged_before_follows_into_the_next_merge_and_hits_follow_too()
    {
        var (first, second) = await TwinsAsync();
        await DecideAsync(await PairAsync(first), "Merge");
        await using var connection = await server.Database.OpenConnectionAsync();
        var third = (await TwinsAsync()).First;
        await VoucherSeed.IssueAsync(server, third, status: 3, withVoucher: true);
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            var merge = server.Get<Voucher.Server.Register.Duplicates.MergePeople>();
            Assert.Null(await merge.RunAsync(connection, transaction, first, third, new(), server.Clock.GetUtcNow()));
            await transaction.CommitAsync();
        }
        Assert.Equal([third.Value, third.Value], await connection.QueryAsync<long>("select merged_into from person where id in (@first, @second)", new { first, second }));

        await VoucherSeed.IssueAsync(server, second, status: 3, withVoucher: true);
        await connection.ExecuteAsync("""
            insert into match_run (region, source, file_name, as_of, created_by, created_at) select 622926, 4, 'x', '2026-01-01', min(id), now() from account;
            insert into match_hit (run_id, region, person_id, source, difference) select max(id), 622926, @third, 4, '' from match_run
            """, new { third });
        var terms = new { second, matchSources = new short[] { 4 } };
        Assert.True(await connection.QuerySingleAsync<bool>($"select {Voucher.Server.Register.Matching.MatchBlockStore.HolderStands} from voucher v where person_id = @second", terms));
        Assert.Equal("4:2026-01-01", await connection.QuerySingleAsync<string>($"select {Voucher.Server.Register.Matching.MatchBlockStore.StandingOfHolder} from voucher v where person_id = @second", terms));
    }

    [Fact]
    public async Task Two_holders_of_live_vouchers_are_not_merged()
    {
        var (first, second) = await TwinsAsync();
        await VoucherSeed.IssueAsync(server, first, status: 3, withVoucher: true);
        await VoucherSeed.IssueAsync(server, second, status: 1, withVoucher: false);
        var id = await PairAsync(first);
        using var answer = await _clerk.PostAsJsonAsync($"/api/register/duplicates/{id}/decide", new { decision = "Merge", reason = "同一人" });
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Contains("828", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await DecideAsync(id, "Reject");
        await using var connection = await server.Database.OpenConnectionAsync();
        Assert.Equal(2, await connection.QuerySingleAsync<int>("select count(*) from person where id in (@first, @second) and withdrawn_at is null", new { first, second }));
    }

    [Fact]
    public async Task The_portal_counts_what_waits_and_sends_back_a_decision_without_a_reason()
    {
        var row = Roster.Row();
        await _clerk.ImportAsync("a.csv", Roster.Csv(Roster.Header, row));
        row[Roster.Name] = "冶另名";
        await _clerk.ImportAsync("b.csv", Roster.Csv(Roster.Header, row));
        using var portal = await server.OpenPortalAsync("clerk");
        Assert.Contains("/register/duplicates", await portal.GetStringAsync("/"), StringComparison.Ordinal);
        var page = await portal.GetStringAsync("/register/duplicates?kind=OtherName");
        Assert.Contains("冶另名", page, StringComparison.Ordinal);
        await using var connection = await server.Database.OpenConnectionAsync();
        var id = await connection.QuerySingleAsync<long>("select id from duplicate_case where row_name = '冶另名'");
        using var refused = await portal.PostAsync("/register/duplicates", "Decide", ("id", $"{id}"), ("decision", "Reject"), ("reason", ""));
        Assert.Equal(HttpStatusCode.OK, refused.StatusCode);
        Assert.Contains("请填写理由", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var auditor = await server.LogInAsync("auditor");
        using var forbidden = await auditor.PostAsJsonAsync($"/api/register/duplicates/{id}/decide", new { decision = "Reject", reason = "不行" });
        Assert.Equal(HttpStatusCode.Forbidden, forbidden.StatusCode);
    }

    private static string OldOf(string number) => number[..6] + number[8..17];

    /// <summary>Two people of one name, birth date and phone whose numbers differ in the sequence.</summary>
    private async Task<(PersonId First, PersonId Second)> TwinsAsync()
    {
        var one = Roster.NewNumber().Reveal();
        var first17 = one[..14] + (one[14] == '9' ? '8' : '9') + one[15..17];
        var other = first17 + IdNumber.CheckCharacter(first17);
        var name = "孪" + string.Concat(one[8..14].Select(digit => "零一二三四五六七八九"[digit - '0'])) + "生";
        await _clerk.ImportAsync("甲.csv", Roster.Csv(Roster.Header, Roster.Row((Roster.Name, name), (Roster.IdNumber, one), (Roster.Sex, ""), (Roster.Categories, "建档立卡"))), "甲" + one[6..17]);
        await _clerk.ImportAsync("乙.csv", Roster.Csv(Roster.Header, Roster.Row((Roster.Name, name), (Roster.IdNumber, other), (Roster.Sex, ""), (Roster.Categories, "青年"))), "乙" + one[6..17]);
        return ((await server.FindAsync(one)).Id, (await server.FindAsync(other)).Id);
    }

    private async Task<int> PairsAsync(PersonId first)
    {
        using var portal = await server.OpenPortalAsync("clerk");
        await portal.PressAsync("/register/duplicates", "Search");
        await using var connection = await server.Database.OpenConnectionAsync();
        return await connection.QuerySingleAsync<int>("select count(*) from duplicate_case where kind = 4 and person_id = @first and decision is null", new { first });
    }

    private async Task<long> PairAsync(PersonId first)
    {
        Assert.Equal(1, await PairsAsync(first));
        await using var connection = await server.Database.OpenConnectionAsync();
        return await connection.QuerySingleAsync<long>("select id from duplicate_case where kind = 4 and person_id = @first and decision is null", new { first });
    }

    private async Task DecideAsync(long id, string decision)
    {
        using var answer = await _clerk.PostAsJsonAsync($"/api/register/duplicates/{id}/decide", new { decision, reason = "已电话核实" });
        Assert.True(answer.StatusCode == HttpStatusCode.NoContent, await answer.Content.ReadAsStringAsync());
    }

    private async Task<IReadOnlyList<long>> CasesOfAsync(long import)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<long>("select id from duplicate_case where import_id = @import and decision is null order by id", new { import })];
    }

    private async Task<long> CaseOfAsync(long import) => Assert.Single(await CasesOfAsync(import));

    private async Task<int> ToReviewAsync(long import)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        return await connection.QuerySingleAsync<int>("select to_review from register_import where id = @import", new { import });
    }
}
