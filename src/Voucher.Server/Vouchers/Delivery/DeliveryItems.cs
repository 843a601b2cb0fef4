namespace Voucher.Server.Vouchers.Delivery;

/// <summary>What of the policy package (政策包, text 002 二（四）) goes with a voucher. Numbers are stored: they never change meaning.</summary>
[Flags]
public enum DeliveryItems : short
{
    None = 0,

    /// <summary>就业政策明白卡.</summary>
    PolicyCard = 1,

    /// <summary>技能扶贫联系卡.</summary>
    ContactCard = 2,

    /// <summary>岗位信息.</summary>
    Posts = 4,

    /// <summary>培训资料.</summary>
    TrainingPapers = 8,

    All = PolicyCard | ContactCard | Posts | TrainingPapers,
}

public static class DeliveryItemNames
{
    /// <summary>Each item with its name, in the order of the form.</summary>
    public static readonly IReadOnlyList<(DeliveryItems Item, Words Name)> Each =
    [
        (DeliveryItems.PolicyCard, new("明白卡", "Policy card")),
        (DeliveryItems.ContactCard, new("联系卡", "Contact card")),
        (DeliveryItems.Posts, new("岗位信息", "Posts on offer")),
        (DeliveryItems.TrainingPapers, new("培训资料", "Training papers")),
    ];

    public static Words Name(this DeliveryItems items)
    {
        var names = Each.Where(entry => items.HasFlag(entry.Item)).Select(entry => entry.Name).ToList();
        return new(string.Join("、", names.Select(name => name.Zh)), string.Join(", ", names.Select(name => name.En)));
    }
}

/// <summary>What was handed over together with a voucher, and whether the holder signed for it on the printed list.</summary>
public sealed record DeliveryRecord(DeliveryItems Items, bool IsSigned, string By, DateTimeOffset At);
