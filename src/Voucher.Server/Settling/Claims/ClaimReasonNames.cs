namespace Voucher.Server.Settling.Claims;

/// <summary>The reasons that hold a voucher back, in a few words: for filters and figures.</summary>
public static class ClaimReasonNames
{
    public static Words ShortName(this RefusalCode code) => code switch
    {
        RefusalCode.VoucherInConflict => new("两处争议", "In conflict"),
        RefusalCode.VoucherHeld => new("暂缓核查", "Held"),
        RefusalCode.MatchedElsewhere => new("县人社局核实中", "County is looking into it"),
        RefusalCode.ClassNotApproved => new("班级未审定", "Class not approved"),
        RefusalCode.NotCompleted => new("未结业", "Not completed"),
        RefusalCode.AttendanceShort => new("出勤不足", "Attendance short"),
        RefusalCode.AssessmentMissing => new("无考核成绩", "No assessment"),
        RefusalCode.AssessmentFailed => new("考核不合格", "Failed"),
        RefusalCode.AlreadyInClaim => new("审核中", "In a claim"),
        RefusalCode.RejectedBefore => new("曾未通过", "Rejected before"),
        RefusalCode.CertificateMissing => new("未登记证书", "No certificate"),
        RefusalCode.SpotCheckMissing => new("班级未抽查", "No spot check"),
        RefusalCode.PurposeNotCovered => new("资金用途不符", "Outside the purpose"),
        RefusalCode.NothingDelivered => new("没有课时", "No hours"),
        _ => new($"原因 {(int)code}", $"Reason {(int)code}"),
    };
}
