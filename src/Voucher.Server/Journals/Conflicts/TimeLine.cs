using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Html;
using Voucher.Core.Journals;

namespace Voucher.Server.Journals.Conflicts;

/// <summary>
/// The bounds of several claims on one line of time, so that it is seen where they overlap: one bar a claim, the best estimate
/// as a mark, the time in which all of them may lie as a shade. Drawn by the server as SVG.
/// </summary>
public sealed class TimeLine
{
    private const int Width = 1_000;
    private const int Height = 28;

    /// <summary>A terminal that had never heard the server could claim any time since 1970: the line begins so long before the first estimate at most.</summary>
    private static readonly TimeSpan LongestBefore = TimeSpan.FromDays(3);

    private readonly TimeBounds? _common;

    public DateTimeOffset From { get; }

    public DateTimeOffset To { get; }

    /// <param name="claims">At least one.</param>
    public TimeLine(IReadOnlyCollection<ContestedClaim> claims)
    {
        var earliest = claims.Min(claim => claim.At) - LongestBefore;
        var from = claims.Min(claim => claim.Bounds.From);
        From = from < earliest ? earliest : from;
        To = claims.Max(claim => claim.Bounds.To);
        if (To <= From) To = From.AddMinutes(1);
        var common = new TimeBounds(claims.Max(claim => claim.Bounds.From), claims.Min(claim => claim.Bounds.To));
        _common = claims.Count > 1 && common.From <= common.To ? common : null;
    }

    /// <summary>Where a moment lies on the line, from 0 to 1,000; before the line's beginning is 0.</summary>
    public double PlaceOf(DateTimeOffset at) => Width * Math.Clamp((at - From) / (To - From), 0, 1);

    /// <param name="label">Said by screen readers.</param>
    public IHtmlContent Draw(ContestedClaim claim, string label)
    {
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg class=\"time-line\" viewBox=\"0 0 {Width} {Height}\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"{HtmlEncoder.Default.Encode(label)}\">");
        svg.Append(CultureInfo.InvariantCulture, $"<rect class=\"time-line-ground\" x=\"0\" y=\"0\" width=\"{Width}\" height=\"{Height}\" />");
        if (_common is { } common) Bar(svg, "time-line-common", common, 0, Height);
        Bar(svg, "time-line-bounds", claim.Bounds, 7, Height - 14);
        var at = Math.Min(PlaceOf(claim.At), Width - 4);
        svg.Append(CultureInfo.InvariantCulture, $"<rect class=\"time-line-mark\" x=\"{at:0.#}\" y=\"2\" width=\"4\" height=\"{Height - 4}\" />");
        return new HtmlString(svg.Append("</svg>").ToString());
    }

    /// <summary>A moment is drawn as a thin bar.</summary>
    private void Bar(StringBuilder svg, string style, TimeBounds bounds, int top, int height)
    {
        var (left, right) = (PlaceOf(bounds.From), PlaceOf(bounds.To));
        var width = Math.Max(right - left, 3);
        svg.Append(CultureInfo.InvariantCulture, $"<rect class=\"{style}\" x=\"{Math.Min(left, Width - width):0.#}\" y=\"{top}\" width=\"{width:0.#}\" height=\"{height}\" />");
    }
}
