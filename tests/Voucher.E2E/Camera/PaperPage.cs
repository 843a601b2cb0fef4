using System.Diagnostics;
using System.Globalization;

namespace Voucher.E2E.Camera;

/// <summary>A page of a PDF as the printer puts it on paper, by poppler.</summary>
public static class PaperPage
{
    /// <summary>A plain office printer, seen by a webcam that is not better.</summary>
    private const int DotsPerInch = 200;

    public static async Task<byte[]> RenderAsync(string pdf, int page)
    {
        var number = page.ToString(CultureInfo.InvariantCulture);
        var target = Path.Combine(Path.GetDirectoryName(pdf)!, $"{Path.GetFileNameWithoutExtension(pdf)}-page{number}");
        var resolution = DotsPerInch.ToString(CultureInfo.InvariantCulture);
        await RunAsync("pdftoppm", "-jpeg", "-r", resolution, "-f", number, "-l", number, "-singlefile", pdf, target);
        return await File.ReadAllBytesAsync($"{target}.jpg");
    }

    /// <summary>What can be read on the page, in the order of the page.</summary>
    public static Task<string> ReadAsync(string pdf, int page)
    {
        var number = page.ToString(CultureInfo.InvariantCulture);
        return RunAsync("pdftotext", "-layout", "-f", number, "-l", number, pdf, "-");
    }

    /// <summary>What can be read on each page of the file.</summary>
    public static async Task<IReadOnlyList<string>> ReadAllAsync(string pdf) =>
        (await RunAsync("pdftotext", "-layout", pdf, "-")).Split('\f', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>A part of the rendered page.</summary>
    /// <param name="millimetres">From the page's upper left corner.</param>
    public static Clip Part(Clip millimetres)
    {
        static float Dots(float millimetres) => millimetres / 25.4f * DotsPerInch;
        return new Clip { X = Dots(millimetres.X), Y = Dots(millimetres.Y), Width = Dots(millimetres.Width), Height = Dots(millimetres.Height) };
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(Requires.Program(program), arguments)
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var said = process.StandardOutput.ReadToEndAsync();
        var complaint = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, complaint);
        return await said;
    }
}
