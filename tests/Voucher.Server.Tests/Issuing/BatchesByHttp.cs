using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Dapper;

namespace Voucher.Server.Tests.Issuing;

/// <summary>Drafting and turning down batches as a county's own software would, and the portal's form of one as a browser sends it.</summary>
internal static class BatchesByHttp
{
    public static object Body(object people, string name, int scope = 0) =>
        new { name, kind = "FaceValue", scope, faceValueFen = 150_000, budgetLineId = 1, people };

    public static async Task<long> DraftBatchAsync(this HttpClient clerk, object people, string name, int scope = 0)
    {
        using var drafted = await clerk.PostAsJsonAsync("/api/batches", Body(people, name, scope));
        Assert.Equal(HttpStatusCode.OK, drafted.StatusCode);
        return (await drafted.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt64();
    }

    public static async Task RefuseBatchAsync(this ServerUnderTest server, long batch)
    {
        using var approver = await server.LogInAsync("approver");
        using var refused = await approver.PostAsJsonAsync($"/api/batches/{batch}/refuse", new { reason = "重拟" });
        Assert.Equal(HttpStatusCode.OK, refused.StatusCode);
    }

    /// <summary>Who is in the batch, by number.</summary>
    public static async Task<IReadOnlyList<long>> PeopleOfBatchAsync(this ServerUnderTest server, long batch)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<long>("select person_id from batch_person where batch_id = @batch order by person_id", new { batch })];
    }

    /// <summary>What a browser sends when nothing of the form of a new batch is touched.</summary>
    public static IEnumerable<KeyValuePair<string, string>> BatchFields(this IHtmlDocument page)
    {
        var form = page.QuerySelector<IHtmlFormElement>("#batch-form")!;
        foreach (var field in form.QuerySelectorAll<IHtmlInputElement>("input[name]").Where(field => field.Type != "file" && (field.Type != "checkbox" || field.IsChecked)))
            yield return new(field.Name!, field.Value ?? "");
        foreach (var field in form.QuerySelectorAll<IHtmlSelectElement>("select[name]"))
        {
            foreach (var option in field.SelectedOptions) yield return new(field.Name!, option.Value);
        }
    }
}
