using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Dapper;
using Microsoft.AspNetCore.Http;
using Npgsql;
using Voucher.Core;
using Voucher.Core.Classes;
using Voucher.Core.Policies;
using Voucher.Core.Refusals;
using Voucher.Core.Vouchers;
using Voucher.Server.Accounts;
using Voucher.Server.Classes.Certificates;
using Voucher.Server.Tests.Settling;

namespace Voucher.Server.Tests.Classes;

/// <summary>颁证花名册: certificates numbered, typed and handed in as a sheet.</summary>
public sealed class CertificateTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private readonly Desk _desk = new(server);

    private Task<Actor> ManagerAsync(string login = "manager") => _desk.WhoAsync(login);

    private async Task<IReadOnlyList<CertificateRow>> RosterAsync(SettledScene scene) => await server.Get<CertificateStore>().RosterAsync(scene.Class);

    private async Task<Outcome<int>> IssueAsync(SettledScene scene, DateOnly? on = null, string manager = "manager") =>
        await server.Get<IssueCertificates>().RunAsync(scene.Class, on, await ManagerAsync(manager));

    private async Task<Outcome<int>> UploadAsync(SettledScene scene, string text)
    {
        var content = Encoding.UTF8.GetBytes(text);
        using var stream = new MemoryStream(content);
        return await server.Get<UploadCertificates>().RunAsync(
            scene.Class, new FormFile(stream, 0, content.Length, "file", "颁证花名册.csv"), await ManagerAsync(), TestContext.Current.CancellationToken);
    }

    private string Today => CountyTime.Show(CountyTime.DayOf(server.Clock.GetUtcNow()));

    [Fact]
    public async Task Everybody_who_passed_is_numbered_in_one_go_and_once()
    {
        var scene = await SettledScene.BuildAsync(server);
        await scene.CompletedVouchersAsync(3);
        await scene.EnrolledVouchersAsync(1);
        Assert.Equal(3, (await IssueAsync(scene)).OrThrow());
        var rows = await RosterAsync(scene);
        var numbers = rows.Where(row => row.Number is not null).Select(row => row.Number!).ToList();
        Assert.Equal((4, 3, 3), (rows.Count, numbers.Count, numbers.Distinct().Count()));
        Assert.All(numbers, number => Assert.Matches($@"^JY{scene.Institution.Value:D4}-20[0-9]{{2}}-[0-9]{{5}}$", number));
        Desk.ExpectRefusal(RefusalCode.NobodyToCertify, await IssueAsync(scene));
        using var manager = await server.OpenPortalAsync("manager");
        Assert.Contains(numbers[0], await manager.GetStringAsync($"/classes/{scene.Class}/certificates"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Numbers_of_an_institution_go_on_over_classes_however_many_press_at_once()
    {
        var scenes = new[] { await SettledScene.BuildAsync(server), await SettledScene.BuildAsync(server), await SettledScene.BuildAsync(server) };
        foreach (var scene in scenes) await scene.CompletedVouchersAsync(4);
        var outcomes = await Task.WhenAll(scenes.Concat(scenes).Select(scene => Task.Run(() => IssueAsync(scene))));
        Assert.Equal(3, outcomes.OfType<Outcome<int>.Done>().Count());
        List<string> numbers = [];
        foreach (var scene in scenes) numbers.AddRange((await RosterAsync(scene)).Select(row => row.Number!));
        Assert.Equal((12, 12), (numbers.Count, numbers.Distinct().Count()));
    }

    [Fact]
    public async Task A_day_before_the_class_or_after_today_is_refused_and_another_institutions_class_is_not_found()
    {
        var scene = await SettledScene.BuildAsync(server);
        await scene.CompletedVouchersAsync(1);
        var today = CountyTime.DayOf(server.Clock.GetUtcNow());
        Desk.ExpectBadField("issuedOn", await IssueAsync(scene, today.AddDays(1)));
        Desk.ExpectBadField("issuedOn", await IssueAsync(scene, today.AddDays(-400)));
        Desk.ExpectRefusal(RefusalCode.NotFound, await IssueAsync(scene, manager: "manager2"));
    }

    [Fact]
    public async Task A_sheet_records_certificates_of_skill_and_they_stand_in_the_training_file()
    {
        var scene = await SettledScene.BuildAsync(server);
        var vouchers = await scene.CompletedVouchersAsync(2);
        Assert.Equal(2, (await UploadAsync(scene, $"""
            颁证花名册,,,,
            序号,准考证号（券号）,证书种类,证书编号,发证机关,发证日期
            1,{vouchers[0]},职业技能等级证书,S{vouchers[0]},省技能鉴定中心,{Today}
            2,{vouchers[1]},专项职业能力证书,Z{vouchers[1]},省技能鉴定中心,{Today}
            3,,,,,
            """)).OrThrow());
        // Handed in again it changes nothing.
        Assert.Equal(0, (await UploadAsync(scene, $"券号,证书种类,证书编号,发证机关,发证日期\n{vouchers[0]},职业技能等级证书,S{vouchers[0]},省技能鉴定中心,{Today}\n")).OrThrow());
        Assert.Equal([CertificateKind.SkillLevel, CertificateKind.SpecialSkill], (await RosterAsync(scene)).Select(row => row.Kind!.Value));
        await using var connection = await server.Database.OpenConnectionAsync();
        var person = await connection.QuerySingleAsync<long>("select person_id from voucher where id = @voucher", new { voucher = vouchers[0] });
        using var clerk = await server.LogInAsync("clerk");
        var file = await clerk.GetFromJsonAsync<JsonElement>($"/api/register/people/{person}/file");
        Assert.Contains($"S{vouchers[0]}", file.GetProperty("classes")[0].GetProperty("certificates").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_fault_of_a_sheet_is_named_by_its_cell_and_nothing_of_it_is_recorded()
    {
        var scene = await SettledScene.BuildAsync(server);
        var vouchers = await scene.CompletedVouchersAsync(2);
        var enrolled = (await scene.EnrolledVouchersAsync(1))[0];
        var faults = Assert.IsType<Outcome<int>.BadInput>(await UploadAsync(scene, $"""
            券号,证书种类,证书编号,发证机关,发证日期
            {vouchers[0]},驾驶证,A1,省技能鉴定中心,{Today}
            123,职业技能等级证书,A2,,2026-13-40
            {enrolled},职业技能等级证书,A3,省技能鉴定中心,{Today}
            {vouchers[1]},职业技能等级证书,A4,省技能鉴定中心,{Today}
            {vouchers[1]},专项职业能力证书,A4,省技能鉴定中心,{Today}
            """)).Errors;
        Assert.Equal(["A3", "A4", "B2", "C6", "D3", "E3"], faults.Select(fault => fault.Field).Distinct().Order(StringComparer.Ordinal));
        Assert.All(faults, fault => Assert.StartsWith(fault.Field, fault.Problem.Zh, StringComparison.Ordinal));
        Assert.All(await RosterAsync(scene), row => Assert.Null(row.CertificateId));
        Desk.ExpectBadField("file", await UploadAsync(scene, "姓名,成绩\n马,90\n"));
    }

    [Fact]
    public async Task A_number_is_recorded_once_in_the_county_and_again_after_it_was_made_void()
    {
        var scene = await SettledScene.BuildAsync(server);
        var vouchers = await scene.CompletedVouchersAsync(2);
        var number = $"N{vouchers[0]}";
        using var manager = await server.LogInAsync("manager");
        async Task<HttpResponseMessage> RecordAsync(VoucherId voucher) => await manager.PostAsJsonAsync(
            $"/api/classes/{scene.Class}/certificates",
            new[] { new { voucherNumber = voucher.ToString(), kind = "2", number, issuer = "省技能鉴定中心", issuedOn = Today } });
        using (var first = await RecordAsync(vouchers[0])) Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        using (var same = await RecordAsync(vouchers[1]))
        {
            Assert.Equal(HttpStatusCode.BadRequest, same.StatusCode);
            Assert.Contains("[0].number", await same.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        var certificate = (await RosterAsync(scene)).Single(row => row.Voucher == vouchers[0]).CertificateId;
        using (var removed = await manager.PostAsJsonAsync($"/api/classes/{scene.Class}/certificates/{certificate}/void", new { reason = "登记错了人" }))
            Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        using (var again = await RecordAsync(vouchers[1])) Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        var kept = await Assert.ThrowsAsync<PostgresException>(() => SqlAsync("update certificate set number = 'x' where id = @certificate", new { certificate }));
        Assert.Equal(PostgresErrorCodes.RestrictViolation, kept.SqlState);
        await Assert.ThrowsAsync<PostgresException>(() => SqlAsync("delete from certificate where id = @certificate", new { certificate }));
    }

    [Fact]
    public async Task Where_the_rules_want_a_certificate_nothing_is_claimed_without_one_and_a_claimed_one_stands()
    {
        await Packs.SetAsync(server, Packs.Usual with { CertificateRequired = true });
        try
        {
            var scene = await SettledScene.BuildAsync(server);
            var vouchers = await scene.CompletedVouchersAsync(1);
            Desk.ExpectRefusal(RefusalCode.CertificateMissing, await _desk.ClaimAsync(vouchers));
            (await IssueAsync(scene)).OrThrow();
            var claim = (await _desk.ClaimAsync(vouchers)).OrThrow();
            var row = Assert.Single(await RosterAsync(scene));
            Assert.Equal(row.Number, Assert.Single((await _desk.ReadAsync(claim)).Lines).Evidence.CertificateNumber);
            Desk.ExpectRefusal(RefusalCode.CertificateClaimed, await server.Get<VoidCertificate>().RunAsync(
                scene.Class, row.CertificateId!.Value, "改一下", await ManagerAsync()));
        }
        finally
        {
            await Packs.SetAsync(server, Packs.Usual);
        }
    }

    [Fact]
    public async Task The_printed_list_has_the_columns_of_the_form_and_nothing_that_a_name_could_inject()
    {
        var scene = await SettledScene.BuildAsync(server);
        var voucher = (await scene.CompletedVouchersAsync(1))[0];
        await SqlAsync("update person set name = '<b>马' where id = (select person_id from voucher where id = @voucher)", new { voucher });
        (await IssueAsync(scene)).OrThrow();
        var known = (await server.Get<Server.Classes.ClassStore>().FindAsync(scene.Class, await ManagerAsync()))!;
        var page = CertificatesPdf.PageOf(known, await RosterAsync(scene), await ManagerAsync());
        foreach (var title in new[] { "出生日期", "证书编号", "理论", "实作" }) Assert.Contains($"<th>{title}</th>", page, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;马", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>马", page, StringComparison.Ordinal);
    }

    private async Task SqlAsync(string sql, object given)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        await connection.ExecuteAsync(sql, given);
    }
}
