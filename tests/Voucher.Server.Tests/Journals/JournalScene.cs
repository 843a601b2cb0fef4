using Dapper;
using Voucher.Core;
using Voucher.Core.Vouchers;
using Voucher.Core.Wire;
using Voucher.Server.Journals;
using Voucher.Server.Invariants;
using Voucher.Server.Tests.Redeeming;

namespace Voucher.Server.Tests.Journals;

/// <summary>A voucher as the ledger has it: enough to see who holds it.</summary>
internal sealed record Merged(VoucherState State, ClassId? Class, bool InConflict);

/// <summary>Desks that are offline, and the ledger that they are merged into.</summary>
internal sealed class JournalScene(ServerUnderTest server)
{
    public ScanScene Scans { get; } = new(server);

    public Task<JournalDevice> PairAsync(int institution = 1) => JournalDevice.PairAsync(server, Scans, institution);

    public void Later(int minutes = 10) => server.Clock.Advance(TimeSpan.FromMinutes(minutes));

    /// <summary>To the next morning at nine, when the sessions of a class that starts on that day begin.</summary>
    public void ToNextMorning() => server.Clock.MoveTo(Scans.Today.AddDays(1), new TimeOnly(8, 30));

    /// <summary>Until nothing is left to be merged; the books must be right then.</summary>
    public async Task SettleAsync()
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        for (var tries = 0; tries < 12_000; tries++)
        {
            server.Get<MergeWorker>().Wake();
            await Task.Delay(25);
            if (await connection.ExecuteScalarAsync<int>("select count(*) from offline_scan where state = 1 and (parked_at is null or person_id is null)") > 0) continue;
            // The scene writes vouchers without reserving money for them (3.5); all else must hold.
            Assert.DoesNotContain((await InvariantChecks.RunAsync(connection)).Violations, violation => violation.Number != "3.5");
            return;
        }
        Assert.Fail("The merge does not come to an end: " + string.Join('\n', server.Log.Lines.TakeLast(5).Select(one => one.Line)));
    }

    public async Task<Merged> StateAsync(PaperVoucher voucher)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        var (state, training, inConflict) = await connection.QuerySingleAsync<(short, long?, bool)>("""
            select v.state, n.class_id, v.in_conflict from voucher v left join enrolment n on n.voucher_id = v.id and n.is_active where v.id = @Id
            """, new { voucher.Id });
        return new Merged((VoucherState)state, training is { } id ? new ClassId(id) : null, inConflict);
    }

    public async Task<IReadOnlyList<(Guid In, Guid? Out)>> AttendedAsync(PaperVoucher voucher)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<(Guid, Guid?)>("""
            select a.in_scan_id, a.out_scan_id from attendance a join enrolment n on n.id = a.enrolment_id and n.is_active
            where n.voucher_id = @Id order by a.session_id
            """, new { voucher.Id })];
    }

    public async Task<T?> AskAsync<T>(string sql, object? of = null)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<T>(sql, of);
    }

    public async Task<Suspicion> SuspicionAsync(JournalRecord scan) => (Suspicion)await AskAsync<short>("select suspicion from offline_scan where scan_id = @EntryId", new { scan.EntryId });

    public async Task<(short Kind, bool Quarantines)?> FaultAsync(JournalDevice device)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<(short, bool)?>("select kind, quarantines from journal_fault where terminal_id = @Id", new { device.Terminal.Id });
    }
}
