namespace Voucher.Terminal.Tests.Server;

/// <summary>The clock of a PC that somebody, or an empty battery, has set wrong. Time passes as ever.</summary>
internal sealed class SetClock : TimeProvider
{
    public TimeSpan Ahead { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;
}
