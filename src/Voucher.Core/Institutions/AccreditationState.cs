namespace Voucher.Core.Institutions;

/// <summary>Where an institution's accreditation (认定) of a year stands. Numbers are stored: they never change meaning.</summary>
public enum AccreditationState : short
{
    /// <summary>拟稿: being drawn up by the institution or by a clerk for it.</summary>
    Draft = 1,

    /// <summary>已提交: complete and handed in.</summary>
    Submitted = 2,

    /// <summary>已勘验: the county has looked at rooms, teachers and practice places.</summary>
    Inspected = 3,

    /// <summary>已认定: may enrol on its days.</summary>
    Granted = 4,

    /// <summary>暂停: enrols nobody and opens no class; running classes go on.</summary>
    Suspended = 5,

    /// <summary>不予认定.</summary>
    Refused = 6,

    /// <summary>取消认定.</summary>
    Withdrawn = 7,

    /// <summary>已撤回: by whoever drew it up, before the county inspected.</summary>
    TakenBack = 8,
}

/// <summary>What one person has put forward and a second one has not yet confirmed. Numbers are stored.</summary>
public enum AccreditationProposal : short
{
    None = 0,
    Grant = 1,
    Refuse = 2,

    /// <summary>In effect already; falls away unless confirmed in time.</summary>
    Suspend = 3,

    /// <summary>Suspends at once; ends the accreditation when confirmed.</summary>
    Withdraw = 4,
}

/// <summary>A step in the life of an accreditation. Numbers are stored.</summary>
public enum AccreditationCommand : short
{
    Change = 1,
    Submit = 2,
    SendBack = 3,
    Inspect = 4,
    ProposeGrant = 5,
    ProposeRefusal = 6,

    /// <summary>The second person agrees with what the first has put forward.</summary>
    Confirm = 7,

    /// <summary>What was put forward is turned down.</summary>
    Return = 8,
    Suspend = 9,
    Lift = 10,
    ProposeWithdrawal = 11,
    TakeBack = 12,

    /// <summary>Time has passed: a suspension is over, or was not confirmed in time. No person takes this step.</summary>
    Lapse = 13,
}

/// <summary>The names of states and steps as the county says them.</summary>
public static class AccreditationWords
{
    public static Words Name(this AccreditationState state) => state switch
    {
        AccreditationState.Draft => new("拟稿", "Draft"),
        AccreditationState.Submitted => new("已提交，待勘验", "Handed in"),
        AccreditationState.Inspected => new("已勘验", "Inspected"),
        AccreditationState.Granted => new("已认定", "Accredited"),
        AccreditationState.Suspended => new("暂停办班", "Suspended"),
        AccreditationState.Refused => new("不予认定", "Refused"),
        AccreditationState.Withdrawn => new("已取消认定", "Withdrawn"),
        AccreditationState.TakenBack => new("已撤回", "Taken back"),
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "Unknown state."),
    };

    public static Words Name(this AccreditationProposal proposal) => proposal switch
    {
        AccreditationProposal.None => new("无待办", "nothing pending"),
        AccreditationProposal.Grant => new("拟认定，待另一人确认", "granting proposed"),
        AccreditationProposal.Refuse => new("拟不予认定，待另一人确认", "refusal proposed"),
        AccreditationProposal.Suspend => new("暂停已生效，待另一人确认", "suspended, to be confirmed"),
        AccreditationProposal.Withdraw => new("拟取消认定（已先行暂停），待另一人确认", "withdrawal proposed, suspended meanwhile"),
        _ => throw new ArgumentOutOfRangeException(nameof(proposal), proposal, "Unknown proposal."),
    };

    public static Words Name(this AccreditationCommand command) => command switch
    {
        AccreditationCommand.Change => new("修改申请", "Changed"),
        AccreditationCommand.Submit => new("提交申请", "Handed in"),
        AccreditationCommand.SendBack => new("退回补正", "Sent back"),
        AccreditationCommand.Inspect => new("现场勘验", "Inspected"),
        AccreditationCommand.ProposeGrant => new("拟认定", "Granting proposed"),
        AccreditationCommand.ProposeRefusal => new("拟不予认定", "Refusal proposed"),
        AccreditationCommand.Confirm => new("确认", "Confirmed"),
        AccreditationCommand.Return => new("不同意，退回", "Turned down"),
        AccreditationCommand.Suspend => new("暂停办班", "Suspended"),
        AccreditationCommand.Lift => new("恢复办班", "Suspension lifted"),
        AccreditationCommand.ProposeWithdrawal => new("拟取消认定", "Withdrawal proposed"),
        AccreditationCommand.TakeBack => new("撤回申请", "Taken back"),
        AccreditationCommand.Lapse => new("暂停到期自动解除", "Suspension lapsed"),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, "Unknown step."),
    };
}
