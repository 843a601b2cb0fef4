namespace Voucher.Core.Programmes;

/// <summary>Kinds of training that the policy texts name. Numbers are stored: they never change meaning.</summary>
public enum ProgrammeKind : short
{
    /// <summary>就业技能培训 (text 001, 三（二）).</summary>
    EmploymentSkills = 1,

    /// <summary>创业培训 (texts 001, 三（三）; 002, 二（二）4).</summary>
    Entrepreneurship = 2,

    /// <summary>岗位技能提升培训 (text 004, 四（二）).</summary>
    JobSkills = 3,

    /// <summary>以工代训: learning at work in an enterprise, of limited length (text 002, 二（二）6).</summary>
    WorkTraining = 4,

    /// <summary>项目制: whole classes bought as a project (text 002, 二（三）).</summary>
    ProjectBased = 5,

    /// <summary>嵌入式: “post + labour agency + training” (text 004, 三（二）).</summary>
    Embedded = 6,

    /// <summary>订单式: to an employer's order (text 004, 三（三）).</summary>
    OrderBased = 7,
}

public static class ProgrammeKinds
{
    public static Words Name(this ProgrammeKind kind) => kind switch
    {
        ProgrammeKind.EmploymentSkills => new("就业技能培训", "Employment skills"),
        ProgrammeKind.Entrepreneurship => new("创业培训", "Entrepreneurship"),
        ProgrammeKind.JobSkills => new("岗位技能提升", "Job skills"),
        ProgrammeKind.WorkTraining => new("以工代训", "Training at work"),
        ProgrammeKind.ProjectBased => new("项目制培训", "Project-based"),
        ProgrammeKind.Embedded => new("嵌入式培训", "Embedded"),
        ProgrammeKind.OrderBased => new("订单式培训", "Order-based"),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown kind."),
    };

    /// <summary>Kinds that are taught for a post at a named employer.</summary>
    public static bool NeedsEmployer(this ProgrammeKind kind) =>
        kind is ProgrammeKind.WorkTraining or ProgrammeKind.Embedded or ProgrammeKind.OrderBased;
}
