using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Voucher.Core.People;
using Voucher.E2E.Browsers;
using Voucher.E2E.Register;

namespace Voucher.E2E.County;

/// <summary>
/// A county in the middle of a working day: people registered, vouchers handed out, a class whose session is under way,
/// a paired terminal. All of it is made over HTTP, once for all the small tests, which run one after the other and take a
/// voucher of their own each.
/// </summary>
[CollectionDefinition(nameof(CountyAtWork))]
public sealed class CountyAtWork : IAsyncLifetime, ICollectionFixture<CountyAtWork>
{
    public const string ClassName = "电工第1期";
    public const string BatchName = "电工培训批次";
    public const string List = "锁南镇电工名单";
    public const string Terminal = "前台2号";

    /// <summary>Of people who are registered and have no voucher: for a test that drafts a batch itself.</summary>
    public const string OtherList = "锁南镇待审名单";

    private const string Township = "锁南镇";
    private const int People = 40;
    private const int Electrician = 1008;
    private const int Enrol = 1;
    private const int CheckIn = 2;
    private const int CheckOut = 3;
    private const int Complete = 4;

    private readonly CountyUnderTest _county = new();
    private readonly HttpClient _terminal = new();
    private readonly Queue<PaperVoucher> _vouchers = new();
    private readonly IReadOnlyList<Villager> _villagers = Villager.Of(Township, People + 2);
    private BrowserShelf? _browsers;
    private IBrowser? _office;
    private IBrowser? _kiosk;

    public CountyUnderTest Programs => _county;

    public CountyApi Api { get; private set; } = null!;

    public BrowserShelf Browsers => _browsers!;

    public long Class { get; private set; }

    public long Batch { get; private set; }

    /// <summary>Registered, and the holder of no voucher that a test takes.</summary>
    public Villager SomebodyElse => _villagers[^1];

    public async ValueTask InitializeAsync()
    {
        await _county.InitializeAsync();
        _browsers = await BrowserShelf.OpenAsync();
        Api = new CountyApi(_county.Portal);
        await RegisterAsync();
        await IssueAsync();
        await OpenClassAsync();
        await PairAsync(_county.Kiosk, _county.Portal, Terminal);
    }

    public async Task<IBrowser> OfficeAsync() => _office ??= await Browsers.OfficeAsync();

    /// <summary>Beside the terminal, without a camera.</summary>
    public async Task<IBrowser> KioskAsync() => _kiosk ??= await Browsers.KioskWithoutCameraAsync();

    /// <summary>One that no other test knows.</summary>
    public PaperVoucher TakeVoucher() => _vouchers.Dequeue();

    /// <summary>One whose holder has come to the class.</summary>
    public async Task<PaperVoucher> TakeEnrolledVoucherAsync()
    {
        var voucher = TakeVoucher();
        // After a test that stopped the server, the terminal may still be on its way back to it.
        await UntilAtWorkAsync(_county.Kiosk);
        await ScanAsync(voucher, Enrol);
        return voucher;
    }

    /// <summary>The vouchers go through the class: enrolled, there, passed, checked and completed.</summary>
    public async Task CompleteAsync(IReadOnlyList<PaperVoucher> vouchers)
    {
        foreach (var mode in new[] { Enrol, CheckIn, CheckOut })
            foreach (var voucher in vouchers) await ScanAsync(voucher, mode);
        await Api.PostAsync("manager", $"/api/classes/{Class}/assessments", vouchers.Select(voucher =>
            new { voucherNumber = voucher.Number, theoryScore = 85, practiceScore = 92, passed = true }).ToArray());
        await Api.PostAsync("clerk", $"/api/classes/{Class}/spot-checks", new { present = vouchers.Count, finding = "人数与签到一致", isClean = true });
        foreach (var voucher in vouchers) await ScanAsync(voucher, Complete);
    }

    private async Task ScanAsync(PaperVoucher voucher, int mode)
    {
        var order = new { scanId = Guid.NewGuid(), mode, classId = Class, digits = voucher.Digits, idNumber = mode == Enrol ? voucher.Holder.IdNumber : "" };
        // A server that has just been started may take longer for its first answer than a desk waits: it is asked again for the same scan.
        var verdict = await CountyApi.UntilAsync(() => AskTerminalAsync("/local/scan", order), one => one.GetProperty("outcome").GetString() is "accepted" or "refused");
        Assert.True(verdict.GetProperty("outcome").GetString() == "accepted", $"{verdict}\n{_county.Logs}");
    }

    /// <summary>What has happened to a voucher, from the county's books: Issued, HandedOver, Enrolled …</summary>
    public async Task<IReadOnlyList<string>> HistoryAsync(PaperVoucher voucher)
    {
        var answer = await Api.GetAsync("clerk", $"/api/vouchers/{voucher.Number}");
        return [.. answer.GetProperty("events").EnumerateArray().Select(one => one.GetProperty("kind").GetString()!)];
    }

