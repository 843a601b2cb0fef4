namespace Voucher.Server.Register.Duplicates;

/// <summary>What the queue of doubts brings to the server.</summary>
public static class DuplicatesSetup
{
    public static void AddDuplicates(this IServiceCollection services) =>
        services.AddSingleton<DuplicateStore>().AddSingleton<DecideDuplicate>().AddSingleton<MergePeople>().AddSingleton<FindDoubles>();
}
