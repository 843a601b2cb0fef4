using System.Net;
using System.Net.Http.Json;
using Voucher.Core;
using Voucher.Core.Matching;
using Voucher.Server.Demo;
using Voucher.Server.Issuing.Judging;

namespace Voucher.Server.Tests.Register;

/// <summary>People of the register and the lists of other offices that name them.</summary>
internal static class OutsideLists
{
    private static readonly string[] Header = ["姓名", "身份证号码"];

    /// <summary>Somebody new of the register, and the row that names them in a list.</summary>
    public static async Task<(PersonId Person, string[] Listed)> RegisterAsync(this ServerUnderTest server, HttpClient clerk) =>
        (await server.RegisterManyAsync(clerk, 1))[0];

    public static async Task<(PersonId Person, string[] Listed)[]> RegisterManyAsync(this ServerUnderTest server, HttpClient clerk, int count)
    {
        var rows = Enumerable.Range(0, count).Select(_ => Roster.Row()).ToArray();
        await clerk.ImportAsync("册.csv", Roster.Csv([Roster.Header, .. rows]));
        var people = new List<(PersonId, string[])>();
        foreach (var row in rows) people.Add(((await server.FindAsync(row[Roster.IdNumber])).Id, [row[Roster.Name], row[Roster.IdNumber]]));
        return [.. people];
    }

    /// <summary>Hands in a list and waits until it was read to its end.</summary>
    public static async Task<Matched> ListAsync(this HttpClient clerk, string source, string asOf, bool complete, params string[][] rows)
    {
        var match = await clerk.MatchAsync("月报.csv", Roster.Csv([Header, .. rows]), source, asOf, complete ? "true" : null);
        Assert.Equal("Finished", match.Status);
        return match;
    }

    /// <summary>As the judgement sees it, which decides whether the person gets a voucher.</summary>
    public static async Task<IReadOnlyList<MatchSource>> StandsAgainstAsync(this ServerUnderTest server, PersonId person)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        return [.. (await PersonFactsStore.ReadAsync(connection, DemoCounty.Region, person))!.Hits];
    }

    public static async Task<HttpStatusCode> DismissAsync(this HttpClient who, PersonId person, long[] hits, string reason)
    {
        using var answer = await who.PostAsJsonAsync($"/api/register/people/{person}/matches/dismiss", new { hits, reason });
        return answer.StatusCode;
    }
}
