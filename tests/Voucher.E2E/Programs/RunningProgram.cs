using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Voucher.E2E.Programs;

/// <summary>One of our programs as a process of its own; its whole tree ends with it.</summary>
public sealed class RunningProgram : IAsyncDisposable
{
    private const int KeptLines = 400;
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestRun = TimeSpan.FromMinutes(2);

    /// <summary>Service managers kill after 90 s; an open page must not hold up the end for so long.</summary>
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _said = new();

    private RunningProgram(Process process) => _process = process;

    /// <summary>What it has written, the last lines only; for the message of a test that fails.</summary>
    public string Said => string.Join('\n', _said);

    /// <param name="path">A built program, <c>….dll</c>.</param>
    public static RunningProgram Start(string path, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("dotnet", [path, .. arguments])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var program = new RunningProgram(new Process { StartInfo = start });
        program._process.OutputDataReceived += (_, line) => program.Keep(line.Data);
        program._process.ErrorDataReceived += (_, line) => program.Keep(line.Data);
        program._process.Start();
        program._process.BeginOutputReadLine();
        program._process.BeginErrorReadLine();
        return program;
    }

    /// <summary>Runs it to its end.</summary>
    /// <returns>Its exit code, and what it wrote.</returns>
    public static async Task<(int ExitCode, string Said)> RunAsync(
        string path, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        await using var program = Start(path, arguments, environment);
        await program._process.WaitForExitAsync().WaitAsync(LongestRun);
        return (program._process.ExitCode, program.Said);
    }

    /// <summary>Until the page answers with success.</summary>
    public async Task WaitForAsync(Uri page)
    {
        using var http = new HttpClient();
        using var end = new CancellationTokenSource(LongestStart);
        while (true)
        {
            if (_process.HasExited) Assert.Fail($"The program ended with {_process.ExitCode} before {page} answered:\n{Said}");
            if (end.IsCancellationRequested) Assert.Fail($"{page} does not answer:\n{Said}");
            try
            {
                using var answer = await http.GetAsync(page, end.Token);
                if (answer.IsSuccessStatusCode) return;
            }
            catch (Exception fault) when (fault is HttpRequestException or OperationCanceledException)
            {
                // Not up yet.
            }
            await Task.Delay(100);
        }
    }

    /// <summary>As an operator or the system does at a restart; it has to end by itself, and without a fault.</summary>
    public async Task StopAsync()
    {
        await SignalAsync("TERM");
        using var patience = new CancellationTokenSource(LongestEnd);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"The program does not end within {LongestEnd}:\n{Said}");
        }
        Assert.True(_process.ExitCode == 0, $"The program ended with {_process.ExitCode}:\n{Said}");
    }

    /// <summary>It hangs: nothing of it runs until it is thawed.</summary>
    public Task FreezeAsync() => SignalAsync("STOP");

    public Task ThawAsync() => SignalAsync("CONT");

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("sh", ["-c", string.Create(CultureInfo.InvariantCulture, $"kill -{signal} {_process.Id}")]);
        await kill.WaitForExitAsync();
    }

    /// <summary>As a power cut would.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        _said.Enqueue(line);
        while (_said.Count > KeptLines && _said.TryDequeue(out _)) { }
    }
}
