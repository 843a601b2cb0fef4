using System.Net;
using System.Text;
using Voucher.Server.Accounts;
using Voucher.Server.Policies;
using Voucher.Server.Tests.Settling;

namespace Voucher.Server.Tests.Portal;

/// <summary>Whatever is typed into whichever field of whichever form, and put into whichever address: a page, never a fault.</summary>
public sealed class HostileFormTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private static readonly string[] Values =
        ["", "\0", "a\u0001b", "-1", "0", "99999999999999999999", "x", "1e5", "2026-13-45", "<b>'; --", new string('长', 3_000), "\U0001F4A9"];

    private const string Token = "__RequestVerificationToken";

    /// <summary>These end or change the log-in that walks.</summary>
    private static bool IsLeftOut(PortalForm form) =>
        form.Action.StartsWith("/log-out", StringComparison.Ordinal) || form.Action.StartsWith("/account", StringComparison.Ordinal);

    [Fact]
    public async Task No_value_in_any_field_of_any_form_or_address_is_a_fault()
    {
        await server.Get<AccountStore>().SaveAsync(
            "all-roles", "all-roles", LogIn.HashPassword(ServerUnderTest.Password),
            [Role.Clerk, Role.Approver, Role.Reviewer, Role.Finance], null, server.Clock.GetUtcNow());
        await DraftPolicyAsync("all-roles");
        var scene = await SettledScene.BuildAsync(server);
        var desk = new Desk(server);
        (await desk.ClaimAsync(await scene.CompletedVouchersAsync(1))).OrThrow();
        await desk.ApprovedClaimAsync(await scene.CompletedVouchersAsync(1));
        (await desk.PayAsync([await desk.ApprovedClaimAsync(await scene.CompletedVouchersAsync(1))])).OrThrow();
        await scene.EnrolledVouchersAsync(1);
        var recovering = new RecoveryScene(server);
        await recovering.DecidedAsync($"{(await recovering.PaidAsync(1)).Paid[0]} 400");
        await recovering.WarnAsync(scene.Institution);
        List<string> faults = [];
        var (forms, tried) = (0, 0);
        foreach (var login in new[] { "all-roles", "auditor", "manager", "desk", "township" })
        {
            using var portal = await server.OpenPortalAsync(login);
            var (links, found) = await PortalWalk.WalkAsync(portal);
            forms += found.Count;
            foreach (var attempt in links.SelectMany(AddressesOf).Select(address => new PortalForm(address, "GET", address, []))
                .Concat(found.Where(form => !IsLeftOut(form)).SelectMany(Spoilt)))
            {
                tried++;
                using var answer = await portal.SendAsync(RequestOf(attempt));
                if (answer.StatusCode >= HttpStatusCode.InternalServerError) faults.Add($"{login}: {attempt}: {(int)answer.StatusCode}");
            }
        }
        Assert.True(faults.Count == 0, $"{faults.Count} of {tried}:\n{string.Join('\n', faults.Take(40))}");
        Assert.True(forms > 20 && tried > 1_000, $"Only {forms} forms and {tried} attempts: the walk no longer reaches the portal.");
    }

    /// <summary>Only who drafted a policy is shown its form.</summary>
    private async Task DraftPolicyAsync(string login)
    {
        var rule = (await server.Get<PolicyStore>().ListAsync())[0];
        (await server.Get<DraftPolicy>().CopyAsync(rule, (await server.Get<AccountStore>().FindAsync(login))!.Value.Actor)).OrThrow();
    }

    private static IEnumerable<PortalForm> Spoilt(PortalForm form)
    {
        foreach (var name in form.Fields.Select(field => field.Key).Where(name => name != Token).Distinct(StringComparer.Ordinal))
            foreach (var value in Values)
                yield return form with
                {
                    Fields = [.. form.Fields.Select(field => field.Key == name ? KeyValuePair.Create(name, value) : field)],
                    Spoilt = $"{name}={(value.Length > 40 ? value[..40] : Uri.EscapeDataString(value))}",
                };
        yield return form with { Fields = [.. form.Fields.Where(field => field.Key == Token)], Spoilt = "without fields" };
        yield return form with { Fields = [.. form.Fields, .. form.Fields], Spoilt = "with every field twice" };
    }

    /// <summary>The link with each of its numbers and each value of its query replaced.</summary>
    private static IEnumerable<string> AddressesOf(string link)
    {
        var (path, query) = link.Contains('?') ? (link[..link.IndexOf('?')], link[(link.IndexOf('?') + 1)..]) : (link, "");
        var parts = path.Split('/');
        foreach (var value in Values.Where(value => value.Length is > 0 and < 100).Select(Uri.EscapeDataString))
        {
            for (var i = 0; i < parts.Length; i++)
                if (parts[i].Any(char.IsAsciiDigit)) yield return string.Join('/', parts.Select((part, at) => at == i ? value : part)) + (query.Length > 0 ? "?" + query : "");
            foreach (var pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
                yield return $"{path}?{pair.Split('=')[0]}={value}";
        }
    }

    private static HttpRequestMessage RequestOf(PortalForm form)
    {
        if (form.Method == "POST")
            return new HttpRequestMessage(HttpMethod.Post, form.Action) { Content = new FormUrlEncodedContent(form.Fields) };
        var query = new StringBuilder();
        foreach (var (name, value) in form.Fields) query.Append(query.Length == 0 ? '?' : '&').Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value));
        return new HttpRequestMessage(HttpMethod.Get, query.Length > 0 ? form.Action.Split('?')[0] + query : form.Action);
    }
}
