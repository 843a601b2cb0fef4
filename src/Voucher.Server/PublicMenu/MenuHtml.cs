using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.Razor;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Routing;
using Voucher.Server.Portal;

namespace Voucher.Server.PublicMenu;

/// <summary>What the page of the menu shows.</summary>
/// <param name="Found">All that the question finds, of which the page shows the first.</param>
public sealed record MenuView(MenuBoard Board, MenuQuestion Asked, IReadOnlyList<MenuEntry> Found)
{
    /// <summary>So that the page stays under 100 KB; filters lead to the others.</summary>
    public const int MostEntries = 50;

    public IEnumerable<MenuEntry> Shown => Found.Take(MostEntries);

    public bool IsComplete => Found.Count <= MostEntries;
}

/// <summary>Renders the menu outside of any request: the page is the same for everybody who asks the same.</summary>
public sealed class MenuHtml(IRazorViewEngine engine, ITempDataProvider tempData, IServiceScopeFactory scopes)
{
    private const string Page = "/PublicMenu/_MenuDocument.cshtml";

    public async Task<string> RenderAsync(MenuView view)
    {
        // Ends with this method: the language of the one who asks is not touched.
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(view.Asked.InEnglish ? Speech.English : Speech.Chinese);
        await using var scope = scopes.CreateAsyncScope();
        var http = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        var action = new ActionContext(http, new RouteData(), new ActionDescriptor());
        var page = engine.GetView(null, Page, isMainPage: false).View ?? throw new InvalidOperationException($"{Page} is missing.");
        await using var html = new StringWriter();
        var data = new ViewDataDictionary<MenuView>(new EmptyModelMetadataProvider(), new ModelStateDictionary()) { Model = view };
        await page.RenderAsync(new ViewContext(action, page, data, new TempDataDictionary(http, tempData), html, new HtmlHelperOptions()));
        return html.ToString();
    }
}
