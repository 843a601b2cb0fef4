using System.Text.Json;
using System.Text.Json.Serialization;

namespace Voucher.Server.Settling.Claims;

/// <summary>What a claim line rests on, frozen when it was claimed; holds no personal data.</summary>
/// <param name="SessionsAttended">Sessions with both check-in and check-out.</param>
/// <param name="PlannedSessions">All sessions of the class. Stored under the name it first had.</param>
/// <param name="SpotCheckId">The class's latest spot check; <c>null</c> only where the policy requires none.</param>
/// <param name="PolicyId">The rules in force at the claim.</param>
public sealed record ClaimEvidence(
    long ClassId,
    string ClassName,
    string Programme,
    int SessionsAttended,
    [property: JsonPropertyName("sessionsHeld")] int PlannedSessions,
    bool? HasPassed,
    int? TheoryScore,
    int? PracticeScore,
    DateTimeOffset CompletedAt,
    Guid CompletionScanId,
    long? SpotCheckId,
    DateTimeOffset? SpotCheckedAt,
    bool? SpotCheckIsClean,
    int PolicyId)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    public static ClaimEvidence FromJson(string json) =>
        JsonSerializer.Deserialize<ClaimEvidence>(json, Json) ?? throw new InvalidOperationException("A claim line has no evidence.");
}
