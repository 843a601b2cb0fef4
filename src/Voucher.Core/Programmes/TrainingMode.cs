namespace Voucher.Core.Programmes;

/// <summary>How a programme is taught, by place and time of day. Numbers are stored: they never change meaning.</summary>
public enum TrainingMode : short
{
    /// <summary>集中培训: at the institution (text 002, 二（二）).</summary>
    Concentrated = 1,

    /// <summary>半日班: half days, so that work at home goes on (text 002: 半日和全日等弹性安排).</summary>
    HalfDay = 2,

    /// <summary>全日班.</summary>
    FullDay = 3,

    /// <summary>流动培训: the institution comes to the township or village (直通车, 送培训下乡, 培训大篷车; texts 001, 002).</summary>
    Mobile = 4,

    /// <summary>上门一对一: at the trainee's home (text 002: 进家庭, “一对一”).</summary>
    AtHome = 5,
}

public static class TrainingModes
{
    public static Words Name(this TrainingMode mode) => mode switch
    {
        TrainingMode.Concentrated => new("集中培训", "At the institution"),
        TrainingMode.HalfDay => new("半日班", "Half days"),
        TrainingMode.FullDay => new("全日班", "Full days"),
        TrainingMode.Mobile => new("流动培训（直通车）", "Mobile, in the village"),
        TrainingMode.AtHome => new("上门一对一", "At home, one to one"),
        _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "Unknown mode."),
    };

    /// <summary>Whether the institution comes to the trainee, so that its own place does not matter.</summary>
    public static bool ComesToTrainee(this TrainingMode mode) => mode is TrainingMode.Mobile or TrainingMode.AtHome;
}
