using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Voucher.Faults.Checking;
using Voucher.Faults.Terminals;

namespace Voucher.Faults.County;

/// <summary>An institution of the county, with its terminals.</summary>
/// <param name="Manager">Its log-in.</param>
public sealed record Institution(int Id, string Manager, IReadOnlyList<SimulatedTerminal> Terminals);

/// <summary>A class of one round, under way now.</summary>
public sealed record OpenClass(long Id, Institution Institution, int Capacity);

/// <summary>Vouchers in their holders' hands, two institutions with paired terminals, and a new class of each for every round.</summary>
public sealed class CountyAtWork : IDisposable
{
    private const int Programme = 1001;
    private const int TerminalsEach = 4;
    private static readonly TimeSpan LongestIssue = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan MostDrift = TimeSpan.FromDays(3);

    private readonly World _world;
    private readonly History _history;
    private readonly Findings _findings;
    private readonly TimeProvider _clock;
    private int _taken;

    private CountyAtWork(World world, History history, Findings findings, TimeProvider clock)
    {
        (_world, _history, _findings, _clock) = (world, history, findings, clock);
        Office = new Office(world.Servers[0].Address);
    }

    public Office Office { get; }
    public IReadOnlyList<PaperVoucher> Papers { get; private set; } = [];
    public IReadOnlyList<Institution> Institutions { get; private set; } = [];
    public IEnumerable<SimulatedTerminal> Terminals => Institutions.SelectMany(institution => institution.Terminals);

    public static async Task<CountyAtWork> OpenAsync(World world, History history, Findings findings, TimeProvider clock)
    {
        var county = new CountyAtWork(world, history, findings, clock);
        await county.IssueAsync();
        var ids = (await county.Office.GetAsync("clerk", "/api/institutions")).EnumerateArray().Select(one => one.GetProperty("id").GetInt32()).Order().Take(2).ToList();
        county.Institutions = [await county.PairAllAsync(ids[0], "manager"), await county.PairAllAsync(ids[1], "manager2")];
        return county;
    }

    /// <summary>Vouchers that nobody has shown yet.</summary>
    public IReadOnlyList<PaperVoucher> Take(int count)
    {
        if (_taken + count > Papers.Count) throw new InvalidOperationException("No vouchers are left.");
        _taken += count;
        return [.. Papers.Skip(_taken - count).Take(count)];
    }

    /// <summary>Approved, and its only session under way.</summary>
    public async Task<OpenClass> OpenClassAsync(Institution institution, int capacity, string name)
    {
        await WaitOutMidnightAsync();
        var now = CountyTime.ToLocal(_clock.GetUtcNow());
        var day = now.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        // A teaching hour takes forty minutes; the day's last session begins earlier instead of ending later.
        var start = TimeOnly.FromTimeSpan(TimeSpan.FromMinutes(Math.Clamp(Math.Floor(now.TimeOfDay.TotalMinutes) - 45, 0, 23 * 60)));
        var end = TimeOnly.FromTimeSpan(TimeSpan.FromMinutes(Math.Min(start.ToTimeSpan().TotalMinutes + 180, 24 * 60 - 1)));
        var saved = await Office.PostAsync(institution.Manager, "/api/classes", new
        {
            programmeCode = Programme, name, site = "一号教室", startsOn = day, endsOn = day, capacity,
            sessions = new[] { new { heldOn = day, startsAt = TextOf(start), endsAt = TextOf(end), isPractice = true, hours = 1 } },
        });
        var id = saved.GetProperty("id").GetInt64();
        await Office.PostAsync("approver", $"/api/classes/{id}/approve");
        return new OpenClass(id, institution, capacity);
    }

    public void Dispose()
    {
        Office.Dispose();
        foreach (var terminal in Terminals) terminal.Dispose();
    }

    private static string TextOf(TimeOnly time) => time.ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>Classes end with the county's day, and a round must not see it end.</summary>
    private async Task WaitOutMidnightAsync()
    {
        while (CountyTime.ToLocal(_clock.GetUtcNow()).TimeOfDay > TimeSpan.FromHours(24) - TimeSpan.FromMinutes(3))
            await Task.Delay(TimeSpan.FromSeconds(1), CancellationToken.None);
    }

    private async Task IssueAsync()
    {
        var line = (await Office.GetAsync("clerk", "/api/budget-lines")).EnumerateArray().First().GetProperty("id").GetInt32();
        var batch = (await Office.PostAsync("clerk", "/api/batches", new
        {
            name = "faults", kind = "FaceValue", scope = 0, faceValueFen = 150_000, budgetLineId = line, people = new { everyone = true },
        })).GetProperty("id").GetInt64();
        await Office.PostAsync("approver", $"/api/batches/{batch}/approve");
        await Patience.UntilAsync("the batch is issued", LongestIssue, async () =>
            (await Office.GetAsync("clerk", $"/api/batches/{batch}")).GetProperty("status").GetString() == "Issued");
        Papers = await _world.Store.PapersAsync();
    }

    private async Task<Institution> PairAllAsync(int institution, string manager)
    {
        List<SimulatedTerminal> terminals = [];
        for (var number = 0; number < TerminalsEach; number++) terminals.Add(await PairAsync(institution, number));
        return new Institution(institution, manager, terminals);
    }

    /// <summary>As a real device is paired; its clock is right, three days fast or three days slow, by turns.</summary>
    private async Task<SimulatedTerminal> PairAsync(int institution, int number)
    {
        var code = (await Office.PostAsync("clerk", "/api/terminals/pairing-codes", new { institutionId = institution })).GetProperty("code").GetString()!;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var paired = await Office.PostAsync("/api/terminals/pair", new PairingRequest(code, $"faults-{institution}-{number}", key.ExportSubjectPublicKeyInfo()));
        var id = paired.GetProperty("terminalId").GetInt32();
        await Office.PostAsync("clerk", $"/api/terminals/{id}/confirm");
        var token = await LogInAsync(id, key);
        var doors = _world.Lines.Select(line => new Uri($"http://127.0.0.1:{line.Port}")).ToList();
        var drift = MostDrift * (number % 3 - 1);
        return new SimulatedTerminal(
            id, drift, [.. doors.SelectMany(door => new IWay[] { new RestWay(door, token), new HubWay(door, token) })], _history, _findings, _clock);
    }

    private async Task<string> LogInAsync(int id, ECDsa key)
    {
        var at = _clock.GetUtcNow();
        var signature = key.SignData(
            Encoding.ASCII.GetBytes(TerminalLogin.SignedText(id, at)), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        var answer = await Office.PostAsync("/api/terminals/login", new TerminalLogin(id, at, signature));
        return answer.Deserialize<TerminalLoginAnswer>(JsonSerializerOptions.Web)!.AccessToken ?? throw new InvalidOperationException("A terminal was not let in.");
    }
}
