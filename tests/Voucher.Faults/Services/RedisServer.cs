using System.Net.Sockets;
using System.Text;
using Voucher.Faults.Processes;

namespace Voucher.Faults.Services;

/// <summary>One Redis of this run alone.</summary>
public sealed class RedisServer(RunSettings settings, string name) : IDisposable
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(20);
    private OwnProcess? _process;

    public int Port { get; } = FreePort.Find();

    public bool Runs => _process is { HasEnded: false };

    private string Folder => settings.PathTo(name);

    /// <param name="primary">Port of the one it copies; <c>null</c>: it copies none.</param>
    public async Task StartAsync(int? primary = null)
    {
        if (!Runs)
        {
            Directory.CreateDirectory(Folder);
            var port = Port.ToString(CultureInfo.InvariantCulture);
            string[] replica = primary is { } other ? ["--replicaof", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1 {other}")] : [];
            _process?.Dispose();
            _process = OwnProcess.Start(settings, settings.PathTo($"{name}.log"),
                [settings.RedisProgram, "--port", port, "--bind", "127.0.0.1", "--dir", Folder, "--save", "", "--appendonly", "yes", "--repl-diskless-sync-delay", "0", .. replica]);
        }
        await Patience.UntilAsync("Redis answers", LongestStart, async () => await TrySayAsync("PING") == "+PONG");
    }

    public Task KillAsync() => _process?.KillAsync() ?? Task.CompletedTask;

    /// <summary>Kills it and takes away what it had written.</summary>
    public async Task LoseAsync()
    {
        await KillAsync();
        if (Directory.Exists(Folder)) Directory.Delete(Folder, recursive: true);
    }

    public void Pause() => _process?.Send(Signal.Stop);

    public void Resume() => _process?.Send(Signal.Continue);

    /// <summary>Says one line of Redis's own language.</summary>
    /// <returns>The first line of the answer; <c>null</c> when there is none.</returns>
    public async Task<string?> TrySayAsync(string line)
    {
        try
        {
            using var client = new TcpClient();
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            await client.ConnectAsync("127.0.0.1", Port, limit.Token);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), limit.Token);
            using var reader = new StreamReader(client.GetStream());
            return await reader.ReadLineAsync(limit.Token);
        }
        catch (Exception away) when (away is SocketException or IOException or OperationCanceledException)
        {
            return null;
        }
    }

    public void Dispose() => _process?.Dispose();
}
