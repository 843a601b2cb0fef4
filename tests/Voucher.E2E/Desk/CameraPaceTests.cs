using System.Globalization;
using Voucher.E2E.Browsers;
using Voucher.E2E.Camera;
using Voucher.E2E.Pages;
using Voucher.E2E.Screen;

namespace Voucher.E2E.Desk;

/// <summary>How fast the desk's camera is looked at, and that the page does not stand still meanwhile.</summary>
/// <remarks>Alone in its process, and without a county: beside other browsers the pace would be theirs as well.</remarks>
[CollectionDefinition(nameof(CameraPaceTests), DisableParallelization = true)]
[Collection(nameof(CameraPaceTests))]
public sealed class CameraPaceTests(ITestOutputHelper output)
{
    private const int CameraPace = 30;
    private const double LeastPace = 15;
    private const double LongestStallMs = 200;

    /// <summary>A page that has just come up is slower, and a machine may be busy with something else for a while.</summary>
    private const int MostWindows = 20;

    private static readonly TimeSpan MovesEvery = TimeSpan.FromMilliseconds(100);

    [Fact]
    public async Task Fifteen_frames_a_second_are_examined_and_the_page_stays_responsive_while_nothing_can_be_read()
    {
        var folder = Directory.CreateTempSubdirectory("voucher-camera-");
        try
        {
            await ExpectPaceAsync(folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task ExpectPaceAsync(string folder)
    {
        await using var browsers = await BrowserShelf.OpenAsync();
        var office = await browsers.OfficeAsync();
        var photographs = new PhotoDesk(office);
        var pictures = await NeverReadAsync(photographs, await Lookalike.OnPhoneAsync(office));
        using var camera = new FakeCamera(folder, await photographs.EmptyAsync(), CameraPace);
        await office.CloseAsync();
        await using var agent = await FakeAgent.StartAsync();
        await using var visitor = await Visitor.ArriveAsync(await browsers.KioskAsync(camera), agent.Address);
        await visitor.Page.GotoAsync("/");
        await new KioskPage(visitor.Page).ExpectCameraAsync();

        using var enough = new CancellationTokenSource();
        var moving = MoveAsync(camera, pictures, enough.Token);
        var windows = await MeasureUntilGoodAsync(visitor.Page);
        await enough.CancelAsync();
        await moving;
        Assert.True(windows[^1].IsGood, string.Join("; ", windows));
        Assert.Equal("0", await visitor.Page.Locator("#camera").GetAttributeAsync("data-in-view"));
        visitor.AssertQuiet();
    }

    /// <summary>Too far out of focus for anybody, and never still when they take turns: every frame costs all that a frame may cost.</summary>
    private static async Task<CameraPicture[]> NeverReadAsync(PhotoDesk photographs, byte[] screen) =>
    [
        await photographs.OfAsync(screen, PhotoDesk.Around(PhoneScreen, 1.6f), blur: 9),
        await photographs.OfAsync(screen, PhotoDesk.Around(PhoneScreen, 1.4f), degrees: 12, blur: 9),
    ];

    private static readonly Clip PhoneScreen = new() { Width = Visitor.Phone.Width, Height = Visitor.Phone.Height };

    /// <summary>Ends with the first window in which pace and stall are good at once.</summary>
    private async Task<IReadOnlyList<Window>> MeasureUntilGoodAsync(IPage desk)
    {
        var windows = new List<Window>();
        while (windows.Count < MostWindows && windows is not [.., { IsGood: true }])
        {
            windows.Add(await MeasureAsync(desk));
            output.WriteLine($"{windows[^1]}");
        }
        return windows;
    }

    private static async Task MoveAsync(FakeCamera camera, CameraPicture[] pictures, CancellationToken enough)
    {
        for (var i = 0; !enough.IsCancellationRequested; i++)
        {
            camera.Show(pictures[i % pictures.Length]);
            await Task.Delay(MovesEvery, TimeProvider.System, enough).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Frames examined a second, and the longest task of the page's own thread, over three seconds.</summary>
    private static async Task<Window> MeasureAsync(IPage desk)
    {
        var figures = await desk.EvaluateAsync<double[]>("""
            async () => {
              const examined = () => Number(document.getElementById('camera').dataset.examined ?? 0);
              let longest = 0;
              const observer = new PerformanceObserver(list => { for (const entry of list.getEntries()) longest = Math.max(longest, entry.duration); });
              observer.observe({ type: 'longtask' });
              const [from, began] = [examined(), performance.now()];
              await new Promise(done => setTimeout(done, 3000));
              const pace = (examined() - from) / (performance.now() - began) * 1000;
              observer.disconnect();
              return [pace, longest];
            }
            """);
        return new Window(figures[0], figures[1]);
    }

    private sealed record Window(double Pace, double StallMs)
    {
        public bool IsGood => Pace >= LeastPace && StallMs <= LongestStallMs;

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Pace:F1} frames a second, longest stall of the page {StallMs:F0} ms");
    }
}
