using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Voucher.Server.Accounts;

namespace Voucher.Server.Tests.Api;

/// <summary>
/// Whatever stands in whichever field of whichever operation: an answer, never a fault. The operations come from the API's
/// own document, so that a new one is tried as soon as it is there.
/// </summary>
public sealed class HostileInputTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    /// <summary>Raw JSON: some of it no serializer would write.</summary>
    private static readonly string[] Values =
    [
        "null", "true", "-1", "0", "2147483648", "9223372036854775807", "1e308", "\"\"", "\"a\\u0000b\"", "\"\\ud800\"", "\"'; --\"",
        $"\"{new string('9', 5_000)}\"", "[]", "[null]", "{}",
    ];

    private static readonly string[] Texts = ["0", "-1", "99999999999999999999", "x", "%00", "%ED%A0%80", "%F0%9F%92%A9", "1e3", "*"];

    /// <summary>Asked once more by everybody, this would end what the test needs.</summary>
    private static bool IsLeftOut(ApiOperation operation) => operation.Path is "/api/logout" or "/api/me/password";

    [Fact]
    public async Task No_value_in_any_field_of_any_operation_is_a_fault()
    {
        using var anybody = new HttpClient { BaseAddress = server.Address };
        var shape = await ApiShape.ReadAsync(anybody);
        List<HttpClient> askers = [await CountyAsync(), await server.LogInAsync("manager")];
        List<string> faults = [];
        var tried = 0;
        foreach (var operation in shape.Operations().Where(operation => !IsLeftOut(operation)))
        {
            foreach (var (address, body) in Attempts(shape, operation))
            {
                foreach (var asker in askers)
                {
                    tried++;
                    using var request = new HttpRequestMessage(new HttpMethod(operation.Method), address);
                    if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
                    using var answer = await asker.SendAsync(request);
                    if (answer.StatusCode >= HttpStatusCode.InternalServerError)
                        faults.Add($"{operation.Method} {address} {body?[..Math.Min(body.Length, 300)]}: {(int)answer.StatusCode}");
                }
            }
        }
        foreach (var asker in askers) asker.Dispose();
        Assert.True(faults.Count == 0, $"{faults.Count} of {tried}:\n{string.Join('\n', faults.Take(40))}");
        Assert.True(tried > 3_000, $"Only {tried} attempts: the document no longer describes the API.");
    }

    private static IEnumerable<(string Address, string? Body)> Attempts(ApiShape shape, ApiOperation operation)
    {
        var plausible = operation.Body is { } schema ? shape.Plausible(schema)?.ToJsonString() : null;
        foreach (var (name, where) in operation.Parameters)
            foreach (var text in Texts)
                yield return (AddressOf(operation, name, where, text), plausible);
        if (plausible is null) yield break;
        var ordinary = AddressOf(operation, "", "", "");
        foreach (var whole in new[] { "", "null", "[]", "{", "5", "\"x\"", "{}", plausible }) yield return (ordinary, whole);
        foreach (var place in ApiShape.Places(JsonNode.Parse(plausible)))
            foreach (var value in Values)
                yield return (ordinary, With(plausible, place, value));
    }

    private static string AddressOf(ApiOperation operation, string name, string where, string text)
    {
        var path = operation.Path;
        foreach (var (other, place) in operation.Parameters)
            if (place == "path") path = path.Replace($"{{{other}}}", other == name && where == "path" ? text : "1", StringComparison.Ordinal);
        return where == "query" ? $"{path}?{name}={text}" : path;
    }

    /// <summary>The body with another value at one place.</summary>
    private static string With(string body, IReadOnlyList<object> place, string value)
    {
        const string mark = "\"@here@\"";
        var root = JsonNode.Parse(body)!;
        var parent = place.SkipLast(1).Aggregate(root, (node, step) => step is int index ? node[index]! : node[(string)step]!);
        if (place[^1] is int last) parent[last] = "@here@";
        else parent[(string)place[^1]] = "@here@";
        return root.ToJsonString().Replace(mark, value, StringComparison.Ordinal);
    }

    /// <summary>One log-in with every role of the county that decides.</summary>
    private async Task<HttpClient> CountyAsync()
    {
        await server.Get<AccountStore>().SaveAsync(
            "all-roles", "all-roles", LogIn.HashPassword(ServerUnderTest.Password),
            [Role.Clerk, Role.Approver, Role.Reviewer, Role.Finance], null, server.Clock.GetUtcNow());
        return await server.LogInAsync("all-roles");
    }
}
