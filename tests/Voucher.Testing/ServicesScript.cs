using System.Diagnostics;

namespace Voucher.Testing;

/// <summary>Starts throwaway services by <c>scripts/services</c>, which knows how on every machine.</summary>
internal static class ServicesScript
{
    /// <summary>A first start may have to install PostgreSQL.</summary>
    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(10);

    /// <summary>How long a process that starts waits for the removal that the last one has left behind.</summary>
    private static readonly TimeSpan LongestRemoval = TimeSpan.FromMinutes(2);

    private static readonly string Folder = RepositoryRoot.PathTo(".local", "test-services");

    /// <summary>
    /// Open for reading as long as this process lives: a shared lock, which the kernel lets go however the process ends.
    /// The script removes the services as soon as nobody holds one; several test processes at once share them.
    /// </summary>
    private static FileStream? _lock;

    public static async Task<ServiceAddresses> StartAsync()
    {
        var users = Folder + ".users";
        _lock = await LockAsync(users);
        await RunAsync("start", "--throwaway", "--while-locked", users);
        var lines = await RunAsync("env");
        return new ServiceAddresses(Value(lines, "VOUCHER_POSTGRES="), Value(lines, "VOUCHER_REDIS="));
    }

    private static async Task<FileStream> LockAsync(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await using (File.Open(path, FileMode.OpenOrCreate, FileAccess.Read, FileShare.ReadWrite)) { }
        using var end = new CancellationTokenSource(LongestRemoval);
        while (true)
        {
            try
            {
                return File.Open(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            }
            catch (IOException) when (!end.IsCancellationRequested)
            {
                // The removal holds the lock alone until it is done.
                await Task.Delay(50, CancellationToken.None);
            }
        }
    }

    private static string Value(string lines, string name) =>
        lines.Split('\n').FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?[name.Length..] ?? "";

    private static async Task<string> RunAsync(string action, params string[] options)
    {
        var start = new ProcessStartInfo(RepositoryRoot.PathTo("scripts", "services"), [action, "--dir", Folder, .. options])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Tests must never land in the database of a county that the caller's shell happens to name.
        start.Environment.Remove("VOUCHER_POSTGRES");
        start.Environment.Remove("VOUCHER_REDIS");
        try
        {
            using var process = Process.Start(start)!;
            using var end = new CancellationTokenSource(LongestStart);
            var said = process.StandardOutput.ReadToEndAsync(end.Token);
            var complained = process.StandardError.ReadToEndAsync(end.Token);
            await process.WaitForExitAsync(end.Token);
            return process.ExitCode == 0 ? await said : throw new ServicesNotHereException($"scripts/services {action}: {await complained}");
        }
        catch (Exception fault) when (fault is System.ComponentModel.Win32Exception or OperationCanceledException)
        {
            throw new ServicesNotHereException($"scripts/services {action} could not be run: {fault.Message}", fault);
        }
    }
}
