using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Voucher.Core;
using Voucher.Core.Policies;
using Voucher.Core.Refusals;
using Voucher.Core.Tokens;
using Voucher.Core.Vouchers;
using Voucher.Core.Wire;
using Voucher.Server.Fraud;
using Voucher.Server.Policies;
using Voucher.Server.Redeeming;
using Voucher.Server.Tests.Fraud;

namespace Voucher.Server.Tests.Redeeming;

/// <summary>The engine over the real ledger: batches, order, full queues, lost connections, draining.</summary>
public sealed class EngineTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private readonly ScanScene _scene = new(server);

    [Fact]
    public async Task One_batch_enrolls_attends_and_completes_mixed_scans_and_is_one_transaction()
    {
        using var terminal = await _scene.PairAsync();
        var training = await _scene.OpenClassAsync(days: 1);
        var (enrols, attends, completes) = (await _scene.IssueAsync(), await _scene.IssueAsync(), await _scene.IssueAsync());
        server.Clock.MoveTo(_scene.Today, new TimeOnly(9, 0));
        await _scene.LogInAsync(terminal);
        foreach (var early in new[] { attends, completes }) Assert.True((await terminal.ScanAsync(ScanMode.Enrol, training, early)).Accepted);
        Assert.True((await terminal.ScanAsync(ScanMode.CheckIn, training, completes)).Accepted);
        Assert.True((await terminal.ScanAsync(ScanMode.CheckOut, training, completes)).Accepted);
        await _scene.AssessAsync(completes, passed: true);

        var answers = await RunBatchAsync(terminal,
            (ScanMode.Enrol, training, enrols), (ScanMode.CheckIn, training, attends), (ScanMode.Complete, training, completes));

        Assert.All(answers, answer => Assert.True(answer.Accepted, answer.Reason.En));
        Assert.Single(await AskAsync<string>("select distinct xmin::text from scan where id = any(@ids)", new { ids = answers.Select(answer => answer.ScanId).ToArray() }));
        Assert.Equal([VoucherState.Enrolled, VoucherState.Enrolled, VoucherState.Completed],
            (await AskAsync<short>("select state from voucher where id = any(@ids) order by id", new { ids = Ids(enrols, attends, completes) })).Select(state => (VoucherState)state));
    }

    [Fact]
    public async Task One_voucher_twice_in_a_batch_is_resolved_in_order()
    {
        using var terminal = await _scene.PairAsync();
        var training = await _scene.OpenClassAsync();
        var (once, other) = (await _scene.IssueAsync(), await _scene.IssueAsync());
        server.Clock.MoveTo(_scene.Today, new TimeOnly(9, 0));

        var answers = await RunBatchAsync(terminal,
            (ScanMode.Enrol, training, once), (ScanMode.Enrol, training, once), (ScanMode.CheckIn, training, once),
            (ScanMode.Enrol, training, other), (ScanMode.CheckIn, training, once), (ScanMode.CheckOut, training, once));

        Assert.Equal(
            [RefusalCode.None, RefusalCode.EnrolledHere, RefusalCode.None, RefusalCode.None, RefusalCode.AlreadyCheckedIn, RefusalCode.None],
            answers.Select(answer => (RefusalCode)answer.Refusal));
    }

    [Fact]
    public async Task A_batch_never_seats_more_than_the_class_has_room_for()
    {
        using var terminal = await _scene.PairAsync();
        var training = await _scene.OpenClassAsync(capacity: 2);
        var vouchers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => _scene.IssueAsync()));

        var answers = await RunBatchAsync(terminal, [.. vouchers.Select(voucher => (ScanMode.Enrol, training, voucher))]);

        Assert.Equal([true, true, false, false, false], answers.Select(answer => answer.Accepted));
        Assert.All(answers.Skip(2), answer => Assert.Equal(RefusalCode.ClassFull, (RefusalCode)answer.Refusal));
    }

    [Fact]
    public async Task Two_vouchers_of_one_person_in_a_batch_do_not_enroll_into_overlapping_classes()
    {
        using var terminal = await _scene.PairAsync();
        var first = await _scene.IssueAsync();
        var second = await _scene.IssueAgainAsync(first);

        var answers = await RunBatchAsync(terminal,
            (ScanMode.Enrol, await _scene.OpenClassAsync(), first), (ScanMode.Enrol, await _scene.OpenClassAsync(), second));

        Assert.Equal([RefusalCode.None, RefusalCode.HolderInOtherClass], answers.Select(answer => (RefusalCode)answer.Refusal));
    }

    [Fact]
    public async Task The_same_scan_twice_in_a_batch_is_one_scan_and_other_content_under_its_id_is_refused()
    {
        using var terminal = await _scene.PairAsync();
        var training = await _scene.OpenClassAsync();
        var voucher = await _scene.IssueAsync();
        var scan = terminal.NewScan(ScanMode.Enrol, training, voucher);
        var presented = await PresentAsync(terminal, scan);
        var other = await PresentAsync(terminal, scan with { HolderCheck = null });

        var results = await RunAsync(presented, presented, other);

        Assert.Equal(AnswerOf(results[0]), AnswerOf(results[1]));
        Assert.Equal([true, false, false], results.Select(result => result.IsNew));
        Assert.Equal(RefusalCode.ScanIdReused, RefusalOf(results[2]));
        Assert.Single(await AskAsync<Guid>("select id from scan where id = @ScanId", new { scan.ScanId }));
    }

    [Fact]
    public async Task A_full_queue_answers_busy_at_once_and_keeps_nothing_of_the_scan()
    {
        using var terminal = await _scene.PairAsync();
        var limits = new EngineLimits(QueueLength: 64, LargestScanBatch: 16);
        await using var engine = NewEngine(limits);
        var scans = new List<PresentedScan>();
        for (var n = 0; n < limits.QueueLength + limits.LargestScanBatch + limits.DirectUpTo + 50; n++)
            scans.Add(await PresentAsync(terminal, terminal.NewScan(ScanMode.Enrol, new ClassId(1), new PaperVoucher(default, "no voucher", default, default, default))));

        await using var connection = await server.Database.OpenConnectionAsync();
        List<Task<ScanResult>> asked;
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await connection.ExecuteAsync("lock table scan in exclusive mode", transaction: transaction);
            asked = [.. scans.Select(scan => engine.RedeemAsync(scan, isRepeat: false))];
            Assert.Contains(asked, task => task.IsCompletedSuccessfully && RefusalOf(task.Result) == RefusalCode.TooBusy);
        }
        var results = await Task.WhenAll(asked);

        var busy = scans.Zip(results).Where(pair => RefusalOf(pair.Second) == RefusalCode.TooBusy).Select(pair => pair.First.Scan.ScanId).ToArray();
        Assert.InRange(busy.Length, 1, 50 + limits.LargestScanBatch);
        Assert.Equal(scans.Count - busy.Length, (await AskAsync<Guid>("select id from scan where terminal_id = @Id", new { terminal.Id })).Count);
        Assert.Empty(await AskAsync<Guid>("select id from scan where id = any(@busy)", new { busy }));
    }

    [Fact]
    public async Task A_voucher_whose_row_somebody_holds_keeps_only_a_few_others_waiting()
    {
        using var terminal = await _scene.PairAsync();
        var (held, free) = (new List<PresentedScan>(), new List<PresentedScan>());
        for (var n = 0; n < RedemptionEngine.MostPast + 2; n++) held.Add(await PresentUseAsync(terminal));
        for (var n = 0; n < 2; n++) free.Add(await PresentUseAsync(terminal));
        await using var engine = NewEngine(new EngineLimits(DirectUpTo: 0));

        await using var connection = await server.Database.OpenConnectionAsync();
        List<Task<ScanResult>> waiting = [];
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await connection.ExecuteAsync("select id from voucher where id = any(@ids) for update", new { ids = held.Select(scan => scan.Voucher!.Value.Value).ToArray() }, transaction);
            waiting.Add(engine.RedeemAsync(held[0], isRepeat: false));
            while (!await server.IsAnyoneWaitingAsync()) Assert.False(waiting[0].IsCompleted);
            await Task.Delay(2 * RedemptionEngine.HeldUpAfter, TestContext.Current.CancellationToken);
            Assert.True(AnswerOf(await engine.RedeemAsync(free[0], isRepeat: false).WaitAsync(RedemptionEngine.AnswerLimit / 2)).Accepted);
            // Eight go past and are held as well; whoever comes then waits in the lane.
            waiting.AddRange(held.Skip(1).Append(free[1]).Select(scan => engine.RedeemAsync(scan, isRepeat: false)));
            Assert.InRange(engine.Waiting, 2, 3); // The first that went past may be answered and not yet counted out.
        }
        Assert.All(await Task.WhenAll(waiting), result => Assert.True(AnswerOf(result).Accepted));
    }

    private async Task<PresentedScan> PresentUseAsync(TestTerminal terminal) =>
        await PresentAsync(terminal, terminal.NewScan(ScanMode.Enrol, await _scene.OpenClassAsync(), await _scene.IssueAsync()));

    [Fact]
    public async Task Scans_survive_the_loss_of_every_connection_of_the_engine()
    {
        // Four scans each, so that none enrolls so many in a row that the guard would want to know.
        var terminals = new List<TestTerminal>();
        for (var n = 0; n < 50; n++) terminals.Add(await _scene.PairAsync());
        var training = await _scene.OpenClassAsync(capacity: 500);
        var vouchers = new List<PaperVoucher>();
        for (var n = 0; n < 200; n++) vouchers.Add(await _scene.IssueAsync());
        using var stop = new CancellationTokenSource();
        var killing = KillConnectionsAsync(stop.Token);
        ScanAnswer[] answers;
        try
        {
            answers = await Task.WhenAll(vouchers.Select((voucher, n) => terminals[n % 50].AskUntilAnsweredAsync(terminals[n % 50].NewScan(ScanMode.Enrol, training, voucher))));
        }
        finally
        {
            await stop.CancelAsync();
        }

        Assert.True(await killing > 0, "no connection was cut while the scans ran");
        Assert.All(answers, answer => Assert.True(answer.Accepted, answer.Reason.En));
        Assert.Equal(200, (await AskAsync<int>("select enrolled from training_class where id = @training", new { training })).Single());
        foreach (var terminal in terminals) terminal.Dispose();
    }

    [Fact]
    public async Task A_desk_that_is_known_does_not_notice_that_the_guard_has_lost_its_connections()
    {
        using var terminal = await _scene.PairAsync();
        var training = await _scene.OpenClassAsync();
        await GuardScene.WarmAsync(server.Services);
        Assert.True((await terminal.ScanAsync(ScanMode.Enrol, training, await _scene.IssueAsync())).Accepted);
        var next = await _scene.IssueAsync();
        server.Clock.Advance(AbuseGuard.KeepPlaces);
        await using (var killer = new NpgsqlConnection($"{server.ConnectionString};Pooling=false"))
        {
            await killer.ExecuteAsync("""
                select pg_terminate_backend(pid) from pg_stat_activity
                where datname = current_database() and application_name not like @Program || '%' and pid <> pg_backend_pid()
                """, new { Program = ScanLedger.ProgramName });
        }
        Assert.True((await terminal.ScanAsync(ScanMode.Enrol, training, next)).Accepted);
        // What comes after in this class must not be given one of the connections that are dead by now.
        server.Database.Clear();
        server.Get<NpgsqlDataSource>().Clear();
    }

    [Fact]
    public async Task Draining_writes_what_was_taken_and_takes_no_more()
    {
        using var terminal = await _scene.PairAsync();
        var training = await _scene.OpenClassAsync(capacity: 100);
        var engine = NewEngine();
        var scans = new List<PresentedScan>();
        for (var n = 0; n < 40; n++) scans.Add(await PresentAsync(terminal, terminal.NewScan(ScanMode.Enrol, training, await _scene.IssueAsync())));
        var late = scans[^1];
        scans.RemoveAt(scans.Count - 1);

        var asked = scans.ConvertAll(scan => engine.RedeemAsync(scan, isRepeat: false));
        await engine.DrainAsync();

        Assert.Equal(RefusalCode.TooBusy, RefusalOf(await engine.RedeemAsync(late, isRepeat: false)));
        Assert.All(await Task.WhenAll(asked), result => Assert.True(AnswerOf(result).Accepted));
    }

    [Fact]
    public async Task A_voucher_that_comes_into_conflict_between_reading_and_writing_is_neither_enrolled_nor_completed()
    {
        using var terminal = await _scene.PairAsync();
        var training = await _scene.OpenClassAsync(days: 1);
        var (enrols, attends, completes) = (await _scene.IssueAsync(), await _scene.IssueAsync(), await _scene.IssueAsync());
        server.Clock.MoveTo(_scene.Today, new TimeOnly(9, 0));
        foreach (var (mode, voucher) in new[] { (ScanMode.Enrol, attends), (ScanMode.Enrol, completes), (ScanMode.CheckIn, completes), (ScanMode.CheckOut, completes) })
            Assert.True((await RunBatchAsync(terminal, (mode, training, voucher)))[0].Accepted);
        await _scene.AssessAsync(completes, passed: true);

        Assert.Equal(RefusalCode.VoucherInConflict, await ContestedMeanwhileAsync(terminal, ScanMode.Enrol, training, enrols));
        Assert.Equal(RefusalCode.VoucherInConflict, await ContestedMeanwhileAsync(terminal, ScanMode.Complete, training, completes));
        // Whose trainee it is has no bearing on who sits there.
        Assert.Equal(RefusalCode.None, await ContestedMeanwhileAsync(terminal, ScanMode.CheckIn, training, attends));
        Assert.Equal(new short[] { 1, 3, 3 }, await AskAsync<short>("select state from voucher where id = any(@ids) order by id", new { ids = Ids(enrols, attends, completes) }));
    }

    /// <summary>The answer to a scan of a voucher that the merge sets in conflict after its facts were read; that adds no event.</summary>
    private async Task<RefusalCode> ContestedMeanwhileAsync(TestTerminal terminal, ScanMode mode, ClassId training, PaperVoucher voucher)
    {
        var ledger = new LedgerWithAPause(server.Get<IScanLedger>(), async () =>
        {
            await using var connection = await server.Database.OpenConnectionAsync();
            await connection.ExecuteAsync("update voucher set in_conflict = true where id = @Id", new { voucher.Id });
        });
        var scan = new PendingScan(await PresentAsync(terminal, terminal.NewScan(mode, training, voucher)));
        Assert.Empty(await new ScanBatchRunner(ledger, server.Clock, NullLogger<ScanBatchRunner>.Instance).RunAsync([scan]));
        return (RefusalCode)AnswerOf(await scan.Result).Refusal;
    }

    /// <summary>The real ledger; between reading and writing something else happens.</summary>
    private sealed class LedgerWithAPause(IScanLedger ledger, Func<Task> meanwhile) : IScanLedger
    {
        public async Task<ScanBatchFacts> ReadAsync(IReadOnlyList<PresentedScan> scans)
        {
            var facts = await ledger.ReadAsync(scans);
            await meanwhile();
            return facts;
        }

        public Task<bool> WriteAsync(IReadOnlyList<ScanEntry> entries) => ledger.WriteAsync(entries);

        public bool IsPassing(Exception fault) => ledger.IsPassing(fault);
    }

    private RedemptionEngine NewEngine(EngineLimits? limits = null) =>
        new(new ScanBatchRunner(server.Get<IScanLedger>(), server.Clock, NullLogger<ScanBatchRunner>.Instance), server.Clock, limits);

    private async Task<ScanAnswer[]> RunBatchAsync(TestTerminal terminal, params (ScanMode Mode, ClassId Class, PaperVoucher Voucher)[] batch)
    {
        var scans = new List<PresentedScan>();
        foreach (var (mode, training, voucher) in batch) scans.Add(await PresentAsync(terminal, terminal.NewScan(mode, training, voucher)));
        return [.. (await RunAsync([.. scans])).Select(AnswerOf)];
    }

    /// <summary>Runs the scans as one batch, and what must wait as the next ones, until all are answered.</summary>
    private async Task<ScanResult[]> RunAsync(params PresentedScan[] scans)
    {
        var runner = new ScanBatchRunner(server.Get<IScanLedger>(), server.Clock, NullLogger<ScanBatchRunner>.Instance);
        PendingScan[] pending = [.. scans.Select(scan => new PendingScan(scan))];
        IReadOnlyList<PendingScan> batch = pending;
        while (batch.Count > 0) batch = await runner.RunAsync(batch);
        return await Task.WhenAll(pending.Select(scan => scan.Result));
    }

    private async Task<PresentedScan> PresentAsync(TestTerminal terminal, ScanRequest scan)
    {
        var now = server.Clock.GetUtcNow();
        var policy = (await server.Get<PolicyStore>().InForceOnAsync(CountyTime.DayOf(now)))!;
        var refusal = TokenDecoder.TryDecode(scan.Digits, out var token) == TokenFault.None ? null : Refusal.Under(policy, RefusalCode.NotAVoucher, "");
        return new PresentedScan(terminal.Id, scan, token, refusal, ScanRequestCheck.ContentHash(scan), now, policy);
    }

    private async Task<int> KillConnectionsAsync(CancellationToken stop)
    {
        await using var connection = await server.Database.OpenConnectionAsync(CancellationToken.None);
        var killed = 0;
        do
        {
            killed += await connection.ExecuteScalarAsync<int>("""
                select count(*) filter (where pg_terminate_backend(pid))::int from pg_stat_activity
                where datname = current_database() and application_name like @Program || '%' and query like '%unnest(%'
                """, new { Program = ScanLedger.ProgramName });
            await Task.Delay(35, CancellationToken.None);
        }
        while (!stop.IsCancellationRequested);
        return killed;
    }

    private async Task<IReadOnlyList<T>> AskAsync<T>(string sql, object parameters)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<T>(sql, parameters)];
    }

    private static long[] Ids(params PaperVoucher[] vouchers) => [.. vouchers.Select(voucher => voucher.Id.Value)];

    private static ScanAnswer AnswerOf(ScanResult result) => Assert.IsType<Outcome<ScanAnswer>.Done>(result.Outcome).Value;

    private static RefusalCode RefusalOf(ScanResult result) => result.Outcome is Outcome<ScanAnswer>.Refused(var refusal) ? refusal.Code : RefusalCode.None;
}
