using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace Voucher.Server.Tests.Spreadsheets;

/// <summary>Presses the export buttons of the portal's pages.</summary>
public static class ExportClient
{
    public const string Address = "/exports?handler=List";

    private static readonly HtmlParser Parser = new();

    public static async Task<IHtmlDocument> PageAsync(this HttpClient portal, string path) => Read(await portal.GetStringAsync(path));

    public static IHtmlDocument Read(string html) => Parser.ParseDocument(html);

    /// <summary>The form's own hidden fields, and whatever is typed besides.</summary>
    public static async Task<HttpResponseMessage> PressAsync(this HttpClient portal, IHtmlFormElement form, params (string Name, string Value)[] typed)
    {
        var fields = form.QuerySelectorAll<IHtmlInputElement>("input[type=hidden]").Select(field => KeyValuePair.Create(field.Name!, field.Value));
        return await portal.PostAsync(form.GetAttribute("action"), new FormUrlEncodedContent(fields.Concat(typed.Select(field => KeyValuePair.Create(field.Name, field.Value)))));
    }

    public static async Task<HttpResponseMessage> ExportAsync(this HttpClient portal, string key, params (string Name, string Value)[] fields)
    {
        var token = ServerUnderTest.Antiforgery(await portal.GetStringAsync("/exports"));
        return await portal.PostAsync(Address, new FormUrlEncodedContent(
            fields.Append(("export", key)).Append(("__RequestVerificationToken", token)).Select(field => KeyValuePair.Create(field.Item1, field.Item2))));
    }

    public static async Task<SheetFile> OpenAsync(HttpResponseMessage answer)
    {
        Assert.True(answer.StatusCode == HttpStatusCode.OK && answer.Content.Headers.ContentType!.MediaType!.EndsWith("sheet", StringComparison.Ordinal),
            $"{answer.StatusCode} {answer.Content.Headers.ContentType}");
        return new SheetFile(await answer.Content.ReadAsByteArrayAsync());
    }
}
