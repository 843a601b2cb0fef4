using Voucher.Core;
using Voucher.Core.Wire;
using Voucher.Terminal.Pairing;
using Voucher.Terminal.Setup;

namespace Voucher.Terminal.Link;

/// <summary>
/// The life of one pairing's link: log in, fetch the setup, hold the hub, and begin again for ever when it breaks. While
/// the hub cannot be had and REST can, the terminal is online over REST.
/// </summary>
internal sealed partial class TerminalLink(
    PairedTerminal terminal, ServerDoor door, AnswerDesk desk, LinkBoard board, TimeProvider time, ILogger log)
{
    private readonly Backoff _backoff = new();
    private volatile HubLink? _hub;
    private bool _saidOffline;

    private volatile TaskCompletionSource? _leaveHub;

    /// <summary>
    /// What the hub does not tell has shown elsewhere: the server leaves a scan unanswered, or refuses a report because this terminal is
    /// not active. Leaves the hub, if there is one, and logs in anew to hear how things stand.
    /// </summary>
    public void BeginAnew() => _leaveHub?.TrySetResult();

    /// <summary>The hub while it is connected.</summary>
    public HubLink? Hub => _hub;

    public async Task Run(CancellationToken stop)
    {
        if (terminal.Pairing.RevokedAt is not null) board.Stand(Standing.Revoked, WaitingAtEnd());
        else if (terminal.Pairing.IsQuarantined) board.Stand(Standing.Quarantined, LookedAt);
        else board.Stand(terminal.Setup.Setup is null ? Standing.Unreached : Standing.Active);
        while (true)
        {
            var pause = await OneAttempt(stop);
            await Task.Delay(pause, time, stop);
        }
    }

    private async Task<TimeSpan> OneAttempt(CancellationToken stop)
    {
        try
        {
            return await door.LogIn(stop) switch
            {
                LoggedIn.NotAccepted(var serverTime) => NotAccepted(serverTime),
                LoggedIn.MustUpdate => MustUpdate(),
                LoggedIn.Answered(var answer) => await LoggedInAs(answer, stop),
                _ => throw new InvalidOperationException(),
            };
        }
        catch (Exception fault) when (fault is HttpRequestException or OperationCanceledException && !stop.IsCancellationRequested)
        {
            // Once, not at every attempt of days without a network.
            if (board.State.Online || !_saidOffline) LogOffline(log, fault.Message);
            _saidOffline = true;
            board.Down();
            return _backoff.Next();
        }
    }

    private TimeSpan NotAccepted(DateTimeOffset? serverTime)
    {
        if (serverTime is { } there) board.ClockAhead(time.GetUtcNow() - there);
        var isClock = Math.Abs(board.State.ClockAheadSeconds) > TerminalLogin.ClockTolerance.TotalSeconds;
        if (isClock) board.Stand(Standing.ClockWrong, ClockIsWrong);
        else board.Stand(Standing.NotAccepted, new Words("服务器不认识本终端。请联系县人社局，或重新配对。", "The server does not know this terminal. Call the county, or pair again."));
        board.Down();
        return LinkLimits.AskWhetherLetIn;
    }

    private static readonly Words ClockIsWrong = new(
        "本机时钟不准，服务器拒绝登录。请校准电脑的日期和时间，校准后自动继续。",
        "This machine's clock is wrong and the server refuses the log-in. Set the date and time; it goes on by itself.");

    /// <summary>Offline as without a network: what is scanned waits in the journal until the program is a newer one.</summary>
    private TimeSpan MustUpdate()
    {
        board.NeedUpdate(UpdateNow);
        board.Down();
        return LinkLimits.AskWhetherLetIn;
    }

    private static readonly Words UpdateNow = new(
        "本终端程序太旧，服务器不再接受，须更新程序。更新前按离线办理，扫码都保存在本机，更新后自动补送。",
        "This terminal's program is too old for the server and has to be updated. Until then it works offline; scans are kept here and sent after the update.");

    private static readonly Words UpdateSoon = new(
        "服务器已升级，请尽快更新本终端程序；目前仍可正常使用。",
        "The server has moved on: update this terminal's program soon. It still works.");

    private async Task<TimeSpan> LoggedInAs(TerminalLoginAnswer answer, CancellationToken stop)
    {
        board.ClockAhead(time.GetUtcNow() - answer.ServerTime);
        board.NeedUpdate(answer.Protocol > Protocol.Current ? UpdateSoon : null);
        terminal.KeepQuarantine(answer.Status == TerminalStatus.Quarantined);
        switch (answer.Status)
        {
            case TerminalStatus.Pending:
                board.Stand(Standing.Pending);
                board.Up(LinkBoard.Rest);
                return LinkLimits.AskWhetherConfirmed;
            case TerminalStatus.Revoked:
                return Revoked();
            case TerminalStatus.Quarantined:
                board.Stand(Standing.Quarantined, LookedAt);
                board.Up(LinkBoard.Rest);
                desk.Wake();
                return LinkLimits.AskWhetherRevoked;
            default:
                return await Work(stop);
        }
    }

    /// <summary>Wipes what the county has given. A terminal without its key has nothing more to ask: it waits to be paired anew.</summary>
    private TimeSpan Revoked()
    {
        board.Stand(Standing.Revoked, WaitingAtEnd());
        var isKeyGone = terminal.WipeAsRevoked(time.GetUtcNow());
        if (isKeyGone) LogWiped(log);
        return isKeyGone ? Timeout.InfiniteTimeSpan : LinkLimits.AskWhetherRevoked;
    }

    private Words? WaitingAtEnd() => terminal.Journal.CountWaiting().Count is var count and > 0
        ? new Words(
            $"本终端已停用，还有 {count} 条扫码没有补送，加密密钥和日志都保留在这台电脑上，请交县人社局处理。",
            $"This terminal is revoked and {count} scans have not been sent: journal and sealed key stay on this machine for the county. Hand it in.")
        : null;

    private static readonly Words LookedAt = new(
        "本终端的扫码日志对不上，已暂停使用，请联系县人社局。", "This terminal's journal does not fit together; it is paused. Call the county.");

    private async Task<TimeSpan> Work(CancellationToken stop)
    {
        if (!await RefreshSetup(stop)) return _backoff.Next();
        board.Stand(Standing.Active, board.State.Trouble);
        if (await door.Token(stop) is not { } token) return _backoff.Next();
        await using var hub = await HubLink.Connect(terminal.Pairing.Server, token, stop);
        if (hub is null)
        {
            board.Up(LinkBoard.Rest);
            desk.Wake();
            return _backoff.Next();
        }
        _backoff.Reset();
        await Hold(hub, stop);
        return TimeSpan.FromMilliseconds(_backoff.Next().TotalMilliseconds / 2);
    }

    /// <summary>Stays with the hub until it breaks, the terminal is revoked, or there is another reason to begin anew.</summary>
    private async Task Hold(HubLink hub, CancellationToken stop)
    {
        var leave = _leaveHub = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var refreshing = KeepSetupFresh(hub.SetupChanged, leaving.Token);
        _hub = hub;
        try
        {
            // Told only now: whoever hears that the terminal is online over the hub may ask over it.
            board.Up(LinkBoard.Hub);
            desk.Wake();
            await Task.WhenAny(hub.Closed, hub.Revoked, leave.Task, refreshing);
            stop.ThrowIfCancellationRequested();
        }
        finally
        {
            _hub = null;
            board.Down();
            door.ForgetToken();
            await leaving.CancelAsync();
            await refreshing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task KeepSetupFresh(SemaphoreSlim changed, CancellationToken stop)
    {
        while (true)
        {
            await changed.WaitAsync(LinkLimits.RefreshSetup, stop);
            await RefreshSetup(stop);
        }
    }

    /// <summary>Whether the terminal has a setup to work with after this.</summary>
    private async Task<bool> RefreshSetup(CancellationToken stop)
    {
        if (await door.FetchSetup(stop) is not { } setup) return terminal.Setup.Setup is not null;
        var fault = terminal.Accept(setup);
        if (fault != SetupFault.None) LogSetupRefused(log, fault);
        board.Say(Explain(fault));
        if (fault == SetupFault.None) SetupRefreshed?.Invoke(this, EventArgs.Empty);
        return terminal.Setup.Setup is not null;
    }

    /// <summary>The server has told something new (classes, keys).</summary>
    public event EventHandler? SetupRefreshed;

    private static Words? Explain(SetupFault fault) => fault switch
    {
        SetupFault.None or SetupFault.KeyListOld => null,
        SetupFault.OtherRoot => new("服务器出示的根密钥与配对时不同，已拒绝。请立即联系县人社局。", "The server shows another root key than at pairing; it is refused. Call the county at once."),
        _ => new("服务器的密钥清单验证不过，已拒绝。请联系县人社局。", "The server's key list does not verify; it is refused. Call the county."),
    };

    [LoggerMessage(3010, LogLevel.Information, "The server cannot be reached: {Why}")]
    private static partial void LogOffline(ILogger log, string why);

    [LoggerMessage(3013, LogLevel.Warning, "The county has revoked this terminal; its setup and key are wiped")]
    private static partial void LogWiped(ILogger log);

    [LoggerMessage(3011, LogLevel.Warning, "The server's setup is refused: {Fault}")]
    private static partial void LogSetupRefused(ILogger log, SetupFault fault);
}