    /// <param name="line">Of the money; the first budget line unless given.</param>
    /// <returns>The batch's id.</returns>
    public async Task<long> DraftAsync(string name, string list, long? line = null)
    {
        var lines = (await Api.GetAsync("clerk", "/api/budget-lines")).EnumerateArray();
        var lists = (await Api.GetAsync("clerk", "/api/register/lists")).EnumerateArray();
        var batch = await Api.PostAsync("clerk", "/api/batches", new
        {
            name, kind = "FaceValue", scope = 0, faceValueFen = 150_000,
            budgetLineId = line ?? IdOf(lines.First()),
            people = new { lists = new[] { IdOf(lists.Single(one => one.GetProperty("name").GetString() == list)) } },
        });
        return IdOf(batch);
    }

    /// <param name="kiosk">Of a further terminal.</param>
    public async Task<JsonElement> AskTerminalAsync(string path, object? body = null, Uri? kiosk = null)
    {
        var address = new Uri(kiosk ?? _county.Kiosk, path);
        using var response = body is null ? await _terminal.GetAsync(address) : await _terminal.PostAsJsonAsync(address, body);
        return await CountyApi.ReadAsync(response);
    }

    /// <summary>Until the terminal is at work at the institution that gives the class.</summary>
    /// <param name="server">Where the terminal reaches the county.</param>
    public async Task PairAsync(Uri kiosk, Uri server, string name)
    {
        var institution = (await Api.GetAsync("manager", "/api/institutions")).EnumerateArray().Select(IdOf).First();
        var code = (await Api.PostAsync("clerk", "/api/terminals/pairing-codes", new { institutionId = institution })).GetProperty("code").GetString();
        var paired = await AskTerminalAsync("/local/pair", new { server, code, name }, kiosk);
        await Api.PostAsync("clerk", $"/api/terminals/{paired.GetProperty("terminalId").GetInt32()}/confirm");
        await UntilAtWorkAsync(kiosk);
    }

    public Task UntilAtWorkAsync(Uri kiosk) => CountyApi.UntilAsync(() => AskTerminalAsync("/local/state", kiosk: kiosk), IsAtWork);

    public async ValueTask DisposeAsync()
    {
        if (_browsers is not null) await _browsers.DisposeAsync();
        Api?.Dispose();
        _terminal.Dispose();
        await _county.DisposeAsync();
    }

    private static bool IsAtWork(JsonElement state) =>
        state.GetProperty("link") is var link && link.GetProperty("standing").GetString() == "active" && link.GetProperty("online").GetBoolean();

    private static long IdOf(JsonElement answer) => answer.GetProperty("id").GetInt64();

    private static string? StatusOf(JsonElement answer) => answer.GetProperty("status").GetString();

    private async Task RegisterAsync()
    {
        await ImportAsync(List, _villagers.Take(People));
        await ImportAsync(OtherList, _villagers.Skip(People));
    }

    private async Task ImportAsync(string list, IEnumerable<Villager> villagers)
    {
        var lines = villagers.Select(one => $"{one.Name},{one.IdNumber},{one.Phone},{Township}").Prepend("姓名,身份证号码,联系电话,乡镇");
        var import = IdOf(await Api.UploadAsync("clerk", "/api/register/imports", "people.csv", string.Join('\n', lines), ("list", list)));
        var done = await Api.UntilAsync("clerk", $"/api/register/imports/{import}", answer => StatusOf(answer) is not ("Waiting" or "Running"));
        Assert.True(done.GetProperty("bad").GetInt32() == 0, $"{done}");
    }

    private async Task IssueAsync()
    {
        Batch = await DraftAsync(BatchName, List);
        foreach (var voucher in await IssueAsync(Batch)) _vouchers.Enqueue(voucher);
        Assert.Equal(People, _vouchers.Count);
    }

    /// <summary>Approved, written and handed over.</summary>
    public async Task<IReadOnlyList<PaperVoucher>> IssueAsync(long batch)
    {
        await Api.PostAsync("approver", $"/api/batches/{batch}/approve");
        await Api.UntilAsync("clerk", $"/api/batches/{batch}", answer => StatusOf(answer) == "Issued");
        await Api.PostAsync("clerk", $"/api/batches/{batch}/hand-over", new { });
        return [.. (await Api.GetAsync("clerk", $"/api/batches/{batch}/vouchers")).GetProperty("vouchers").EnumerateArray().Select(VoucherOf)];
    }

    private PaperVoucher VoucherOf(JsonElement one)
    {
        string Text(string name) => one.GetProperty(name).GetString()!;
        var holder = _villagers.Single(villager => PersonName.Masked(villager.Name) == Text("holder"));
        return new PaperVoucher(Text("number").Replace(" ", "", StringComparison.Ordinal), Text("digits"), Text("shortCode"), holder);
    }

    private async Task OpenClassAsync()
    {
        var now = await SessionNow.ChooseAsync(TimeProvider.System, SessionNow.ManyTestsTake);
        var day = now.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var session = new { heldOn = day, startsAt = TextOf(now.StartsAt), endsAt = TextOf(now.EndsAt), isPractice = true, hours = 1 };
        Class = IdOf(await Api.PostAsync("manager", "/api/classes", new
        {
            programmeCode = Electrician, name = ClassName, site = "二号教室", startsOn = day, endsOn = day, capacity = 40, sessions = new[] { session },
        }));
        await Api.PostAsync("approver", $"/api/classes/{Class}/approve");
    }

    private static string TextOf(TimeOnly time) => time.ToString("HH:mm:ss", CultureInfo.InvariantCulture);
}
