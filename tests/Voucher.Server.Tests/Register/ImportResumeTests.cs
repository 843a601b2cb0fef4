using Dapper;
using Voucher.Core;
using Voucher.Server.Demo;
using Voucher.Server.Register.Changes;
using Voucher.Server.Register;
using Voucher.Server.Register.Importing;

namespace Voucher.Server.Tests.Register;

/// <summary>An import that was cut off goes on where it was, to the same end.</summary>
public sealed class ImportResumeTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    [Fact]
    public async Task An_import_cut_off_between_chunks_and_within_one_ends_as_if_it_had_not_been()
    {
        const int people = 2_300;
        var sheet = new DemoSpreadsheet(people, badPercent: 2, CountyTime.DayOf(server.Clock.GetUtcNow()));
        using var file = new MemoryStream();
        sheet.Save(file, asCsv: false);
        long id;
        await using (var progress = await HoldAsync()) // The server's own worker looks now and then, too.
        {
            id = await AddAsync(file.ToArray());
            await CutOffAfterTwoChunksAndAHalfAsync(progress, id);
            Assert.Equal((2 * UploadLimits.ChunkRows, ImportStatus.Running), await StateAsync(id));
            Assert.Equal(2 * UploadLimits.ChunkRows - sheet.Planted.Count(error => error.Row <= 2 * UploadLimits.ChunkRows + 2), await CountAsync("person"));
        }

        server.Get<ImportWorker>().Wake();
        using var clerk = await server.LogInAsync("clerk");
        var import = await clerk.WaitAsync(id);
        Assert.Equal(("Finished", people, people - sheet.Planted.Count, 0, 0, sheet.Planted.Count),
            (import.Status, import.DoneRows, import.Added, import.Changed, import.Unchanged, import.Bad));
        // Among the planted are second rows of the first person, which an earlier run had read.
        Assert.Equal(sheet.Planted.Select(error => error.Row), import.Errors.Select(error => error.Row).Distinct());
        Assert.Contains(import.Errors, error => error.Row > 2 * UploadLimits.ChunkRows && error.Reason == "与第 3 行重复");
        Assert.Equal(people - sheet.Planted.Count, await CountAsync("person"));
        Assert.Equal(people - sheet.Planted.Count, await CountAsync("person_list_member"));
        Assert.Equal(0, await CountAsync("register_import where content is not null"));
    }

    private async Task<long> AddAsync(byte[] content)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        var clerk = await connection.ExecuteScalarAsync<int>("select id from account where login = 'clerk'");
        var personalData = server.Get<PersonalData>();
        return await server.Get<ImportStore>().AddAsync(
            new("花名册.xlsx", personalData.ContentHash(content), personalData.SealBytes(content), "一期", TotalRows: 2_300, new Words("", "")), new AccountId(clerk), server.Clock.GetUtcNow());
    }

    private async Task CutOffAfterTwoChunksAndAHalfAsync(ImportProgressStore progress, long id)
    {
        using var run = await server.Get<ImportWorker>().OpenAsync((await progress.StartAsync(id))!);
        var writer = server.Get<PersonWriter>();
        for (var chunk = 0; chunk < 2; chunk++) Assert.True(await run.NextChunkAsync(progress, server.Clock.GetUtcNow(), default));
        // Nobody else may work on it meanwhile.
        Assert.Null(await ImportProgressStore.TryHoldAsync(server.Database));
        // The power fails when the people of the third chunk are written and its progress is not.
        await Assert.ThrowsAsync<IOException>(() => progress.WriteChunkAsync(id, run.DoneRows, async (connection, transaction) =>
        {
            var person = DemoPeople.At(DemoPeople.SpreadsheetSeed, 1_500);
            await writer.WriteAsync(connection, transaction, [person], isDemo: true, list: null, new ChangeCause(), server.Clock.GetUtcNow());
            throw new IOException("cut");
        }, default));
    }

    private async Task<ImportProgressStore> HoldAsync()
    {
        while (true)
        {
            if (await ImportProgressStore.TryHoldAsync(server.Database) is { } held) return held;
            await Task.Delay(20);
        }
    }

    private async Task<(int, ImportStatus)> StateAsync(long id)
    {
        var state = (await server.Get<ImportStore>().GetAsync(id))!;
        return (state.DoneRows, state.Status);
    }

    private async Task<int> CountAsync(string from)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<int>($"select count(*) from {from}");
    }
}
