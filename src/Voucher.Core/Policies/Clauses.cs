namespace Voucher.Core.Policies;

public static class Clauses
{
    /// <summary>Of the text that cites a clause.</summary>
    public const int Longest = 100;

    public static readonly IReadOnlyList<Clause> All = Enum.GetValues<Clause>();

    public static Words Name(this Clause clause) => clause switch
    {
        Clause.Voucher => new("发券、用券、结算", "Voucher"),
        Clause.FreeChoice => new("自主选择", "Free choice"),
        Clause.Institutions => new("机构认定", "Institutions"),
        Clause.Attendance => new("考勤", "Attendance"),
        Clause.Practice => new("实操与理论课时", "Practice and theory"),
        Clause.Completion => new("考核结业", "Completion"),
        Clause.SpotCheck => new("抽查", "Spot checks"),
        Clause.Responsibility => new("审批责任", "Responsibility"),
        Clause.Funds => new("资金使用", "Funds"),
        Clause.Eligibility => new("发券对象", "Eligibility"),
        Clause.Subsidy => new("补贴标准", "Subsidy"),
        Clause.Catalogue => new("指导目录", "Guided catalogue"),
        Clause.Safety => new("安全课时", "Safety"),
        Clause.WorkTraining => new("以工代训", "Training at work"),
        Clause.Allowance => new("生活费、交通费", "Allowances"),
        Clause.Matching => new("精准比对", "Matching"),
        Clause.Delivery => new("送达", "Delivery"),
        Clause.Plan => new("目标任务", "Plan"),
        Clause.Reporting => new("进展报送", "Reporting"),
        Clause.Teaching => new("计划、大纲、教材", "Teaching plans"),
        Clause.Publication => new("公示", "Publication"),
        Clause.Payment => new("支付、留存", "Payment"),
        Clause.Recovery => new("追回", "Taking back"),
        Clause.Consequences => new("整改、处罚", "Consequences"),
        Clause.CollegeCosts => new("院校运行成本", "Running costs of colleges"),
        Clause.Promises => new("其他补贴", "Other subsidies"),
        _ => throw new ArgumentOutOfRangeException(nameof(clause), clause, "Unknown clause."),
    };
}
