using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Voucher.Core;
using Voucher.Core.Journals;
using Voucher.Core.Refusals;
using Voucher.Core.Wire;
using Voucher.Server.Tests.Redeeming;

namespace Voucher.Server.Tests.Journals;

/// <summary>A paired terminal that writes a journal as a real one does: chained, signed by its key, with the server's receipts, uploaded over HTTP.</summary>
internal sealed class JournalDevice(ServerUnderTest server, TestTerminal terminal) : IDisposable
{
    private readonly DateTimeOffset _started = server.Clock.GetUtcNow().AddHours(-1);
    private Guid _boot = Guid.NewGuid();

    public List<JournalRecord> Entries { get; } = [];

    public TestTerminal Terminal => terminal;

    /// <summary>The server's clock when it was heard last, Unix milliseconds.</summary>
    public long CheckpointMs { get; set; } = server.Clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>By how much the machine's clock is wrong.</summary>
    public TimeSpan WrongBy { get; set; }

    public long NextSequence => Entries.Count == 0 ? 1 : Entries[^1].Sequence + 1;

    public static async Task<JournalDevice> PairAsync(ServerUnderTest server, ScanScene scene, int institution = 1) => new(server, await scene.PairAsync(institution));

    public JournalRecord Scan(ScanMode mode, ClassId training, PaperVoucher voucher, Func<ScanRequest, ScanRequest>? change = null)
    {
        var scan = new ScanRequest(Guid.NewGuid(), NextSequence, mode, training.Value, voucher.Digits, null, voucher.Holder.Value, server.Clock.GetUtcNow() + WrongBy);
        scan = change is null ? scan : change(scan);
        return Append(JournalEntryKind.Scan, scan.ScanId, JsonSerializer.Serialize(scan, WireJson.Default.ScanRequest));
    }

    public JournalRecord Append(JournalEntryKind kind, Guid id, string content, long? sequence = null, byte[]? previous = null)
    {
        var record = Sign(new JournalRecord(
            sequence ?? NextSequence, kind, id, content, previous ?? (Entries.Count == 0 ? new byte[ChainLink.HashLength] : Entries[^1].Hash()), _boot,
            (long)(server.Clock.GetUtcNow() - _started).TotalMilliseconds, (server.Clock.GetUtcNow() + WrongBy).ToUnixTimeMilliseconds(), CheckpointMs, [], IsProvisional: kind == JournalEntryKind.Scan));
        Entries.Add(record);
        return record;
    }

    public JournalRecord Sign(JournalRecord record) =>
        record with { Signature = terminal.Key.SignHash(record.Hash(), DSASignatureFormat.IeeeP1363FixedFieldConcatenation) };

    /// <summary>The newest entry, written otherwise.</summary>
    public JournalRecord Resign(JournalRecord instead) => Entries[^1] = Sign(instead);

    /// <summary>Shows the head of the journal and writes the server's receipt down.</summary>
    public async Task<JournalRecord> ReceiptAsync(ReceiptRequest? of = null)
    {
        var receipt = await ScanScene.PostAsync<HeadReceipt>(terminal.Client, "/api/terminal/journal/receipt", of ?? new ReceiptRequest(Entries[^1].Sequence, Entries[^1].Hash()));
        CheckpointMs = receipt.At.ToUnixTimeMilliseconds();
        return Append(JournalEntryKind.Receipt, Guid.NewGuid(), JsonSerializer.Serialize(receipt, WireJson.Default.HeadReceipt));
    }

    public Task<HttpResponseMessage> SendAsync(params IEnumerable<JournalRecord> entries) =>
        terminal.Client.PostAsJsonAsync("/api/terminal/journal", new JournalUpload([.. entries]));

    /// <summary>Uploads what is given, or all; answers how far the server holds it.</summary>
    public async Task<long> UploadAsync(IEnumerable<JournalRecord>? entries = null) =>
        (await ScanScene.PostAsync<JournalUploadAnswer>(terminal.Client, "/api/terminal/journal", new JournalUpload([.. entries ?? Entries]))).AcknowledgedSequence;

    /// <summary>A receipt for what is written, and everything uploaded.</summary>
    public async Task ComeBackAsync()
    {
        await ReceiptAsync();
        await UploadAsync();
    }

    public async Task<(RefusalCode Code, string Detail)> RefusedAsync(params IEnumerable<JournalRecord> entries)
    {
        using var answer = await SendAsync(entries);
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.False(answer.IsSuccessStatusCode, body.ToString());
        return ((RefusalCode)body.GetProperty("code").GetInt32(), body.ToString());
    }

    public async Task<IReadOnlyList<ScanAnswer>> AnswersAsync(params IEnumerable<JournalRecord> scans) =>
        (await ScanScene.PostAsync<OfflineAnswers>(terminal.Client, "/api/terminal/journal/answers", new OfflineAnswersRequest([.. scans.Select(scan => scan.EntryId)]))).Answers;

    public async Task<RefusalCode?> AnswerAsync(JournalRecord scan) => await AnswersAsync(scan) is [var answer] ? (RefusalCode)answer.Refusal : null;

    public async Task<IReadOnlyList<DeskCase>> CasesAsync() => (await terminal.Client.GetFromJsonAsync<TerminalSetup>("/api/terminal/setup"))!.Cases;

    /// <summary>The machine is switched off and on.</summary>
    public void Reboot() => _boot = Guid.NewGuid();

    public void Dispose() => terminal.Dispose();
}
