namespace Voucher.Core.People;

/// <summary>就业状态: how a laborer lives at present. Numbers are stored: they never change meaning.</summary>
public enum EmploymentState : short
{
    NotStated = 0,

    /// <summary>务农.</summary>
    Farming = 1,

    /// <summary>外出务工 (转移就业).</summary>
    AwayAtWork = 2,

    /// <summary>就近就业: in a workshop or firm nearby.</summary>
    EmployedNearby = 3,

    /// <summary>自主创业.</summary>
    OwnBusiness = 4,

    /// <summary>公益性岗位.</summary>
    WelfarePost = 5,

    /// <summary>未就业.</summary>
    OutOfWork = 6,

    /// <summary>在校.</summary>
    AtSchool = 7,
}

public static class EmploymentStates
{
    public static readonly IReadOnlyList<EmploymentState> All = Enum.GetValues<EmploymentState>();

    public static Words Name(this EmploymentState state) => state switch
    {
        EmploymentState.NotStated => new("未填", "Not stated"),
        EmploymentState.Farming => new("务农", "Farming"),
        EmploymentState.AwayAtWork => new("外出务工", "Away at work"),
        EmploymentState.EmployedNearby => new("就近就业", "Employed nearby"),
        EmploymentState.OwnBusiness => new("自主创业", "Own business"),
        EmploymentState.WelfarePost => new("公益性岗位", "Public-welfare post"),
        EmploymentState.OutOfWork => new("未就业", "Out of work"),
        EmploymentState.AtSchool => new("在校", "At school"),
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "Unknown employment state."),
    };

    /// <summary>What people write; empty is not stated; <c>null</c> when it is none of these.</summary>
    public static EmploymentState? Read(string text) => text.Trim() switch
    {
        "" => EmploymentState.NotStated,
        "务农" or "在家务农" => EmploymentState.Farming,
        "外出务工" or "务工" or "转移就业" or "外出就业" => EmploymentState.AwayAtWork,
        "就近就业" or "就地就业" or "本地就业" or "在岗" or "已就业" => EmploymentState.EmployedNearby,
        "自主创业" or "创业" or "个体经营" => EmploymentState.OwnBusiness,
        "公益性岗位" or "公益岗位" or "公益岗" => EmploymentState.WelfarePost,
        "未就业" or "失业" or "待业" or "无业" => EmploymentState.OutOfWork,
        "在校" or "上学" or "学生" or "在校学生" => EmploymentState.AtSchool,
        _ => null,
    };
}
