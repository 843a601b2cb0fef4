using System.Text.Json.Serialization;
using Voucher.Core;

namespace Voucher.Terminal.Link;

/// <summary>Where the terminal stands with the server.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Standing>))]
internal enum Standing
{
    /// <summary>Not paired with any server.</summary>
    [JsonStringEnumMemberName("unpaired")] Unpaired = 0,

    /// <summary>Paired, waiting for the county's confirmation.</summary>
    [JsonStringEnumMemberName("pending")] Pending = 1,

    [JsonStringEnumMemberName("active")] Active = 2,

    /// <summary>Revoked by the county: nothing works but pairing anew.</summary>
    [JsonStringEnumMemberName("revoked")] Revoked = 3,

    /// <summary>The server does not accept this terminal's log-in: it does not know the terminal or its key.</summary>
    [JsonStringEnumMemberName("unknown")] NotAccepted = 4,

    /// <summary>Paired, and there is no setup to work with yet: the server has not given one. With the setup of an earlier run a terminal begins as active.</summary>
    [JsonStringEnumMemberName("unreached")] Unreached = 5,

    /// <summary>The server does not accept this terminal's log-in because this machine's clock is far off. Pairing anew would not help.</summary>
    [JsonStringEnumMemberName("clock")] ClockWrong = 6,

    /// <summary>Stopped by the county until it has looked at the terminal: its journal says what cannot be.</summary>
    [JsonStringEnumMemberName("quarantined")] Quarantined = 7,
}

/// <summary>The link as the screen shows it.</summary>
/// <param name="Via">hub, rest, or <c>null</c> when offline.</param>
/// <param name="Since">When <paramref name="Online"/> last changed.</param>
/// <param name="ClockAheadSeconds">How far this machine's clock is ahead of the server's.</param>
/// <param name="Trouble">What else is wrong, in words for the desk.</param>
internal sealed record LinkState(
    Standing Standing, bool Online, string? Via, DateTimeOffset Since, int ClockAheadSeconds, Words? Trouble);

/// <summary>The link's present state; tells whoever listens of every change.</summary>
internal sealed class LinkBoard(TimeProvider time)
{
    public const string Hub = "hub";
    public const string Rest = "rest";

    private readonly Lock _gate = new();

    public LinkState State { get; private set; } = new(Standing.Unpaired, Online: false, Via: null, time.GetUtcNow(), 0, Trouble: null);

    /// <summary>What the desk is told about a newer program; <c>null</c> while this one will do.</summary>
    public Words? Update { get; private set; }

    public event EventHandler? Changed;

    public void Up(string via) => Change(state => state with { Online = true, Via = via });

    public void Down() => Change(state => state with { Online = false, Via = null });

    public void Stand(Standing standing, Words? trouble = null) => Change(state => state with { Standing = standing, Trouble = trouble });

    public void Say(Words? trouble) => Change(state => state with { Trouble = trouble });

    public void ClockAhead(TimeSpan ahead) => Change(state => state with { ClockAheadSeconds = (int)ahead.TotalSeconds });

    public void NeedUpdate(Words? update)
    {
        lock (_gate)
        {
            if (Update == update) return;
            Update = update;
        }
        Changed?.Invoke(this, EventArgs.Empty);
    }

    private void Change(Func<LinkState, LinkState> change)
    {
        lock (_gate)
        {
            var next = change(State);
            if (next == State) return;
            State = next.Online == State.Online ? next : next with { Since = time.GetUtcNow() };
        }
        Changed?.Invoke(this, EventArgs.Empty);
    }
}
