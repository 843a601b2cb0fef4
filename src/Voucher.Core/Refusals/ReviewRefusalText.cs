namespace Voucher.Core.Refusals;

/// <summary>What review, approval and the payment after it are told (73x).</summary>
public sealed partial record RefusalText
{
    private static KeyValuePair<RefusalCode, RefusalText>[] OfReview() =>
    [
        Say(RefusalCode.FindingsAfterReview, Policies.Clause.SpotCheck,
            "券 {0} 审核之后，班级的抽查发现了问题，不能公示，也不能支付。", "After voucher {0} was reviewed, a spot check of its class found something: it is neither published nor paid.",
            "请先核实抽查发现的问题；查实的按追回办理，查否的由县人社局补一次抽查并说明。", "Look into the finding first; what proves true is taken back, what does not is explained on record."),
        Say(RefusalCode.LineNotPayable, Policies.Clause.Payment,
            "券 {0} 的申报行不是已审批状态（{1}），不能公示，也不能支付。", "The claim line of voucher {0} is not approved ({1}): it is neither published nor paid.",
            "请先办完这一行的审核和审批，或把它从名单中去掉。", "Finish its review and approval first, or leave it out of the list."),
        Say(RefusalCode.LineWrongStep, Policies.Clause.Responsibility,
            "券 {0} 的申报行当前状态（{1}）不能办理这一步。", "This step is not possible for the claim line of voucher {0} now ({1}).",
            "请刷新页面查看最新状态。", "Reload the page to see the present state."),
        Say(RefusalCode.PhoneSampleOpen, Policies.Clause.Responsibility,
            "电话回访还没有做完：还有 {0} 人没有结果。", "The telephone sample is not complete: {0} people have no result yet.",
            "请在“电话回访”里逐人登记结果；三次打不通的另抽一人。", "Record each result under “Telephone sample”; somebody else is drawn for whoever is not reached in three attempts."),
        Say(RefusalCode.VerdictOfAnother, Policies.Clause.Responsibility,
            "券 {0} 已由{1}审核。", "Voucher {0} was reviewed by {1}.",
            "请由本人修改；本人已不在审核岗位的，可以写明理由接手。", "They change it themselves; once they are a reviewer no longer, it is taken over with a reason."),
        Say(RefusalCode.NoLongerInRole, Policies.Clause.Responsibility,
            "您的账号已停用，或已不在办理这一步的岗位上。", "Your log-in is closed, or no longer has the role for this step.",
            "请退出后重新登录，或联系系统管理员。", "Log out and in again, or ask the operator."),
        Say(RefusalCode.NothingToApprove, Policies.Clause.Responsibility,
            "没有可以审批的行：其余各行都在暂缓或退回补正。", "There is no line to approve: those that are open are held or returned.",
            "等暂缓解除、机构补正交回并审核后再审批。", "Approve once they are released or handed in again, and reviewed."),
    ];
}
