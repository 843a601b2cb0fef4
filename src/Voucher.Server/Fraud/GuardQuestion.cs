using Voucher.Core.Fraud;
using Voucher.Core.Wire;

namespace Voucher.Server.Fraud;

/// <summary>A scan whose shape and signature are right, before the engine decides on it.</summary>
/// <param name="Voucher">Of the verified token, shown or found by its short code; <c>null</c> when what was shown is refused anyway.</param>
/// <param name="Holder">As the token says it; <c>null</c> together with the voucher.</param>
/// <param name="ScannedAt">By the terminal's clock.</param>
public sealed record GuardQuestion(
    TerminalId Terminal, ScanMode Mode, VoucherId? Voucher, HolderCheck? Holder,
    Guid ScanId, DateTimeOffset ScannedAt, DateTimeOffset ReceivedAt, Policy Policy)
{
    /// <summary>A scan older than this when it arrives was waiting on a terminal: its moment is only the terminal's word.</summary>
    public static readonly TimeSpan LateAfter = TimeSpan.FromMinutes(2);

    public bool IsLate => ReceivedAt - ScannedAt > LateAfter;

    /// <summary>When it happened at the desk, never after it came in.</summary>
    public DateTimeOffset AtDesk => ScannedAt < ReceivedAt ? ScannedAt : ReceivedAt;
}

/// <summary>What the guard says to a scan.</summary>
public abstract record GuardVerdict
{
    private GuardVerdict() { }

    public GuardOutcome Outcome => this switch
    {
        Hold => GuardOutcome.Held,
        SlowDown => GuardOutcome.SlowedDown,
        _ => GuardOutcome.Allowed,
    };

    /// <summary>Nothing against it, or nothing that is not already known: the engine decides.</summary>
    public sealed record Allow : GuardVerdict
    {
        public static readonly Allow Value = new();
    }

    /// <summary>Not recorded, not decided: the same scan may be sent again after the time that the refusal names.</summary>
    public sealed record SlowDown(Refusal Refusal) : GuardVerdict;

    /// <summary>
    /// A hold is in force in PostgreSQL, committed before this was said. The scan goes on to the engine, which reads the hold,
    /// refuses what a hold forbids, and records its answer under the scan's id like any other.
    /// </summary>
    public sealed record Hold(VoucherHold Case) : GuardVerdict;
}

/// <summary>The kinds of verdict, as they are counted.</summary>
public enum GuardOutcome
{
    Allowed = 1,
    SlowedDown = 2,
    Held = 3,
}
