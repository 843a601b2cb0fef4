using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Html;

namespace Voucher.Server.Operating;

/// <summary>A row of figures as a small line, oldest first, from zero to the highest; drawn by the server as SVG.</summary>
public static class Sparkline
{
    private const int Width = 240;
    private const int Height = 40;

    /// <param name="label">Said by screen readers: what it shows, with the figure that matters.</param>
    public static IHtmlContent Draw(IReadOnlyList<double> values, string label)
    {
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg class=\"sparkline\" viewBox=\"0 0 {Width} {Height}\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"{HtmlEncoder.Default.Encode(label)}\">");
        svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"0\" y1=\"{Height - 1}\" x2=\"{Width}\" y2=\"{Height - 1}\" />");
        if (values.Count > 1) svg.Append("<polyline points=\"").Append(Points(values)).Append("\" />");
        return new HtmlString(svg.Append("</svg>").ToString());
    }

    /// <summary>The newest figure stands at the right edge, however few there are.</summary>
    public static string Points(IReadOnlyList<double> values)
    {
        var highest = Math.Max(values.Max(), double.Epsilon);
        var step = (double)Width / (ScanWindow.Length - 1);
        var left = Width - step * (values.Count - 1);
        return string.Join(' ', values.Select((value, i) => string.Create(
            CultureInfo.InvariantCulture, $"{left + step * i:0.#},{Height - 2 - (Height - 4) * value / highest:0.#}")));
    }
}
