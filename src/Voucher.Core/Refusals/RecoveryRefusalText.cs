using Voucher.Core.Policies;

namespace Voucher.Core.Refusals;

/// <summary>The sentences of taking back and of the ladder of consequences, 775–789.</summary>
public sealed partial record RefusalText
{
    private static IEnumerable<KeyValuePair<RefusalCode, RefusalText>> OfRecoveries() =>
    [
        Say(RefusalCode.RecoveryWrongStep, Policies.Clause.Recovery,
            "这笔追回当前状态（{0}）不能办理这一步。", "This step is not possible for the taking back now ({0}).",
            "请刷新页面查看最新状态。", "Reload the page to see the present state."),
        Say(RefusalCode.RecoveryOfAnother, Policies.Clause.Responsibility,
            "这是另一位同事提出的，只能由本人撤回。", "Another colleague has put this forward; only they withdraw it.",
            "不同意的，请由有权决定的人不予批准。", "If it is wrong, let it be turned down."),
        Say(RefusalCode.RecoveryExceeds, Policies.Clause.Recovery,
            "券 {0} 要追回 {1} 元，但已付、应付和留存中未追回的只有 {2} 元。", "{1} yuan are to be taken back for voucher {0}, but only {2} yuan were paid, owed or kept back and not taken back yet.",
            "可能已被另一笔追回；请核对后重新提出。", "Another recovery may have been faster: check and propose again."),
        Say(RefusalCode.RecoveryInPayment, Policies.Clause.Recovery,
            "券 {0} 的款项在支付批次 {1} 中，银行还没有回单。", "The money of voucher {0} is in payment {1}, which the bank has not returned yet.",
            "请等银行回单登记后再决定追回。", "Wait for the bank's return, then decide."),
        Say(RefusalCode.NothingToRecover, Policies.Clause.Recovery,
            "券 {0} 没有可追回的款项：没有已审批或已支付的结算，或已全部追回。", "There is nothing to take back for voucher {0}: nothing was approved or paid, or all of it was taken back.",
            "请核对券号。", "Check the number."),
        Say(RefusalCode.RecoveryOfSeveral, Policies.Clause.Recovery,
            "券 {0} 属于另一家机构（{1}）。", "Voucher {0} belongs to another institution ({1}).",
            "追回通知书一家一份，请按机构分别提出。", "Each institution gets a notice of its own: propose them apart."),
        Say(RefusalCode.PayInExceeds, Policies.Clause.Recovery,
            "登记 {0} 元，超过未收回且不在抵扣中的 {1} 元。", "{0} yuan is more than the {1} yuan that are owed and not being netted.",
            "请核对银行单据的金额。", "Check the amount on the bank's document."),
        Say(RefusalCode.PayInDocumentUsed, Policies.Clause.Recovery,
            "银行单据“{0}”已经登记过。", "The bank's document “{0}” has been recorded already.",
            "一张单据只登记一次；请核对单据号。", "A document is recorded once; check its number."),
        Say(RefusalCode.RecoveryCameBack, Policies.Clause.Recovery,
            "已收回或正在抵扣 {0} 元，这个决定不能撤销。", "{0} yuan have come back or are being netted: the decision cannot be reversed.",
            "已收回的款项须按支付程序退还，请与财务商办。", "What came back is paid out again as a payment: ask finance."),
        Say(RefusalCode.RecoveryPaidSince, Policies.Clause.Recovery,
            "券 {0} 余下的款项已在支付中或已支付，这个决定不能原样撤销。", "The rest of voucher {0} is being paid or was paid since: the decision cannot be undone as it was.",
            "请等支付完成后与财务商办。", "Wait for the payment and ask finance."),
        Say(RefusalCode.ConsequenceWrongStep, Policies.Clause.Consequences,
            "当前状态（{0}）不能办理这一步。", "This step is not possible now ({0}).",
            "请刷新页面查看最新状态。", "Reload the page to see the present state."),
        Say(RefusalCode.ConsequenceBlocks, Policies.Clause.Consequences,
            "机构处于“{0}”，按政策包{1}。", "The institution stands under “{0}”, and the pack says: {1}.",
            "请先按通知书整改并经县人社局验收解除；详见机构的“处理阶梯”页。", "Rectify as the notice says and have it lifted by the county; see the institution's ladder of consequences."),
        Say(RefusalCode.ConsequenceOpen, Policies.Clause.Consequences,
            "机构已有一份待决定或生效中的“{0}”。", "The institution has a “{0}” that is to be decided or in force.",
            "请先办结那一份，或对它延期、升级。", "Finish that one first, extend it, or go a rung higher."),
        Say(RefusalCode.TermIsOver, Policies.Clause.Responsibility,
            "提议中的期限 {0} 已到，按它送达的通知书无法履行。", "The day that was proposed, {0}, has come: a notice served now could not be met.",
            "请不予批准或由提出人撤回，按新的期限重新提出。", "Turn it down or have it withdrawn, and propose it again with another day."),
        Say(RefusalCode.RecoveryForfeitedSince, Policies.Clause.Recovery,
            "券 {0} 余下的留存已释放或不予释放，这个决定不能原样撤销。", "What was left of the money kept back of voucher {0} was released or forfeited since: the decision cannot be undone as it was.",
            "确有错误的，请与财务商办补付。", "If it was wrong, ask finance to pay what is missing."),
    ];
}
