using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Voucher.Core.Refusals;

namespace Voucher.Server.Tests;

/// <summary>What an answer of the API says no with.</summary>
public static class Problem
{
    /// <summary>The fields that a 400 names.</summary>
    public static async Task<string[]> FieldsAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.BadRequest, $"{answer.StatusCode}: {text}");
        return [.. JsonDocument.Parse(text).RootElement.GetProperty("errors").EnumerateObject().Select(error => error.Name).Order()];
    }

    public static async Task<RefusalCode> RefusalAsync(HttpResponseMessage answer)
    {
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(body.TryGetProperty("code", out var code), $"{answer.StatusCode}: {body}");
        return (RefusalCode)code.GetInt32();
    }
}
