namespace Voucher.Core.Refusals;

/// <summary>What institutions are told of claims and of the certificates that they rest on.</summary>
public sealed partial record RefusalText
{
    private static KeyValuePair<RefusalCode, RefusalText>[] OfClaims() =>
    [
        Say(RefusalCode.CertificateMissing, Policies.Clause.Completion,
            "券 {0} 的学员还没有登记证书。", "No certificate is recorded for the holder of voucher {0}.",
            "请在班级的“证书”页登记后再申报。", "Record it on the class's certificates page, then claim."),
        Say(RefusalCode.NothingDelivered, Policies.Clause.Subsidy,
            "券 {0} 没有扫码确认的课时，按出勤折算后为零。", "No taught hour of voucher {0} was scanned: in proportion to attendance nothing is due.",
            "请核对考勤；确有到课的，向县人社局申请补录离线考勤。", "Look at the attendance sheet; where sessions were attended offline, ask the county to take them in."),
        Say(RefusalCode.RejectedBefore, Policies.Clause.Responsibility,
            "券 {0} 在申报单 {1} 中未获通过（{2}）。", "Voucher {0} was rejected in claim {1} ({2}).",
            "情况有变化的，请单独勾选并写明哪些情况变了，再次申报。", "If something has changed, pick it by itself and say what, then claim again."),
        Say(RefusalCode.CertificateClaimed, Policies.Clause.Completion,
            "券 {0} 已在申报单 {1} 中，证书不能再改。", "Voucher {0} stands in claim {1}; its certificate no longer changes.",
            "确有错误的，请联系县人社局退回该行后再改。", "If it is wrong, ask the county to send the line back first."),
        Say(RefusalCode.NobodyToCertify, Policies.Clause.Completion,
            "没有需要编号的学员：考核合格的都已有结业证书，或还没有登记合格。", "Nobody is to be numbered: all who passed have their certificate, or no pass is recorded yet.",
            "请先登记结业考核成绩。", "Record the assessment first."),
    ];
}
