namespace Voucher.Core.Refusals;

/// <summary>What is said of payee accounts, payments and the bank's answers (750–764).</summary>
public sealed partial record RefusalText
{
    private static KeyValuePair<RefusalCode, RefusalText>[] OfPayments() =>
    [
        Say(RefusalCode.PayeeWrongStep, Policies.Clause.Payment,
            "这个收款账户当前状态（{0}）不能办理这一步。", "This step is not possible for the account now ({0}).",
            "请刷新页面查看最新状态。", "Reload the page to see the present state."),
        Say(RefusalCode.PayeeProposalOpen, Policies.Clause.Payment,
            "已有一个账户在等核实（{0}）。", "An account is already waiting to be verified ({0}).",
            "请先由另一位同事核实或退回它。", "Another colleague must first verify it or send it back."),
        Say(RefusalCode.PayeeAccountShared, Policies.Clause.Payment,
            "这个账号已登记给别的收款人：{0}。", "Another payee has this account number: {0}.",
            "请核对账号；确实共用的，在收款账户页确认并写明理由。", "Check the number; where it is truly shared, confirm it with a reason on the payee's page."),
        Say(RefusalCode.PaymentMixesSources, Policies.Clause.Funds,
            "所选款项来自几个资金来源：{0}。", "What was chosen comes from several fund sources: {0}.",
            "一个支付批次只用一个资金来源：请按来源分别生成。", "A payment has one fund source: make one for each."),
        Say(RefusalCode.NothingToPay, Policies.Clause.Payment,
            "没有可以支付的款项（{0}）。", "Nothing can be paid ({0}).",
            "请看公示、异议、暂缓和收款账户是否已办结。", "See whether publication, objections, holds and payee accounts are settled."),
        Say(RefusalCode.PaymentRowWrongStep, Policies.Clause.Payment,
            "第 {0} 行当前状态（{1}）不能办理这一步。", "This step is not possible for row {0} now ({1}).",
            "已支付或银行还没有答复的行不能重发，以免重复支付；请先导入银行回盘。", "A row that is paid or unanswered is not sent again, so that nothing is paid twice; import the bank's return first."),
        Say(RefusalCode.PaymentFileNotMade, Policies.Clause.Payment,
            "这一轮的银行文件还没有生成。", "The bank's file of this round has not been made.",
            "请先生成文件，再由另一位财务送交银行。", "Make the file first; then another finance person hands it to the bank."),
        Say(RefusalCode.PaymentRoundOpen, Policies.Clause.Payment,
            "上一次重发还没有送交银行。", "The round before has not been handed to the bank.",
            "请先送交或撤回那一轮。", "Hand it over or withdraw it first."),
        Say(RefusalCode.ReturnAlreadyBooked, Policies.Clause.Payment,
            "这个回盘文件已于 {0} 由{1}入账。", "This return file was booked on {0} by {1}.",
            "同一文件只入账一次；请到对账页查看结果。", "A file is booked once; see the reconciliation page."),
        Say(RefusalCode.ReturnHasDifferences, Policies.Clause.Payment,
            "回盘有 {0} 行不能入账。", "{0} rows of the return cannot be booked.",
            "请逐行核对；也可以只入账无误的行，其余留作差异对账。", "Look at each; or book the good rows and keep the others as differences."),
        Say(RefusalCode.ReturnHasNothingGood, Policies.Clause.Payment,
            "回盘里没有可以入账的行。", "The return holds no row that can be booked.",
            "请核对是否选错了文件或格式。", "Check whether it is the right file and format."),
        Say(RefusalCode.BankFormatMissing, null,
            "没有名为“{0}”的银行格式。", "There is no bank format “{0}”.",
            "请在银行格式页查看现有格式，或请系统管理员放入格式文件。", "See the page of bank formats, or have the operator add the file."),
        Say(RefusalCode.PaymentNotReturned, Policies.Clause.Payment,
            "退汇金额 {0} 元与这一行已付的 {1} 元不符。", "The bank returned {0} yuan; the row was paid {1}.",
            "请按银行凭证核对金额。", "Check the amount on the bank's document."),
    ];
}
