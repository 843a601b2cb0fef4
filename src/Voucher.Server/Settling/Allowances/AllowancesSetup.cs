namespace Voucher.Server.Settling.Allowances;

/// <summary>Composes the allowances of trainees.</summary>
public static class AllowancesSetup
{
    public static IServiceCollection AddAllowances(this IServiceCollection services) => services
        .AddSingleton<AllowanceReading>().AddSingleton<AllowanceLineStore>().AddSingleton<AllowLine>()
        .AddSingleton<DrawUpAllowances>().AddSingleton<ApproveAllowances>().AddSingleton<CancelAllowances>();
}
