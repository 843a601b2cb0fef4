using Voucher.Server.Register.Changes;
using Voucher.Server.Register.TrainingFiles;
using Voucher.Server.Register.Households;
using Voucher.Server.Register.Importing;
using Voucher.Server.Register.Lists;
using Voucher.Server.Register.Places;

namespace Voucher.Server.Register;

/// <summary>What the register brings to the server.</summary>
public static class RegisterSetup
{
    public static void AddRegister(this IServiceCollection services)
    {
        services.AddSingleton<PersonStore>().AddSingleton<PersonWriter>().AddSingleton<Unmasking>();
        services.AddSingleton<PersonChoiceStore>().AddSingleton<ChangePerson>().AddSingleton<ChangeStore>();
        services.AddSingleton<ListStore>().AddSingleton<SaveList>().AddSingleton<ListMembers>().AddSingleton<FiveLists>();
        services.AddSingleton<PlaceStore>().AddSingleton<ChangePlace>().AddSingleton<LoadCodes>();
        services.AddSingleton<HouseholdStore>().AddSingleton<PlanHousehold>();
        services.AddSingleton<TrainingFileStore>().AddSingleton<ReadTrainingFile>();
        services.AddSingleton<ImportStore>().AddSingleton<StartImport>().AddSingleton<ErrorsCsv>();
        services.AddSingleton<ImportStepStore>().AddSingleton<LayoutStore>().AddSingleton<RegisterNamesStore>();
        services.AddSingleton<PrepareImport>().AddSingleton<UndoStore>().AddSingleton<UndoImport>();
        services.AddSingleton<ImportWorker>();
        services.AddHostedService(provider => provider.GetRequiredService<ImportWorker>());
    }
}
