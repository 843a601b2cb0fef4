using Voucher.Server.Journals.Conflicts;
using Voucher.Server.Journals.Faults;

namespace Voucher.Server.Journals;

public static class JournalsSetup
{
    /// <summary>Uploads of terminals' journals, and the merge.</summary>
    public static void AddJournals(this IServiceCollection services)
    {
        services.AddSingleton<HeadReceipts>().AddSingleton<BoundEntries>().AddSingleton<TakeUpload>();
        services.AddSingleton<MergeQueueStore>().AddSingleton<DeskCaseStore>().AddSingleton<MergeHolder>();
        services.AddSingleton<ConflictReading>().AddSingleton<DecideConflict>().AddSingleton<ConflictNews>();
        services.AddSingleton<TerminalJournalReading>().AddSingleton<ReleaseTerminal>().AddSingleton<JudgeEntries>();
        services.AddSingleton<MergeWorker>().AddHostedService(provider => provider.GetRequiredService<MergeWorker>());
    }
}
