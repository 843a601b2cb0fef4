using System.Globalization;
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
public sealed class MenuHtml(PartialHtml partials)
{
    public async Task<string> RenderAsync(MenuView view)
    {
        // Ends with this method: the language of the one who asks is not touched.
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(view.Asked.InEnglish ? Speech.English : Speech.Chinese);
        return await partials.RenderAsync("/PublicMenu/_MenuDocument.cshtml", view);
    }
}
