using Voucher.Server.Institutions;

namespace Voucher.Server.Classes;

/// <summary>What a class must keep to, when it is handed in and again when it is approved: much may change in between.</summary>
public static class ClassRules
{
    /// <param name="terms">Of the accreditation that covers the first day.</param>
    public static Refusal? Refuse(
        Policy policy, Institution institution, ClassTerms terms, DateOnly startsOn, DateOnly endsOn, int capacity, int sessions)
    {
        if (!terms.Teaches || !institution.IsAccreditedFor(startsOn, endsOn)) return Refusal.Under(policy, RefusalCode.InstitutionNotAccredited);
        if (sessions == 0) return Refusal.Under(policy, RefusalCode.ClassHasNoSessions);
        if (capacity > terms.Capacity)
            return Refusal.Under(policy, RefusalCode.CapacityOverAccreditation, capacity, terms.Capacity);
        return null;
    }
}
