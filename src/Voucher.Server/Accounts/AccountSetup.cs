using System.Xml.Linq;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Voucher.Core.Wire;

namespace Voucher.Server.Accounts;

/// <summary>Composes the ways in: cookie for the portal, bearer token for the API, bearer token for terminals.</summary>
public static class AccountSetup
{
    public static readonly TimeSpan SessionLength = TimeSpan.FromHours(10);
    public static readonly TimeSpan TerminalTokenLength = TimeSpan.FromHours(12);

    public static void AddAccounts(this IServiceCollection services)
    {
        services.AddSingleton<AccountStore>().AddSingleton<LogIn>().AddSingleton<ChangePassword>().AddSingleton<AddAccount>();
        services.AddSingleton<StaffStore>().AddSingleton<ChangeRoles>().AddSingleton<SwitchAccount>().AddSingleton<MergeStaff>();
        services.AddSingleton<IClaimsTransformation, EndedTokens>();
        services.AddHostedService<FirstSessionKey>(); // Before the framework's own.
        services.AddDataProtection().SetApplicationName("voucher");
        services.AddSingleton<IXmlRepository, KeysInDatabase>();
        services.AddSingleton<IXmlEncryptor, SessionKeySeal>();
        services.AddOptions<KeyManagementOptions>().Configure<IXmlRepository, IXmlEncryptor>(
            (options, keys, seal) => (options.XmlRepository, options.XmlEncryptor) = (keys, seal));
        services.AddAuthentication(AccountSchemes.ByPath)
            .AddPolicyScheme(AccountSchemes.ByPath, null, options => options.ForwardDefaultSelector = context => SchemeOf(context.Request.Path))
            .AddCookie(AccountSchemes.Cookie, ConfigureCookie)
            .AddBearerToken(AccountSchemes.Token, options => options.BearerTokenExpiration = SessionLength)
            .AddBearerToken(AccountSchemes.Terminal, options => options.BearerTokenExpiration = TerminalTokenLength);
        services.AddAuthorization(options =>
        {
            Permission.AddAll(options);
            options.FallbackPolicy = options.DefaultPolicy; // Nothing is open unless it says so.
        });
    }

    private static string SchemeOf(PathString path) =>
        path.StartsWithSegments("/api/terminal") || path.StartsWithSegments(HubNames.TerminalHubPath) ? AccountSchemes.Terminal
        : path.StartsWithSegments("/api") ? AccountSchemes.Token
        : AccountSchemes.Cookie;

    private static void ConfigureCookie(CookieAuthenticationOptions options)
    {
        options.Cookie.Name = "voucher";
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.HttpOnly = true;
        options.LoginPath = "/log-in";
        options.AccessDeniedPath = "/not-allowed";
        options.ReturnUrlParameter = "returnUrl";
        options.ExpireTimeSpan = SessionLength;
        options.SlidingExpiration = true;
        // A closed account, or one that lost a role, is out at its next request, not when its cookie ends.
        options.Events.OnValidatePrincipal = async context =>
        {
            var accounts = context.HttpContext.RequestServices.GetRequiredService<AccountStore>();
            if (await accounts.RowsOfPersonAsync(Actor.Of(context.Principal!)) is { } rows) context.ReplacePrincipal(SamePerson.Name(context.Principal!, rows));
            else context.RejectPrincipal();
        };
    }

    /// <summary>Keeps the framework's keys in PostgreSQL, so that every server of the county reads the same cookies and tokens; see <see cref="SessionKeySeal"/>.</summary>
    private sealed class KeysInDatabase(NpgsqlDataSource database) : IXmlRepository
    {
        public IReadOnlyCollection<XElement> GetAllElements()
        {
            using var connection = database.OpenConnection();
            return [.. connection.Query<string>("select xml from data_protection_key").Select(XElement.Parse)];
        }

        public void StoreElement(XElement element, string friendlyName)
        {
            using var connection = database.OpenConnection();
            connection.Execute(
                "insert into data_protection_key (friendly_name, xml) values (@friendlyName, @xml)",
                new { friendlyName, xml = element.ToString(SaveOptions.DisableFormatting) });
        }
    }
}
