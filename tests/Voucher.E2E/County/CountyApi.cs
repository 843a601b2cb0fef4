using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Voucher.E2E.County;

/// <summary>The county's HTTP API, as docs/api.md describes it: for what a test needs to be there, not for what it tests.</summary>
public sealed class CountyApi(Uri portal) : IDisposable
{
    private static readonly TimeSpan LongestWork = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(200);

    private readonly HttpClient _http = new() { BaseAddress = portal };
    private readonly Dictionary<string, string> _tokens = new(StringComparer.Ordinal);

    public Task<JsonElement> GetAsync(string login, string path) => SendAsync(login, HttpMethod.Get, path, content: null);

    public Task<JsonElement> PostAsync(string login, string path, object? body = null) =>
        SendAsync(login, HttpMethod.Post, path, body is null ? null : JsonContent.Create(body));

    /// <summary>Sends a file as a form does.</summary>
    public async Task<JsonElement> UploadAsync(string login, string path, string fileName, string text, params (string Name, string Value)[] fields)
    {
        using var form = new MultipartFormDataContent();
        using var file = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
        form.Add(file, "file", fileName);
        foreach (var (name, value) in fields) form.Add(new StringContent(value), name);
        return await SendAsync(login, HttpMethod.Post, path, form);
    }

    /// <summary>Asks again until the background work has come so far.</summary>
    public Task<JsonElement> UntilAsync(string login, string path, Predicate<JsonElement> isDone) => UntilAsync(() => GetAsync(login, path), isDone);

    /// <summary>Asks again until the answer is as wished.</summary>
    public static async Task<T> UntilAsync<T>(Func<Task<T>> ask, Predicate<T> isDone)
    {
        using var end = new CancellationTokenSource(LongestWork);
        while (true)
        {
            var answer = await ask();
            if (isDone(answer)) return answer;
            Assert.False(end.IsCancellationRequested, $"After {LongestWork} the answer still is {answer}");
            await Task.Delay(LookAgain);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<JsonElement> SendAsync(string login, HttpMethod method, string path, HttpContent? content)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await TokenAsync(login));
        using var response = await _http.SendAsync(request);
        return await ReadAsync(response);
    }

    private async Task<string> TokenAsync(string login)
    {
        if (_tokens.TryGetValue(login, out var known)) return known;
        using var response = await _http.PostAsJsonAsync("/api/login", new { login, password = CountyUnderTest.Password });
        return _tokens[login] = (await ReadAsync(response)).GetProperty("accessToken").GetString()!;
    }

    /// <summary>An answer without a body is an empty object.</summary>
    internal static async Task<JsonElement> ReadAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{response.RequestMessage?.RequestUri?.AbsolutePath} answered {(int)response.StatusCode}: {text}");
        return JsonElement.Parse(text.Length == 0 ? "{}" : text);
    }
}
