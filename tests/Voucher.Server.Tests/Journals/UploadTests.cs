using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Voucher.Core;
using Voucher.Core.Journals;
using Voucher.Core.Refusals;
using Voucher.Core.Vouchers;
using Voucher.Core.Wire;
using Voucher.Server.Journals;

namespace Voucher.Server.Tests.Journals;

/// <summary>Journals as they reach the server: facts, each once; what cannot be honest stops the terminal, and what came before it stands.</summary>
public sealed class UploadTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private readonly JournalScene _scene = new(server);

    [Fact]
    public async Task The_same_entries_may_come_any_number_of_times_in_any_pieces()
    {
        using var device = await _scene.PairAsync();
        var training = await _scene.Scans.OpenClassAsync();
        var vouchers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => _scene.Scans.IssueAsync()));
        foreach (var voucher in vouchers) device.Scan(ScanMode.Enrol, training, voucher);
        await device.ReceiptAsync();

        Assert.Equal(2, await device.UploadAsync(device.Entries.Take(2)));
        Assert.Equal(2, await device.UploadAsync(device.Entries.Take(2)));
        Assert.Equal(4, await device.UploadAsync(device.Entries.Skip(1).Take(3)));
        for (var i = 0; i < 3; i++) Assert.Equal(6, await device.UploadAsync());
        await _scene.SettleAsync();
        Assert.Equal(6, await _scene.AskAsync<long>("select count(*) from journal_entry where terminal_id = @Id", new { device.Terminal.Id }));
        Assert.Equal(5, await _scene.AskAsync<long>("select count(*) from scan where terminal_id = @Id and refusal = 0", new { device.Terminal.Id }));
    }

    [Fact]
    public async Task What_comes_before_its_turn_is_told_from_where_to_send()
    {
        using var device = await _scene.PairAsync();
        var (training, voucher) = (await _scene.Scans.OpenClassAsync(), await _scene.Scans.IssueAsync());
        for (var i = 0; i < 5; i++) device.Scan(ScanMode.CheckIn, training, voucher);
        await device.UploadAsync(device.Entries.Take(2));
        var (code, detail) = await device.RefusedAsync(device.Entries.Skip(3));
        Assert.Equal(RefusalCode.JournalNotFollowing, code);
        Assert.Contains("3", JsonDocument.Parse(detail).RootElement.GetProperty("title").GetString());
        Assert.Equal(5, await device.UploadAsync(device.Entries.Skip(2)));
    }

    [Fact]
    public async Task The_most_and_longest_entries_fit_in_one_upload()
    {
        using var device = await _scene.PairAsync();
        var note = new CorrectionRequest(Guid.NewGuid(), CorrectionReason.Other, new string('错', CorrectionRequest.LongestNote));
        Assert.InRange(JsonSerializer.Serialize(note, WireJson.Default.CorrectionRequest).Length, 1, JournalLimits.LongestContent);
        for (var i = 0; i < JournalLimits.EntriesAtOnce; i++)
        {
            device.Append(JournalEntryKind.Correction, note.ScanId, JsonSerializer.Serialize(note, WireJson.Default.CorrectionRequest).PadRight(JournalLimits.LongestContent));
        }
        Assert.Equal(JournalLimits.EntriesAtOnce, await device.UploadAsync());
        var body = new JournalUpload([.. Enumerable.Repeat(device.Entries[0] with { Content = new string('"', JournalLimits.LongestContent) }, JournalLimits.EntriesAtOnce)]);
        Assert.True(JsonSerializer.SerializeToUtf8Bytes(body, JsonSerializerOptions.Web).Length is > (int)ServerComposition.LargestBodyBytes and < (int)JournalLimits.LargestUploadBytes);
        using var answer = await device.Terminal.Client.PostAsJsonAsync("/api/terminal/journal", body);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode); // Read as a whole, and its numbers do not grow.
    }

    public static TheoryData<string, Func<JournalRecord, JournalRecord>> BadFields => new()
    {
        { "sequence", entry => entry with { Sequence = 0 } },
        { "kind", entry => entry with { Kind = (JournalEntryKind)4 } },
        { "entryId", entry => entry with { EntryId = Guid.Empty } },
        { "content", entry => entry with { Content = "" } },
        { "content", entry => entry with { Content = null! } },
        { "content", entry => entry with { Content = new string('x', JournalLimits.LongestContent + 1) } },
        { "content", entry => entry with { Content = "{\0}" } },
        { "previousHash", entry => entry with { PreviousHash = new byte[31] } },
        { "previousHash", entry => entry with { PreviousHash = null! } },
        { "signature", entry => entry with { Signature = new byte[63] } },
        { "monotonicMs", entry => entry with { MonotonicMs = -1 } },
        { "wallMs", entry => entry with { WallMs = -1 } },
        { "checkpointMs", entry => entry with { CheckpointMs = -1 } },
    };

    [Fact]
    public async Task Bad_input_is_told_by_its_field()
    {
        using var device = await _scene.PairAsync();
        var good = device.Scan(ScanMode.CheckIn, await _scene.Scans.OpenClassAsync(), await _scene.Scans.IssueAsync());
        foreach (var row in BadFields)
        {
            using var answer = await device.SendAsync(row.Data.Item2(good));
            Assert.Equal([$"entries[0].{row.Data.Item1}"], await Problem.FieldsAsync(answer));
        }
        using var none = await device.SendAsync([]);
        Assert.Equal(["entries"], await Problem.FieldsAsync(none));
        using var many = await device.SendAsync(Enumerable.Repeat(good, JournalLimits.EntriesAtOnce + 1));
        Assert.Equal(["entries"], await Problem.FieldsAsync(many));
        using var twice = await device.SendAsync(good, good);
        Assert.Equal(["entries[1].sequence"], await Problem.FieldsAsync(twice));
        using var receipt = await device.Terminal.Client.PostAsJsonAsync("/api/terminal/journal/receipt", new ReceiptRequest(0, new byte[31]));
        Assert.Equal(["headHash", "sequence"], await Problem.FieldsAsync(receipt));
        using var answers = await device.Terminal.Client.PostAsJsonAsync("/api/terminal/journal/answers", new OfflineAnswersRequest([.. Enumerable.Repeat(Guid.NewGuid(), JournalLimits.AnswersAtOnce + 1)]));
        Assert.Equal(["scanIds"], await Problem.FieldsAsync(answers));
        using var nothing = await device.Terminal.Client.PostAsJsonAsync("/api/terminal/journal/answers", new OfflineAnswersRequest([]));
        Assert.Equal(["scanIds"], await Problem.FieldsAsync(nothing));
    }

    [Fact]
    public async Task A_false_signature_stops_the_terminal_and_what_came_before_is_merged()
    {
        using var device = await _scene.PairAsync();
        var (first, second) = await TwoEnrolmentsAsync(device, () => device.ReceiptAsync());
        device.Entries[^1] = device.Entries[^1] with { Signature = new byte[ChainLink.SignatureLength] };
        await StopsAsync(device, JournalFaultKind.SignatureFalse);
        await HonestStaysAsync(first, second);
    }

    [Fact]
    public async Task A_broken_chain_stops_the_terminal_and_what_came_before_is_merged()
    {
        using var device = await _scene.PairAsync();
        var (first, second) = await TwoEnrolmentsAsync(device, () => device.ReceiptAsync());
        device.Entries[^1] = device.Sign(device.Entries[^1] with { PreviousHash = Enumerable.Repeat((byte)7, ChainLink.HashLength).ToArray() });
        await StopsAsync(device, JournalFaultKind.ChainBroken);
        await HonestStaysAsync(first, second);
    }

    [Fact]
    public async Task A_fork_stops_the_terminal_and_the_first_history_stays()
    {
        using var device = await _scene.PairAsync();
        var (first, second) = await TwoEnrolmentsAsync(device, () => device.ReceiptAsync());
        await device.UploadAsync();
        device.Entries.RemoveRange(2, device.Entries.Count - 2);
        var (training, other) = (await _scene.Scans.OpenClassAsync(), await _scene.Scans.IssueAsync());
        var forked = device.Scan(ScanMode.Enrol, training, other);
        await StopsAsync(device, JournalFaultKind.Forked);
        await _scene.SettleAsync();
        Assert.Equal(VoucherState.Enrolled, (await _scene.StateAsync(first)).State);
        Assert.Equal(VoucherState.Enrolled, (await _scene.StateAsync(second)).State);
        Assert.Equal(VoucherState.Issued, (await _scene.StateAsync(other)).State);
        Assert.Null(await device.AnswerAsync(forked));
    }

    [Fact]
    public async Task After_a_disk_that_was_set_back_entries_wait_for_a_person_until_the_next_receipt()
    {
        using var device = await _scene.PairAsync();
        var (first, second) = await TwoEnrolmentsAsync(device, () => device.ReceiptAsync());
        await device.UploadAsync();
        var back = device.Entries[1];
        var (training, third, fourth) = (await _scene.Scans.OpenClassAsync(), await _scene.Scans.IssueAsync(), await _scene.Scans.IssueAsync());
        var doubted = Guid.NewGuid();
        var content = new ScanRequest(doubted, device.NextSequence, ScanMode.Enrol, training.Value, third.Digits, null, third.Holder.Value, server.Clock.GetUtcNow());
        var after = device.Append(JournalEntryKind.Scan, doubted, JsonSerializer.Serialize(content, WireJson.Default.ScanRequest), previous: back.Hash());
        await device.ReceiptAsync();
        var sound = device.Scan(ScanMode.Enrol, training, fourth);
        await device.ReceiptAsync();
        await device.UploadAsync(device.Entries.TakeLast(4));
        await _scene.SettleAsync();
        Assert.Equal(((short)JournalFaultKind.RolledBack, false), await _scene.FaultAsync(device));
        Assert.Equal(Suspicion.AfterRollBack, await _scene.SuspicionAsync(after));
        Assert.Equal([VoucherState.Enrolled, VoucherState.Enrolled, VoucherState.Issued, VoucherState.Enrolled], await Task.WhenAll(
            new[] { first, second, third, fourth }.Select(async voucher => (await _scene.StateAsync(voucher)).State)));
        Assert.Equal(RefusalCode.None, await device.AnswerAsync(sound));
    }

    /// <summary>A receipt that the county did sign, for a head that is not the journal's, would backdate what comes before it.</summary>
    [Fact]
    public async Task A_receipt_for_what_is_not_in_the_journal_stops_the_terminal_and_proves_nothing()
    {
        using var device = await _scene.PairAsync();
        var (training, voucher, early) = (await _scene.Scans.OpenClassAsync(), await _scene.Scans.IssueAsync(), await _scene.Scans.IssueAsync());
        device.Scan(ScanMode.CheckIn, training, early);
        var hoarded = await device.ReceiptAsync(new ReceiptRequest(1_000, new byte[ChainLink.HashLength]));
        device.Entries.Remove(hoarded);
        _scene.Later(600);
        var scan = device.Scan(ScanMode.Enrol, training, voucher);
        device.Append(JournalEntryKind.Receipt, Guid.NewGuid(), hoarded.Content);
        await StopsAsync(device, JournalFaultKind.ReceiptFalse);
        Assert.Equal(0, await _scene.AskAsync<long>("select count(*) from offline_scan where scan_id = @EntryId", new { scan.EntryId }));

        // The county looks, and lets it go on: what was written before that is judged by a person, with its true bounds before his eyes.
        _scene.Later(5);
        await ReleaseAsync(device);
        _scene.Later(1);
        var next = device.Scan(ScanMode.Enrol, training, early);
        await device.ReceiptAsync();
        await device.UploadAsync(device.Entries.TakeLast(2));
        await _scene.SettleAsync();
        Assert.Equal((Suspicion.OtherHistory, VoucherState.Issued), (await _scene.SuspicionAsync(scan), (await _scene.StateAsync(voucher)).State));
        Assert.Equal((Suspicion.None, VoucherState.Enrolled), (await _scene.SuspicionAsync(next), (await _scene.StateAsync(early)).State));
        Assert.True(await _scene.AskAsync<bool>("select to_at > made_at from offline_scan where scan_id = @EntryId", new { scan.EntryId }));
    }

    public static TheoryData<long> OddClocks => [4_102_444_800_001, 253_402_300_800_000, long.MaxValue, 0];

    /// <summary>A battery that is empty makes no fraud; whoever is offline cannot mend it, and what he wrote must not be stuck for ever.</summary>
    [Theory]
    [MemberData(nameof(OddClocks))]
    public async Task A_machine_whose_clock_shows_any_year_is_taken_in_and_shown(long wallMs)
    {
        using var device = await _scene.PairAsync();
        var (training, voucher) = (await _scene.Scans.OpenClassAsync(), await _scene.Scans.IssueAsync());
        var scan = device.Resign(device.Scan(ScanMode.Enrol, training, voucher) with { WallMs = wallMs });
        var asked = new CorrectionRequest(scan.EntryId, CorrectionReason.Other, "a\0b");
        device.Append(JournalEntryKind.Correction, Guid.NewGuid(), JsonSerializer.Serialize(asked, WireJson.Default.CorrectionRequest));
        device.Resign(device.Entries[^1] with { WallMs = wallMs });
        await device.ComeBackAsync();
        await _scene.SettleAsync();
        Assert.Equal(Suspicion.ClockSet, await _scene.SuspicionAsync(scan));
        Assert.Equal("ab", await _scene.AskAsync<string>("select note from correction_request where scan_id = @EntryId", new { scan.EntryId }));
        using var portal = await server.OpenPortalAsync("clerk");
        Assert.Contains(scan.EntryId.ToString()[..8], await portal.GetStringAsync($"/terminals/{device.Terminal.Id.Value}/journal"));
        Assert.Contains(device.Terminal.Name, await portal.GetStringAsync("/corrections"));
    }

    public static TheoryData<string> NoCorrections => new() { "null", "[]", "not json", "{}", """{"scanId":"ID","reason":99,"note":""}""", """{"scanId":1,"reason":1}""" };

    [Theory]
    [MemberData(nameof(NoCorrections))]
    public async Task An_entry_that_asks_for_nothing_stops_the_terminal_and_not_the_server(string content)
    {
        using var device = await _scene.PairAsync();
        var (first, second) = await TwoEnrolmentsAsync(device, () => device.ReceiptAsync());
        device.Append(JournalEntryKind.Correction, Guid.NewGuid(), content.Replace("ID", Guid.NewGuid().ToString(), StringComparison.Ordinal));
        await StopsAsync(device, JournalFaultKind.ChainBroken);
        await HonestStaysAsync(first, second);
    }

    /// <summary>Whatever its receipts say, forged ones too, an upload is answered.</summary>
    [Fact]
    public async Task A_forged_receipt_of_the_end_of_time_stops_the_terminal()
    {
        using var device = await _scene.PairAsync();
        var (first, second) = await TwoEnrolmentsAsync(device, () => device.ReceiptAsync());
        var real = JsonSerializer.Deserialize(device.Entries[2].Content, WireJson.Default.HeadReceipt)!;
        device.Append(JournalEntryKind.Receipt, Guid.NewGuid(), JsonSerializer.Serialize(real with { At = DateTimeOffset.MaxValue }, WireJson.Default.HeadReceipt));
        await StopsAsync(device, JournalFaultKind.ReceiptFalse);
        await HonestStaysAsync(first, second);
    }

    public static TheoryData<string> NoScans => new()
    {
        "null", "[]", "not json", "{}",
        """{"scanId":"ID","sequence":SEQ,"mode":9,"classId":1,"digits":"1","scannedAt":"2026-01-01T00:00:00Z"}""",
        """{"scanId":"ID","sequence":SEQ,"mode":1,"classId":1,"scannedAt":"2026-01-01T00:00:00Z"}""",
        """{"scanId":"ID","sequence":77,"mode":1,"classId":1,"digits":"1","scannedAt":"2026-01-01T00:00:00Z"}""",
        """{"scanId":"ID","sequence":SEQ,"mode":1,"classId":1,"digits":"1","holderCheck":70000,"scannedAt":"2026-01-01T00:00:00Z"}""",
    };

    [Theory]
    [MemberData(nameof(NoScans))]
    public async Task An_entry_that_is_no_scan_stops_the_terminal_and_not_the_server(string content)
    {
        using var device = await _scene.PairAsync();
        var (first, second) = await TwoEnrolmentsAsync(device, () => device.ReceiptAsync());
        var id = Guid.NewGuid();
        device.Append(JournalEntryKind.Scan, id, content.Replace("ID", id.ToString(), StringComparison.Ordinal).Replace("SEQ", $"{device.NextSequence}", StringComparison.Ordinal));
        await StopsAsync(device, JournalFaultKind.ChainBroken);
        await ReleaseAsync(device);
        await device.ReceiptAsync();
        await device.UploadAsync(device.Entries.TakeLast(1));
        await HonestStaysAsync(first, second);
    }

    [Fact]
    public async Task The_same_scan_written_twice_in_one_journal_counts_once()
    {
        using var device = await _scene.PairAsync();
        var (training, voucher) = (await _scene.Scans.OpenClassAsync(), await _scene.Scans.IssueAsync());
        var scan = device.Scan(ScanMode.Enrol, training, voucher);
        var again = JsonSerializer.Deserialize(scan.Content, WireJson.Default.ScanRequest)! with { Sequence = device.NextSequence };
        device.Append(JournalEntryKind.Scan, scan.EntryId, JsonSerializer.Serialize(again, WireJson.Default.ScanRequest));
        await device.ComeBackAsync();
        await _scene.SettleAsync();
        Assert.Equal(VoucherState.Enrolled, (await _scene.StateAsync(voucher)).State);
        Assert.Equal(1, await _scene.AskAsync<long>("select count(*) from offline_scan where scan_id = @EntryId", new { scan.EntryId }));
    }

    [Fact]
    public async Task A_clock_that_was_set_while_offline_makes_its_entries_suspect_and_the_others_are_merged()
    {
        using var device = await _scene.PairAsync();
        var training = await _scene.Scans.OpenClassAsync();
        var (first, second) = (await _scene.Scans.IssueAsync(), await _scene.Scans.IssueAsync());
        device.Scan(ScanMode.Enrol, training, first);
        await device.ReceiptAsync();
        device.WrongBy = TimeSpan.FromHours(-5);
        _scene.Later();
        var doubted = device.Scan(ScanMode.Enrol, training, second);
        await device.ComeBackAsync();
        await _scene.SettleAsync();
        Assert.Equal(Suspicion.ClockSet, await _scene.SuspicionAsync(doubted));
        Assert.Equal((VoucherState.Enrolled, VoucherState.Issued), ((await _scene.StateAsync(first)).State, (await _scene.StateAsync(second)).State));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(40)]
    public async Task More_people_than_the_rules_allow_are_suspect_however_the_journal_is_split(int pieces)
    {
        using var device = await _scene.PairAsync();
        var training = await _scene.Scans.OpenClassAsync(capacity: 60);
        var vouchers = await Task.WhenAll(Enumerable.Range(0, 33).Select(_ => _scene.Scans.IssueAsync()));
        device.Scan(ScanMode.CheckIn, training, vouchers[0]);
        await device.ReceiptAsync();
        for (var i = 0; i < 20; i++) device.Scan(ScanMode.Enrol, training, vouchers[i]);
        // Asked for when twenty were written, and written down when all were.
        var head = new ReceiptRequest(device.Entries[^1].Sequence, device.Entries[^1].Hash());
        for (var i = 20; i < 33; i++) device.Scan(ScanMode.Enrol, training, vouchers[i]);
        await device.ReceiptAsync(head);
        await device.ReceiptAsync();
        var size = (device.Entries.Count + pieces - 1) / pieces;
        foreach (var piece in device.Entries.Chunk(size)) await device.UploadAsync(piece);
        await _scene.SettleAsync();
        Assert.Equal(3, await _scene.AskAsync<long>("select count(*) from offline_scan where terminal_id = @Id and suspicion = 3", new { device.Terminal.Id }));
        Assert.Equal(30, await _scene.AskAsync<long>("select count(*) from enrolment where class_id = @training and is_active", new { training }));
    }

    [Fact]
    public async Task A_stopped_terminal_is_told_so_and_gets_no_receipt()
    {
        using var device = await _scene.PairAsync();
        await TwoEnrolmentsAsync(device, () => device.ReceiptAsync());
        device.Entries[^1] = device.Entries[^1] with { Signature = new byte[ChainLink.SignatureLength] };
        await StopsAsync(device, JournalFaultKind.SignatureFalse);
        using var receipt = await device.Terminal.Client.PostAsJsonAsync("/api/terminal/journal/receipt", new ReceiptRequest(1, device.Entries[0].Hash()));
        Assert.False(receipt.IsSuccessStatusCode);
        using var upload = await device.SendAsync(device.Entries.Take(1));
        Assert.False(upload.IsSuccessStatusCode);
    }

    private async Task<(Redeeming.PaperVoucher First, Redeeming.PaperVoucher Second)> TwoEnrolmentsAsync(JournalDevice device, Func<Task> closes)
    {
        var training = await _scene.Scans.OpenClassAsync();
        var (first, second) = (await _scene.Scans.IssueAsync(), await _scene.Scans.IssueAsync());
        device.Scan(ScanMode.Enrol, training, first);
        device.Scan(ScanMode.Enrol, training, second);
        await closes();
        device.Scan(ScanMode.CheckOut, training, second);
        return (first, second);
    }

    private async Task StopsAsync(JournalDevice device, JournalFaultKind kind)
    {
        var (code, _) = await device.RefusedAsync(device.Entries);
        Assert.Equal(RefusalCode.TerminalQuarantined, code);
        Assert.Equal(((short)kind, true), await _scene.FaultAsync(device));
        Assert.Equal(4, await _scene.AskAsync<short>("select status from terminal where id = @Id", new { device.Terminal.Id }));
    }

    private async Task HonestStaysAsync(Redeeming.PaperVoucher first, Redeeming.PaperVoucher second)
    {
        await _scene.SettleAsync();
        Assert.Equal((VoucherState.Enrolled, VoucherState.Enrolled), ((await _scene.StateAsync(first)).State, (await _scene.StateAsync(second)).State));
    }

    private async Task ReleaseAsync(JournalDevice device)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var by = new AccountId(await _scene.AskAsync<int>("select min(id) from account"));
        Assert.True(await JournalFaultStore.ReleaseAsync(connection, transaction, device.Terminal.Id, "looked at", by, server.Clock.GetUtcNow()));
        await transaction.CommitAsync();
    }
}
