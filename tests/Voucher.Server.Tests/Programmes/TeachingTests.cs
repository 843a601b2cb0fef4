using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dapper;
using Npgsql;
using Voucher.Server.Programmes.Teaching;

namespace Voucher.Server.Tests.Programmes;

/// <summary>Plans, syllabuses and textbooks: in versions, decided by a second person.</summary>
public sealed class TeachingTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private static readonly byte[] Pdf = Encoding.ASCII.GetBytes("%PDF-1.4\n% a syllabus\n%%EOF\n");

    private async Task<int> ProgrammeAsync(int code)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        return await connection.QuerySingleAsync<int>("select id from programme where code = @code", new { code });
    }

    private static async Task<(int Id, int Version)> HandInAsync(HttpClient client, int programme, string title = "大纲", string kind = "Syllabus")
    {
        using var answer = await client.PostAsJsonAsync($"/api/programmes/{programme}/documents", new { kind, title, body = "一、安全\n二、操作" });
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return (body.GetProperty("id").GetInt32(), body.GetProperty("version").GetInt32());
    }

    private static async Task<HttpResponseMessage> UploadAsync(HttpClient portal, int programme, byte[] file, string name, string type = "application/pdf")
    {
        var address = $"/programmes/{programme}/documents";
        var content = new ByteArrayContent(file);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        using var form = new MultipartFormDataContent
        {
            { new StringContent(ServerUnderTest.Antiforgery(await portal.GetStringAsync(address))), "__RequestVerificationToken" },
            { new StringContent("Textbook"), "kind" }, { new StringContent("拉面教材"), "title" }, { new StringContent(""), "body" }, { content, "file", name },
        };
        return await portal.PostAsync(address, form);
    }

    [Fact]
    public async Task Each_handing_in_is_the_next_version_and_only_a_second_person_decides_once()
    {
        var programme = await ProgrammeAsync(1003);
        using var clerk = await server.LogInAsync("clerk");
        var first = await HandInAsync(clerk, programme);
        var second = await HandInAsync(clerk, programme);
        Assert.Equal((first.Version + 1, 1), (second.Version, (await HandInAsync(clerk, programme, kind: "Plan")).Version));
        using var own = await clerk.PostAsync($"/api/programmes/documents/{first.Id}/approve", null);
        Assert.Equal(HttpStatusCode.Forbidden, own.StatusCode);
        using var approver = await server.LogInAsync("approver");
        using var silent = await approver.PostAsJsonAsync($"/api/programmes/documents/{first.Id}/refuse", new { reason = "" });
        Assert.Equal(["reason"], await Problem.FieldsAsync(silent));
        using var refused = await approver.PostAsJsonAsync($"/api/programmes/documents/{first.Id}/refuse", new { reason = "缺安全课时" });
        Assert.Equal(HttpStatusCode.NoContent, refused.StatusCode);
        using var again = await approver.PostAsync($"/api/programmes/documents/{first.Id}/approve", null);
        Assert.Equal(843, (await again.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetInt32());
        using var approved = await approver.PostAsync($"/api/programmes/documents/{second.Id}/approve", null);
        Assert.Equal(HttpStatusCode.NoContent, approved.StatusCode);
        var list = (await clerk.GetFromJsonAsync<JsonElement>($"/api/programmes/{programme}/documents")).EnumerateArray().ToDictionary(d => d.GetProperty("id").GetInt32());
        Assert.Equal(("Refused", "缺安全课时", "Approved"), (
            list[first.Id].GetProperty("status").GetString(), list[first.Id].GetProperty("refusedReason").GetString(), list[second.Id].GetProperty("status").GetString()));
    }

    [Fact]
    public async Task Who_handed_it_in_with_another_account_cannot_approve_it()
    {
        var programme = await ProgrammeAsync(1004);
        using var clerk = await server.LogInAsync("clerk");
        var (id, _) = await HandInAsync(clerk, programme);
        await using var connection = await server.Database.OpenConnectionAsync();
        // The same human being: another account of theirs has the approver's role.
        await connection.ExecuteAsync("update account set staff_id = (select staff_id from account where login = 'clerk') where login = 'approver'");
        try
        {
            using var approver = await server.LogInAsync("approver");
            using var answer = await approver.PostAsync($"/api/programmes/documents/{id}/approve", null);
            Assert.Equal((HttpStatusCode.Conflict, 706), (answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetInt32()));
        }
        finally
        {
            await connection.ExecuteAsync("update account set staff_id = (select id from staff where name = '杨审批') where login = 'approver'");
        }
    }

    [Fact]
    public async Task What_was_handed_in_is_never_changed_and_a_decision_never_taken_back()
    {
        var programme = await ProgrammeAsync(1005);
        using var clerk = await server.LogInAsync("clerk");
        var (id, _) = await HandInAsync(clerk, programme);
        await using var connection = await server.Database.OpenConnectionAsync();
        foreach (var change in new[] { "update teaching_document set body = 'x' where id = @id", "delete from teaching_document where id = @id", "update teaching_document set handed_in_at = now() where id = @id" })
            Assert.Equal(PostgresErrorCodes.RestrictViolation, (await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync(change, new { id }))).SqlState);
        using var approver = await server.LogInAsync("approver");
        (await approver.PostAsync($"/api/programmes/documents/{id}/approve", null)).Dispose();
        Assert.Equal(PostgresErrorCodes.RestrictViolation, (await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync(
            "update teaching_document set status = 1, decided_by = null, decided_at = null where id = @id", new { id }))).SqlState);
    }

    [Fact]
    public async Task A_PDF_comes_back_to_the_byte_as_a_download_and_with_its_hash()
    {
        var programme = await ProgrammeAsync(1002);
        using var portal = await server.OpenPortalAsync("clerk");
        using var sent = await UploadAsync(portal, programme, Pdf, "..\\..\\拉面 教材<b>.pdf.exe");
        Assert.True(sent.StatusCode == HttpStatusCode.Redirect, await sent.Content.ReadAsStringAsync());
        using var clerk = await server.LogInAsync("clerk");
        var document = (await clerk.GetFromJsonAsync<JsonElement>($"/api/programmes/{programme}/documents"))[0];
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Pdf)), document.GetProperty("fileHash").GetString());
        using var back = await portal.GetAsync($"/programmes/{programme}/documents?handler=File&document={document.GetProperty("id").GetInt32()}");
        Assert.Equal(Pdf, await back.Content.ReadAsByteArrayAsync());
        Assert.Equal(("attachment", "application/pdf"), (back.Content.Headers.ContentDisposition!.DispositionType, back.Content.Headers.ContentType!.MediaType));
        Assert.Equal("拉面 教材b.pdf.pdf", back.Content.Headers.ContentDisposition.FileNameStar);
        Assert.Equal(["nosniff"], back.Headers.GetValues("X-Content-Type-Options"));
        using var elsewhere = await portal.GetAsync($"/programmes/{await ProgrammeAsync(1001)}/documents?handler=File&document={document.GetProperty("id").GetInt32()}");
        Assert.Equal(HttpStatusCode.NotFound, elsewhere.StatusCode);
    }

    [Fact]
    public async Task What_is_no_PDF_whatever_it_is_called_is_not_taken_nor_is_one_over_10_MB_or_nothing_at_all()
    {
        var programme = await ProgrammeAsync(1006);
        using var portal = await server.OpenPortalAsync("clerk");
        using var disguised = await UploadAsync(portal, programme, "<html>%PDF-1.4"u8.ToArray(), "x.pdf");
        Assert.Contains("只接受 PDF 文件", await disguised.Content.ReadAsStringAsync());
        using var large = await UploadAsync(portal, programme, [.. Pdf, .. new byte[TeachingFile.LargestBytes]], "x.pdf");
        Assert.Contains("文件最大 10 MB", await large.Content.ReadAsStringAsync());
        using var nothing = await UploadAsync(portal, programme, [], "x.pdf");
        Assert.Contains("请填写正文，或上传 PDF", await nothing.Content.ReadAsStringAsync());
        using var clerk = await server.LogInAsync("clerk");
        Assert.Equal(0, (await clerk.GetFromJsonAsync<JsonElement>($"/api/programmes/{programme}/documents")).GetArrayLength());
        using var atLimit = await UploadAsync(portal, programme, [.. Pdf, .. new byte[TeachingFile.LargestBytes - Pdf.Length]], "x.pdf");
        Assert.Equal(HttpStatusCode.Redirect, atLimit.StatusCode);
    }

    [Fact]
    public async Task An_institution_hands_in_its_own_for_what_it_teaches_and_sees_no_other_institutions()
    {
        var programme = await ProgrammeAsync(1001);
        using var manager = await server.LogInAsync("manager");
        var (id, version) = await HandInAsync(manager, programme, "本校大纲");
        Assert.Equal(1, version); // Its own count, beside the county's.
        using var other = await server.LogInAsync("manager2");
        var seen = (await other.GetFromJsonAsync<JsonElement>($"/api/programmes/{programme}/documents")).EnumerateArray().Select(one => one.GetProperty("id").GetInt32()).ToList();
        Assert.NotEmpty(seen);
        Assert.DoesNotContain(id, seen);
        using var foreign = await manager.PostAsJsonAsync($"/api/programmes/{await ProgrammeAsync(1014)}/documents", new { kind = "Plan", title = "x", body = "x" });
        Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);
    }

    [Fact]
    public async Task Of_several_approved_versions_the_institutions_own_newest_is_in_force_and_a_class_shows_it()
    {
        var programme = await ProgrammeAsync(1010);
        using var approver = await server.LogInAsync("approver");
        using var portal = await server.OpenPortalAsync("manager");
        using var clerk = await server.LogInAsync("clerk");
        using var manager = await server.LogInAsync("manager");
        await using var connection = await server.Database.OpenConnectionAsync();
        var aClass = await connection.QuerySingleAsync<long>("""
            insert into training_class (region, institution_id, programme_id, name, site, starts_on, ends_on, capacity, status, created_by, created_at)
            select region, institution_id, @programme, '材料班', '锁南镇', '2030-01-01', '2030-01-09', 30, 1, a.id, now()
            from account a join institution i on i.id = a.institution_id where a.login = 'manager' returning id
            """, new { programme });
        Assert.Contains("还没有审定的教学计划、大纲和教材", await portal.GetStringAsync($"/classes/{aClass}"));
        async Task ApproveAsync((int Id, int Version) document) => (await approver.PostAsync($"/api/programmes/documents/{document.Id}/approve", null)).EnsureSuccessStatusCode().Dispose();
        await ApproveAsync(await HandInAsync(clerk, programme, "全县大纲"));
        Assert.Contains("全县大纲 第 1 版", await portal.GetStringAsync($"/classes/{aClass}"));
        await ApproveAsync(await HandInAsync(manager, programme, "本校旧大纲"));
        await ApproveAsync(await HandInAsync(manager, programme, "本校新大纲"));
        await HandInAsync(manager, programme, "本校未审大纲");
        var page = await portal.GetStringAsync($"/classes/{aClass}");
        Assert.Contains("本校新大纲 第 2 版", page);
        foreach (var other in new[] { "全县大纲", "本校旧大纲", "本校未审大纲", "还没有审定" }) Assert.DoesNotContain(other, page);
    }

    [Fact]
    public async Task The_approver_sees_what_waits_and_decides_on_the_page()
    {
        var programme = await ProgrammeAsync(1013);
        using var clerk = await server.LogInAsync("clerk");
        await HandInAsync(clerk, programme, "直播大纲");
        using var portal = await server.OpenPortalAsync("approver");
        Assert.Contains("/programmes/documents", await portal.GetStringAsync("/"));
        Assert.Contains("直播大纲", await portal.GetStringAsync("/programmes/documents"));
        var page = await portal.GetStringAsync($"/programmes/{programme}/documents");
        var id = page.Split("name=\"document\" value=\"")[1].Split('"')[0];
        var token = ServerUnderTest.Antiforgery(page);
        using var refused = await portal.PostAsync($"/programmes/{programme}/documents?handler=Refuse", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["__RequestVerificationToken"] = token, ["document"] = id, ["reason"] = " ",
        }));
        Assert.Contains("请填写", await refused.Content.ReadAsStringAsync());
        using var approved = await portal.PostAsync($"/programmes/{programme}/documents?handler=Approve", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["__RequestVerificationToken"] = token, ["document"] = id,
        }));
        Assert.Equal(HttpStatusCode.Redirect, approved.StatusCode);
        Assert.Contains("已审定", await portal.GetStringAsync($"/programmes/{programme}/documents"));
    }
}
