using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Voucher.Core.OfflineLists;
using Voucher.Core.Regions;
using Voucher.Terminal.Link;
using Voucher.Terminal.Pairing;

namespace Voucher.Terminal.OfflineLists;

/// <summary>
/// Brings the lists up to date whenever there is a link: as soon as it stands, and every minute. What fails is tried again; the screen
/// shows how old the lists are. Forgets the people when the terminal is revoked.
/// </summary>
internal sealed partial class ListPull(PairedTerminal terminal, ServerDoor door, LinkBoard board, ILogger log)
{
    public static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    /// <summary>Drawn anew each time, so that fifty terminals that came back together do not ask together for ever.</summary>
    public static readonly TimeSpan Jitter = TimeSpan.FromSeconds(10);

    /// <summary>A list of 4 MB over a village's line.</summary>
    public static readonly TimeSpan Within = TimeSpan.FromMinutes(2);

    private readonly SemaphoreSlim _woken = new(0, 1);
    private bool _wasUp;

    public async Task Run(CancellationToken stop)
    {
        board.Changed += OnChanged;
        try
        {
            OnChanged(this, EventArgs.Empty);
            while (true)
            {
                if (IsUp) await PullAll(stop);
                await _woken.WaitAsync(NextPause(), stop);
            }
        }
        finally
        {
            board.Changed -= OnChanged;
        }
    }

    /// <summary>Asks for both lists once; one that cannot be had does not hold up the other.</summary>
    public async Task PullAll(CancellationToken stop)
    {
        await Try(PullStatuses, stop);
        await Try(PullRoster, stop);
    }

    private bool IsUp => board.State is { Online: true, Standing: Standing.Active };

    internal static TimeSpan NextPause() => Every + TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32((int)Jitter.TotalMilliseconds));

    private void OnChanged(object? sender, EventArgs news)
    {
        if (board.State.Standing is Standing.Revoked) terminal.Roster.Forget();
        var isUp = IsUp;
        if (isUp && !_wasUp) Wake();
        _wasUp = isUp;
    }

    private void Wake()
    {
        try
        {
            _woken.Release();
        }
        catch (SemaphoreFullException)
        {
            // Woken already.
        }
    }

    private async Task Try(Func<CancellationToken, Task> pull, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(Within);
        try
        {
            await pull(patience.Token);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or JsonException
            || (fault is OperationCanceledException && !stop.IsCancellationRequested))
        {
            LogNotPulled(log, fault.Message);
        }
    }

    private async Task PullStatuses(CancellationToken stop)
    {
        if (terminal.Setup is not { Keys: { } keys, Setup: { } setup } || !RegionCode.TryParse($"{setup.Region:D6}", out var region)) return;
        // A list whose key has been revoked since is not built upon.
        var held = terminal.Statuses.Current is { } known && known.Signed.Check(keys, region) == ListFault.None ? known.Counter : 0;
        var fault = await Ask(held);
        // The next full list tells what the delta could not.
        if (fault is not (ListFault.None or ListFault.Older) && held != 0) fault = await Ask(0);
        if (fault is not (ListFault.None or ListFault.Older)) LogRefused(log, fault);

        async Task<ListFault> Ask(long have)
        {
            using var response = await door.FetchList(FormattableString.Invariant($"{ListNames.StatusPath}?have={have}"), stop);
            if (response is null || AsOf(response) is not { } asOf) return ListFault.None;
            terminal.HeardServer(asOf);
            if (response.StatusCode == HttpStatusCode.NoContent) terminal.Statuses.Confirm(have, asOf);
            return response.StatusCode == HttpStatusCode.OK
                ? terminal.Statuses.Take(await ReadUpTo(response, SignedStatusList.LargestBytes, stop), asOf, keys, region)
                : ListFault.None;
        }
    }

    private async Task PullRoster(CancellationToken stop)
    {
        using var response = await door.FetchList(terminal.Roster.Mark is { } mark ? $"{ListNames.RosterPath}?have={mark}" : ListNames.RosterPath, stop);
        if (response?.StatusCode == HttpStatusCode.NoContent) terminal.Roster.Confirm();
        // The terminal is not active (any more).
        if (response?.StatusCode == HttpStatusCode.Conflict) terminal.Roster.Forget();
        if (response?.StatusCode != HttpStatusCode.OK) return;
        var roster = JsonSerializer.Deserialize<TerminalRoster>(await ReadUpTo(response, RosterCache.LargestBytes, stop), WebJson.Options);
        if (roster is { Mark: not null, Trainees: not null }) terminal.Roster.Accept(roster);
    }

    private static DateTimeOffset? AsOf(HttpResponseMessage response) =>
        response.Headers.TryGetValues(ListNames.AsOfHeader, out var values)
            && long.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    /// <exception cref="HttpRequestException">The answer is larger.</exception>
    private static async Task<byte[]> ReadUpTo(HttpResponseMessage response, int most, CancellationToken stop)
    {
        await using var body = await response.Content.ReadAsStreamAsync(stop);
        return await BoundedReading.Read(body, most, stop) ?? throw new HttpRequestException($"The answer is larger than {most} bytes.");
    }

    [LoggerMessage(3020, LogLevel.Debug, "The lists could not be fetched: {Why}")]
    private static partial void LogNotPulled(ILogger log, string why);

    [LoggerMessage(3021, LogLevel.Warning, "The server's status list is refused: {Fault}")]
    private static partial void LogRefused(ILogger log, ListFault fault);
}
