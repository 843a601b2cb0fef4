namespace Voucher.Core.Settling;

/// <summary>How what is owed stands with its publication. Numbers are stored: they never change meaning.</summary>
public enum PublicationStanding : short
{
    /// <summary>未公示.</summary>
    NotPublished = 0,

    /// <summary>公示中, or its period is over and nobody has objected.</summary>
    Published = 1,

    /// <summary>有异议: frozen until every objection against it is decided.</summary>
    Objected = 2,

    /// <summary>异议不成立, and the period is over.</summary>
    Cleared = 3,

    /// <summary>异议成立: not paid. It is not put up again.</summary>
    Withdrawn = 4,
}

/// <summary>What is known of the publication of one thing that is owed.</summary>
/// <param name="Until">Last day of its period; <c>null</c> while it is not published.</param>
/// <param name="OpenObjections">Not yet decided; above 0 exactly while it stands at <see cref="PublicationStanding.Objected"/>.</param>
public sealed record PublicationState(PublicationStanding Standing, DateOnly? Until, int OpenObjections)
{
    public static readonly PublicationState NotPublished = new(PublicationStanding.NotPublished, null, 0);

    /// <summary>
    /// The same while something else that is owed for its voucher is objected to: whoever says that a trainee never came means the
    /// allowance as much as the training.
    /// </summary>
    public PublicationState BesideAnother(bool isObjected) =>
        isObjected && Standing is not (PublicationStanding.Objected or PublicationStanding.Withdrawn)
            ? this with { Standing = PublicationStanding.Objected, OpenObjections = 1 }
            : this;
}

/// <summary>What may be done about the publication of one thing that is owed.</summary>
public abstract record PublicationCommand
{
    private PublicationCommand() { }

    /// <param name="Until">Last day of the period.</param>
    public sealed record Publish(DateOnly Until) : PublicationCommand;

    /// <summary>Somebody objects; more than one may.</summary>
    public sealed record Object : PublicationCommand;

    /// <summary>One objection is decided: not well founded.</summary>
    /// <param name="Today">Whether the period is over by then.</param>
    public sealed record Dismiss(DateOnly Today) : PublicationCommand;

    /// <summary>One objection is decided: well founded. Whatever else was said against it is settled by that.</summary>
    public sealed record Uphold : PublicationCommand;
}

public static class PublicationWords
{
    public static Words Name(this PublicationStanding standing) => standing switch
    {
        PublicationStanding.NotPublished => new("未公示", "Not published"),
        PublicationStanding.Published => new("已公示", "Published"),
        PublicationStanding.Objected => new("有异议，已冻结", "Objected to, frozen"),
        PublicationStanding.Cleared => new("异议不成立", "Objection dismissed"),
        PublicationStanding.Withdrawn => new("异议成立，不予支付", "Objection upheld, not paid"),
        _ => throw new ArgumentOutOfRangeException(nameof(standing), standing, "Unknown standing."),
    };
}
