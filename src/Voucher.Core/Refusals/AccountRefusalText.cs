namespace Voucher.Core.Refusals;

/// <summary>What is said of log-ins, roles and the people behind them (790–794).</summary>
public sealed partial record RefusalText
{
    private static KeyValuePair<RefusalCode, RefusalText>[] OfAccounts() =>
    [
        Say(RefusalCode.OwnAccount, Policies.Clause.Responsibility,
            "不能改自己的岗位和账号。", "Nobody changes their own roles or log-ins.",
            "请由另一位同事办理。", "Ask another colleague."),
        Say(RefusalCode.RolesClash, Policies.Clause.Responsibility,
            "这些岗位不能这样组合：{0}。", "These roles do not go together: {0}.",
            "请先收回不相容的岗位，或由另一人担任。", "Take away the other role first, or give this one to another person."),
        Say(RefusalCode.AccountAsWished, null,
            "账号已经是这样了。", "The log-in is like this already.",
            "请刷新页面查看最新状态。", "Reload the page to see the present state."),
        Say(RefusalCode.MergeWrongStep, null,
            "这两条人员记录已经合并，或已有一项合并等待办理。", "These two entries are merged already, or a merge of them is waiting.",
            "请刷新页面查看最新状态。", "Reload the page to see the present state."),
        Say(RefusalCode.TwoPersons, Policies.Clause.Responsibility,
            "两条记录的证件号码不同，是两个人。", "The two entries have different identity numbers: they are two persons.",
            "请核对人员后再办理。", "Check who is meant."),
    ];
}
