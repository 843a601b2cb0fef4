using System.Net;
using AngleSharp.Html.Dom;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Voucher.Core.Refusals;
using Voucher.Server.Accounts;
using Voucher.Server.Demo;
using Voucher.Server.Register;
using Voucher.Server.Spreadsheets;
using Voucher.Server.Tests.Settling;

namespace Voucher.Server.Tests.Spreadsheets;

/// <summary>Lists that are too long to be answered at once: made in the background, fetched by their maker, gone after a day.</summary>
public sealed class ExportJobTests(ExportJobTests.LongRegister server) : IClassFixture<ExportJobTests.LongRegister>
{
    private const int People = 60_000;

    /// <summary>Those whose number begins with a one: 1, 10–19, … 10,000–19,999.</summary>
    private const int Ones = 11_111;

    /// <summary>A county of sixty thousand.</summary>
    public sealed class LongRegister : ServerUnderTest, IAsyncLifetime
    {
        async ValueTask IAsyncLifetime.InitializeAsync()
        {
            await InitializeAsync();
            await using var connection = await Database.OpenConnectionAsync();
            await connection.ExecuteAsync(SeededPeople.Insert, new { DemoCounty.Region, name = "长", count = People, categories = new[] { "长名单" }, now = Clock.GetUtcNow() });
        }
    }

    private ExportJobStore Jobs => server.Get<ExportJobStore>();

    [Fact]
    public async Task Sixty_thousand_rows_are_made_in_parts_with_progress_and_fetched_whole_by_their_maker_alone()
    {
        using var clerk = await server.OpenPortalAsync("clerk");
        using var asked = await clerk.ExportAsync("people", ("category", "长名单"));
        Assert.Equal("/exports", asked.Headers.Location!.OriginalString);
        var job = await WaitAsync("clerk");
        Assert.Equal((ExportStatus.Ready, (long?)People, (long)People, 100), (job.Status, job.TotalRows, job.DoneRows, job.Percent));
        var parts = await RowsAsync<int>($"select length(content_sealed) from export_part where job_id = {job.Id} order by number");
        Assert.True(parts.Count >= 10 && parts.Max() < 2 * PartStream.PartBytes, $"{parts.Count} parts of at most {parts.Max()} bytes.");

        using var page = await clerk.PageAsync("/exports");
        Assert.Equal("Ready", page.QuerySelector("[data-testid=export-job]")!.GetAttribute("data-status"));
        using var fetched = await clerk.PressAsync((IHtmlFormElement)page.QuerySelector("[data-testid=export-fetch]")!.ParentElement!);
        Assert.Equal(job.Bytes, fetched.Content.Headers.ContentLength);
        Assert.Equal("no-store", fetched.Headers.CacheControl!.ToString());
        var file = await ExportClient.OpenAsync(fetched);
        Assert.Equal(People, file.Rows.Count);
        Assert.Equal(People, file.Column("姓名").Distinct().Count());
        Assert.Equal((double)People, file.About("行数"));
        Assert.Equal(["export.ask", "export.list", "export.fetch"], await RowsAsync<string>($"""
            select action from audit_entry
            where action like 'export.%' and subject = 'list:people' and account_id = {(await SettledScene.ActorAsync(server, "clerk")).Account} order by number
            """));

        Desk.ExpectRefusal(RefusalCode.ExportGone, await server.Get<FetchExport>().FindAsync(await SettledScene.ActorAsync(server, "auditor"), job.Id));
        using var other = await server.OpenPortalAsync("auditor");
        Assert.DoesNotContain("export-job", await other.GetStringAsync("/exports"), StringComparison.Ordinal);
        Assert.False(await Jobs.RemoveAsync((await SettledScene.ActorAsync(server, "auditor")).Account, job.Id));

        // Sealed: nothing of it can be read from the database. A day later it is gone.
        Assert.DoesNotContain(await RowsAsync<byte[]>($"select content_sealed from export_part where job_id = {job.Id}"), part => part.AsSpan(0, 2).SequenceEqual("PK"u8));
        var maker = (await SettledScene.ActorAsync(server, "clerk")).Account;
        await Jobs.ClearAsync(job.AskedAt);
        Assert.NotNull(await Jobs.FindAsync(maker, job.Id));
        await Jobs.ClearAsync(job.AskedAt.AddTicks(10));
        Assert.Null(await Jobs.FindAsync(maker, job.Id));
        Assert.Empty(await RowsAsync<long>($"select job_id from export_part where job_id = {job.Id}"));
    }

    [Fact]
    public async Task The_rows_of_a_long_list_are_let_go_of_as_they_are_read()
    {
        var query = new ExportQuery(await SettledScene.ActorAsync(server, "clerk"), "zh-CN", server.Clock.GetUtcNow(), new Dictionary<string, string>(StringComparer.Ordinal) { ["category"] = "长名单" });
        var table = await server.Get<ExportCatalogue>().Find("people")!.OpenAsync(query);
        List<WeakReference> early = [];
        var read = 0;
        await foreach (var row in table!.Rows)
        {
            if (read < 1_000) early.Add(new WeakReference(row));
            if (++read < People / 2) continue;
            GC.Collect();
            Assert.True(early.Count(one => one.IsAlive) < early.Count / 10, "Rows that were read are still held.");
            break;
        }
        Assert.Equal(People / 2, read);
    }

