using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Voucher.Terminal.Kiosk;
using Voucher.Terminal.Scanning;

namespace Voucher.Terminal.Tests.Kiosk;

/// <summary>Any page open on the same PC could call the local endpoints: only the kiosk page itself may.</summary>
public sealed class LocalOnlyTests : IAsyncLifetime
{
    private Server.Kiosk _kiosk = null!;

    public async ValueTask InitializeAsync() => _kiosk = await Server.Kiosk.Start();

    private async Task<HttpResponseMessage> Post(string path, string body, string contentType = "application/json", params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, contentType) };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await _kiosk.Http.SendAsync(request);
    }

    private static async Task<string?> FieldAtFault(HttpResponseMessage response)
    {
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        return problem.GetProperty("errors")[0].GetProperty("field").GetString();
    }

    [Theory]
    [InlineData("local/scan")]
    [InlineData("local/pair")]
    [InlineData("local/read")]
    public async Task A_foreign_page_is_refused(string path)
    {
        Assert.Equal(HttpStatusCode.Forbidden, (await Post(path, "{}", headers: ("Origin", "https://evil.example"))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await Post(path, "{}", headers: ("Origin", "null"))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await Post(path, "{}", headers: ("Sec-Fetch-Site", "cross-site"))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await Post(path, "{}", headers: ("Origin", "http://localhost:1"))).StatusCode);
    }

    [Fact]
    public async Task The_kiosk_page_itself_is_served()
    {
        var own = _kiosk.Http.BaseAddress!.GetLeftPart(UriPartial.Authority);
        var response = await Post("local/read", """{"digits":"1"}""", "application/json", ("Origin", own), ("Sec-Fetch-Site", "same-origin"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("local/state")]
    [InlineData("local/recent")]
    [InlineData("local/events")]
    public async Task Nor_may_a_foreign_page_look(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Sec-Fetch-Site", "same-site");
        Assert.Equal(HttpStatusCode.Forbidden, (await _kiosk.Http.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task A_foreign_name_that_leads_to_this_machine_is_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "local/state");
        request.Headers.Host = "evil.example";
        Assert.Equal(HttpStatusCode.MisdirectedRequest, (await _kiosk.Http.SendAsync(request)).StatusCode);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task What_a_plain_form_can_send_is_refused(string contentType) =>
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await Post("local/scan", "{}", contentType)).StatusCode);

    [Fact]
    public async Task A_body_over_the_limit_is_refused()
    {
        var response = await Post("local/read", $$"""{"digits":"{{new string('1', KioskEndpoints.LargestBodyBytes)}}"}""");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task A_text_over_the_limit_names_its_field()
    {
        var atLimit = await Post("local/read", $$"""{"digits":"{{new string('1', ScanLimits.LongestDigits)}}"}""");
        Assert.Equal(HttpStatusCode.OK, atLimit.StatusCode);
        var over = await Post("local/read", $$"""{"digits":"{{new string('1', ScanLimits.LongestDigits + 1)}}"}""");
        Assert.Equal(HttpStatusCode.BadRequest, over.StatusCode);
        Assert.Equal("digits", await FieldAtFault(over));
    }

    [Theory]
    [InlineData("""{"mode":"x","classId":1,"digits":"1"}""", "mode")]
    [InlineData("""{"mode":9,"classId":1,"digits":"1"}""", "mode")]
    [InlineData("""{"mode":2,"classId":0,"digits":"1"}""", "classId")]
    [InlineData("""{"mode":2,"classId":99999999999999999999,"digits":"1"}""", "classId")]
    [InlineData("""{"mode":2,"classId":1}""", "digits")]
    [InlineData("""{"mode":2,"classId":1,"digits":"1","shortCode":"123456789012"}""", "digits")]
    [InlineData("""{"mode":2,"classId":1,"shortCode":"123456789012"}""", "shortCode")]
    [InlineData("""{"mode":2,"classId":1,"shortCode":"1234567890121234567890121"}""", "shortCode")]
    [InlineData("""{"mode":1,"classId":1,"digits":"1","idNumber":"110105194912310021"}""", "idNumber")]
    [InlineData("""{"mode":1,"classId":1,"digits":"1","idNumber":"123456789012345678901234567890123"}""", "idNumber")]
    [InlineData("""{"scanId":"zz","mode":2,"classId":1,"digits":"1"}""", "scanId")]
    [InlineData("[", "body")]
    public async Task Each_unusable_field_is_named(string body, string field)
    {
        var response = await Post("local/scan", body);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(field, await FieldAtFault(response));
        Assert.DoesNotContain("   at ", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_more_pages_than_the_limit_may_listen()
    {
        var pages = new List<HttpResponseMessage>();
        for (var i = 0; i < KioskEvents.MostPages; i++)
            pages.Add(await _kiosk.Http.GetAsync("local/events", HttpCompletionOption.ResponseHeadersRead));
        Assert.All(pages, page => Assert.Equal("text/event-stream", page.Content.Headers.ContentType?.MediaType));
        Assert.Equal(HttpStatusCode.TooManyRequests, (await _kiosk.Http.GetAsync("local/events")).StatusCode);
        foreach (var page in pages) page.Dispose();
    }

    [Fact]
    public async Task An_open_page_does_not_hold_up_the_end_of_the_program()
    {
        await using var kiosk = await Server.Kiosk.Start();
        await using var stream = await kiosk.Http.GetStreamAsync("local/events");
        using var reader = new StreamReader(stream);
        await reader.ReadLineAsync();
        var ending = kiosk.Stop();
        // The stream ends by itself: were it cut after the grace time, reading would throw.
        while (await reader.ReadLineAsync() is not null) { }
        await ending;
    }

    [Fact]
    public async Task The_page_and_its_decoder_come_from_this_program_alone()
    {
        var page = await _kiosk.Http.GetAsync("");
        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
        Assert.Contains("frame-ancestors 'none'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal("application/wasm", (await _kiosk.Http.GetAsync("lib/zxing_reader.wasm")).Content.Headers.ContentType?.MediaType);
        Assert.Equal(HttpStatusCode.OK, (await _kiosk.Http.GetAsync("lib/index.js")).StatusCode);
    }

    public ValueTask DisposeAsync() => _kiosk.DisposeAsync();
}
