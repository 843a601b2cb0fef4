using System.Net;
using Voucher.Terminal.Home;
using Voucher.Terminal.Kiosk;
using Voucher.Terminal.Link;
using Voucher.Terminal.Pairing;
using Voucher.Terminal.Scanning;

namespace Voucher.Terminal;

/// <summary>Puts the terminal together.</summary>
internal static class TerminalApp
{
    /// <summary>Where the page is served unless ASPNETCORE_URLS says otherwise: this machine only.</summary>
    public const string DefaultUrl = "http://127.0.0.1:5090";

    private const int MostConnections = 64;

    public static WebApplication Build(string[] args) => Build(args, TimeProvider.System);

    /// <param name="time">The machine's clock; tests set it wrong.</param>
    public static WebApplication Build(string[] args, TimeProvider time)
    {
        // The page lies beside the program, wherever it is started from.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = args,
            ApplicationName = typeof(TerminalApp).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.WebHost.UseStaticWebAssets();
        if (string.IsNullOrEmpty(builder.Configuration["urls"])) builder.WebHost.UseUrls(DefaultUrl);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = KioskEndpoints.LargestBodyBytes;
            kestrel.Limits.MaxConcurrentConnections = MostConnections;
        });
        // HttpClient's own messages name addresses and say nothing that the link does not say better.
        builder.Logging.AddFilter("System.Net.Http", LogLevel.Warning).AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        AddParts(builder.Services, HomeOf(builder.Configuration), time);
        var app = builder.Build();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UsePageHeaders();
        app.UseLocalOnly();
        app.UseDefaultFiles();
        app.UseStaticFiles();
        app.MapKiosk();
        return app;
    }

    private static TerminalHome HomeOf(IConfiguration configuration)
    {
        var folder = TerminalHome.FolderFrom(configuration);
        return new TerminalHome(folder, SealSecret.Find(configuration, folder));
    }

    private static void AddParts(IServiceCollection services, TerminalHome home, TimeProvider time)
    {
        services.AddProblemDetails();
        services.AddExceptionHandler<BadRequests>();
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.AddSingleton(time);
        services.AddSingleton(home);
        services.AddSingleton(_ => HttpToServer());
        services.AddSingleton<CurrentTerminal>();
        services.AddSingleton<PairingDesk>();
        services.AddSingleton<LinkBoard>();
        services.AddSingleton<AnswerDesk>();
        services.AddSingleton<FrontDesk>();
        services.AddSingleton<ReaderBoard>();
        services.AddSingleton<DeskCounts>();
        services.AddSingleton<KioskView>();
        services.AddSingleton<KioskEvents>();
        services.AddHostedService<Traces>();
        services.AddSingleton<LinkWorker>();
        services.AddHostedService(provider => provider.GetRequiredService<LinkWorker>());
    }

    private static HttpClient HttpToServer()
    {
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = LinkLimits.ConnectWithin,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.All,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        };
        return new HttpClient(handler) { Timeout = LinkLimits.RestAnswerWithin, MaxResponseContentBufferSize = LinkLimits.LargestAnswerBytes };
    }
}
