using Voucher.Server.Terminals;

namespace Voucher.Server.Institutions.Accrediting;

/// <summary>
/// What time alone does to accreditations: suspensions end or fall away unconfirmed, and with a new year another accreditation holds.
/// Every server looks; the locks see to it that each is done once.
/// </summary>
public sealed partial class StandingUpkeep(
    NpgsqlDataSource database, AccreditationStore accreditations, InstitutionStandingStore standings, TakeStep steps, TerminalNotices terminals,
    TimeProvider clock, ILogger<StandingUpkeep> log) : BackgroundService
{
    public static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RunOnceAsync();
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                LogFault(fault);
            }
            await Task.Delay(Every, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public async Task RunOnceAsync()
    {
        var now = clock.GetUtcNow();
        var today = CountyTime.DayOf(now);
        foreach (var lapsed in await accreditations.LapsedAsync(today, now.AddDays(-Accreditation.ConfirmWithinDays)))
            await AloneAsync(async () =>
            {
                if (await steps.RunAsync(lapsed, AccreditationCommand.Lapse, actor: null, "", UndoLapsedAsync) is Outcome<Nothing>.Done) LogLapsed(lapsed);
            });
        foreach (var turned in await standings.TurnedAsync(today)) await AloneAsync(() => TurnAsync(turned, now));
    }

    /// <summary>What fails with one institution must not keep the others from theirs; the next round tries it again.</summary>
    private async Task AloneAsync(Func<Task> one)
    {
        try
        {
            await one();
        }
        catch (Exception fault)
        {
            LogFault(fault);
        }
    }

    /// <summary>Looked at again under the lock: it may have been lifted and a new one begun.</summary>
    private static async Task<Refusal?> UndoLapsedAsync(Step step)
    {
        if (!step.Known.HasLapsedAt(step.Now)) return Refusal.Of(RefusalCode.AccreditationWrongStep, step.Known.Machine.Standing);
        await JudgeAccreditation.UndoAsync(step);
        return null;
    }

    private async Task TurnAsync(InstitutionId institution, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var shown = await InstitutionStandingStore.LockAsync(connection, transaction, institution);
        if (await standings.ProjectAsync(connection, transaction, institution, CountyTime.DayOf(now)) == shown) return; // Another server was first.
        await AuditTrail.AppendAsync(connection, transaction, now, account: null, "institution.standing", $"institution:{institution}", "another accreditation holds",
            Ground.Server);
        await transaction.CommitAsync();
        await terminals.SetupChangedAsync(institution);
        LogTurned(institution);
    }

    [LoggerMessage(9501, LogLevel.Information, "The suspension of accreditation {Accreditation} is over or was not confirmed in time")]
    private partial void LogLapsed(AccreditationId accreditation);

    [LoggerMessage(9502, LogLevel.Information, "Another accreditation of institution {Institution} holds from today")]
    private partial void LogTurned(InstitutionId institution);

    [LoggerMessage(9503, LogLevel.Warning, "The standing of institutions could not be brought up to date; it will be tried again")]
    private partial void LogFault(Exception fault);
}
