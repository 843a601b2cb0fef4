namespace Voucher.Server.Policies;

/// <summary>What is asked of a pack when it is handed in, and again when it is approved: days may have gone by, and other packs come.</summary>
public static class PolicyDate
{
    /// <summary>The past is judged by the rule of its day, and what was decided this morning too: nobody changes it afterwards.</summary>
    public static async Task<Refusal?> RefuseAsync(PolicyStore policies, Policy pack, DateOnly today)
    {
        var packs = await policies.ListAsync();
        var earliest = PolicyCalendar.EarliestStart(packs, today);
        return pack.EffectiveFrom < earliest
            ? Refusal.Under(PolicyCalendar.InForceOrLast(packs, today)!, RefusalCode.PolicyDateInPast, CountyTime.Show(pack.EffectiveFrom), CountyTime.Show(earliest))
            : null;
    }

    public static async Task<List<FieldError>?> VersionFaultAsync(PolicyStore policies, Policy pack) =>
        (await policies.ListAsync()).Any(known => known.DocumentNo == pack.DocumentNo && known.Version == pack.Version) ? VersionTaken : null;

    public static readonly List<FieldError> VersionTaken =
        [new("version", new("这个文号的这一版已经有了", "There is this version of the document already"))];
}
