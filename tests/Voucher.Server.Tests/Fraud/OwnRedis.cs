using System.Diagnostics;
using System.Globalization;
using StackExchange.Redis;
using Voucher.Testing;

namespace Voucher.Server.Tests.Fraud;

/// <summary>A Redis of one test's own, to be stopped, hung and started again from an old file.</summary>
public sealed class OwnRedis : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("voucher-redis-").FullName;
    private readonly string _program;
    private Process? _process;

    public OwnRedis() => _program = Requires.RedisServer(_folder);

    public int Port { get; } = FreePort.Find();

    public string Address => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    /// <summary>Starts it, unless it runs.</summary>
    public async Task StartAsync()
    {
        if (_process is { HasExited: false }) return;
        var order = new ProcessStartInfo(_program) { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var word in new[] { "--port", Port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", _folder, "--save", "", "--appendonly", "no", "--daemonize", "no" })
            order.ArgumentList.Add(word);
        _process = Process.Start(order)!;
        _process.BeginOutputReadLine();
        await DoAsync(database => database.PingAsync());
    }

    /// <summary>Writes the file from which the next start takes up: whatever comes later is lost then.</summary>
    public Task SaveAsync() => DoAsync(database => database.ExecuteAsync("SAVE"));

    public void Kill()
    {
        if (_process is not { HasExited: false }) return;
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>Neither dead nor answering.</summary>
    public Task HangAsync() => SignalAsync("-STOP");

    public Task GoOnAsync() => SignalAsync("-CONT");

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [signal, _process!.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        Assert.Equal(0, kill.ExitCode);
    }

    private async Task DoAsync<T>(Func<IDatabase, Task<T>> act)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                var options = ConfigurationOptions.Parse(Address);
                options.AllowAdmin = true;
                using var connection = await ConnectionMultiplexer.ConnectAsync(options);
                await act(connection.GetDatabase()).WaitAsync(TimeSpan.FromSeconds(10));
                return;
            }
            catch (RedisException) when (tries < 100)
            {
                await Task.Delay(50);
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        Kill();
        _process?.Dispose();
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
