using Microsoft.AspNetCore.Authorization;

namespace Voucher.Server.Accounts;

/// <summary>Names of what may be allowed; each is an authorization policy of the same name.</summary>
public static class Permission
{
    public const string ReadWholeRegister = nameof(ReadWholeRegister);
    public const string ReadPeople = nameof(ReadPeople);
    public const string ReadHouseholds = nameof(ReadHouseholds);
    public const string RecordWishes = nameof(RecordWishes);
    public const string EditRegister = nameof(EditRegister);
    public const string ImportRegister = nameof(ImportRegister);
    public const string DecideDuplicate = nameof(DecideDuplicate);
    public const string RunMatching = nameof(RunMatching);
    public const string DismissMatch = nameof(DismissMatch);
    public const string ReadInstitutions = nameof(ReadInstitutions);
    public const string EditInstitutions = nameof(EditInstitutions);
    public const string ReadBatches = nameof(ReadBatches);
    public const string DraftBatch = nameof(DraftBatch);
    public const string ApproveBatch = nameof(ApproveBatch);
    public const string PrintVouchers = nameof(PrintVouchers);
    public const string HandleVouchers = nameof(HandleVouchers);
    public const string ReadClasses = nameof(ReadClasses);
    public const string OpenClass = nameof(OpenClass);
    public const string ApproveClass = nameof(ApproveClass);
    public const string RecordAssessment = nameof(RecordAssessment);
    public const string WithdrawTrainee = nameof(WithdrawTrainee);
    public const string SpotCheck = nameof(SpotCheck);
    public const string PairTerminal = nameof(PairTerminal);
    public const string DecideCorrection = nameof(DecideCorrection);
    public const string ReadClaims = nameof(ReadClaims);
    public const string SubmitClaim = nameof(SubmitClaim);
    public const string ReviewClaim = nameof(ReviewClaim);
    public const string ApproveClaim = nameof(ApproveClaim);
    public const string Pay = nameof(Pay);
    public const string PhoneCheck = nameof(PhoneCheck);
    public const string Publish = nameof(Publish);
    public const string TakeObjection = nameof(TakeObjection);
    public const string DecideObjection = nameof(DecideObjection);
    public const string ReadPayments = nameof(ReadPayments);
    public const string ReadPayees = nameof(ReadPayees);
    public const string ProposePayee = nameof(ProposePayee);
    public const string VerifyPayee = nameof(VerifyPayee);
    public const string CloseBooks = nameof(CloseBooks);
    public const string ReadAllowances = nameof(ReadAllowances);
    public const string DraftAllowances = nameof(DraftAllowances);
    public const string ApproveAllowances = nameof(ApproveAllowances);
    public const string ReadRecoveries = nameof(ReadRecoveries);
    public const string ProposeRecovery = nameof(ProposeRecovery);
    public const string DecideRecovery = nameof(DecideRecovery);
    public const string RecordPayIn = nameof(RecordPayIn);
    public const string ReadPromises = nameof(ReadPromises);
    public const string RecordPromises = nameof(RecordPromises);
    public const string ReadForms = nameof(ReadForms);
    public const string ReadLedger = nameof(ReadLedger);
    public const string EditBudget = nameof(EditBudget);
    public const string ReadAudit = nameof(ReadAudit);
    public const string ReadAccounts = nameof(ReadAccounts);
    public const string EditAccounts = nameof(EditAccounts);
    public const string ReadDaySheet = nameof(ReadDaySheet);
    public const string ReadHolds = nameof(ReadHolds);
    public const string DecideHold = nameof(DecideHold);
    public const string IssueBait = nameof(IssueBait);
    public const string ReadConflicts = nameof(ReadConflicts);
    public const string DecideConflict = nameof(DecideConflict);
    public const string ReadJournals = nameof(ReadJournals);
    public const string ReleaseTerminal = nameof(ReleaseTerminal);
    public const string JudgeEntries = nameof(JudgeEntries);
    public const string WatchLive = nameof(WatchLive);
    public const string ReadPlan = nameof(ReadPlan);
    public const string EditPlan = nameof(EditPlan);
    public const string ApprovePlan = nameof(ApprovePlan);
    public const string SendReport = nameof(SendReport);
    public const string Operate = nameof(Operate);
    public const string ReadPolicies = nameof(ReadPolicies);
    public const string EditPolicies = nameof(EditPolicies);
    public const string ApprovePolicies = nameof(ApprovePolicies);
    public const string HandInTeaching = nameof(HandInTeaching);
    public const string DecideTeaching = nameof(DecideTeaching);
    public const string DrawUpAccreditation = nameof(DrawUpAccreditation);
    public const string HandleAccreditation = nameof(HandleAccreditation);
    public const string DecideAccreditation = nameof(DecideAccreditation);
    public const string EditTeachers = nameof(EditTeachers);
    public const string AssignTeachers = nameof(AssignTeachers);

    private static readonly Role[] County = [Role.Clerk, Role.Approver, Role.Reviewer, Role.Finance, Role.Auditor];
    private static readonly Role[] CountyAndInstitution = [.. County, Role.Manager];

