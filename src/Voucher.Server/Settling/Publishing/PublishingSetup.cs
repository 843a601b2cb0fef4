using Voucher.Server.Settling.Retaining;

namespace Voucher.Server.Settling.Publishing;

/// <summary>Composes publication, objections and retained money.</summary>
public static class PublishingSetup
{
    public static void AddPublishing(this IServiceCollection services)
    {
        services.AddSingleton<Notices>().AddSingleton<NoticePages>().AddSingleton<PublicationReading>().AddSingleton<Publish>().AddSingleton<PublicationPaper>();
        services.AddSingleton<ObjectionReading>().AddSingleton<TakeObjection>().AddSingleton<DecideObjection>().AddSingleton<RevealObjector>();
        services.AddSingleton<RetainedReading>().AddSingleton<DraftRetained>().AddSingleton<DecideRetained>();
    }

    public static void MapPublishing(this WebApplication app)
    {
        app.MapNotices();
        app.MapPublications();
        app.MapRetained();
    }
}
