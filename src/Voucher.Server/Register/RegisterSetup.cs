using Voucher.Server.Register.Importing;

namespace Voucher.Server.Register;

/// <summary>What the register brings to the server.</summary>
public static class RegisterSetup
{
    public static void AddRegister(this IServiceCollection services)
    {
        services.AddSingleton<PersonStore>().AddSingleton<PersonWriter>().AddSingleton<Unmasking>();
        services.AddSingleton<ImportStore>().AddSingleton<StartImport>().AddSingleton<ErrorsCsv>();
        services.AddSingleton<ImportStepStore>().AddSingleton<LayoutStore>().AddSingleton<RegisterNamesStore>();
        services.AddSingleton<PrepareImport>().AddSingleton<UndoStore>().AddSingleton<UndoImport>();
        services.AddSingleton<ImportWorker>();
        services.AddHostedService(provider => provider.GetRequiredService<ImportWorker>());
    }
}
