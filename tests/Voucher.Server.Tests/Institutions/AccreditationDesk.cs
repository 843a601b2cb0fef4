using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Voucher.Core;
using Voucher.Core.Institutions;

namespace Voucher.Server.Tests.Institutions;

/// <summary>Takes accreditations through their steps over HTTP, as clerk, reviewer and approver.</summary>
public sealed class AccreditationDesk(ServerUnderTest server)
{
    private static int _last;

    public DateOnly Today => CountyTime.DayOf(server.Clock.GetUtcNow());

    /// <summary>A new institution, not accredited.</summary>
    public async Task<int> EnterAsync(string name = "新办培训学校")
    {
        using var clerk = await server.LogInAsync("clerk");
        var first17 = $"52622926ACC{Interlocked.Increment(ref _last):D6}";
        var answer = await PostAsync(clerk, "/api/institutions", new { uscc = first17 + Uscc.CheckCharacter(first17), name });
        return answer.GetProperty("id").GetInt32();
    }

    /// <summary>A complete application of this year, handed in by the clerk.</summary>
    public async Task<long> SubmitAsync(int institution, int? year = null)
    {
        using var clerk = await server.LogInAsync("clerk");
        var id = (await PostAsync(clerk, "/api/accreditations", new { institutionId = institution, year = year ?? Today.Year })).GetProperty("id").GetInt64();
        using var saved = await clerk.PutAsJsonAsync($"/api/accreditations/{id}", await FormAsync());
        Assert.True(saved.IsSuccessStatusCode, await saved.Content.ReadAsStringAsync());
        await PostAsync(clerk, $"/api/accreditations/{id}/submit", new { });
        return id;
    }

    /// <summary>Inspected, and granting proposed by the reviewer.</summary>
    public async Task ProposeAsync(long id, int capacity = 35, int[]? programmes = null)
    {
        using var reviewer = await server.LogInAsync("reviewer");
        await PostAsync(reviewer, $"/api/accreditations/{id}/inspect", new { on = Today, finding = "教室四间，实训车间一处，师资到位" });
        await PostAsync(reviewer, $"/api/accreditations/{id}/propose-grant", new { capacity, programmeCodes = programmes ?? [1001] });
    }

    /// <summary>A new institution that is accredited for this year.</summary>
    public async Task<(int Institution, long Accreditation)> AccreditAsync()
    {
        var institution = await EnterAsync();
        var id = await SubmitAsync(institution);
        await ProposeAsync(id);
        await StepAsync("approver", id, "confirm");
        return (institution, id);
    }

    public async Task StepAsync(string login, long id, string step, object? body = null)
    {
        using var client = await server.LogInAsync(login);
        await PostAsync(client, $"/api/accreditations/{id}/{step}", body ?? new { reason = "整改" });
    }

    public async Task<HttpResponseMessage> TryAsync(string login, long id, string step, object? body = null)
    {
        using var client = await server.LogInAsync(login);
        return await client.PostAsJsonAsync($"/api/accreditations/{id}/{step}", body ?? new { reason = "整改" });
    }

    /// <summary>Right in every field.</summary>
    public async Task<Dictionary<string, object?>> FormAsync() => new()
    {
        ["licenceNo"] = "人社民62292600001", ["licenceAuthority"] = "东乡县人社局", ["licenceFrom"] = "2020-01-01", ["licenceUntil"] = "2099-12-31",
        ["tenderNo"] = "东招〔2026〕3号", ["capacity"] = 50, ["rooms"] = 4, ["areaM2"] = 320,
        ["places"] = new[] { new { name = "实训车间", address = "锁南镇北街1号", places = 40 } },
        ["teacherIds"] = new[] { await AskAsync<int>("select min(id) from teacher") }, ["programmeCodes"] = new[] { 1001, 1002 },
    };

    /// <summary>The demo's accreditation of the institution, from before they were yearly.</summary>
    public Task<long> TakenOverAsync(int institution) => AskAsync<long>("select accreditation_id from institution where id = @institution", new { institution });

    public async Task<T> AskAsync<T>(string sql, object? parameters = null)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        return (await connection.ExecuteScalarAsync<T>(sql, parameters))!;
    }

    /// <summary>Capacity, period, suspended or not, and the codes of programmes, as redemption reads them.</summary>
    public Task<string> StandingAsync(int institution) => AskAsync<string>("""
        select format('%s %s %s %s %s', capacity, accredited_from, accredited_until, is_suspended,
               (select string_agg(p.code::text, ',' order by p.code) from institution_programme x join programme p on p.id = x.programme_id where x.institution_id = i.id))
        from institution i where id = @institution
        """, new { institution });

    private static async Task<JsonElement> PostAsync(HttpClient client, string path, object body)
    {
        using var answer = await client.PostAsJsonAsync(path, body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {(int)answer.StatusCode} {text}");
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement.Clone();
    }
}
