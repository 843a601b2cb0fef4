using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http.Features;
using Voucher.Server.Api;
using Voucher.Server.Classes;
using Voucher.Server.Classes.Certificates;
using Voucher.Server.Database;
using Voucher.Server.Demo;
using Voucher.Server.Fraud;
using Voucher.Server.Institutions;
using Voucher.Server.Institutions.Accrediting;
using Voucher.Server.Invariants;
using Voucher.Server.Issuing;
using Voucher.Server.Issuing.Keys;
using Voucher.Server.Journals;
using Voucher.Server.Journals.Conflicts;
using Voucher.Server.Ledger;
using Voucher.Server.Ledger.Closing;
using Voucher.Server.OfflineLists;
using Voucher.Server.Operating;
using Voucher.Server.Operating.Limits;
using Voucher.Server.Planning;
using Voucher.Server.Policies;
using Voucher.Server.Portal;
using Voucher.Server.Programmes;
using Voucher.Server.Promises;
using Voucher.Server.PublicMenu;
using Voucher.Server.Redeeming;
using Voucher.Server.Redis;
using Voucher.Server.Register;
using Voucher.Server.Register.Duplicates;
using Voucher.Server.Register.Importing;
using Voucher.Server.Register.Matching;
using Voucher.Server.Reporting;
using Voucher.Server.Settling;
using Voucher.Server.Spreadsheets;
using Voucher.Server.Supervising;
using Voucher.Server.Teachers;
using Voucher.Server.Terminals;
using Voucher.Server.Vouchers;

namespace Voucher.Server;

/// <summary>Puts the parts together; every part brings its own services and endpoints.</summary>
public static class ServerComposition
{
    /// <summary>Largest request body, but for files (see the import's own limit).</summary>
    public const long LargestBodyBytes = 1_048_576;

    /// <summary>Of the pool of database connections, in meters and spans.</summary>
    public const string DataSourceName = "voucher";

    /// <summary>Values that a form may hold: four for each trainee of the largest class, and some more.</summary>
    public const int MostFormValues = 5_000;

