namespace Voucher.Core.People;

/// <summary>劳动能力, as the register of poor households (建档立卡) grades it. Numbers are stored: they never change meaning.</summary>
public enum LabourAbility : short
{
    NotStated = 0,

    /// <summary>普通劳动力.</summary>
    Usual = 1,

    /// <summary>技能劳动力.</summary>
    Skilled = 2,

    /// <summary>弱劳动力或半劳动力.</summary>
    Weak = 3,

    /// <summary>丧失劳动力.</summary>
    Lost = 4,

    /// <summary>无劳动力.</summary>
    None = 5,
}

public static class LabourAbilities
{
    public static readonly IReadOnlyList<LabourAbility> All = Enum.GetValues<LabourAbility>();

    public static Words Name(this LabourAbility ability) => ability switch
    {
        LabourAbility.NotStated => new("未填", "Not stated"),
        LabourAbility.Usual => new("普通劳动力", "Usual"),
        LabourAbility.Skilled => new("技能劳动力", "Skilled"),
        LabourAbility.Weak => new("弱劳动力或半劳动力", "Weak or half"),
        LabourAbility.Lost => new("丧失劳动力", "Lost"),
        LabourAbility.None => new("无劳动力", "None"),
        _ => throw new ArgumentOutOfRangeException(nameof(ability), ability, "Unknown labour ability."),
    };

    /// <summary>What people write, with or without 劳动力 or 劳动能力; empty is not stated; <c>null</c> when it is none of the five.</summary>
    public static LabourAbility? Read(string text) => text.Trim() switch
    {
        "" => LabourAbility.NotStated,
        "普通" or "普通劳动力" or "普通劳动能力" or "有劳动能力" => LabourAbility.Usual,
        "技能" or "技能劳动力" or "技能劳动能力" => LabourAbility.Skilled,
        "弱" or "弱劳动力" or "弱劳动能力" or "半劳动力" or "弱劳动力或半劳动力" or "弱或半劳动力" => LabourAbility.Weak,
        "丧失" or "丧失劳动力" or "丧失劳动能力" => LabourAbility.Lost,
        "无" or "无劳动力" or "无劳动能力" => LabourAbility.None,
        _ => null,
    };
}
