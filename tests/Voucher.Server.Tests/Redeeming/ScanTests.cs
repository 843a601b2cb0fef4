using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Voucher.Core;
using Voucher.Core.Refusals;
using Voucher.Core.Wire;

namespace Voucher.Server.Tests.Redeeming;

public sealed class ScanTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private readonly ScanScene _scene = new(server);

    private static RefusalCode CodeOf(ScanAnswer answer) => (RefusalCode)answer.Refusal;

    [Fact]
    public async Task A_voucher_is_enrolled_attended_and_completed_and_then_refused_with_place_and_time()
    {
        using var terminal = await _scene.PairAsync();
        var voucher = await _scene.IssueAsync();
        var training = await _scene.OpenClassAsync(startsInDays: 1);

        var enrolled = await terminal.ScanAsync(ScanMode.Enrol, training, voucher);
        Assert.True(enrolled.Accepted, enrolled.Reason.En);
        Assert.Equal("马*梅", enrolled.Holder);

        server.Clock.MoveTo(_scene.Today.AddDays(1), new TimeOnly(8, 30));
        await _scene.LogInAsync(terminal);
        Assert.True((await terminal.ScanAsync(ScanMode.CheckIn, training, voucher)).Accepted);
        Assert.Equal(RefusalCode.AlreadyCheckedIn, CodeOf(await terminal.ScanAsync(ScanMode.CheckIn, training, voucher)));
        server.Clock.MoveTo(_scene.Today, new TimeOnly(11, 45));
        Assert.True((await terminal.ScanAsync(ScanMode.CheckOut, training, voucher)).Accepted);

        Assert.Equal(RefusalCode.AssessmentMissing, CodeOf(await terminal.ScanAsync(ScanMode.Complete, training, voucher)));
        await _scene.AssessAsync(voucher, passed: true);
        var completed = await terminal.ScanAsync(ScanMode.Complete, training, voucher);
        Assert.True(completed.Accepted, completed.Reason.En);

        var again = await terminal.ScanAsync(ScanMode.Enrol, training, voucher);
        Assert.Equal(RefusalCode.VoucherCompleted, CodeOf(again));
        Assert.Contains("东乡县职业技术学校", again.Reason.Zh);
        Assert.Contains(terminal.Name, again.Reason.Zh);
        Assert.Contains(CountyTime.Show(_scene.Today), again.Reason.Zh);
        Assert.Contains("东县府办发〔2020〕57号", again.Rule);
    }

    [Fact]
    public async Task Two_hundred_clients_presenting_one_voucher_at_once_get_one_success()
    {
        var terminals = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _scene.PairAsync()));
        var voucher = await _scene.IssueAsync();
        var training = await _scene.OpenClassAsync(capacity: 300);

        var answers = await Task.WhenAll(Enumerable.Range(0, 200)
            .Select(i => terminals[i % terminals.Length].ScanAsync(ScanMode.Enrol, training, voucher)));

        Assert.Single(answers, answer => answer.Accepted);
        var refused = answers.Where(answer => !answer.Accepted).ToList();
        Assert.Equal(199, refused.Count);
        Assert.All(refused, answer =>
        {
            Assert.Equal(RefusalCode.EnrolledHere, CodeOf(answer));
            Assert.Contains("东乡县职业技术学校", answer.Reason.Zh);
            Assert.Contains(CountyTime.Show(_scene.Today), answer.Reason.Zh);
        });
        foreach (var terminal in terminals) terminal.Dispose();
    }

    [Fact]
    public async Task The_same_id_gets_the_same_answer_for_ever_and_other_content_under_it_is_refused()
    {
        using var terminal = await _scene.PairAsync();
        var voucher = await _scene.IssueAsync();
        var training = await _scene.OpenClassAsync();
        var scan = terminal.NewScan(ScanMode.Enrol, training, voucher);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => terminal.SendAsync(scan)));
        Assert.All(answers, answer => Assert.Equivalent(answers[0], answer));
        Assert.True(answers[0].Accepted);

        using var reused = await terminal.Client.PostAsJsonAsync("/api/terminal/scans", scan with { Mode = ScanMode.CheckIn });
        Assert.Equal(HttpStatusCode.Conflict, reused.StatusCode);
        Assert.Equal((int)RefusalCode.ScanIdReused, (await reused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task Another_persons_card_is_refused_and_no_card_too()
    {
        using var terminal = await _scene.PairAsync();
        var voucher = await _scene.IssueAsync();
        var training = await _scene.OpenClassAsync();
        var scan = terminal.NewScan(ScanMode.Enrol, training, voucher);
        Assert.Equal(RefusalCode.HolderDiffers, CodeOf(await terminal.SendAsync(scan with { HolderCheck = scan.HolderCheck ^ 1 })));
        Assert.Equal(RefusalCode.IdentityNotShown, CodeOf(await terminal.SendAsync(
            terminal.NewScan(ScanMode.Enrol, training, voucher) with { HolderCheck = null })));
    }

    [Fact]
    public async Task A_forged_voucher_is_refused_and_does_not_burn_the_real_one()
    {
        using var terminal = await _scene.PairAsync();
        var voucher = await _scene.IssueAsync();
        var training = await _scene.OpenClassAsync();
        Core.Tokens.TokenDecoder.TryDecode(voucher.Digits, out var token);
        var bytes = token!.Bytes.ToArray();
        bytes[^1] ^= 1;
        Core.Tokens.TokenDecoder.TryRead(bytes, out var forged);
        var forgery = voucher with { Digits = forged!.ToDigits() };
        Assert.Equal(RefusalCode.SignatureFalse, CodeOf(await terminal.ScanAsync(ScanMode.Enrol, training, forgery)));
        Assert.True((await terminal.ScanAsync(ScanMode.Enrol, training, voucher)).Accepted);
    }

    [Theory]
    [InlineData("https://example.org/pay", RefusalCode.NotAVoucher)]
    [InlineData("", RefusalCode.NotAVoucher)]
    [InlineData("12345678901234567890", RefusalCode.NotAVoucher)]
    public async Task What_is_not_a_voucher_is_said_to_be_none(string text, RefusalCode expected)
    {
        using var terminal = await _scene.PairAsync();
        var training = await _scene.OpenClassAsync();
        var voucher = await _scene.IssueAsync();
        var answer = await terminal.SendAsync(terminal.NewScan(ScanMode.Enrol, training, voucher) with { Digits = text });
        Assert.Equal(expected, CodeOf(answer));
        Assert.Null(answer.Holder);
    }

    [Fact]
    public async Task A_short_code_works_online_and_guessing_is_stopped()
    {
        using var terminal = await _scene.PairAsync();
        var voucher = await _scene.IssueAsync();
        var training = await _scene.OpenClassAsync();
        var typed = terminal.NewScan(ScanMode.Enrol, training, voucher) with { Digits = null, ShortCode = voucher.ShortCode.ToString() };
        Assert.True((await terminal.SendAsync(typed)).Accepted);

        var limit = new Core.Policies.PolicyParameters().ShortCodesPerTerminalPerHour;
        for (var i = 0; i < limit; i++)
        {
            var guess = terminal.NewScan(ScanMode.CheckIn, training, voucher) with { Digits = null, ShortCode = "000000000000" };
            Assert.Equal(RefusalCode.ShortCodeNotKnown, CodeOf(await terminal.SendAsync(guess)));
        }
        var oneMore = terminal.NewScan(ScanMode.CheckIn, training, voucher) with { Digits = null, ShortCode = voucher.ShortCode.ToString() };
        Assert.Equal(RefusalCode.TooManyShortCodes, CodeOf(await terminal.SendAsync(oneMore)));
    }

    [Fact]
    public async Task Attendance_since_does_not_hide_where_and_when_the_voucher_was_enrolled()
    {
        using var terminal = await _scene.PairAsync();
        using var elsewhere = await _scene.PairAsync();
        var voucher = await _scene.IssueAsync();
        var training = await _scene.OpenClassAsync(startsInDays: 1);
        Assert.True((await terminal.ScanAsync(ScanMode.Enrol, training, voucher)).Accepted);
        var enrolledOn = _scene.Today;
        server.Clock.MoveTo(_scene.Today.AddDays(1), new TimeOnly(8, 45));
        await _scene.LogInAsync(elsewhere);
        Assert.True((await elsewhere.ScanAsync(ScanMode.CheckIn, training, voucher)).Accepted);
        var again = await elsewhere.ScanAsync(ScanMode.Enrol, training, voucher);
        Assert.Equal(RefusalCode.EnrolledHere, CodeOf(again));
        Assert.Contains(CountyTime.Show(enrolledOn), again.Reason.Zh, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_class_of_another_institution_is_refused_and_nothing_of_it_is_told()
    {
        using var terminal = await _scene.PairAsync(institution: 1);
        var voucher = await _scene.IssueAsync();
        var foreign = await _scene.OpenClassAsync(institution: 2, programmeCode: 1002);
        var answer = await terminal.ScanAsync(ScanMode.Enrol, foreign, voucher);
        Assert.Equal(RefusalCode.ClassOfOtherInstitution, CodeOf(answer));
        Assert.Null(answer.ClassName);
        Assert.Equal(RefusalCode.ClassNotKnown, CodeOf(await terminal.ScanAsync(ScanMode.CheckIn, foreign, voucher)));
    }

    [Fact]
    public async Task A_full_class_refuses_and_never_overfills_under_concurrency()
    {
        using var terminal = await _scene.PairAsync();
        var training = await _scene.OpenClassAsync(capacity: 3);
        var vouchers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => _scene.IssueAsync()));
        var answers = await Task.WhenAll(vouchers.Select(voucher => terminal.ScanAsync(ScanMode.Enrol, training, voucher)));
        Assert.Equal(3, answers.Count(answer => answer.Accepted));
        Assert.All(answers.Where(answer => !answer.Accepted), answer => Assert.Equal(RefusalCode.ClassFull, CodeOf(answer)));
    }

    [Fact]
    public async Task One_person_with_two_vouchers_enters_one_class_only()
    {
        using var terminal = await _scene.PairAsync();
        var first = await _scene.IssueAsync();
        var second = await _scene.IssueAgainAsync(first);
        var training = await _scene.OpenClassAsync();
        var answers = await Task.WhenAll(
            terminal.ScanAsync(ScanMode.Enrol, training, first), terminal.ScanAsync(ScanMode.Enrol, training, second));
        Assert.Single(answers, answer => answer.Accepted);
        Assert.Equal(RefusalCode.HolderInOtherClass, CodeOf(answers.Single(answer => !answer.Accepted)));
    }

    [Fact]
    public async Task A_voucher_whose_money_was_given_back_while_the_scan_waited_has_expired()
    {
        using var terminal = await _scene.PairAsync();
        var voucher = await _scene.IssueAsync();
        var training = await _scene.OpenClassAsync();
        await using (var connection = await server.Database.OpenConnectionAsync())
            await connection.ExecuteAsync("update voucher set is_reserved = false where id = @Id", new { voucher.Id });
        Assert.Equal(RefusalCode.VoucherExpired, CodeOf(await terminal.ScanAsync(ScanMode.Enrol, training, voucher)));
    }

    [Fact]
    public async Task Every_accepted_scan_has_its_event_and_every_scan_its_row()
    {
        using var terminal = await _scene.PairAsync();
        var voucher = await _scene.IssueAsync();
        var training = await _scene.OpenClassAsync();
        await terminal.ScanAsync(ScanMode.Enrol, training, voucher);
        await terminal.ScanAsync(ScanMode.Enrol, training, voucher);
        await using var connection = await server.Database.OpenConnectionAsync();
        var (scans, events) = await connection.QuerySingleAsync<(int, int)>("""
            select (select count(*)::int from scan where terminal_id = @Id),
                   (select count(*)::int from voucher_event e join scan s on s.id = e.scan_id where s.terminal_id = @Id and s.refusal = 0)
            """, new { terminal.Id });
        Assert.Equal((2, 1), (scans, events));
    }

    [Fact]
    public async Task A_revoked_terminal_is_refused_at_its_next_scan()
    {
        using var terminal = await _scene.PairAsync();
        var voucher = await _scene.IssueAsync();
        var training = await _scene.OpenClassAsync();
        using var clerk = await server.LogInAsync("clerk");
        (await clerk.PostAsync($"/api/terminals/{terminal.Id}/revoke", null)).EnsureSuccessStatusCode();
        using var answer = await terminal.Client.PostAsJsonAsync("/api/terminal/scans", terminal.NewScan(ScanMode.Enrol, training, voucher));
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Equal(TerminalStatus.Revoked, (await _scene.LogInAsync(terminal.Client, terminal.Id.Value, terminal.Key)).Status);
    }

    [Fact]
    public async Task A_malformed_scan_names_every_wrong_field()
    {
        using var terminal = await _scene.PairAsync();
        using var answer = await terminal.Client.PostAsJsonAsync("/api/terminal/scans",
            new ScanRequest(Guid.Empty, 0, (ScanMode)9, 0, null, null, 70_000, server.Clock.GetUtcNow()));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var errors = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors");
        Assert.Equal(["classId", "digits", "holderCheck", "mode", "scanId", "sequence"], errors.EnumerateObject().Select(field => field.Name).Order());
    }

    [Fact]
    public async Task An_account_token_cannot_scan_and_a_terminal_token_opens_nothing_else()
    {
        using var clerk = await server.LogInAsync("clerk");
        using var terminal = await _scene.PairAsync();
        using var scan = await clerk.PostAsJsonAsync("/api/terminal/scans", new { });
        using var me = await terminal.Client.GetAsync("/api/me");
        Assert.Equal(HttpStatusCode.Unauthorized, scan.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, me.StatusCode);
    }
}
