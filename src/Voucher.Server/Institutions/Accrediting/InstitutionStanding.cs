namespace Voucher.Server.Institutions.Accrediting;

/// <summary>How an institution stands on a day, for people to see.</summary>
public enum StandingKind
{
    /// <summary>认定有效.</summary>
    Accredited,

    /// <summary>暂停办班.</summary>
    Suspended,

    /// <summary>认定还没有开始.</summary>
    NotYet,

    /// <summary>认定已到期.</summary>
    Over,

    /// <summary>已取消认定.</summary>
    Withdrawn,

    /// <summary>从未认定.</summary>
    Never,
}

/// <summary>The standing with why it is so.</summary>
/// <param name="Behind">The accreditation that says so; <c>null</c> when there is none.</param>
public sealed record InstitutionStanding(StandingKind Kind, Institution Institution, AccreditationRecord? Behind)
{
    /// <param name="history">The institution's accreditations, newest first.</param>
    public static InstitutionStanding Of(Institution institution, IReadOnlyList<AccreditationRecord> history, DateOnly today)
    {
        var live = history.Where(one => one.State is AccreditationState.Granted or AccreditationState.Suspended && one.ValidUntil >= today).ToList();
        var last = history.FirstOrDefault(one => one.State is AccreditationState.Withdrawn or AccreditationState.Granted or AccreditationState.Suspended);
        // A suspension counts in whatever year it was spoken.
        var behind = history.FirstOrDefault(one => one.State == AccreditationState.Suspended) ?? live.OrderBy(one => one.ValidFrom).FirstOrDefault() ?? last;
        return new InstitutionStanding(KindOf(institution, behind?.State == AccreditationState.Withdrawn, today), institution, behind);
    }

    /// <summary>By what stands with the institution alone.</summary>
    public static StandingKind KindOf(Institution institution, bool isWithdrawn, DateOnly today)
    {
        if (institution.IsSuspended) return StandingKind.Suspended;
        if (institution.IsAccreditedOn(today)) return StandingKind.Accredited;
        if (isWithdrawn) return StandingKind.Withdrawn;
        if (institution.Capacity == 0) return StandingKind.Never;
        return institution.AccreditedFrom > today ? StandingKind.NotYet : StandingKind.Over;
    }

    /// <summary>Why, where it is not simply accredited; empty when nothing is recorded.</summary>
    public string Why => Kind switch
    {
        StandingKind.Suspended => Behind is { WithdrawalReason.Length: > 0 } withdrawing ? withdrawing.WithdrawalReason : Behind?.SuspensionReason ?? "",
        StandingKind.Withdrawn => Behind?.WithdrawalReason ?? "",
        _ => "",
    };
}

/// <summary>The names and colours of standings.</summary>
public static class StandingWords
{
    public static Words Name(this StandingKind kind) => kind switch
    {
        StandingKind.Accredited => new("认定有效", "Accredited"),
        StandingKind.Suspended => new("暂停办班", "Suspended"),
        StandingKind.NotYet => new("认定未开始", "Not yet"),
        StandingKind.Over => new("认定已到期", "Expired"),
        StandingKind.Withdrawn => new("已取消认定", "Withdrawn"),
        _ => new("未认定", "Not accredited"),
    };

    public static string Colour(this StandingKind kind) => kind switch
    {
        StandingKind.Accredited => "bg-green-lt",
        StandingKind.Suspended or StandingKind.Withdrawn => "bg-red-lt",
        _ => "bg-yellow-lt",
    };

    public static string Colour(this AccreditationState state) => state switch
    {
        AccreditationState.Granted => "bg-green-lt",
        AccreditationState.Suspended or AccreditationState.Refused or AccreditationState.Withdrawn => "bg-red-lt",
        AccreditationState.TakenBack => "bg-secondary-lt",
        _ => "bg-yellow-lt",
    };
}
