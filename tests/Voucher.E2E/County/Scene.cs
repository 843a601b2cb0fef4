using Voucher.E2E.Browsers;
using Voucher.E2E.Pages;

namespace Voucher.E2E.County;

/// <summary>
/// One small test's part of the day: who is at a screen. Their pages are closed at its end; what they saw is kept when it
/// fails, and so is what the programs said.
/// </summary>
public sealed class Scene
{
    private readonly CountyAtWork _county;
    private readonly List<Visitor> _visitors = [];

    private Scene(CountyAtWork county, string name) => (_county, Album) = (county, new Album(name));

    public Album Album { get; }

    /// <param name="name">Folder of the scene's pictures.</param>
    public static async Task PlayAsync(CountyAtWork county, string name, Func<Scene, Task> play)
    {
        var scene = new Scene(county, name);
        try
        {
            await play(scene);
            foreach (var visitor in scene._visitors) visitor.AssertQuiet();
        }
        catch
        {
            await scene.Album.KeepFailureAsync(scene._visitors, county.Programs.Logs);
            throw;
        }
        finally
        {
            foreach (var visitor in scene._visitors) await visitor.DisposeAsync();
        }
    }

    /// <summary>Somebody who has logged in at an office PC.</summary>
    public async Task<IPage> LogInAsync(string login) =>
        Add(await Portal.LogInAsync(await _county.OfficeAsync(), _county.Programs, login));

    /// <summary>Somebody at the portal who has not logged in.</summary>
    public async Task<IPage> ArriveAsync(ViewportSize? size = null) =>
        Add(await Visitor.ArriveAsync(await _county.OfficeAsync(), _county.Programs.Portal, size));

    /// <summary>The front desk, ready to work.</summary>
    /// <param name="browser">One with a camera; without it the desk has none.</param>
    /// <param name="address">Of a further terminal.</param>
    /// <param name="className">Of a class of its institution.</param>
    public async Task<(IPage Page, KioskPage Kiosk)> OpenDeskAsync(IBrowser? browser = null, Uri? address = null, string className = CountyAtWork.ClassName)
    {
        var page = Add(await Visitor.ArriveAsync(browser ?? await _county.KioskAsync(), address ?? _county.Programs.Kiosk));
        var kiosk = new KioskPage(page);
        await page.GotoAsync("/");
        await kiosk.WaitForWorkAsync();
        await kiosk.ExpectClassAsync(className);
        return (page, kiosk);
    }

    /// <summary>Leaves out what the pages had to complain about while a program was stopped.</summary>
    public void ForgetComplaints() => _visitors.ForEach(visitor => visitor.ForgetComplaints());

    private IPage Add(Visitor visitor)
    {
        _visitors.Add(visitor);
        return visitor.Page;
    }
}
