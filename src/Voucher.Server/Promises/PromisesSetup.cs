namespace Voucher.Server.Promises;

/// <summary>Composes the tracker of what is promised beside the voucher.</summary>
public static class PromisesSetup
{
    public static IServiceCollection AddPromises(this IServiceCollection services) => services
        .AddSingleton<PromiseCatalogue>().AddSingleton<PromiseStore>().AddSingleton<PromiseReading>().AddSingleton<RecordPromises>().AddSingleton<ImportReceipts>();
}
