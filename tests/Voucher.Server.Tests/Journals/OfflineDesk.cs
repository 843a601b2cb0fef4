using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Dapper;
using Voucher.Core.Journals;
using Voucher.Core;
using Voucher.Core.Vouchers;
using Voucher.Core.Wire;
using Voucher.Server.Tests.Redeeming;

namespace Voucher.Server.Tests.Journals;

/// <summary>A paired terminal that works offline: it keeps its journal, and sends it when a test says so.</summary>
public sealed class OfflineDesk(ServerUnderTest server, TestTerminal terminal) : IDisposable
{
    private readonly Guid _boot = Guid.NewGuid();
    private readonly List<JournalRecord> _records = [];
    private byte[] _head = new byte[ChainLink.HashLength];
    private long _checkpoint = server.Clock.GetUtcNow().ToUnixTimeMilliseconds();
    private long _online = 1_000;
    private int _lost;

    public TestTerminal Terminal => terminal;

    public static async Task<OfflineDesk> PairAsync(ServerUnderTest server, int institution = 1) => new(server, await new ScanScene(server).PairAsync(institution));

    /// <summary>Scanned while the network is away.</summary>
    public Guid Scan(ScanMode mode, ClassId training, PaperVoucher voucher)
    {
        var scan = terminal.NewScan(mode, training, voucher) with { Sequence = Next };
        Append(JournalEntryKind.Scan, scan.ScanId, JsonSerializer.Serialize(scan, WireJson.Default.ScanRequest), isProvisional: true);
        return scan.ScanId;
    }

    public Task<ScanAnswer> OnlineAsync(ScanMode mode, ClassId training, PaperVoucher voucher) =>
        terminal.SendAsync(terminal.NewScan(mode, training, voucher) with { Sequence = ++_online });

    /// <summary>The network is back: a receipt closes in what was done, and all of the journal goes up.</summary>
    public async Task ComeBackAsync()
    {
        var receipt = await ScanScene.PostAsync<HeadReceipt>(terminal.Client, "/api/terminal/journal/receipt", new ReceiptRequest(_records[^1].Sequence, _head));
        _checkpoint = receipt.At.ToUnixTimeMilliseconds();
        Append(JournalEntryKind.Receipt, Guid.NewGuid(), JsonSerializer.Serialize(receipt, WireJson.Default.HeadReceipt), isProvisional: false);
        using var answer = await UploadAsync();
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        await MergedAsync(server);
    }

    public Task<HttpResponseMessage> UploadAsync() => terminal.Client.PostAsJsonAsync("/api/terminal/journal", new JournalUpload([.. _records]));

    /// <summary>Somebody has altered what the last entry says, and signed nothing.</summary>
    public void Forge() => _records[^1] = _records[^1] with { Content = _records[^1].Content.Replace("\"mode\":1", "\"mode\":2", StringComparison.Ordinal), WallMs = _records[^1].WallMs + 1 };

    /// <summary>The disk is as it was at an earlier entry; what came since is lost to the device.</summary>
    public void SetBack(int entries)
    {
        _records.RemoveRange(entries, _records.Count - entries);
        _head = _records[^1].Hash();
        _lost = 5;
    }

    public async Task<TerminalSetup> SetupAsync() => (await terminal.Client.GetFromJsonAsync<TerminalSetup>("/api/terminal/setup"))!;

    public async Task<DeskCase> CaseAsync(PaperVoucher voucher) => Assert.Single((await SetupAsync()).Cases!, one => one.VoucherNumber == voucher.Id.ToString());

    public async Task<ScanAnswer> AnswerAsync(Guid scan) =>
        Assert.Single((await ScanScene.PostAsync<OfflineAnswers>(terminal.Client, "/api/terminal/journal/answers", new OfflineAnswersRequest([scan]))).Answers);

    /// <summary>Until the server has merged all that came in.</summary>
    public static async Task MergedAsync(ServerUnderTest server)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        for (var i = 0; i < 600; i++)
        {
            if (await connection.ExecuteScalarAsync<long>("select count(*) from offline_scan where state = 1 and parked_at is null") == 0) return;
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
        Assert.Fail("The offline scans are not merged within a minute.");
    }

    public void Dispose() => terminal.Dispose();

    private long Next => _records.Count + _lost + 1;

    private void Append(JournalEntryKind kind, Guid id, string content, bool isProvisional)
    {
        var now = server.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        var record = new JournalRecord(Next, kind, id, content, _head, _boot, now, now, _checkpoint, [], isProvisional);
        _head = record.Hash();
        _records.Add(record with { Signature = terminal.Key.SignHash(_head, DSASignatureFormat.IeeeP1363FixedFieldConcatenation) });
    }
}
