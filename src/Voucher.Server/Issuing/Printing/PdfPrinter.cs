using System.Diagnostics;
using System.Text;

namespace Voucher.Server.Issuing.Printing;

/// <summary>
/// Turns a page into a PDF with a headless Chromium: few at a time, each with a time limit after which it and all its children
/// are ended. The page goes by a private file, so no personal data is in an address, and no port needs to be reachable.
/// </summary>
public sealed class PdfPrinter(ServerSettings settings) : IDisposable
{
    /// <summary>A file takes some seconds; beyond this the browser hangs.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>What of the browser's complaints is kept for the log.</summary>
    private const int LongestComplaint = 2_000;

    /// <summary>Each browser keeps one core busy and takes half a gigabyte; scans must find the rest of the machine free.</summary>
    public const int MostAtOnce = 2;

    public static readonly int AtOnce = Math.Min(MostAtOnce, Environment.ProcessorCount);

    private readonly SemaphoreSlim _free = new(AtOnce);

    /// <returns>The PDF; some megabytes for the largest file.</returns>
    /// <exception cref="InvalidOperationException">The browser made no PDF.</exception>
    public async Task<byte[]> PrintAsync(string html, CancellationToken cancel)
    {
        await _free.WaitAsync(cancel);
        // Readable by this user only; removed with the page and the browser's profile in it.
        var work = Directory.CreateTempSubdirectory("voucher-print-").FullName;
        try
        {
            var page = Path.Combine(work, "page.html");
            var pdf = Path.Combine(work, "page.pdf");
            await File.WriteAllTextAsync(page, html, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), cancel);
            await RunAsync(work, page, pdf, cancel);
            return await File.ReadAllBytesAsync(pdf, cancel);
        }
        finally
        {
            Directory.Delete(work, recursive: true);
            _free.Release();
        }
    }

    private async Task RunAsync(string work, string page, string pdf, CancellationToken cancel)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limited.CancelAfter(Limit);
        using var browser = Process.Start(Command(work, page, pdf)) ?? throw new InvalidOperationException("The browser did not start.");
        var complaints = browser.StandardError.ReadToEndAsync(CancellationToken.None);
        var output = browser.StandardOutput.ReadToEndAsync(CancellationToken.None);
        try
        {
            await browser.WaitForExitAsync(limited.Token);
        }
        finally
        {
            if (!browser.HasExited)
            {
                browser.Kill(entireProcessTree: true);
                await browser.WaitForExitAsync(CancellationToken.None);
            }
        }
        await output;
        var said = await complaints;
        if (browser.ExitCode != 0 || !File.Exists(pdf))
            throw new InvalidOperationException($"The browser made no PDF (exit code {browser.ExitCode}): {said[..Math.Min(said.Length, LongestComplaint)]}");
    }

    private ProcessStartInfo Command(string work, string page, string pdf) => new(settings.Chromium!)
    {
        UseShellExecute = false,
        RedirectStandardError = true,
        RedirectStandardOutput = true,
        ArgumentList =
        {
            "--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
            "--disable-sync", "--disable-extensions", "--disable-dev-shm-usage",
            // The page is our own, and its content policy allows neither script nor anything from elsewhere; the sandbox
            // needs rights that containers and service users lack.
            "--no-sandbox",
            $"--user-data-dir={Path.Combine(work, "profile")}",
            // The structure tree is for reading aloud on a screen; on pages meant for paper it more than doubles size and time.
            "--disable-pdf-tagging",
            "--no-pdf-header-footer", $"--print-to-pdf={pdf}", new Uri(page).AbsoluteUri,
        },
    };

    public void Dispose() => _free.Dispose();
}
