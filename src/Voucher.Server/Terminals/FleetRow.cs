using Voucher.Core.Wire;

namespace Voucher.Server.Terminals;

/// <summary>One terminal as the fleet page shows it.</summary>
public sealed record FleetRow
{
    public TerminalId Id { get; init; }
    public InstitutionId InstitutionId { get; init; }
    public required string InstitutionName { get; init; }
    public required string Name { get; init; }
    public required string Fingerprint { get; init; }
    public TerminalStatus Status { get; init; }
    public DateTimeOffset PairedAt { get; init; }
    public DateTimeOffset? ConfirmedAt { get; init; }

    /// <summary>Latest of log-in, report and scan.</summary>
    public DateTimeOffset? LastSeenAt { get; init; }

    /// <summary>It holds a line to one of the servers.</summary>
    public bool IsOnline { get; init; }
    public int Protocol { get; init; }
    public long LastSequence { get; init; }
    public TerminalId? Replaces { get; init; }
    public TerminalId? ReplacedBy { get; init; }

    /// <summary>Scans of the last 24 hours that were asked of the server, and those it said yes to.</summary>
    public int Asked { get; init; }
    public int Accepted { get; init; }

    // From the terminal's latest report; null where it has never reported.
    public DateTimeOffset? ReportedAt { get; init; }
    public string? Version { get; init; }
    public string? System { get; init; }
    public int Waiting { get; init; }
    public DateTimeOffset? WaitingSince { get; init; }
    public int? ClockAheadSeconds { get; init; }

    /// <summary>Codes that its camera or scanner read in 24 hours.</summary>
    public int Readings { get; init; }
    public bool? HasCamera { get; init; }
    public bool? HasScanner { get; init; }
    public long? ListCounter { get; init; }
    public DateTimeOffset? ListAt { get; init; }

    /// <summary>In per cent; <c>null</c> when nothing was asked.</summary>
    public int? SuccessPercent => Asked == 0 ? null : (int)Math.Round(100.0 * Accepted / Asked);
}
