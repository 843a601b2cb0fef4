namespace Voucher.Server.Lists;

public static class ListsSetup
{
    /// <summary>Status list, roster and the file for terminals without a link.</summary>
    public static void AddLists(this IServiceCollection services)
    {
        services.AddSingleton<StatusListPublisher>().AddSingleton<StatusListBook>().AddSingleton<RosterListStore>();
        services.AddHostedService<StatusListWorker>();
    }
}
