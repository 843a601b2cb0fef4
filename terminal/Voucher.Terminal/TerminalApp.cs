using System.Globalization;
using System.Net;
using Voucher.Terminal.Diagnostics;
using Voucher.Terminal.Home;
using Voucher.Terminal.Kiosk;
using Voucher.Terminal.Lan;
using Voucher.Terminal.Link;
using Voucher.Terminal.Logs;
using Voucher.Terminal.Offline;
using Voucher.Terminal.Pairing;
using Voucher.Terminal.Scanning;
using Voucher.Terminal.Settings;

namespace Voucher.Terminal;

/// <summary>Puts the terminal together.</summary>
internal static class TerminalApp
{
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
        // Only where Windows has started it as a service.
        builder.Host.UseWindowsService();
        var home = TerminalHome.FolderFrom(builder.Configuration);
        var settings = new SettingsBoard(home);
        if (string.IsNullOrEmpty(builder.Configuration["urls"])) builder.WebHost.UseUrls(AddressAt(settings.Now.Port));
        // Environment and command line go before the file.
        if (string.IsNullOrEmpty(builder.Configuration[TerminalHome.ServerVariable])) builder.Configuration[TerminalHome.ServerVariable] = settings.Now.Server?.ToString();
        var kept = new TerminalHome(home, SealSecret.Find(builder.Configuration, home));
        var lan = new LanDoor(kept, settings.Now, time);
        if (lan.IsListening) builder.WebHost.UseUrls(builder.Configuration["urls"]!, string.Create(CultureInfo.InvariantCulture, $"https://0.0.0.0:{lan.Port}"));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.ConfigureHttpsDefaults(https => https.ServerCertificateSelector = (_, _) => lan.Certificate);
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = KioskEndpoints.LargestBodyBytes;
            kestrel.Limits.MaxConcurrentConnections = MostConnections;
        });
        // HttpClient's own messages name addresses and say nothing that the link does not say better.
        builder.Logging.AddFilter("System.Net.Http", LogLevel.Warning).AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddProvider(new FileLogs(home, settings, time));
        AddParts(builder.Services, kept, time);
        AddCare(builder.Services, home, settings, lan);
        var app = builder.Build();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UsePageHeaders();
        app.UseLocalOnly(lan);
        app.UseDefaultFiles();
        app.UseStaticFiles();
        app.MapKiosk();
        app.MapLists();
        app.MapDiagnostics();
        app.MapTablets();
        return app;
    }

    /// <summary>Where the page is served unless ASPNETCORE_URLS says otherwise: this machine only.</summary>
    private static string AddressAt(int port) => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");

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
        services.AddSingleton<OfflineDesk>().AddSingleton<DayRoster>();
        services.AddSingleton<DeskHistory>().AddSingleton<FrontDesk>();
        services.AddSingleton<ReaderBoard>();
        services.AddSingleton<DeskCounts>();
        services.AddSingleton<KioskView>();
        services.AddSingleton<KioskEvents>();
        services.AddHostedService<Traces>();
        services.AddSingleton<LinkWorker>();
        services.AddHostedService(provider => provider.GetRequiredService<LinkWorker>());
    }

    /// <summary>What keeps the terminal running, and tells how it does.</summary>
    private static void AddCare(IServiceCollection services, string homeFolder, SettingsBoard settings, LanDoor lan)
    {
        services.AddSingleton(settings);
        services.AddSingleton(_ => lan);
        var room = new DiskRoom(homeFolder);
        room.GiveUpSpareIfFull();
        services.AddSingleton(room);
        services.AddSingleton<JournalCheckDesk>();
        services.AddSingleton<TerminalDiagnostics>();
        services.AddHostedService<Housekeeping>();
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
        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = LinkLimits.LargestAnswerBytes };
    }
}
