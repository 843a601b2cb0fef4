using Voucher.Server.Institutions;

namespace Voucher.Server.Classes;

/// <summary>What a class must keep to, when it is handed in and again when it is approved: much may change in between.</summary>
public static class ClassRules
{
    /// <param name="teaches">The institution's accreditation covers the programme.</param>
    public static Refusal? Refuse(
        Policy policy, Institution institution, bool teaches, DateOnly startsOn, DateOnly endsOn, int capacity, int sessions)
    {
        if (!teaches || !institution.IsAccreditedFor(startsOn, endsOn)) return Refusal.Under(policy, RefusalCode.InstitutionNotAccredited);
        if (sessions == 0) return Refusal.Under(policy, RefusalCode.ClassHasNoSessions);
        if (capacity > institution.Capacity)
            return Refusal.Under(policy, RefusalCode.CapacityOverAccreditation, capacity, institution.Capacity);
        return null;
    }
}
