namespace Voucher.Core.Refusals;

/// <summary>What is said of the books: closing a month, correcting a transaction (715–724).</summary>
public sealed partial record RefusalText
{
    private static KeyValuePair<RefusalCode, RefusalText>[] OfLedger() =>
    [
        Say(RefusalCode.MonthNotOver, Policies.Clause.Funds,
            "{0} 还没有结束，不能月结。", "{0} is not over; it cannot be closed.",
            "请在次月 1 日以后办理。", "Do it from the first of the next month on."),
        Say(RefusalCode.EarlierMonthOpen, Policies.Clause.Funds,
            "{0} 之前还有月份没有月结。", "A month before {0} is not closed.",
            "请从最早的月份开始，逐月办理。", "Begin with the earliest and go month by month."),
        Say(RefusalCode.MonthWrongStep, Policies.Clause.Responsibility,
            "{0} 的月结当前状态（{1}）不能办理这一步。", "This step is not possible for the closing of {0} now ({1}).",
            "请刷新页面查看最新状态；已月结的月份只能在未结月份用更正账目调整。", "Reload the page; a closed month is put right by a correction in an open one."),
        Say(RefusalCode.NotCorrectable, Policies.Clause.Funds,
            "“{0}”这类账目后面挂着券或支付，不能直接更正。", "Vouchers or payments hang on a transaction of the kind “{0}”; it is not corrected by itself.",
            "请通过这样办理：{1}。", "Undo it by {1}."),
        Say(RefusalCode.AlreadyCorrected, Policies.Clause.Funds,
            "这笔账已更正，或更正正在等待审批；一笔账只能更正一次。", "The transaction is corrected, or its correction waits for a decision; each is corrected once.",
            "请打开这笔账查看。", "Open the transaction to see it."),
        Say(RefusalCode.CorrectionWrongStep, Policies.Clause.Responsibility,
            "这项更正已经办结，不能再办理。", "The correction is decided; nothing more can be done about it.",
            "请刷新页面查看最新状态。", "Reload the page to see the present state."),
        Say(RefusalCode.MonthClosedMeanwhile, Policies.Clause.Funds,
            "办理这笔业务时，所属月份刚刚月结，账没有记，什么都没有办理。", "While this was being done its month was closed; nothing was posted, and nothing is done.",
            "请再办理一次，账会记入本月。", "Do it again: it is then posted into the month that is open."),
    ];
}
