using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Dapper;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure;
using Microsoft.AspNetCore.Routing;
using Voucher.Server.Tests.Settling;

namespace Voucher.Server.Tests.Audit;

/// <summary>The auditor's role reads all and changes nothing: every address there is, asked.</summary>
public sealed partial class AuditorTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    /// <summary>What an auditor may post: exports, which are reading, and what is of the own log-in.</summary>
    private static readonly string[] Reading =
    [
        "/exports List", "/exports Fetch", "/exports Remove", "/forms/{kind}/{id:long?} Pdf", "/forms/{kind}/{id:long?} Xlsx", "/account ", "/log-in ",
        "/register Find", "/register/households Find", "/teachers Find", "/fault/{status:int?} ", "/register/people/{id:long} Reveal", // Unmasking is reading, with its own entry.
        "/classes/{id:long}/certificates Pdf", "/settling/publications/{id:long} Pdf", "/settling/colleges/{id:int} Pdf", // Papers, each with its entry.
    ];

    /// <summary>Questions that are posted, so that names and numbers stay out of addresses.</summary>
    private static readonly string[] Searches = ["/api/eligibility", "/api/register/people/search", "/api/register/people/find"];

    [Fact]
    public async Task Every_writing_call_of_the_API_is_refused()
    {
        await SceneAsync();
        using var auditor = await server.LogInAsync("auditor");
        var before = await EntriesAsync();
        List<string> open = [];
        var asked = 0;
        foreach (var endpoint in server.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Where(IsOfPeople))
        {
            foreach (var method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Where(method => method != "GET" && method != "HEAD"))
            {
                asked++;
                using var request = new HttpRequestMessage(new HttpMethod(method), PathOf(endpoint.RoutePattern.RawText!)) { Content = JsonContent.Create(new { }) };
                using var answer = await auditor.SendAsync(request);
                if (answer.StatusCode is not (HttpStatusCode.Forbidden or HttpStatusCode.UnsupportedMediaType) && !Searches.Contains(endpoint.RoutePattern.RawText)) open.Add($"{method} {endpoint.RoutePattern.RawText}: {(int)answer.StatusCode}");
            }
        }
        Assert.True(open.Count == 0, string.Join('\n', open));
        Assert.True(asked > 40, $"Only {asked} calls: the walk no longer reaches the API.");
        Assert.Equal(before, await EntriesAsync());
    }

    [Fact]
    public async Task Every_form_handler_is_refused_but_exports_and_the_own_log_in()
    {
        await SceneAsync();
        using var portal = await server.OpenPortalAsync("auditor");
        var token = ServerUnderTest.Antiforgery(await portal.GetStringAsync("/account"));
        var before = await EntriesAsync();
        List<string> open = [];
        var asked = 0;
        foreach (var (route, handler) in await HandlersAsync())
        {
            if (Reading.Contains($"{route} {handler}")) continue;
            asked++;
            using var answer = await portal.PostAsync(
                $"{PathOf(route)}{(handler.Length > 0 ? $"?handler={handler}" : "")}",
                new FormUrlEncodedContent([KeyValuePair.Create("__RequestVerificationToken", token), KeyValuePair.Create("reason", "理由"), KeyValuePair.Create("id", "1")]));
            // A use case that says no shows its page with the refusal; what is not there cannot be changed.
            var refused = answer.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.NotFound
                || answer.Headers.Location?.OriginalString.Contains("/not-allowed", StringComparison.Ordinal) == true
                || (await answer.Content.ReadAsStringAsync()).Contains("data-refusal=\"901\"", StringComparison.Ordinal);
            if (!refused) open.Add($"{route} {handler}: {(int)answer.StatusCode} {answer.Headers.Location}");
        }
        Assert.True(open.Count == 0, string.Join('\n', open));
        Assert.True(asked > 60, $"Only {asked} handlers: the walk no longer reaches the portal.");
        Assert.Equal(before, await EntriesAsync());
    }

    private static bool IsOfPeople(RouteEndpoint endpoint) =>
        endpoint.RoutePattern.RawText is { } path && path.StartsWith("/api", StringComparison.Ordinal) && !path.StartsWith("/api/terminal", StringComparison.Ordinal)
        && endpoint.Metadata.GetMetadata<HttpMethodMetadata>() is not null && endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null;

    private async Task<IReadOnlyList<(string Route, string Handler)>> HandlersAsync()
    {
        List<(string, string)> handlers = [];
        var loader = server.Get<PageLoader>();
        foreach (var page in server.Get<IActionDescriptorCollectionProvider>().ActionDescriptors.Items.OfType<PageActionDescriptor>())
        {
            var compiled = await loader.LoadAsync(page, EndpointMetadataCollection.Empty);
            foreach (var handler in compiled.HandlerMethods.Where(handler => handler.HttpMethod is "Post" or "Put" or "Delete"))
                handlers.Add(($"/{page.AttributeRouteInfo!.Template}", handler.Name ?? ""));
        }
        return handlers;
    }

    [GeneratedRegex(@"\{[^}]+\}", RegexOptions.None, 1000)]
    private static partial Regex Parameter();

    private static string PathOf(string route) => Parameter().Replace(route, "1");

    private async Task SceneAsync()
    {
        var scene = await SettledScene.BuildAsync(server);
        var desk = new Desk(server);
        (await desk.PayAsync([await desk.ApprovedClaimAsync(await scene.CompletedVouchersAsync(1))])).OrThrow();
        (await desk.ClaimAsync(await scene.CompletedVouchersAsync(1))).OrThrow();
    }

    private async Task<long> EntriesAsync()
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<long>("select count(*) from audit_entry");
    }
}
