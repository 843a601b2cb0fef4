using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Json;
using Dapper;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.Extensions.Options;
using Voucher.Core;
using Voucher.Core.Journals;
using Voucher.Core.Refusals;
using Voucher.Core.Wire;
using Voucher.Server.Accounts;
using Voucher.Server.Classes;
using Voucher.Server.Demo;
using Voucher.Server.Tests.Redeeming;
using Voucher.Server.Vouchers;

namespace Voucher.Server.Tests.Journals.Permuting;

/// <summary>
/// One telling of a history, with people, vouchers, classes and terminals of its own. What is in it is named by its place in the
/// history (voucher 0, desk 1, the scan 1#7), so that two copies can be compared.
/// </summary>
internal sealed class HistoryCopy(ServerUnderTest server, CopyCounty county, DeskHistory history, int number) : IDisposable
{
    private readonly ScanScene _scene = new(server);
    private readonly Dictionary<Guid, string> _scans = [];
    private readonly List<(JournalDevice Device, Guid LastScan)> _desks = [];

    public DeskHistory History => history;

    public List<PaperVoucher> Vouchers { get; } = [];

    /// <summary>Ids of the classes.</summary>
    public long[] Classes { get; private set; } = [];

    public IReadOnlyDictionary<Guid, string> Scans => _scans;

    public IEnumerable<int> Terminals => _desks.Select(desk => desk.Device.Terminal.Id.Value);

    /// <summary>What the desks and the county were answered while it happened.</summary>
    public List<string> Answers { get; } = [];

    public IReadOnlyList<int> Lengths => [.. _desks.Select(desk => desk.Device.Entries.Count)];

    /// <summary>Parts that were refused because what comes before them had not come.</summary>
    public int TooEarly { get; private set; }

    public async Task BeginAsync()
    {
        for (var i = 0; i < history.Holders.Count; i++)
            Vouchers.Add(i > 0 && history.Holders[i - 1] == history.Holders[i] ? await _scene.IssueAgainAsync(Vouchers[^1]) : await _scene.IssueAsync());
        Classes = await county.OpenClassesAsync(history.Capacities);
        for (var desk = 0; desk < history.Desks; desk++)
            _desks.Add((new JournalDevice(server, await county.AddTerminalAsync(DeskCalendar.InstitutionOf(desk))) { CheckpointMs = county.Began.ToUnixTimeMilliseconds() }, Guid.Empty));
    }

    public async Task TakeAsync(DeskStep step)
    {
        var device = _desks[step.Desk].Device;
        switch (step.Act)
        {
            case DeskAct.Scan: await ScanAsync(step, device); break;
            case DeskAct.Receipt when device.Entries.Count > 0: await device.ReceiptAsync(); break;
            case DeskAct.Hear: device.CheckpointMs = server.Clock.GetUtcNow().ToUnixTimeMilliseconds(); break;
            case DeskAct.Reboot: device.Reboot(); break;
            case DeskAct.SetClock: device.WrongBy += TimeSpan.FromMinutes(step.Minutes); break;
            case DeskAct.AskCorrection when _desks[step.Desk].LastScan is var scan && scan != Guid.Empty:
                device.Append(JournalEntryKind.Correction, Guid.NewGuid(), JsonSerializer.Serialize(new CorrectionRequest(scan, CorrectionReason.WrongClass, $"desk {step.Desk}"), WireJson.Default.CorrectionRequest));
                break;
            case DeskAct.Revoke: Note(step, await server.Get<RevokeVoucher>().RunAsync(Vouchers[step.Voucher].Id, "重复发放", county.Clerk)); break;
            case DeskAct.Withdraw: Note(step, await server.Get<WithdrawTrainee>().RunAsync(new ClassId(Classes[step.Class]), Vouchers[step.Voucher].Id.ToString(), "本人申请", county.Manager)); break;
            case DeskAct.Assess when await IsEnrolledAsync(Vouchers[step.Voucher]): await _scene.AssessAsync(Vouchers[step.Voucher], passed: true); break;
        }
    }

    private async Task ScanAsync(DeskStep step, JournalDevice device)
    {
        var id = IdOf(step.Rank);
        var record = device.Scan(step.Mode, new ClassId(Classes[step.Class]), Vouchers[step.Voucher], scan => scan with { ScanId = id, HolderCheck = step.HolderIsWrong ? scan.HolderCheck ^ 1 : scan.HolderCheck });
        _scans[id] = $"{step.Desk}#{record.Sequence}";
        _desks[step.Desk] = (device, id);
        if (step.Telling is Telling.Nothing or Telling.Online) device.Entries[^1] = record with { IsProvisional = false };
        if (step.Telling is not (Telling.Online or Telling.AnswerLost)) return;
        var answer = await device.Terminal.AskUntilAnsweredAsync(JsonSerializer.Deserialize(record.Content, WireJson.Default.ScanRequest)!);
        Answers.Add($"{_scans[id]} {step.Mode}: {(RefusalCode)answer.Refusal}");
        if (step.Telling == Telling.Online) device.CheckpointMs = server.Clock.GetUtcNow().ToUnixTimeMilliseconds();
    }

    private void Note<T>(DeskStep step, Outcome<T> outcome) =>
        Answers.Add($"{step.Act} {step.Voucher}: {(outcome is Outcome<T>.Refused refused ? refused.Refusal.Code : RefusalCode.None)}");

