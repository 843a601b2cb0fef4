using System.Globalization;
using Microsoft.AspNetCore.Localization;

namespace Voucher.Server.Portal;

/// <summary>
/// Says a text in the reader's language. Both languages stand side by side where the text is shown:
/// <c>@T["登录", "Log in"]</c>. Chinese unless the reader has switched.
/// </summary>
public sealed class Speech
{
    public const string Chinese = "zh-CN";
    public const string English = "en";

    public string this[string zh, string en] => IsEnglish ? en : zh;

    public string this[Words words] => words.In(Language);

    public static bool IsEnglish => Language == English;

    public static string Language => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "en" ? English : Chinese;

    /// <summary>The language of a request, also where no culture has been set yet.</summary>
    public static string LanguageOf(HttpContext context) =>
        context.Features.Get<IRequestCultureFeature>()?.RequestCulture.UICulture.TwoLetterISOLanguageName == "en" ? English : Chinese;

    /// <summary>Portal: by cookie. API: by Accept-Language. Chinese otherwise.</summary>
    public static void Configure(RequestLocalizationOptions options)
    {
        options.SetDefaultCulture(Chinese).AddSupportedCultures(Chinese, English).AddSupportedUICultures(Chinese, English);
        options.RequestCultureProviders =
        [
            new CookieRequestCultureProvider { CookieName = "language" },
            new CustomRequestCultureProvider(context => Task.FromResult(
                context.Request.Path.StartsWithSegments("/api")
                && context.Request.Headers.AcceptLanguage.ToString().StartsWith("en", StringComparison.OrdinalIgnoreCase)
                    ? new ProviderCultureResult(English)
                    : null)),
        ];
    }
}
