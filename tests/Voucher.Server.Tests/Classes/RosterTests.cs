using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Voucher.Core;
using Voucher.Core.Refusals;

namespace Voucher.Server.Tests.Classes;

public sealed class RosterTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private readonly ClassRoom _room = new(server);

    [Fact]
    public async Task Results_are_recorded_for_the_roster_and_may_be_corrected_until_completion()
    {
        var id = await _room.OpenApprovedAsync();
        var (voucher, enrolment, _) = await _room.EnrolAsync(id);
        using var manager = await server.LogInAsync("manager");
        Assert.Equal(HttpStatusCode.OK, (await AssessAsync(manager, id, voucher.ToString(), 55, 70, false)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await AssessAsync(manager, id, voucher.ToString(), 80, 70, true)).StatusCode);
        Assert.Equal(80, await _room.AskAsync<int>("select theory_score from assessment where enrolment_id = @enrolment", new { enrolment }));
        await _room.CompleteAsync(id, voucher);
        using var late = await AssessAsync(manager, id, voucher.ToString(), 99, 99, true);
        Assert.Equal(RefusalCode.VoucherCompleted, await Problem.RefusalAsync(late));
        Assert.Equal(80, await _room.AskAsync<int>("select theory_score from assessment where enrolment_id = @enrolment", new { enrolment }));
    }

    [Fact]
    public async Task Bad_results_name_row_and_field_and_nothing_is_recorded()
    {
        var id = await _room.OpenApprovedAsync();
        var (voucher, enrolment, _) = await _room.EnrolAsync(id);
        using var manager = await server.LogInAsync("manager");
        using var answer = await manager.PostAsJsonAsync($"/api/classes/{id}/assessments", new object?[]
        {
            new { voucherNumber = voucher.ToString(), theoryScore = 80, passed = true },
            new { voucherNumber = "12345", theoryScore = 101, practiceScore = -1, passed = true },
            new { voucherNumber = voucher.ToString(), passed = true },
            null,
        });
        Assert.Equal(
            ["[1].practiceScore", "[1].theoryScore", "[1].voucherNumber", "[2].voucherNumber", "[3].passed", "[3].voucherNumber"],
            await Problem.FieldsAsync(answer));
        using var wrongType = await manager.PostAsJsonAsync($"/api/classes/{id}/assessments", new[] { new { theoryScore = "high" } });
        Assert.Equal(["[0].theoryScore"], await Problem.FieldsAsync(wrongType));
        using var empty = await manager.PostAsJsonAsync($"/api/classes/{id}/assessments", Array.Empty<object>());
        Assert.Equal(["body"], await Problem.FieldsAsync(empty));
        Assert.Equal(0, await _room.AskAsync<int>("select count(*) from assessment where enrolment_id = @enrolment", new { enrolment }));
    }

    [Fact]
    public async Task Withdrawal_spends_the_voucher_frees_the_place_and_gives_the_money_back()
    {
        var id = await _room.OpenApprovedAsync();
        var (voucher, enrolment, line) = await _room.EnrolAsync(id);
        var before = await ReservedAsync(line);
        using var manager = await server.LogInAsync("manager");
        using var answer = await manager.PostAsJsonAsync($"/api/classes/{id}/withdraw", new { voucherNumber = voucher.ToString(), reason = "外出务工" });
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal(5, await _room.AskAsync<int>("select state from voucher where id = @voucher", new { voucher }));
        Assert.False(await _room.AskAsync<bool>("select is_active from enrolment where id = @enrolment", new { enrolment }));
        Assert.False(await _room.AskAsync<bool>("select is_reserved from voucher where id = @voucher", new { voucher }));
        Assert.Equal(before - 150_000, await ReservedAsync(line));
        Assert.Equal("外出务工", await _room.AskAsync<string>("select reason from voucher_event where voucher_id = @voucher and number = 3", new { voucher }));
        Assert.Equal(1, await _room.AskAsync<int>("select count(*) from ledger_transaction where cause = @cause", new { cause = $"withdraw:{voucher.Value}" }));
        var details = await manager.GetFromJsonAsync<JsonElement>($"/api/classes/{id}");
        Assert.Equal(0, details.GetProperty("class").GetProperty("enrolled").GetInt32());
        Assert.Equal("Withdrawn", details.GetProperty("roster")[0].GetProperty("state").GetString());
    }

    [Fact]
    public async Task Of_many_withdrawals_at_once_the_money_comes_back_once()
    {
        var id = await _room.OpenApprovedAsync();
        var (voucher, _, line) = await _room.EnrolAsync(id);
        var before = await ReservedAsync(line);
        using var manager = await server.LogInAsync("manager");
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ =>
            manager.PostAsJsonAsync($"/api/classes/{id}/withdraw", new { voucherNumber = voucher.ToString(), reason = "外出" })));
        Assert.Single(answers, answer => answer.IsSuccessStatusCode);
        foreach (var lost in answers.Where(answer => !answer.IsSuccessStatusCode))
            Assert.Equal(RefusalCode.VoucherWithdrawn, await Problem.RefusalAsync(lost));
        Assert.Equal(before - 150_000, await ReservedAsync(line));
    }

    [Fact]
    public async Task Withdrawal_needs_a_reason_and_a_voucher_number()
    {
        var id = await _room.OpenApprovedAsync();
        using var manager = await server.LogInAsync("manager");
        using var answer = await manager.PostAsJsonAsync($"/api/classes/{id}/withdraw", new { voucherNumber = "x", reason = "" });
        Assert.Equal(["reason", "voucherNumber"], await Problem.FieldsAsync(answer));
    }

    [Fact]
    public async Task A_completed_trainee_cannot_withdraw()
    {
        var id = await _room.OpenApprovedAsync();
        var (voucher, _, _) = await _room.EnrolAsync(id);
        await _room.CompleteAsync(id, voucher);
        using var manager = await server.LogInAsync("manager");
        using var answer = await manager.PostAsJsonAsync($"/api/classes/{id}/withdraw", new { voucherNumber = voucher.ToString(), reason = "x" });
        Assert.Equal(RefusalCode.VoucherCompleted, await Problem.RefusalAsync(answer));
    }

    [Theory]
    [InlineData("clerk")]
    [InlineData("reviewer")]
    [InlineData("desk")]
    public async Task Only_a_manager_records_results(string login)
    {
        var id = await _room.OpenApprovedAsync();
        var (voucher, _, _) = await _room.EnrolAsync(id);
        using var client = await server.LogInAsync(login);
        using var answer = await AssessAsync(client, id, voucher.ToString(), 80, 80, true);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task The_front_desk_sees_masked_names_the_manager_full_ones_and_nobody_a_whole_identity_number()
    {
        var id = await _room.OpenApprovedAsync();
        await _room.EnrolAsync(id, "马小梅");
        using var manager = await server.LogInAsync("manager");
        using var desk = await server.LogInAsync("desk");
        var full = await manager.GetStringAsync($"/api/classes/{id}");
        Assert.Contains("马小梅", full, StringComparison.Ordinal);
        Assert.Contains("622926***********2", full, StringComparison.Ordinal);
        using var portal = await server.OpenPortalAsync("desk");
        foreach (var text in new[]
        {
            await desk.GetStringAsync($"/api/classes/{id}"), await desk.GetStringAsync($"/api/classes/{id}/attendance"),
            await portal.GetStringAsync($"/classes/{id}"), await portal.GetStringAsync($"/classes/{id}/attendance"),
        })
        {
            Assert.Contains("马*梅", text, StringComparison.Ordinal);
            Assert.DoesNotContain("马小梅", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_form_marks_the_row_and_keeps_what_was_typed()
    {
        var id = await _room.OpenApprovedAsync();
        var (first, enrolment, _) = await _room.EnrolAsync(id);
        var (second, _, _) = await _room.EnrolAsync(id);
        using var portal = await server.OpenPortalAsync("manager");
        var token = ServerUnderTest.Antiforgery(await portal.GetStringAsync($"/classes/{id}"));
        Dictionary<string, string> Form(string score, string passed) => new()
        {
            ["__RequestVerificationToken"] = token,
            ["assessments[0].voucherNumber"] = first.ToString(), ["assessments[0].theoryScore"] = "", ["assessments[0].practiceScore"] = "", ["assessments[0].passed"] = "",
            ["assessments[1].voucherNumber"] = second.ToString(), ["assessments[1].theoryScore"] = score, ["assessments[1].practiceScore"] = "", ["assessments[1].passed"] = passed,
        };
        foreach (var (score, passed) in new[] { ("abc", "true"), ("101", "true"), ("88", "") })
        {
            using var bad = await portal.PostAsync($"/classes/{id}?handler=Assess", new FormUrlEncodedContent(Form(score, passed)));
            Assert.Equal(HttpStatusCode.OK, bad.StatusCode);
            var page = await bad.Content.ReadAsStringAsync();
            Assert.Contains($"value=\"{score}\"", page, StringComparison.Ordinal);
            Assert.Equal(2, page.Split("is-invalid").Length);
        }
        using var good = await portal.PostAsync($"/classes/{id}?handler=Assess", new FormUrlEncodedContent(Form("88", "true")));
        Assert.Equal(HttpStatusCode.Redirect, good.StatusCode);
        Assert.Equal(0, await _room.AskAsync<int>("select count(*) from assessment where enrolment_id = @enrolment", new { enrolment }));
        Assert.Equal(1, await _room.AskAsync<int>("select count(*) from assessment a join enrolment n on n.id = a.enrolment_id where n.class_id = @id", new { id }));
    }

    private static Task<HttpResponseMessage> AssessAsync(HttpClient client, ClassId id, string voucherNumber, int theoryScore, int practiceScore, bool passed) =>
        client.PostAsJsonAsync($"/api/classes/{id}/assessments", new[] { new { voucherNumber, theoryScore, practiceScore, passed } });

    private Task<long> ReservedAsync(BudgetLineId line) =>
        _room.AskAsync<long>("select balance_fen from ledger_account where budget_line_id = @line and kind = 3", new { line });
}
