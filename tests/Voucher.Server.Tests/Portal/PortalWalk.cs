using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace Voucher.Server.Tests.Portal;

/// <summary>A form as it stands on a page, with what a browser would send when nothing is touched.</summary>
public sealed record PortalForm(string Page, string Method, string Action, IReadOnlyList<KeyValuePair<string, string>> Fields, string Spoilt = "")
{
    public override string ToString() => $"{Method} {Action} on {Page} {Spoilt}";
}

/// <summary>Everything that one log-in reaches by following links, so that a test sees every form there is.</summary>
public static class PortalWalk
{
    /// <summary>Pages of one kind look alike: one claim, one class and so on is enough.</summary>
    private const int MostPages = 200;

    private static readonly HtmlParser Parser = new();

    /// <summary>Paths with their queries, as links lead to them.</summary>
    public static async Task<(IReadOnlyList<string> Links, IReadOnlyList<PortalForm> Forms)> WalkAsync(HttpClient portal)
    {
        HashSet<string> kinds = new(StringComparer.Ordinal) { "/" };
        Queue<string> waiting = new(["/"]);
        List<string> links = [];
        Dictionary<string, PortalForm> forms = new(StringComparer.Ordinal);
        while (links.Count < MostPages && waiting.TryDequeue(out var path))
        {
            links.Add(path);
            using var answer = await portal.GetAsync(path);
            if (answer.Content.Headers.ContentType?.MediaType != "text/html") continue;
            using var page = await Parser.ParseDocumentAsync(await answer.Content.ReadAsStringAsync());
            foreach (var form in page.QuerySelectorAll<IHtmlFormElement>("form").SelectMany(form => Read(path, form))) forms.TryAdd(KindOf(form.Action) + form.Method, form);
            foreach (var link in page.QuerySelectorAll("a[href^='/']").Select(link => link.GetAttribute("href")!.Split('#')[0]))
                if (kinds.Add(KindOf(link))) waiting.Enqueue(link);
        }
        return (links, [.. forms.Values]);
    }

    /// <summary>The address with its numbers taken out and the names of its query only.</summary>
    private static string KindOf(string link)
    {
        var (path, _, query) = (link.Split('?')[0], 0, link.Contains('?') ? link[link.IndexOf('?')..] : "");
        var names = query.TrimStart('?').Split('&').Select(pair => pair.Split('=')[0]).Order(StringComparer.Ordinal);
        return string.Join('/', path.Split('/').Select(part => part.Any(char.IsAsciiDigit) ? "#" : part)) + "?" + string.Join('&', names);
    }

    /// <summary>One for each of its buttons, which may carry an address or a value of their own.</summary>
    private static IEnumerable<PortalForm> Read(string page, IHtmlFormElement form)
    {
        var fields = form.QuerySelectorAll("input[name], select[name], textarea[name]")
            .Select(field => KeyValuePair.Create(field.GetAttribute("name")!, ValueOf(field))).ToList();
        var buttons = form.QuerySelectorAll("button").DefaultIfEmpty(null);
        foreach (var button in buttons)
        {
            var action = button?.GetAttribute("formaction") ?? form.GetAttribute("action") ?? page;
            var own = button?.GetAttribute("name") is { } name ? [KeyValuePair.Create(name, button.GetAttribute("value") ?? "")] : Array.Empty<KeyValuePair<string, string>>();
            yield return new PortalForm(page, (form.GetAttribute("method") ?? "get").ToUpperInvariant(), action.Length == 0 ? page : action, [.. fields, .. own]);
        }
    }

    private static string ValueOf(IElement field) => field switch
    {
        IHtmlSelectElement select => select.Value ?? "",
        IHtmlTextAreaElement area => area.Value,
        _ => field.GetAttribute("value") ?? "",
    };
}