    /// <summary>Which roles hold which permission.</summary>
    public static readonly IReadOnlyDictionary<string, Role[]> Holders = new Dictionary<string, Role[]>
    {
        [ReadWholeRegister] = County,
        [ReadPeople] = [.. CountyAndInstitution, Role.TownshipStaff, Role.VillageStaff],
        [ReadHouseholds] = [.. County, Role.TownshipStaff, Role.VillageStaff],
        [RecordWishes] = [Role.Clerk, Role.TownshipStaff, Role.VillageStaff],
        [EditRegister] = [Role.Clerk],
        [ImportRegister] = [Role.Clerk],
        [DecideDuplicate] = [Role.Clerk, Role.Approver],
        [RunMatching] = [Role.Clerk],
        [DismissMatch] = [Role.Reviewer, Role.Approver],
        [ReadInstitutions] = CountyAndInstitution,
        [EditInstitutions] = [Role.Clerk],
        [ReadBatches] = County,
        [DraftBatch] = [Role.Clerk],
        [ApproveBatch] = [Role.Approver],
        [PrintVouchers] = [Role.Clerk],
        [HandleVouchers] = [Role.Clerk],
        [ReadClasses] = [.. CountyAndInstitution, Role.FrontDesk],
        [OpenClass] = [Role.Manager],
        [ApproveClass] = [Role.Approver],
        [RecordAssessment] = [Role.Manager],
        [WithdrawTrainee] = [Role.Clerk, Role.Manager],
        [SpotCheck] = [Role.Clerk, Role.Reviewer],
        [PairTerminal] = [Role.Clerk],
        [DecideCorrection] = [Role.Clerk, Role.Approver],
        [ReadClaims] = CountyAndInstitution,
        [SubmitClaim] = [Role.Manager],
        [ReviewClaim] = [Role.Reviewer],
        [ApproveClaim] = [Role.Approver],
        [Pay] = [Role.Finance],
        [PhoneCheck] = [Role.Clerk, Role.Reviewer],
        [Publish] = [Role.Clerk],
        [TakeObjection] = [Role.Clerk, Role.Reviewer],
        [DecideObjection] = [Role.Reviewer, Role.Approver],
        [ReadPayments] = County,
        [ReadPayees] = County,
        [ProposePayee] = [Role.Clerk],
        [VerifyPayee] = [Role.Reviewer, Role.Approver],
        [CloseBooks] = [Role.Finance, Role.Approver],
        [ReadAllowances] = County,
        [DraftAllowances] = [Role.Clerk],
        [ApproveAllowances] = [Role.Approver],
        [ReadRecoveries] = CountyAndInstitution,
        [ProposeRecovery] = [Role.Clerk, Role.Reviewer],
        [DecideRecovery] = [Role.Approver],
        [RecordPayIn] = [Role.Finance],
        [ReadPromises] = County,
        [RecordPromises] = [Role.Clerk],
        [ReadForms] = CountyAndInstitution,
        [ReadLedger] = County,
        [EditBudget] = [Role.Finance],
        [ReadAudit] = [Role.Auditor, Role.Approver],
        [ReadAccounts] = [Role.Approver, Role.Operator, Role.Auditor],
        [EditAccounts] = [Role.Approver, Role.Operator],
        [ReadDaySheet] = County,
        [ReadHolds] = [Role.Reviewer, Role.Approver, Role.Auditor],
        [DecideHold] = [Role.Reviewer, Role.Approver],
        [IssueBait] = [Role.Approver],
        [ReadConflicts] = [Role.Reviewer, Role.Approver, Role.Auditor],
        [DecideConflict] = [Role.Reviewer, Role.Approver],
        [ReadJournals] = [Role.Clerk, Role.Reviewer, Role.Approver, Role.Auditor],
        [ReleaseTerminal] = [Role.Clerk, Role.Reviewer, Role.Approver],
        [JudgeEntries] = [Role.Reviewer, Role.Approver],
        [WatchLive] = [.. CountyAndInstitution, Role.FrontDesk],
        [ReadPlan] = County,
        [EditPlan] = [Role.Clerk],
        [ApprovePlan] = [Role.Approver],
        [SendReport] = [Role.Clerk],
        [Operate] = [Role.Operator, Role.Auditor],
        [ReadPolicies] = CountyAndInstitution,
        [EditPolicies] = [Role.Clerk],
        [ApprovePolicies] = [Role.Approver],
        [HandInTeaching] = [Role.Clerk, Role.Manager],
        [DecideTeaching] = [Role.Approver],
        [DrawUpAccreditation] = [Role.Clerk, Role.Manager],
        [HandleAccreditation] = [Role.Clerk, Role.Reviewer, Role.Approver],
        [DecideAccreditation] = [Role.Reviewer, Role.Approver],
        [EditTeachers] = [Role.Clerk],
        [AssignTeachers] = [Role.Clerk, Role.Manager],
    };

    public static void AddAll(AuthorizationOptions options)
    {
        foreach (var (permission, roles) in Holders)
            options.AddPolicy(permission, policy => policy
                .AddAuthenticationSchemes(AccountSchemes.ByPath)
                .RequireRole(roles.Select(role => role.ToString())));
    }
}
