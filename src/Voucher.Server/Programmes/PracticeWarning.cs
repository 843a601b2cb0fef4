using Voucher.Core.Classes;

namespace Voucher.Server.Programmes;

/// <summary>Says when the practice share of hours is far from the policy's (实操课时与理论课时 7∶3).</summary>
public static class PracticeWarning
{
    /// <returns><c>null</c> when there is nothing to say.</returns>
    public static Words? For(TeachingHours hours, int policyPercent) => hours.KeepTo(policyPercent)
        ? null
        : new Words(
            $"实操占 {hours.PracticePercent}%，政策要求约 {policyPercent}%",
            $"Practice is {hours.PracticePercent}% of the hours; the policy wants about {policyPercent}%");
}
