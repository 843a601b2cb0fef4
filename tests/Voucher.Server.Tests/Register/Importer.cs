using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Voucher.Server.Tests.Register;

/// <summary>What an import came to, read through the API.</summary>
public sealed record Imported(
    long Id, string Status, int TotalRows, int DoneRows, int Added, int Changed, int Unchanged, int Bad, string? Failure, string Notes,
    IReadOnlyList<RowError> Errors);

public sealed record RowError(int Row, string Column, string Reason);

/// <summary>Uploads through the API and waits for the worker.</summary>
public static class Importer
{
    public static async Task<HttpResponseMessage> UploadAsync(this HttpClient client, string fileName, byte[] content, string? list = null)
    {
        var file = new ByteArrayContent(content) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };
        var form = new MultipartFormDataContent { { file, "file", fileName } };
        if (list is not null) form.Add(new StringContent(list), "list");
        return await client.PostAsync("/api/register/imports", form);
    }

    public static async Task<Imported> ImportAsync(this HttpClient client, string fileName, byte[] content, string? list = null)
    {
        using var answer = await client.UploadAsync(fileName, content, list);
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync());
        var started = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return await client.WaitAsync(started.GetProperty("id").GetInt64());
    }

    public static async Task<Imported> WaitAsync(this HttpClient client, long id)
    {
        while (true)
        {
            var state = await client.GetFromJsonAsync<Imported>($"/api/register/imports/{id}");
            if (state!.Status is "Waiting" or "Running") { await Task.Delay(30); continue; }
            var errors = await client.GetFromJsonAsync<JsonElement>($"/api/register/imports/{id}/errors");
            return state with { Errors = errors.GetProperty("errors").Deserialize<RowError[]>(JsonSerializerOptions.Web)! };
        }
    }

    /// <summary>The one problem of the field <c>file</c> for which an upload was turned away.</summary>
    public static async Task<string> RefusalAsync(this HttpClient client, string fileName, byte[] content)
    {
        using var answer = await client.UploadAsync(fileName, content);
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.BadRequest, body);
        Assert.DoesNotContain("Exception", body, StringComparison.Ordinal);
        return Assert.Single(JsonDocument.Parse(body).RootElement.GetProperty("errors").GetProperty("file").EnumerateArray()).GetString()!;
    }
}
