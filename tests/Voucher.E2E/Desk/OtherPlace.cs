using System.Globalization;
using System.Text.Json;
using Voucher.Core;
using Voucher.E2E.County;
using Voucher.E2E.Programs;

namespace Voucher.E2E.Desk;

/// <summary>A second institution with a class at the same time, and its terminal behind a cable of its own.</summary>
internal sealed class OtherPlace : IAsyncDisposable
{
    public const string ClassName = "烹饪第1期";

    private const int Cook = 1001;
    private const string Manager = "manager2";

    private readonly RunningProgram _program;

    private OtherPlace(RunningProgram program, Uri kiosk, Cable cable) => (_program, Kiosk, Cable) = (program, kiosk, cable);

    public Uri Kiosk { get; }

    public Cable Cable { get; }

    public static async Task<OtherPlace> OpenAsync(CountyAtWork county)
    {
        await OpenClassAsync(county.Api);
        var cable = new Cable(county.Programs.Portal);
        var (program, kiosk) = await county.Programs.StartFurtherTerminalAsync("other-place", cable.Address);
        var place = new OtherPlace(program, kiosk, cable);
        await place.PairAsync(county);
        return place;
    }

    public async ValueTask DisposeAsync()
    {
        await _program.DisposeAsync();
        Cable.Dispose();
    }

    private static async Task OpenClassAsync(CountyApi api)
    {
        // Without waiting for another day: the county's own class is today's, and lasts as long as its tests.
        var now = SessionNow.At(CountyTime.ToLocal(TimeProvider.System.GetUtcNow()));
        var day = now.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var session = new { heldOn = day, startsAt = TextOf(now.StartsAt), endsAt = TextOf(now.EndsAt), isPractice = true, hours = 1 };
        var opened = await api.PostAsync(Manager, "/api/classes", new
        {
            programmeCode = Cook, name = ClassName, site = "二楼灶间", startsOn = day, endsOn = day, capacity = 20, sessions = new[] { session },
        });
        await api.PostAsync("approver", $"/api/classes/{IdOf(opened)}/approve");
    }

    private async Task PairAsync(CountyAtWork county)
    {
        var institution = (await county.Api.GetAsync(Manager, "/api/institutions")).EnumerateArray().Select(IdOf).First();
        var code = (await county.Api.PostAsync("clerk", "/api/terminals/pairing-codes", new { institutionId = institution })).GetProperty("code").GetString();
        var paired = await county.AskTerminalAsync("/local/pair", new { server = Cable.Address, code, name = "灶间窗口" }, Kiosk);
        await county.Api.PostAsync("clerk", $"/api/terminals/{paired.GetProperty("terminalId").GetInt32()}/confirm");
        await county.UntilAtWorkAsync(Kiosk);
    }

    private static long IdOf(JsonElement answer) => answer.GetProperty("id").GetInt64();

    private static string TextOf(TimeOnly time) => time.ToString("HH:mm:ss", CultureInfo.InvariantCulture);
}
