namespace Voucher.Core.Matching;

/// <summary>Outside lists that the register is matched with (精准比对, text 003). Numbers are stored: they never change meaning.</summary>
public enum MatchSource : short
{
    /// <summary>职业培训补贴实名制: already trained with a subsidy.</summary>
    RealName = 1,

    /// <summary>Drawing an old-age pension.</summary>
    Pension = 2,

    /// <summary>在校学生: enrolled at a school.</summary>
    School = 3,

    /// <summary>Deceased.</summary>
    Deceased = 4,

    /// <summary>Employed and insured.</summary>
    EmployedInsured = 5,

    /// <summary>Training paid for by another department.</summary>
    OtherDepartment = 6,
}

public static class MatchSources
{
    public static Words Name(this MatchSource source) => source switch
    {
        MatchSource.RealName => new("实名制补贴培训记录", "Real-name training records"),
        MatchSource.Pension => new("领取养老待遇人员", "Pensioners"),
        MatchSource.School => new("在校学生", "School enrolment"),
        MatchSource.Deceased => new("死亡人员", "Deceased"),
        MatchSource.EmployedInsured => new("已就业参保人员", "Employed and insured"),
        MatchSource.OtherDepartment => new("其他部门培训", "Training of another department"),
        _ => throw new ArgumentOutOfRangeException(nameof(source), source, "Unknown source."),
    };
}

/// <summary>What a hit in an outside list stops, as the policy pack says.</summary>
[Flags]
public enum MatchEffect
{
    /// <summary>Shown, nothing more.</summary>
    None = 0,
    BlocksIssuing = 1,
    BlocksPayment = 2,
}
