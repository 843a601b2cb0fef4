using Voucher.Server.Fraud;

namespace Voucher.Server.Operating;

/// <summary>How one server stands: what it writes into the database every few seconds, for the page of any of them.</summary>
/// <param name="Reasons">Names of <see cref="Health.HealthReason"/>.</param>
/// <param name="Connections">Open connections by hub.</param>
/// <param name="BadInputs">Since the start, by kind.</param>
/// <param name="Guard">The guard against abuse; <c>null</c> from a server that does not tell.</param>
/// <param name="GuardAnswers">Since the start, by name of <see cref="GuardOutcome"/>; <c>null</c> from a server that does not tell.</param>
public sealed record ServerStanding(
    string Version, string Status, IReadOnlyList<string> Reasons, ScanFigures Scans, int QueueDepth, int QueueCapacity,
    bool HasRedis, bool IsRedisUp, bool IsBreakerOpen, GuardSnapshot? Guard, IReadOnlyDictionary<string, long>? GuardAnswers,
    IReadOnlyDictionary<string, long> Connections, IReadOnlyDictionary<string, long> BadInputs, long DiskFreeBytes, long DiskBytes);
