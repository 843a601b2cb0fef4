namespace Voucher.Server.Accounts;

/// <summary>
/// Separation of duties (谁审批谁负责): issue, review and payment are different persons. Compared by staff member, so that
/// a second account changes nothing; where two rows were found to be one person, by <see cref="SamePerson"/>.
/// </summary>
public static class Duties
{
    public static readonly Words BatchDraft = new("发券经办", "drafted the batch");
    public static readonly Words BatchApproval = new("发券审批", "approved the batch");
    public static readonly Words StopRequest = new("申请中止批次", "asked to stop the batch");
    public static readonly Words LeaveOutRequest = new("申请剔除人员", "asked to leave people out");
    public static readonly Words RevocationProposal = new("提出作废", "proposed the revocation");
    public static readonly Words ReissueRequest = new("申请补发", "asked for the reissue");
    public static readonly Words Submission = new("结算申报", "submitted the claim");
    public static readonly Words Review = new("结算审核", "reviewed the claim");
    public static readonly Words Approval = new("结算审批", "approved the claim");
    public static readonly Words PhoneCheck = new("电话回访", "made a call of the telephone sample");
    public static readonly Words SoleSpotCheck = new("独自抽查班级", "made the class's spot check alone");
    public static readonly Words HoldRelease = new("疑点放行", "released a hold on the voucher");
    public static readonly Words ClassApproval = new("班级审定", "approved the class and its rate");

    /// <summary>The refusal that names the first duty which the same person has already done, or <c>null</c>.</summary>
    public static Refusal? Refuse(Policy policy, StaffId staff, IEnumerable<(Words Duty, StaffId? By)> done) =>
        done.Where(duty => duty.By is { } by && (SamePerson.Acting(staff).Is(by)))
            .Select(duty => Refusal.Under(policy, RefusalCode.SamePerson, duty.Duty))
            .FirstOrDefault();
}
