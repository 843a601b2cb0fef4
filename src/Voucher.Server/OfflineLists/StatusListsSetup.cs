namespace Voucher.Server.OfflineLists;

public static class StatusListsSetup
{
    /// <summary>Status list, roster and the file for terminals without a link.</summary>
    public static void AddStatusLists(this IServiceCollection services)
    {
        services.AddSingleton<StatusListPublisher>().AddSingleton<StatusListBook>().AddSingleton<RosterListStore>();
        services.AddHostedService<StatusListWorker>();
    }
}
