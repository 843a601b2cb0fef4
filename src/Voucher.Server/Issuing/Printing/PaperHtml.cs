using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.Razor;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Routing;

namespace Voucher.Server.Issuing.Printing;

/// <summary>Renders the very page that the clerk's browser shows, outside of any request.</summary>
public sealed class PaperHtml(IRazorViewEngine engine, ITempDataProvider tempData, IServiceScopeFactory scopes)
{
    private const string Page = "/Issuing/Printing/_PaperDocument.cshtml";

    public async Task<string> RenderAsync(Paper paper)
    {
        await using var scope = scopes.CreateAsyncScope();
        var http = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        var action = new ActionContext(http, new RouteData(), new ActionDescriptor());
        var view = engine.GetView(null, Page, isMainPage: false).View ?? throw new InvalidOperationException($"{Page} is missing.");
        await using var html = new StringWriter();
        var data = new ViewDataDictionary<Paper>(new EmptyModelMetadataProvider(), new ModelStateDictionary()) { Model = paper };
        await view.RenderAsync(new ViewContext(action, view, data, new TempDataDictionary(http, tempData), html, new HtmlHelperOptions()));
        return html.ToString();
    }
}
