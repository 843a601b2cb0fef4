namespace Voucher.Server.Portal;

/// <summary>One kind of work that waits for the reader.</summary>
/// <param name="Key">For tests.</param>
public sealed record WorkItem(string Key, Words Label, long Count, string Path, string Permission)
{
    /// <summary>What waits for the actor: what they may do and of which there is something.</summary>
    public static IReadOnlyList<WorkItem> For(Actor actor, WorkListStore.Counts counts) =>
        [.. All(counts).Where(item => item.Count > 0 && actor.May(item.Permission))];

    private static IEnumerable<WorkItem> All(WorkListStore.Counts counts) =>
    [
        new("batches-to-approve", new("待批准的发券批次", "Batches to approve"), counts.BatchesToApprove, "/issuing", Accounts.Permission.ApproveBatch),
        new("stops-to-decide", new("待批准中止的批次", "Batches to stop"), counts.StopsToDecide, "/issuing", Accounts.Permission.ApproveBatch),
        new("leave-outs-to-decide", new("待批准剔除人员的批次", "Batches to leave people out of"), counts.LeaveOutsToDecide, "/issuing", Accounts.Permission.ApproveBatch),
        new("revocations-to-decide", new("待审批的成批作废", "Revocations to decide"), counts.RevocationsToDecide, "/issuing/revocations", Accounts.Permission.ApproveBatch),
        new("reissues-to-review", new("待复核的补发", "Reissues to review"), counts.ReissuesToReview, "/issuing/reissues", Accounts.Permission.ApproveBatch),
        new("classes-to-approve", new("待审定的班级", "Classes to approve"), counts.ClassesToApprove, "/classes", Accounts.Permission.ApproveClass),
        new("claims-to-review", new("待审核的申报单", "Claims to review"), counts.ClaimsToReview, "/settling", Accounts.Permission.ReviewClaim),
        new("claims-overdue", new("审核超期的申报单", "Claims whose review is overdue"), counts.Review.Overdue, "/settling/review", Accounts.Permission.ReviewClaim),
        new("calls-to-make", new("待电话回访的学员", "Trainees to call"), counts.Review.Calls, "/settling/review", Accounts.Permission.PhoneCheck),
        new("lines-to-complete", new("退回补正、待交回的券", "Returned vouchers to complete"), counts.Review.Returned, "/settling/review", Accounts.Permission.SubmitClaim),
        new("claims-to-approve", new("审核完毕、待批准的申报单", "Reviewed claims to approve"), counts.ClaimsToApprove, "/settling", Accounts.Permission.ApproveClaim),
        new("claims-to-pay", new("待列支的申报单", "Claims to pay"), counts.ClaimsToPay, "/settling", Accounts.Permission.Pay),
        new("payments-to-confirm", new("待送行或待回盘的支付", "Payments to hand over or to reconcile"), counts.PaymentsToConfirm, "/settling", Accounts.Permission.Pay),
        new("spot-checks", new("已开班、还没有抽查的班级", "Running classes without a spot check"), counts.ClassesWithoutSpotCheck, "/classes", Accounts.Permission.SpotCheck),
        new("holds-to-decide", new("待核查的疑点", "Holds to decide"), counts.HoldsToDecide, "/fraud", Accounts.Permission.DecideHold),
        new("corrections-to-decide", new("待决定的更正申请", "Corrections to decide"), counts.CorrectionsToDecide, "/corrections", Accounts.Permission.DecideCorrection),
        new("conflicts-to-decide", new("待裁定的报到争议", "Contested enrolments to decide"), counts.ConflictsToDecide, "/conflicts", Accounts.Permission.DecideConflict),
        new("terminals-quarantined", new("已隔离、待查的终端", "Terminals in quarantine"), counts.TerminalsQuarantined, "/conflicts#journals", Accounts.Permission.DecideConflict),
        new("entries-to-judge", new("有离线记录待核对的终端", "Terminals with offline entries to judge"), counts.TerminalsToJudge, "/conflicts#journals", Accounts.Permission.JudgeEntries),
        new("terminals-pending", new("待确认的终端", "Terminals to confirm"), counts.TerminalsPending, "/terminals", Accounts.Permission.PairTerminal),
        new("imports-with-errors", new("近七天有错误行的导入", "Imports of the last week with bad rows"), counts.ImportsWithErrors, "/register", Accounts.Permission.ImportRegister),
        new("duplicates-to-decide", new("待核对的重复或可疑人员", "Duplicates and doubtful rows to decide"), counts.DuplicatesToDecide, "/register/duplicates", Accounts.Permission.DecideDuplicate),
        new("imports-to-start", new("待确认或待开始的导入", "Imports to confirm or start"), counts.ImportsToStart, "/register/imports", Accounts.Permission.ImportRegister),
        new("objections-to-decide", new("待处理的公示异议", "Objections to decide"), counts.ObjectionsToDecide, "/settling/objections", Accounts.Permission.DecideObjection),
        new("retained-to-approve", new("待批准的留存名单", "Lists of retained money to approve"), counts.RetainedToApprove, "/settling/retained", Accounts.Permission.ApproveClaim),
        new("plans-to-approve", new("待批准的计划", "Plans to approve"), counts.PlansToApprove, "/planning", Accounts.Permission.ApprovePlan),
        new("recoveries-to-decide", new("待决定的追回", "Takings back to decide"), counts.Recovering.Recoveries, "/recoveries", Accounts.Permission.DecideRecovery),
        new("consequences-to-decide", new("待决定的机构处理", "Consequences to decide"), counts.Recovering.Consequences, "/consequences", Accounts.Permission.DecideRecovery),
        new("rectifications-overdue", new("逾期未整改的机构", "Rectifications overdue"), counts.Recovering.Overdue, "/consequences", Accounts.Permission.ReadRecoveries),
        new("reports-due", new("待报送的进展情况表", "Progress reports to send"), counts.ReportsDue, "/reports", Accounts.Permission.SendReport),
        new("results-missing", new("已结束班级中未登记成绩的学员", "Trainees of ended classes without a result"), counts.ResultsMissing, "/classes", Accounts.Permission.RecordAssessment),
        new("teaching-to-decide", new("待审定的教学计划、大纲和教材", "Teaching documents to decide"), counts.TeachingToDecide, "/programmes/documents", Accounts.Permission.DecideTeaching),
        new("vouchers-to-claim", new("已结业、还没有申报的培训券", "Completed vouchers not yet claimed"), counts.VouchersToClaim, "/settling/claimable", Accounts.Permission.SubmitClaim),
        new("policies-to-approve", new("待审批的政策草案", "Policy drafts to approve"), counts.PoliciesToApprove, "/policies", Accounts.Permission.ApprovePolicies),
        new("accreditations-to-propose", new("待勘验或提出意见的认定申请", "Applications for accreditation to inspect or propose on"), counts.AccreditationsToPropose, "/accreditations?waits=true", Accounts.Permission.HandleAccreditation),
        new("accreditations-to-confirm", new("待第二人确认的认定意见、暂停和取消", "Verdicts, suspensions and withdrawals to confirm"), counts.AccreditationsToConfirm, "/accreditations?waits=true", Accounts.Permission.DecideAccreditation),
        new("accreditations-ending", new("60天内认定到期的机构", "Institutions whose accreditation ends within 60 days"), counts.AccreditationsEnding, "/institutions", Accounts.Permission.DrawUpAccreditation),
        new("accreditations-to-complete", new("还没有提交的认定申请", "Applications for accreditation not handed in yet"), counts.AccreditationsToComplete, "/accreditations?state=Draft", Accounts.Permission.DrawUpAccreditation),
    ];
}
