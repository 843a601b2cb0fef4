using Voucher.Core.Policies;

namespace Voucher.Core.Fraud;

/// <summary>
/// The guard's thresholds, from the policy and brought into their ranges, so that no number in a pack can make the guard
/// slow or blind by mistake. 0 switches a rule off.
/// </summary>
public sealed record GuardLimits(
    int ScansPerTerminal, int ScansPerInstitution, int EnrolmentsPerTerminal, TimeSpan EnrolmentSpacing, int CloseInRow,
    TimeSpan TriedElsewhere, TimeSpan Travel, TimeSpan Decision)
{
    /// <summary>Over which scans are counted.</summary>
    public static readonly TimeSpan RateWindow = TimeSpan.FromMinutes(1);

    /// <summary>Over which enrolments of a terminal are counted.</summary>
    public static readonly TimeSpan EnrolmentWindow = TimeSpan.FromMinutes(5);

    public const int MostScans = 1_000_000;

    /// <summary>As many enrolments of a terminal are remembered; a higher threshold would never be reached.</summary>
    public const int MostEnrolments = 1_000;

    public const int MostSpacingSeconds = 60;
    public const int LeastInRow = 2;
    public const int MostInRow = 100;
    public const int MostMinutes = 24 * 60;
    public const int MostDecisionHours = 30 * 24;

    public static GuardLimits Of(PolicyParameters policy) => new(
        Math.Clamp(policy.ScansPerTerminalPerMinute, 0, MostScans),
        Math.Clamp(policy.ScansPerInstitutionPerMinute, 0, MostScans),
        Math.Clamp(policy.EnrolmentsPerTerminalPerFiveMinutes, 0, MostEnrolments),
        TimeSpan.FromSeconds(Math.Clamp(policy.EnrolmentSpacingSeconds, 0, MostSpacingSeconds)),
        Math.Clamp(policy.CloseEnrolmentsInRow, LeastInRow, MostInRow),
        TimeSpan.FromMinutes(Math.Clamp(policy.TriedElsewhereMinutes, 0, MostMinutes)),
        TimeSpan.FromMinutes(Math.Clamp(policy.TravelMinutes, 0, MostMinutes)),
        TimeSpan.FromHours(Math.Clamp(policy.HoldDecisionHours, 1, MostDecisionHours)));

    /// <summary>Whether any rule that needs a look into the ledger of record is on.</summary>
    public bool JudgeAnything => EnrolmentsPerTerminal > 0 || EnrolmentSpacing > TimeSpan.Zero || Elsewhere > TimeSpan.Zero;

    /// <summary>How far back sightings elsewhere matter.</summary>
    public TimeSpan Elsewhere => TriedElsewhere > Travel ? TriedElsewhere : Travel;
}
