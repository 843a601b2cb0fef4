namespace Voucher.Core.Refusals;

/// <summary>What is told of publication, objections and retained money (740–749).</summary>
public sealed partial record RefusalText
{
    private static KeyValuePair<RefusalCode, RefusalText>[] OfPublication() =>
    [
        Say(RefusalCode.NotPublished, Policies.Clause.Publication,
            "{0}还没有公示，不能支付。", "{0} has not been published; it cannot be paid.",
            "请先在“公示”中发布名单，公示期满无异议后再支付。", "Publish it first; it is paid once the period is over without objection."),
        Say(RefusalCode.PublicationNotOver, Policies.Clause.Publication,
            "{0}公示期到 {1}，期满前不能支付。", "{0} is published until {1}; it cannot be paid before that is over.",
            "请在公示期满后再支付。", "Pay it after that day."),
        Say(RefusalCode.ObjectionOpen, Policies.Clause.Publication,
            "{0}有未处理的异议，已冻结。", "An objection against {0} is open; it is frozen.",
            "请先在“异议”中由两人核实、决定。", "Two persons have to look into the objection and decide it first."),
        Say(RefusalCode.ObjectionUpheld, Policies.Clause.Publication,
            "{0}经公示异议成立，不予支付，也不能再申报。", "An objection against {0} was upheld: it is neither paid nor claimed again.",
            "理由见该异议的决定；有新证据的请向县人社局书面提出。", "The decision gives the reason; write to the county if there is new evidence."),
        Say(RefusalCode.PublicationWrongStep, Policies.Clause.Publication,
            "这一笔当前状态（{0}）不能办理这一步。", "This step is not possible for it now ({0}).",
            "请刷新页面查看最新状态。", "Reload the page to see the present state."),
        Say(RefusalCode.ObjectionWrongStep, Policies.Clause.Responsibility,
            "这个异议当前状态（{0}）不能办理这一步。", "This step is not possible for the objection now ({0}).",
            "请刷新页面查看最新状态。", "Reload the page to see the present state."),
        Say(RefusalCode.ObjectionTooLate, Policies.Clause.Recovery,
            "第 {0} 行已经进入支付或已支付，不能再冻结。", "Line {0} is already in a payment or paid; it cannot be frozen any more.",
            "请把反映的情况作为线索核查；查实的按追回办理。", "Look into what was said; if it holds, the money is taken back."),
        Say(RefusalCode.TooManyObjections, Policies.Clause.Publication,
            "网上一天内提交的异议太多，或涉及这份名单的行太多，暂不能再提交。", "Within a day too many objections, or against too many lines of this list, have come by this page; it takes no more for now.",
            "请按公示上的电话和地点向县人社局反映。", "Call or visit the county at the telephone and place on the notice."),
        Say(RefusalCode.RetainedNotDue, Policies.Clause.Payment,
            "留存资金还不能释放：{0}。", "The retained money cannot be released yet: {0}.",
            "请等到期并办结这些事项，再拟释放名单。", "Wait until it is due and these are settled, then draft the list."),
        Say(RefusalCode.RetainedWrongStep, Policies.Clause.Responsibility,
            "留存资金当前状态（{0}）不能办理这一步。", "This step is not possible for the retained money now ({0}).",
            "请刷新页面查看最新状态。", "Reload the page to see the present state."),
    ];
}
