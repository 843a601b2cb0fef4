using System.Collections.Concurrent;
using System.Diagnostics;

namespace Voucher.Faults.Processes;

/// <summary>
/// A program that this run has started. The kernel ends it when this run ends, however that happens: by Ctrl-C, by a fault,
/// by <c>kill -9</c>.
/// </summary>
public sealed class OwnProcess : IDisposable
{
    /// <summary>
    /// The kernel ties a child to the thread that started it, not to the process: so one thread that lives as long as the
    /// run starts them all.
    /// </summary>
    private static readonly BlockingCollection<Action> Starts = StartThread();

    private readonly Process _process;

    private OwnProcess(Process process, string log) => (_process, Log) = (process, log);

    public int Id => _process.Id;
    public string Log { get; }
    public bool HasEnded => _process.HasExited;
    public int ExitCode => _process.ExitCode;

    /// <param name="asService">As the account of the services, for programs that refuse to run as root.</param>
    /// <param name="log">What it says is appended to this file.</param>
    public static OwnProcess Start(
        RunSettings settings, string log, IReadOnlyList<string> command, IReadOnlyDictionary<string, string>? environment = null, bool asService = false)
    {
        List<string> arguments = ["--pdeathsig", "KILL"];
        if (asService && settings.ServiceAccount is var (user, group))
            arguments.AddRange([string.Create(CultureInfo.InvariantCulture, $"--reuid={user}"), string.Create(CultureInfo.InvariantCulture, $"--regid={group}"), "--clear-groups"]);
        var start = new ProcessStartInfo("setpriv", [.. arguments, "--", .. command])
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            WorkingDirectory = settings.Folder,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal)) start.Environment[name] = value;
        var process = new Process { StartInfo = start };
        var output = new LogFile(log);
        process.OutputDataReceived += (_, line) => output.Write(line.Data);
        process.ErrorDataReceived += (_, line) => output.Write(line.Data);
        OnTheThread(() => process.Start());
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new OwnProcess(process, log);
    }

    /// <summary>Runs a command to its end, which must be a good one.</summary>
    public static async Task RunAsync(
        RunSettings settings, string log, IReadOnlyList<string> command, IReadOnlyDictionary<string, string>? environment = null, bool asService = false)
    {
        using var process = Start(settings, log, command, environment, asService);
        await process.EndAsync(TimeSpan.FromMinutes(3));
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{string.Join(' ', command.Take(4))} ended with {process.ExitCode}; its log is {log}:\n{Tail(log)}");
    }

    public static string Tail(string log) => File.Exists(log) ? string.Join('\n', File.ReadLines(log).TakeLast(20)) : "";

    public void Send(Signal signal)
    {
        if (!_process.HasExited) Signals.Send(_process.Id, signal);
    }

    public async Task KillAsync()
    {
        Send(Signal.Kill);
        await EndAsync(TimeSpan.FromSeconds(30));
    }

    /// <exception cref="TimeoutException">It goes on running.</exception>
    public Task EndAsync(TimeSpan within) => _process.WaitForExitAsync().WaitAsync(within);

    public void Dispose()
    {
        Send(Signal.Kill);
        _process.Dispose();
    }

    private static void OnTheThread(Action start)
    {
        var done = new TaskCompletionSource();
        Starts.Add(() =>
        {
            try
            {
                start();
                done.SetResult();
            }
            catch (Exception fault)
            {
                done.SetException(fault);
            }
        });
        done.Task.GetAwaiter().GetResult();
    }

    private static BlockingCollection<Action> StartThread()
    {
        var starts = new BlockingCollection<Action>();
        new Thread(() =>
        {
            foreach (var start in starts.GetConsumingEnumerable()) start();
        }) { IsBackground = true, Name = "starts processes" }.Start();
        return starts;
    }

    private sealed class LogFile(string path)
    {
        private readonly Lock _turn = new();

        public void Write(string? line)
        {
            if (line is null) return;
            lock (_turn) File.AppendAllText(path, line + "\n");
        }
    }
}
