using System.Text.Json;
using Voucher.Core.Wire;

namespace Voucher.Server.Fraud;

/// <summary>One scan on which a suspicion rests, as it is frozen with the hold. Names of places and terminals only, nobody's own.</summary>
/// <param name="At">At the desk, for scans of one terminal; at the server, for scans of several.</param>
/// <param name="Refusal">What the scan was answered; 0: accepted, <c>null</c>: the scan that raised the suspicion.</param>
public sealed record HoldEvidence(DateTimeOffset At, ScanMode Mode, long VoucherId, string TerminalName, string InstitutionName, int? Refusal)
{
    /// <summary>The latest scans are enough to judge by.</summary>
    public const int Most = 50;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static string ToJson(IEnumerable<HoldEvidence> evidence) => JsonSerializer.Serialize(evidence.Take(Most), Json);

    public static IReadOnlyList<HoldEvidence> FromJson(string json) => JsonSerializer.Deserialize<List<HoldEvidence>>(json, Json)!;
}
