using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;

namespace Voucher.Server.Tests.Register;

/// <summary>Numbers of people are sealed in the database, masked on every screen, and shown in full only for a reason.</summary>
public sealed class RegisterPrivacyTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private const string Phone = "15412344321";

    private async Task<string> ImportOneAsync(string name = "妥秘密")
    {
        using var clerk = await server.LogInAsync("clerk");
        var row = Roster.Row((Roster.Name, name), (Roster.Phone, Phone));
        Assert.Equal(1, (await clerk.ImportAsync("a.csv", Roster.Csv(Roster.Header, row))).Added);
        return row[Roster.IdNumber];
    }

    [Fact]
    public async Task No_column_of_any_table_holds_a_plain_number_not_even_while_the_upload_waits()
    {
        var number = await ImportOneAsync();
        await using var connection = await server.Database.OpenConnectionAsync();
        // What waits is sealed by the same means: put one upload there that nobody works on.
        var content = Roster.Csv(Roster.Header, Roster.Row((Roster.IdNumber, number)));
        await connection.ExecuteAsync("""
            insert into register_import (region, file_name, file_hash, content, status, created_by, created_at)
            select 622926, 'x.csv', '', @content, 3, min(id), now() from account
            """, new { content = server.Get<Voucher.Server.Register.PersonalData>().SealBytes(content) });
        var tables = await connection.QueryAsync<string>("select tablename from pg_tables where schemaname = 'public'");
        foreach (var table in tables)
            foreach (var secret in new[] { number, number[6..17], Phone })
            {
                var text = await connection.ExecuteScalarAsync<long>($"select count(*) from {table} t where t::text like '%' || @secret || '%'", new { secret });
                var bytes = await connection.ExecuteScalarAsync<long>(
                    $"select count(*) from {table} t where t::text like '%' || @hex || '%'", new { hex = Convert.ToHexStringLower(System.Text.Encoding.UTF8.GetBytes(secret)) });
                Assert.True(text == 0 && bytes == 0, table);
            }
    }

    [Fact]
    public async Task Pages_and_answers_show_masks_only()
    {
        var number = await ImportOneAsync();
        var id = (await server.FindAsync(number)).Id;
        using var portal = await server.OpenPortalAsync("auditor");
        using var api = await server.LogInAsync("auditor");
        using var found = await api.PostAsJsonAsync("/api/register/people/find", new { idNumber = number });
        using var byName = await api.PostAsJsonAsync("/api/register/people/search", new { name = "妥" });
        string[] texts =
        [
            await portal.GetStringAsync("/register"), await portal.GetStringAsync($"/register/people/{id}"),
            await byName.Content.ReadAsStringAsync(), await found.Content.ReadAsStringAsync(),
        ];
        foreach (var text in texts)
        {
            Assert.Contains($"{number[..6]}***********{number[17]}", text, StringComparison.Ordinal);
            Assert.Contains("154****4321", text, StringComparison.Ordinal);
            Assert.DoesNotContain(number, text, StringComparison.Ordinal);
            Assert.DoesNotContain(number[6..14], text, StringComparison.Ordinal);
            Assert.DoesNotContain(Phone, text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_full_number_is_shown_for_a_reason_which_the_trail_keeps()
    {
        var number = await ImportOneAsync();
        var path = $"/register/people/{(await server.FindAsync(number)).Id}";
        using var portal = await server.OpenPortalAsync("auditor");
        Assert.DoesNotContain(number, await RevealAsync(portal, path, ""), StringComparison.Ordinal);
        Assert.DoesNotContain(number, await RevealAsync(portal, path, new string('因', 101)), StringComparison.Ordinal);
        Assert.DoesNotContain($"<dd class=\"col-7 font-monospace\" data-testid=\"id-number\">{number}", await RevealAsync(portal, path, $"核对 {number}"), StringComparison.Ordinal);
        var before = await CountUnmaskedAsync();
        Assert.Contains(number, await RevealAsync(portal, path, "信访核查"), StringComparison.Ordinal);
        Assert.Equal(before + 1, await CountUnmaskedAsync());
        Assert.DoesNotContain(number, await portal.GetStringAsync(path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_number_is_looked_for_by_post_and_leads_to_the_person()
    {
        var number = await ImportOneAsync();
        using var portal = await server.OpenPortalAsync("clerk");
        using var answer = await FindAsync(portal, number);
        Assert.Equal($"/register/people/{(await server.FindAsync(number)).Id}", answer.Headers.Location?.ToString());
        using var unknown = await FindAsync(portal, Roster.NewNumber().Reveal());
        Assert.Contains("没有这个身份证号码", await unknown.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var wrong = await FindAsync(portal, "62292619900101");
        Assert.Contains("身份证号码不对", await wrong.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_front_desk_sees_nothing_of_the_register()
    {
        const string login = "desk";
        using var api = await server.LogInAsync(login);
        foreach (var path in new[] { "/api/register/people", "/api/register/imports/1", "/api/register/imports/1/errors", "/api/register/imports/1/errors.csv", "/api/townships", "/api/register/lists" })
        {
            using var answer = await api.GetAsync(path);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        }
        using var upload = await api.UploadAsync("a.csv", Roster.Csv(Roster.Header, Roster.Row()));
        Assert.Equal(HttpStatusCode.Forbidden, upload.StatusCode);
        using var portal = await server.OpenPortalAsync(login);
        foreach (var path in new[] { "/register", "/register/import", "/register/imports", "/register/people/1" })
        {
            using var answer = await portal.GetAsync(path);
            Assert.StartsWith("/not-allowed", answer.Headers.Location?.PathAndQuery ?? "", StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Who_may_read_may_not_import()
    {
        using var auditor = await server.LogInAsync("auditor");
        using var upload = await auditor.UploadAsync("a.csv", Roster.Csv(Roster.Header, Roster.Row()));
        Assert.Equal(HttpStatusCode.Forbidden, upload.StatusCode);
        using var portal = await server.OpenPortalAsync("auditor");
        Assert.DoesNotContain("/register/import\"", await portal.GetStringAsync("/register"), StringComparison.Ordinal);
    }

    private static async Task<string> RevealAsync(HttpClient portal, string path, string reason)
    {
        var token = ServerUnderTest.Antiforgery(Between(await portal.GetStringAsync(path), "data-testid=\"reveal-form\""));
        using var answer = await portal.PostAsync($"{path}?handler=Reveal", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["reason"] = reason, ["__RequestVerificationToken"] = token,
        }));
        return await answer.Content.ReadAsStringAsync();
    }

    private static async Task<HttpResponseMessage> FindAsync(HttpClient portal, string who)
    {
        var token = ServerUnderTest.Antiforgery(Between(await portal.GetStringAsync("/register"), "data-testid=\"find-form\""));
        return await portal.PostAsync("/register?handler=Find", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["who"] = who, ["__RequestVerificationToken"] = token,
        }));
    }

    private static string Between(string html, string from) => html[html.IndexOf(from, StringComparison.Ordinal)..];

    private async Task<int> CountUnmaskedAsync()
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<int>("select count(*) from audit_entry where action = 'person.unmask' and detail = '信访核查'");
    }
}
