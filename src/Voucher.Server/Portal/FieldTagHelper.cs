using System.Globalization;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Voucher.Server.Portal;

/// <summary>
/// <c>&lt;field name="capacity" label="…" value="…" type="number" /&gt;</c>: one labelled input that keeps what was typed after
/// an error, is marked, and says what is wrong. Other attributes go to the input.
/// </summary>
[HtmlTargetElement("field", TagStructure = TagStructure.WithoutEndTag)]
public sealed class FieldTagHelper : TagHelper
{
    public required string Name { get; set; }

    public required string Label { get; set; }

    public object? Value { get; set; }

    public string Type { get; set; } = "text";

    public string? Hint { get; set; }

    [ViewContext, HtmlAttributeNotBound]
    public ViewContext ViewContext { get; set; } = null!;

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        ViewContext.ViewData.ModelState.TryGetValue(Name, out var entry);
        var error = entry?.Errors.FirstOrDefault()?.ErrorMessage;
        var input = Input(entry?.AttemptedValue ?? Show(Value), error);
        foreach (var attribute in output.Attributes) input.MergeAttribute(attribute.Name, attribute.Value?.ToString() ?? "");
        output.Attributes.Clear();
        output.TagName = "div";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", "mb-3");
        output.Content.AppendHtml(Text("label", "form-label", Label, ("for", Name)));
        output.Content.AppendHtml(input);
        if (Hint is { } hint) output.Content.AppendHtml(Text("small", "form-hint", hint, ("id", $"{Name}-hint")));
        if (error is not null) output.Content.AppendHtml(Text("span", "invalid-feedback d-block", error, ("id", $"{Name}-error")));
    }

    private TagBuilder Input(string? value, string? error)
    {
        var input = new TagBuilder("input") { TagRenderMode = TagRenderMode.SelfClosing };
        input.AddCssClass("form-control");
        input.MergeAttribute("id", Name);
        input.MergeAttribute("name", Name);
        input.MergeAttribute("type", Type);
        input.MergeAttribute("value", value ?? "");
        if (Hint is not null) input.MergeAttribute("aria-describedby", $"{Name}-hint");
        if (error is null) return input;
        input.AddCssClass("is-invalid");
        input.MergeAttribute("aria-invalid", "true");
        input.MergeAttribute("aria-describedby", $"{Name}-error", replaceExisting: true);
        return input;
    }

    private static TagBuilder Text(string tag, string css, string text, (string Name, string Value) attribute)
    {
        var builder = new TagBuilder(tag);
        builder.AddCssClass(css);
        builder.MergeAttribute(attribute.Name, attribute.Value);
        builder.InnerHtml.Append(text);
        return builder;
    }

    /// <summary>As browsers' date, time and number inputs want it.</summary>
    private static string? Show(object? value) => value switch
    {
        DateOnly day => CountyTime.Show(day),
        TimeOnly time => time.ToString("HH:mm", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value?.ToString(),
    };
}
