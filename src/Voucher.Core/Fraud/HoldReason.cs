namespace Voucher.Core.Fraud;

/// <summary>
/// Why a voucher is held for a person to look at, in order of precedence: of several that apply, the smallest is said.
/// Numbers are stored: they never change meaning.
/// </summary>
public enum HoldReason : short
{
    /// <summary>诱饵券: nobody holds this voucher; whoever shows it has it from where no voucher should be.</summary>
    Honeytoken = 1,

    /// <summary>One person's vouchers at two institutions, sooner than one can travel.</summary>
    TwoPlaces = 2,

    /// <summary>A voucher that is not enrolled yet was tried at another institution a short while ago.</summary>
    TriedElsewhere = 3,

    /// <summary>Enrolments at one terminal follow each other faster than a person can check identity cards.</summary>
    TooClose = 4,

    /// <summary>More people enrolled at one terminal in five minutes than one desk can receive.</summary>
    ManyAtOnce = 5,
}

public static class HoldReasons
{
    /// <summary>For the county.</summary>
    public static Words Name(this HoldReason reason) => reason switch
    {
        HoldReason.Honeytoken => new("诱饵券被出示", "A bait voucher was shown"),
        HoldReason.TwoPlaces => new("一人短时间内在两处", "One person in two places"),
        HoldReason.TriedElsewhere => new("报到前在两个机构出示", "Tried at two institutions before enrolment"),
        HoldReason.TooClose => new("报到间隔过短", "Enrolments too close together"),
        HoldReason.ManyAtOnce => new("五分钟内报到过多", "Too many enrolments in five minutes"),
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "Unknown reason of a hold."),
    };

    /// <summary>
    /// For the desk, with the holder standing there: why, without accusing anybody. A bait voucher says what another reason
    /// says too, so that it cannot be told by its answer.
    /// </summary>
    public static Words SayAtDesk(this HoldReason reason) => reason switch
    {
        HoldReason.Honeytoken or HoldReason.TwoPlaces => new("需要核对此券的使用记录", "its record of use must be checked"),
        HoldReason.TriedElsewhere => new("此券不久前在另一机构出示过", "it was shown at another institution a short while ago"),
        HoldReason.TooClose => new("几张券接得太快，来不及逐一核对身份证", "vouchers followed each other too fast for cards to be checked"),
        HoldReason.ManyAtOnce => new("本终端短时间内报到的人很多", "many people enrolled at this terminal within a short time"),
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "Unknown reason of a hold."),
    };
}
