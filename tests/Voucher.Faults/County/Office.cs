using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Voucher.Faults.Services;

namespace Voucher.Faults.County;

/// <summary>What the county's people and an institution's manager do by the API to set the scene; never under faults.</summary>
public sealed class Office(Uri server) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = server };
    private readonly Dictionary<string, string> _tokens = new(StringComparer.Ordinal);

    public Task<JsonElement> GetAsync(string login, string path) => SendAsync(login, HttpMethod.Get, path, body: null);

    public Task<JsonElement> PostAsync(string login, string path, object? body = null) => SendAsync(login, HttpMethod.Post, path, body);

    public Task<JsonElement> PostAsync(string path, object body) => SendAsync(login: null, HttpMethod.Post, path, body);

    /// <summary>The cookies of a browser that has logged in to the portal.</summary>
    public async Task<CookieContainer> LogInToPortalAsync(string login)
    {
        var cookies = new CookieContainer();
        using var handler = new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = cookies };
        using var browser = new HttpClient(handler) { BaseAddress = _http.BaseAddress };
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["login"] = login, ["password"] = ServerProcess.Password, ["__RequestVerificationToken"] = HiddenToken(await browser.GetStringAsync("/log-in")),
        });
        using var answer = await browser.PostAsync("/log-in", form);
        return answer.StatusCode == HttpStatusCode.Redirect ? cookies : throw new InvalidOperationException($"Logging in as {login} answered {answer.StatusCode}.");
    }

    public void Dispose() => _http.Dispose();

    private static string HiddenToken(string html)
    {
        const string field = "name=\"__RequestVerificationToken\" type=\"hidden\" value=\"";
        var start = html.IndexOf(field, StringComparison.Ordinal) + field.Length;
        return html[start..html.IndexOf('"', start)];
    }

    private async Task<JsonElement> SendAsync(string? login, HttpMethod method, string path, object? body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        if (login is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await TokenAsync(login));
        using var answer = await _http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"{method} {path} answered {(int)answer.StatusCode}: {text}");
        return JsonElement.Parse(text.Length == 0 ? "{}" : text);
    }

    private async Task<string> TokenAsync(string login)
    {
        if (_tokens.TryGetValue(login, out var known)) return known;
        var answer = await PostAsync("/api/login", new { login, password = ServerProcess.Password });
        return _tokens[login] = answer.GetProperty("accessToken").GetString()!;
    }
}