    /// <param name="replace">Last word on services, for tests that pass their own clock.</param>
    public static WebApplication Build(string[] args, Action<IServiceCollection>? replace = null)
    {
        DapperTypes.Register();
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = args,
            ContentRootPath = AppContext.BaseDirectory,
            ApplicationName = typeof(ServerComposition).Assembly.GetName().Name, // Pages are found by it, whoever the host is.
        });
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = LargestBodyBytes;
            kestrel.AddServerHeader = false;
            ConnectionLimits.Configure(kestrel);
        });
        builder.Logging.AddLogFormat(builder.Configuration);
        builder.WebHost.UseStaticWebAssets();
        AddServices(builder.Services, builder.Configuration);
        replace?.Invoke(builder.Services);
        var app = builder.Build();
        UseParts(app);
        return app;
    }

    private static void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(ServerSettings.FromEnvironment(configuration));
        services.AddSingleton(provider => new NpgsqlDataSourceBuilder(OwnerDatabase.AsProgram(provider.GetRequiredService<ServerSettings>().Postgres))
        {
            Name = DataSourceName, // Else meters and spans would be labelled with the connection string.
        }.Build());
        services.AddSingleton<OwnerDatabase>().AddSingleton<Migrator>().AddSingleton<ServerLogIn>();
        services.AddSingleton(provider => County.Load(provider.GetRequiredService<NpgsqlDataSource>()));
        services.AddSingleton<RedisLink>();
        services.AddSingleton(provider => new KeyFolder(provider.GetRequiredService<ServerSettings>().KeyFolder));
        services.AddSingleton(provider => provider.GetRequiredService<KeyFolder>().OpenPersonalData());
        services.AddSingleton<KeyListStore>().AddSingleton<IssuingKeys>();
        services.AddSingleton<KeyMarkStore>().AddSingleton<KeyMarks>().AddHostedService<KeyCheck>();
        services.AddPolicies();
        services.AddSingleton<DemoCounty>().AddSingleton<DemoRegister>();
        services.AddSingleton<PolicyStore>();
        services.AddSingleton<DemoCounty>().AddSingleton<DemoRegister>().AddSingleton<DemoMatchStore>();
        services.AddAccounts();
        services.AddRegister();
        services.AddDuplicates();
        services.AddMatching();
        services.AddIssuing();
        services.AddVouchers();
        services.AddTraining();
        services.AddPublicMenu();
        services.AddRedeeming();
        services.AddTerminals();
        services.AddJournals();
        services.AddStatusLists();
        services.AddLedger();
        services.AddSettling();
        services.AddPromises();
        services.AddSingleton<InvariantChecks>();
        services.AddReporting();
        services.AddPlanning();
        services.AddOperating();
        services.AddFraud();
        services.AddAccrediting();
        services.AddTeachers();
        services.AddSpreadsheets();
        services.AddSingleton<Speech>().AddSingleton<PartialHtml>();
        services.Configure<RequestLocalizationOptions>(Speech.Configure);
        services.Configure<FormOptions>(options => options.ValueCountLimit = MostFormValues);
        services.AddRazorPages(options => options.RootDirectory = "/")
            .AddMvcOptions(options => BindingMessages.Configure(options.ModelBindingMessageProvider));
        services.AddAntiforgery(options => options.HeaderName = "X-CSRF-Token");
        services.AddWebEncoders(options => options.TextEncoderSettings = new TextEncoderSettings(UnicodeRanges.All));
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.Encoder = JavaScriptEncoder.Create(UnicodeRanges.All));
        // A body that cannot be read becomes problem details naming the field, in every environment.
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.AddExceptionHandler<FaultHandler>().AddProblemDetails();
        services.AddApiDocument();
        services.AddSingleton<AuditStore>();
        services.AddSingleton<WorkListStore>().AddSingleton<RecoveryWork>();
    }

    private static void UseParts(WebApplication app)
    {
        app.UseKnownProxies();
        app.UseSecurityHeaders();
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandlingPath = "/fault/500",
            StatusCodeSelector = fault => fault is BadHttpRequestException bad ? bad.StatusCode
                : ClosedMeanwhile.Is(fault) ? StatusCodes.Status409Conflict : StatusCodes.Status500InternalServerError,
            // Since .NET 10 what a handler has answered is no longer logged; a fault must be, a request that cannot be read need not.
            SuppressDiagnosticsCallback = context => context.Exception is BadHttpRequestException || ClosedMeanwhile.Is(context.Exception),
        });
        app.UseStatusPages();
        app.UseRequestLocalization();
        app.UseRouting();
        app.UseTraceNames();
        app.UseMiddleware<StaticLimit>();
        app.UseStaticFiles();
        app.UseAuthentication();
        app.Use(Whereabouts.NoteAsync);
        app.Use(SamePerson.NoteAsync);
        app.UseMiddleware<FailedAccess>();
        app.UseAuthorization();
        app.Use(HubGuard.CountUngreetedAsync);
        app.UseRateLimiter(); // After authorization, which tells who asks; what needs no log-in is counted by address.
        app.UseAntiforgery();
        app.MapRazorPages();
        app.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();
        app.MapOperating();
        app.MapAccounts();
        app.MapRegister();
        app.MapRegisterImports();
        app.MapDuplicates();
        app.MapMatching();
        app.MapInstitutions();
        app.MapProgrammes();
        app.MapPublicMenu();
        app.MapClasses();
        app.MapCertificates();
        app.MapSupervising();
        app.MapIssuing();
        app.MapVouchers();
        app.MapTerminals();
        app.MapJournals();
        app.MapConflicts();
        app.MapStatusLists();
        app.MapLedger();
        app.MapSettling();
        app.MapInvariants();
        app.MapReporting();
        app.MapPlanning();
        app.MapAudit();
        app.MapFraud();
        app.MapPolicies();
        app.MapAccrediting();
        app.MapTeachers();
    }

    /// <summary>People get a page; callers of the API get problem details.</summary>
    private static void UseStatusPages(this WebApplication app)
    {
        static bool IsApi(HttpContext context) => context.Request.Path.StartsWithSegments("/api");
        app.UseWhen(IsApi, api => api.UseStatusCodePages(StatusProblems.WriteAsync));
        app.UseWhen(
            context => !IsApi(context) && !context.Request.Path.StartsWithSegments("/hub"),
            pages => pages.UseStatusCodePagesWithReExecute("/fault/{0}"));
    }
}
