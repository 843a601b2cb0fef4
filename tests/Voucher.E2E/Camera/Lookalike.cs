namespace Voucher.E2E.Camera;

/// <summary>
/// What looks like a voucher on a phone, with finder patterns, timing and modules as many as a real one's, and says nothing:
/// it costs a reader all that a voucher costs, and needs no county that issues one.
/// </summary>
public static class Lookalike
{
    private const string Draw = """
        ({ size, module }) => {
          const canvas = document.querySelector('canvas');
          canvas.width = canvas.height = size * module;
          const context = canvas.getContext('2d');
          const isFinder = (x, y) => [Math.abs(x - 3), Math.abs(y - 3)].every(d => d <= 3) && Math.max(Math.abs(x - 3), Math.abs(y - 3)) !== 2;
          let noise = 1;
          const isDark = (x, y) => {
            noise = (noise * 48271) % 2147483647;
            const [u, v] = [x < 8 ? x : x - size + 7, y < 8 ? y : y - size + 7];
            if ((x < 8 || x >= size - 8) && (y < 8 || y >= size - 8) && !(x >= 8 && y >= 8)) return isFinder(u, v);
            return x === 6 ? y % 2 === 0 : y === 6 ? x % 2 === 0 : noise % 2 === 0;
          };
          for (let y = 0; y < size; y++) for (let x = 0; x < size; x++) if (isDark(x, y)) context.fillRect(x * module, y * module, module, module);
        }
        """;

    /// <summary>A phone's whole screen, PNG.</summary>
    public static async Task<byte[]> OnPhoneAsync(IBrowser browser)
    {
        var page = await browser.NewPageAsync(new() { ViewportSize = Browsers.Visitor.Phone });
        await page.SetContentAsync("<body style='margin:0;display:grid;place-items:center;height:100vh;background:white'><canvas></canvas></body>");
        await page.EvaluateAsync(Draw, new { size = 37, module = 8 });
        var screen = await page.ScreenshotAsync();
        await page.CloseAsync();
        return screen;
    }
}
