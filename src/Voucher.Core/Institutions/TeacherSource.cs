namespace Voucher.Core.Institutions;

/// <summary>Where a teacher of the pool comes from (text 004, 四（四）). Numbers are stored: they never change meaning.</summary>
public enum TeacherSource : short
{
    /// <summary>相关职能部门一线人员.</summary>
    Department = 1,

    /// <summary>企业技术骨干.</summary>
    Enterprise = 2,

    /// <summary>职业院校专职教师.</summary>
    College = 3,

    /// <summary>“土专家”.</summary>
    LocalExpert = 4,

    /// <summary>“田秀才”.</summary>
    MasterFarmer = 5,
}

/// <summary>The sources as the text names them.</summary>
public static class TeacherSources
{
    public static Words Name(this TeacherSource source) => source switch
    {
        TeacherSource.Department => new("职能部门", "Department"),
        TeacherSource.Enterprise => new("企业骨干", "Enterprise"),
        TeacherSource.College => new("院校教师", "College"),
        TeacherSource.LocalExpert => new("土专家", "Local expert"),
        TeacherSource.MasterFarmer => new("田秀才", "Master farmer"),
        _ => throw new ArgumentOutOfRangeException(nameof(source), source, "Unknown source."),
    };
}
