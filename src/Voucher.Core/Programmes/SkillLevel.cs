namespace Voucher.Core.Programmes;

/// <summary>
/// Level of skill that a programme leads to (国家职业资格五级 to 一级). Numbers are those of the Chinese scale, where 1 is the
/// highest; they are stored and never change meaning.
/// </summary>
public enum SkillLevel : short
{
    /// <summary>不分等级: a course without a level, such as most of the short practical ones.</summary>
    None = 0,

    /// <summary>高级技师（一级）.</summary>
    SeniorTechnician = 1,

    /// <summary>技师（二级）.</summary>
    Technician = 2,

    /// <summary>高级工（三级）.</summary>
    Senior = 3,

    /// <summary>中级工（四级）.</summary>
    Intermediate = 4,

    /// <summary>初级工（五级）.</summary>
    Junior = 5,
}

public static class SkillLevels
{
    public static Words Name(this SkillLevel level) => level switch
    {
        SkillLevel.None => new("不分等级", "No level"),
        SkillLevel.SeniorTechnician => new("高级技师（一级）", "Senior technician (1)"),
        SkillLevel.Technician => new("技师（二级）", "Technician (2)"),
        SkillLevel.Senior => new("高级工（三级）", "Senior (3)"),
        SkillLevel.Intermediate => new("中级工（四级）", "Intermediate (4)"),
        SkillLevel.Junior => new("初级工（五级）", "Junior (5)"),
        _ => throw new ArgumentOutOfRangeException(nameof(level), level, "Unknown level."),
    };
}