    [Fact]
    public async Task What_was_left_half_made_is_made_again_from_its_beginning_and_by_the_rights_of_now()
    {
        var maker = await HireAsync("export-left", Role.Auditor);
        long id;
        await using (await HoldWorkerAsync())
        {
            id = await AddAsync(maker, ExportStatus.Running);
            await using var connection = await server.Database.OpenConnectionAsync();
            await connection.ExecuteAsync("insert into export_part (job_id, number, content_sealed) values (@id, 1, '\\x01'), (@id, 2, '\\x02')", new { id });
        }
        var job = await WaitAsync("export-left");
        Assert.Equal((id, ExportStatus.Ready, (long)Ones), (job.Id, job.Status, job.DoneRows));
        Assert.Equal(Enumerable.Range(1, job.Parts), await RowsAsync<int>($"select number from export_part where job_id = {id} order by number"));

        var dismissed = await HireAsync("export-dismissed", Role.Auditor);
        await server.Get<AccountStore>().CloseAsync("export-dismissed", server.Clock.GetUtcNow());
        await AddAsync(dismissed, ExportStatus.Waiting);
        var refused = await WaitAsync("export-dismissed");
        Assert.Equal((ExportStatus.Failed, MakeExport.NotAllowed), (refused.Status, refused.Failure));
    }

    [Fact]
    public async Task What_was_begun_three_times_and_never_finished_is_given_up()
    {
        var maker = await HireAsync("export-often", Role.Auditor);
        var id = await AddAsync(maker, ExportStatus.Running, ExportJob.MostAttempts);
        var job = await WaitAsync("export-often");
        Assert.Equal((id, ExportStatus.Failed, ExportWorker.TooOften), (job.Id, job.Status, job.Failure));
    }

    [Fact]
    public async Task Three_at_once_and_ten_in_all_are_the_most_that_one_person_may_have()
    {
        var maker = await HireAsync("export-many", Role.Auditor);
        await using var busy = await HoldWorkerAsync();
        for (var i = 0; i < ExportJob.MostUnfinished; i++) Assert.NotNull(await AskAsync(maker));
        Desk.ExpectRefusal(RefusalCode.TooManyExports, await OutcomeAsync(maker));
        await using var connection = await server.Database.OpenConnectionAsync();
        await connection.ExecuteAsync("update export_job set status = 3, finished_at = asked_at where account_id = @Account", new { maker.Account });
        for (var i = ExportJob.MostUnfinished; i < ExportJob.MostKept; i++)
        {
            Assert.NotNull(await AskAsync(maker));
            await connection.ExecuteAsync("update export_job set status = 3, finished_at = asked_at where account_id = @Account and status = 1", new { maker.Account });
        }
        Desk.ExpectRefusal(RefusalCode.TooManyExports, await OutcomeAsync(maker));
        Assert.True(await Jobs.RemoveAsync(maker.Account, (await Jobs.OfAsync(maker.Account))[0].Id));
        Assert.NotNull(await AskAsync(maker));
        await connection.ExecuteAsync("delete from export_job where account_id = @Account", new { maker.Account }); // Nobody waits for them.
    }

    [Fact]
    public async Task An_export_that_its_maker_takes_away_stops()
    {
        var maker = await HireAsync("export-away", Role.Auditor);
        await using var busy = await HoldWorkerAsync();
        var id = (await AskAsync(maker))!.Value;
        var job = (await busy.NextAsync(DemoCounty.Region))!;
        Assert.Equal(id, job.Id);
        Assert.True(await busy.AddPartAsync(id, 1, [1], 1, 1));
        Assert.True(await Jobs.RemoveAsync(maker.Account, id));
        Assert.False(await busy.AddPartAsync(id, 2, [1], 2, 2));
        await Assert.ThrowsAsync<ExportRemovedException>(() => server.Get<MakeExport>().RunAsync(job, busy, TestContext.Current.CancellationToken));
    }

    private async Task<Actor> HireAsync(string login, Role role)
    {
        await new Desk(server).HireAsync(login, role);
        return await SettledScene.ActorAsync(server, login);
    }

    private Task<Outcome<ExportAnswer>> OutcomeAsync(Actor actor) => server.Get<AskExport>().RunAsync(
        actor, "people", new Dictionary<string, string>(StringComparer.Ordinal), "zh-CN", TestContext.Current.CancellationToken);

    private async Task<long?> AskAsync(Actor actor) => (await OutcomeAsync(actor)).OrThrow().Job;

    /// <summary>As a server leaves it.</summary>
    private async Task<long> AddAsync(Actor actor, ExportStatus status, int attempts = 0)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        return await connection.QuerySingleAsync<long>("""
            insert into export_job (region, account_id, list, language, fields_sealed, status, attempts, asked_at)
            values (@Region, @Account, 'people', 'zh-CN', @fields, @status, @attempts, @now) returning id
            """,
            new { DemoCounty.Region, actor.Account, fields = server.Get<PersonalData>().Seal("""{"who":"长1"}"""), status = (short)status, attempts, now = server.Clock.GetUtcNow() });
    }

    /// <summary>Takes the worker's place, so that nothing is made meanwhile.</summary>
    private async Task<ExportHoldStore> HoldWorkerAsync()
    {
        while (true)
        {
            if (await ExportHoldStore.TryTakeAsync(server.Database, TestContext.Current.CancellationToken) is { } hold) return hold;
            await Task.Delay(20);
        }
    }

    /// <summary>The newest export of the log-in when it is over.</summary>
    private async Task<ExportJob> WaitAsync(string login)
    {
        var account = (await server.Get<AccountStore>().FindAsync(login))!.Value.Actor.Account;
        while (true)
        {
            server.Get<ExportWorker>().Wake(); // Another test may have held its place.
            if ((await Jobs.OfAsync(account)).FirstOrDefault() is { IsUnderWay: false } job) return job;
            await Task.Delay(30);
        }
    }

    private async Task<IReadOnlyList<T>> RowsAsync<T>(string sql)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<T>(sql)];
    }
}
