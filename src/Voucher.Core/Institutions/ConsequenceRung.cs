namespace Voucher.Core.Institutions;

/// <summary>The ladder of consequences (text 004: 整改, 暂停, 吊销). Numbers are stored: they never change meaning.</summary>
public enum ConsequenceRung : short
{
    /// <summary>警告.</summary>
    Warning = 1,

    /// <summary>限期整改: a numbered notice says what must be done by when.</summary>
    Rectification = 2,

    /// <summary>逾期未整改: the day has passed and the county has not accepted. Time alone brings it about.</summary>
    OverdueRectification = 3,

    /// <summary>暂停办班: the suspension of the accreditation, which two persons speak there.</summary>
    Suspension = 4,

    /// <summary>建议吊销办学许可证: a letter to the authority that gave the licence.</summary>
    LicenceProposal = 5,
}

/// <summary>What a consequence keeps an institution from. Numbers are stored.</summary>
[Flags]
public enum Blocked
{
    None = 0,
    Classes = 1,
    Claims = 2,
    Payments = 4,
}

/// <summary>What one rung blocks, as a pack says.</summary>
public sealed record ConsequenceRule(ConsequenceRung Rung, Blocked Blocks);

/// <summary>Where one consequence stands. Numbers are stored.</summary>
public enum ConsequenceState : short
{
    Proposed = 1,
    InForce = 2,

    /// <summary>The institution has answered a notice of rectification; the county has not said whether that is enough.</summary>
    Answered = 3,

    /// <summary>已整改 or 已解除: it blocks nothing any more.</summary>
    Lifted = 4,
    Rejected = 5,
    Withdrawn = 6,

    /// <summary>The licensing authority has answered.</summary>
    Concluded = 7,
}

/// <summary>What one person has put forward and a second one has not decided. Numbers are stored.</summary>
public enum ConsequencePending : short
{
    None = 0,
    Impose = 1,

    /// <summary>Accept what was rectified, or lift a warning or a proposal.</summary>
    Lift = 2,

    /// <summary>Another last day.</summary>
    Extend = 3,
}

/// <summary>A step of a consequence, as its history keeps it. Numbers are stored.</summary>
public enum ConsequenceStep : short
{
    Propose = 1,
    Confirm = 2,
    Reject = 3,
    Withdraw = 4,
    Answer = 5,
    ProposeLift = 6,
    ProposeExtend = 7,
    Conclude = 8,
}

/// <summary>As screens say it.</summary>
public static class ConsequenceWords
{
    public static Words Name(this ConsequenceRung rung) => rung switch
    {
        ConsequenceRung.Warning => new("警告", "Warning"),
        ConsequenceRung.Rectification => new("限期整改", "Rectification by a date"),
        ConsequenceRung.OverdueRectification => new("逾期未整改", "Rectification overdue"),
        ConsequenceRung.Suspension => new("暂停办班", "Suspension"),
        ConsequenceRung.LicenceProposal => new("建议吊销办学许可证", "Licence to be withdrawn, proposed"),
        _ => throw new ArgumentOutOfRangeException(nameof(rung), rung, "Unknown rung."),
    };

    public static Words Name(this Blocked blocks)
    {
        List<Words> parts = [];
        if (blocks.HasFlag(Blocked.Classes)) parts.Add(new("不得新开班", "no new classes"));
        if (blocks.HasFlag(Blocked.Claims)) parts.Add(new("不得申报结算", "no claims"));
        if (blocks.HasFlag(Blocked.Payments)) parts.Add(new("暂停支付", "no payments"));
        return parts.Count == 0
            ? new("不限制", "blocks nothing")
            : new(string.Join('、', parts.Select(part => part.Zh)), string.Join(", ", parts.Select(part => part.En)));
    }

    public static Words Name(this ConsequenceState state) => state switch
    {
        ConsequenceState.Proposed => new("待决定", "To be decided"),
        ConsequenceState.InForce => new("生效中", "In force"),
        ConsequenceState.Answered => new("机构已答复，待验收", "Answered, to be judged"),
        ConsequenceState.Lifted => new("已解除", "Lifted"),
        ConsequenceState.Rejected => new("未批准", "Turned down"),
        ConsequenceState.Withdrawn => new("已撤回", "Withdrawn"),
        ConsequenceState.Concluded => new("发证机关已答复", "Concluded by the licensing authority"),
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "Unknown state."),
    };

    public static Words Name(this ConsequencePending pending) => pending switch
    {
        ConsequencePending.None => new("无待办", "nothing pending"),
        ConsequencePending.Impose => new("待另一人决定", "to be decided by another"),
        ConsequencePending.Lift => new("拟解除，待另一人决定", "lifting proposed, to be decided by another"),
        ConsequencePending.Extend => new("拟延期，待另一人决定", "extension proposed, to be decided by another"),
        _ => throw new ArgumentOutOfRangeException(nameof(pending), pending, "Unknown proposal."),
    };

    public static Words Name(this ConsequenceStep step) => step switch
    {
        ConsequenceStep.Propose => new("提出", "Proposed"),
        ConsequenceStep.Confirm => new("同意", "Agreed"),
        ConsequenceStep.Reject => new("不同意", "Turned down"),
        ConsequenceStep.Withdraw => new("撤回", "Withdrawn"),
        ConsequenceStep.Answer => new("机构答复", "Answered by the institution"),
        ConsequenceStep.ProposeLift => new("拟验收解除", "Lifting proposed"),
        ConsequenceStep.ProposeExtend => new("拟延期", "Extension proposed"),
        ConsequenceStep.Conclude => new("登记发证机关答复", "The licensing authority's answer"),
        _ => throw new ArgumentOutOfRangeException(nameof(step), step, "Unknown step."),
    };
}
