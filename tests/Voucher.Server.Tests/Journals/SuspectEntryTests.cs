using System.Net;
using Voucher.Core.Policies;
using Voucher.Core.Refusals;
using Voucher.Core.Wire;
using Voucher.Server.Journals.Faults;
using Voucher.Server.Tests.Fraud;
using Voucher.Server.Tests.Redeeming;
using Voucher.Server.Tests.Settling;

namespace Voucher.Server.Tests.Journals;

/// <summary>Offline entries that cannot be right by themselves: a person lets them in or refuses them. Moves the server's clock.</summary>
public sealed class SuspectEntryTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>, IDisposable
{
    private readonly ConflictScene _scene = new(server);
    private readonly List<(PaperVoucher Voucher, Guid Scan)> _suspects = [];

    public void Dispose() => _scene.Dispose();

    [Fact]
    public async Task An_entry_that_is_let_in_reaches_the_ledger_and_one_that_is_not_tells_the_desk_why()
    {
        await MakeAsync(suspects: 3);
        var id = _scene.Here.Terminal.Id.Value;
        Assert.Equal(0, await EnrolmentsAsync());
        using var portal = await server.OpenPortalAsync("reviewer");
        Assert.Contains("entries-to-judge", await portal.GetStringAsync("/"));
        var page = await portal.GetStringAsync($"/terminals/{id}/journal");
        Assert.Contains("离线报到人数超过规定", page);
        Assert.Contains("马*梅", page);
        Assert.DoesNotContain("马小梅", page);
        Assert.Contains(_suspects[0].Voucher.Id.ToString(), page);

        using var none = await JudgeAsync(portal, "accept", "花名册属实");
        Assert.Contains("请选择1至50条记录", await none.Content.ReadAsStringAsync());
        using var accepted = await JudgeAsync(portal, "accept", "花名册属实", _suspects[0].Scan, _suspects[1].Scan);
        Assert.Equal(HttpStatusCode.Redirect, accepted.StatusCode);
        Assert.Equal(2, await EnrolmentsAsync());
        Assert.True((await _scene.Here.AnswerAsync(_suspects[0].Scan)).Accepted);

        using var refused = await JudgeAsync(portal, "refuse", "当天没有这个人", _suspects[2].Scan);
        Assert.Equal(HttpStatusCode.Redirect, refused.StatusCode);
        var answer = await _scene.Here.AnswerAsync(_suspects[2].Scan);
        Assert.Equal((false, (int)RefusalCode.EntryNotAccepted), (answer.Accepted, answer.Refusal));
        Assert.Contains("当天没有这个人", answer.Reason.Zh);
        Assert.Equal(_suspects[2].Voucher.Id.ToString(), answer.VoucherNumber);
        Assert.Equal(2, await EnrolmentsAsync());
        var after = await portal.GetStringAsync($"/terminals/{id}/journal");
        Assert.DoesNotContain("judge-form", after);
        Assert.Contains("当天没有这个人", after);
        Assert.Equal(2, await _scene.AskAsync<long>("select count(*) from audit_entry where subject = @subject and action in ('entry.accept', 'entry.refuse')", new { subject = $"terminal:{id}" }));
    }

    [Fact]
    public async Task What_is_judged_stays_judged_and_another_terminals_entries_are_not_found()
    {
        await MakeAsync(suspects: 1);
        var desk = new Desk(server);
        var judge = server.Get<JudgeEntries>();
        var (terminal, reviewer) = (_scene.Here.Terminal.Id, await desk.WhoAsync("reviewer"));
        Desk.ExpectRefusal(RefusalCode.NotFound, await judge.RunAsync(_scene.There.Terminal.Id, [_suspects[0].Scan], accepts: true, "属实", reviewer));
        Desk.ExpectBadField("reason", await judge.RunAsync(terminal, [_suspects[0].Scan], accepts: true, " ", reviewer));
        Desk.ExpectBadField("verdict", await judge.RunAsync(terminal, [_suspects[0].Scan], accepts: null, "属实", reviewer));
        Assert.Equal(1, (await judge.RunAsync(terminal, [_suspects[0].Scan, _suspects[0].Scan], accepts: false, "不属实", reviewer)).OrThrow());
        var late = await judge.RunAsync(terminal, [_suspects[0].Scan], accepts: true, "属实", reviewer);
        Desk.ExpectRefusal(RefusalCode.EntryWrongStep, late);
        Assert.Contains("未采用", Desk.Refused(late).Reason.Zh);
        Assert.Equal(0, await EnrolmentsAsync());
    }

    [Fact]
    public async Task A_suspect_entry_let_in_may_contest_an_enrolment_and_opens_a_case()
    {
        await MakeAsync(suspects: 1);
        var voucher = _suspects[0].Voucher;
        _scene.There.Scan(ScanMode.Enrol, _scene.ClassThere, voucher);
        _scene.Advance(5);
        await _scene.There.ComeBackAsync();
        Assert.Empty((await _scene.There.SetupAsync()).Cases!);
        (await server.Get<JudgeEntries>().RunAsync(_scene.Here.Terminal.Id, [_suspects[0].Scan], accepts: true, "属实", await new Desk(server).WhoAsync("approver"))).OrThrow();
        Assert.Equal((await _scene.Here.CaseAsync(voucher)).CaseNumber, (await _scene.There.CaseAsync(voucher)).CaseNumber);
    }

    /// <summary>More enrolments than may be made offline: those beyond wait for a person.</summary>
    private async Task MakeAsync(int suspects)
    {
        await new GuardScene(server).SetPolicyAsync(new PolicyParameters { OfflineEnrolments = 1 });
        await _scene.BeginAsync();
        _scene.Here.Scan(ScanMode.Enrol, _scene.ClassHere, _scene.Voucher);
        for (var i = 0; i < suspects; i++)
        {
            var voucher = await _scene.Scans.IssueAsync();
            _suspects.Add((voucher, _scene.Here.Scan(ScanMode.Enrol, _scene.ClassHere, voucher)));
        }
        _scene.Advance(5);
        await _scene.Here.ComeBackAsync();
    }

    private Task<long> EnrolmentsAsync() => _scene.AskAsync<long>(
        "select count(*) from enrolment where is_active and voucher_id = any(@ids)", new { ids = _suspects.Select(one => one.Voucher.Id.Value).ToArray() });

    private async Task<HttpResponseMessage> JudgeAsync(HttpClient portal, string verdict, string reason, params Guid[] scans)
    {
        var path = $"/terminals/{_scene.Here.Terminal.Id}/journal";
        List<KeyValuePair<string, string>> fields =
        [
            new("verdict", verdict), new("reason", reason), new("__RequestVerificationToken", ServerUnderTest.Antiforgery(await portal.GetStringAsync(path))),
            .. scans.Select(scan => KeyValuePair.Create("scans", scan.ToString())),
        ];
        return await portal.PostAsync($"{path}?handler=Judge", new FormUrlEncodedContent(fields));
    }
}