    private async Task<bool> IsEnrolledAsync(PaperVoucher voucher)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<bool>("select exists (select from enrolment where voucher_id = @Id and is_active)", new { voucher.Id });
    }

    /// <summary>One order in all copies, and no id twice.</summary>
    private Guid IdOf(ulong rank)
    {
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes, rank);
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(bytes[8..], number);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>Sends a part as a terminal does; whoever is stopped, and what comes too early, is told so.</summary>
    public async Task SendAsync(JournalPart part)
    {
        var device = _desks[part.Desk].Device;
        var entries = device.Entries.Skip(part.First).Take(part.Count).Select((entry, i) => Altered(part, part.First + i, entry)).ToList();
        using var answer = await device.SendAsync(entries);
        if (answer.IsSuccessStatusCode) return;
        var text = await answer.Content.ReadAsStringAsync();
        var code = text.Length == 0 ? RefusalCode.TerminalNotActive : (RefusalCode)JsonElement.Parse(text).GetProperty("code").GetInt32();
        if (code == RefusalCode.JournalNotFollowing) TooEarly++;
        else Assert.True(history.Forged.ContainsKey(part.Desk) && code is RefusalCode.TerminalQuarantined or RefusalCode.TerminalNotActive, $"seed {history.Seed}: {part} is refused: {text}");
    }

    private JournalRecord Altered(JournalPart part, int index, JournalRecord entry)
    {
        if (history.Forged.TryGetValue(part.Desk, out var forged) && forged == index) return entry with { Signature = new byte[ChainLink.SignatureLength] };
        return part.IsUntold ? entry with { IsProvisional = false } : entry;
    }

    public void Dispose()
    {
        foreach (var (device, _) in _desks) device.Dispose();
    }
}

/// <summary>What all copies have in common, and a short way to what they need much of.</summary>
internal sealed class CopyCounty(ServerUnderTest server, Actor clerk, Actor manager) : IDisposable
{
    private readonly SocketsHttpHandler _line = new() { MaxConnectionsPerServer = 32 };
    private readonly DateOnly _firstDay = CountyTime.DayOf(server.Clock.GetUtcNow()).AddDays(1);
    private int _terminals;

    public Actor Clerk => clerk;

    public Actor Manager => manager;

    /// <summary>When all terminals were paired.</summary>
    public DateTimeOffset Began { get; } = server.Clock.GetUtcNow();

    public void MoveTo(int slot) => server.Clock.MoveTo(_firstDay.AddDays(DeskCalendar.Slots[slot].Day), DeskCalendar.Slots[slot].Time);

    public async Task<long[]> OpenClassesAsync(IReadOnlyList<int> capacities)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        var ids = new long[capacities.Count];
        for (var i = 0; i < ids.Length; i++)
        {
            var (institution, first, days) = DeskCalendar.Classes[i];
            ids[i] = await connection.ExecuteScalarAsync<long>("""
                insert into training_class (region, institution_id, programme_id, name, starts_on, ends_on, capacity, status, rate_fen, created_by, created_at)
                select @Region, @institution, p.id, 'class-' || gen_random_uuid(), @from, @to, @capacity, 2, p.subsidy_fen, (select id from account where login = 'manager'), @Began
                from programme p where p.code = 1001 returning id
                """, new { DemoCounty.Region, institution, from = _firstDay.AddDays(first), to = _firstDay.AddDays(first + days - 1), capacity = capacities[i], Began });
            await connection.ExecuteAsync("""
                insert into class_session (class_id, held_on, starts_at, ends_at, is_practice, hours)
                select @id, @from::date + d, s.starts_at::time, s.ends_at::time, true, 1
                from generate_series(0, @days - 1) d cross join unnest(@starts, @ends) as s (starts_at, ends_at) order by d, s.starts_at
                """, new { id = ids[i], from = _firstDay.AddDays(first), days, starts = DeskCalendar.SessionsOf(i).Select(one => one.From).ToArray(), ends = DeskCalendar.SessionsOf(i).Select(one => one.To).ToArray() });
        }
        return ids;
    }

    /// <summary>At work, with a token that outlasts the history: pairing and logging in are tested elsewhere.</summary>
    public async Task<TestTerminal> AddTerminalAsync(int institution)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var name = $"桌{Interlocked.Increment(ref _terminals)}";
        await using var connection = await server.Database.OpenConnectionAsync();
        var id = await connection.ExecuteScalarAsync<int>("""
            with made as (
                insert into terminal (region, institution_id, name, public_key, fingerprint, status, paired_at, confirmed_by, confirmed_at)
                values (@Region, @institution, @name, @key, 'test', 2, @Began, @by, @Began) returning id)
            insert into terminal_place (terminal_id, institution_id, from_at, by_account, reason) select id, @institution, @Began, @by, '' from made returning terminal_id
            """, new { DemoCounty.Region, institution, name, key = key.ExportSubjectPublicKeyInfo(), Began, by = clerk.Account });
        var client = new HttpClient(_line, disposeHandler: false) { BaseAddress = server.Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", TokenOf(id));
        return new TestTerminal(client, new TerminalId(id), key, server.Clock) { Name = name };
    }

    private string TokenOf(int terminal)
    {
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, $"{terminal}")], AccountSchemes.Terminal);
        var ticket = new AuthenticationTicket(new ClaimsPrincipal(identity), new AuthenticationProperties { ExpiresUtc = Began.AddDays(30) }, $"{AccountSchemes.Terminal}:AccessToken");
        return server.Get<IOptionsMonitor<BearerTokenOptions>>().Get(AccountSchemes.Terminal).BearerTokenProtector.Protect(ticket);
    }

    public void Dispose() => _line.Dispose();
}
