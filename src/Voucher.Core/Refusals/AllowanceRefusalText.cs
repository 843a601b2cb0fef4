namespace Voucher.Core.Refusals;

/// <summary>What is said of allowances, and of what is promised beside the voucher (765–774, 824).</summary>
public sealed partial record RefusalText
{
    private static KeyValuePair<RefusalCode, RefusalText>[] OfAllowances() =>
    [
        Say(RefusalCode.AllowanceWrongStep, Policies.Clause.Allowance,
            "补助发放表当前状态（{0}）不能办理这一步。", "This step is not possible for the list of allowances now ({0}).",
            "请刷新页面查看最新状态。", "Reload the page to see the present state."),
        Say(RefusalCode.NothingToAllow, Policies.Clause.Allowance,
            "{0} 没有可以列入发放表的补助：{1} 人因故未列入。", "No allowance of {0} can be put on a list: {1} people are left out.",
            "请看未列入的原因，办理后再生成。", "See why they are left out, and draw up the list again."),
        Say(RefusalCode.LinePaysNoAllowances, Policies.Clause.Funds,
            "预算项目“{0}”没有登记可以列支补助。", "Budget line “{0}” is not recorded as paying allowances.",
            "请换一个预算项目，或由财务凭文件登记。", "Choose another line, or let finance record it with its document."),
        Say(RefusalCode.AllowanceNoLongerDue, Policies.Clause.Allowance,
            "表中有 {0} 笔现在不能发：{1}。", "{0} entries of the list cannot be paid now: {1}.",
            "请作废本表，重新生成；能发的会重新列入。", "Cancel this list and draw it up again; whoever may be paid is on it."),
        Say(RefusalCode.AllowanceNotPayable, Policies.Clause.Allowance,
            "券 {0} 的补助现在不能公示，也不能支付：{1}。", "The allowance of voucher {0} is neither published nor paid now: {1}.",
            "请在发放表里作废这一笔；该发的天数会列入下一张表。", "Cancel the entry on its list; days that are due come on the next one."),
        Say(RefusalCode.AllowanceAlreadySent, Policies.Clause.Recovery,
            "已有 {0} 笔进入支付或已支付，不能作废。", "{0} entries are in a payment or paid; they cannot be cancelled.",
            "已付的请走追回；未付的请先从支付批次退出。", "What is paid is taken back; what is in a payment leaves it first."),
        Say(RefusalCode.AllowanceDayTaken, Policies.Clause.Allowance,
            "同一人同一天的补助刚被另一张表列入。", "Another list has just taken the same person's day.",
            "请重新生成，已列入的天数会自动避开。", "Draw it up again; days on other lists are passed over."),
        Say(RefusalCode.PromiseReceivedBefore, Policies.Clause.Promises,
            "这项待遇此人已于 {0} 领过（{1}），每人只享受一次。", "This person received it on {0} ({1}); it is given once.",
            "请核对文号；登记错了请先撤销原记录并写明原因。", "Check the document; a wrong entry is annulled with a reason first."),
        Say(RefusalCode.PromiseExceeded, Policies.Clause.Promises,
            "登记金额 {0} 元超过文件规定的 {1} 元。", "{0} yuan is more than the {1} yuan that the document promises.",
            "请按拨付凭证核对金额。", "Check the amount against the voucher of payment."),
        Say(RefusalCode.PromiseConditionNotMet, Policies.Clause.Promises,
            "条件不符：{0}。", "A condition is not met: {0}.",
            "请先核实并补登事实；确属不符的不得登记为已领取。", "Verify and record the fact first; who does not meet it has not received it."),
        Say(RefusalCode.PromiseNotPaidInMoney, Policies.Clause.Promises,
            "本县没有启用这项待遇，或不在其有效期内。", "This county has not put the promise in force on that day.",
            "请核对日期，或由县里更新待遇目录。", "Check the day, or let the county update its catalogue."),
    ];
}
