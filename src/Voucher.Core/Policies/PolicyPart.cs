namespace Voucher.Core.Policies;

/// <summary>What a parameter is about, for reading a pack in parts.</summary>
public enum PolicyPart
{
    People = 1,
    Training = 2,
    Money = 3,
    Oversight = 4,
    Desks = 5,
}

public static class PolicyParts
{
    public static Words Name(this PolicyPart part) => part switch
    {
        PolicyPart.People => new("人员和培训券", "People and vouchers"),
        PolicyPart.Training => new("培训", "Training"),
        PolicyPart.Money => new("补贴和资金", "Subsidies and money"),
        PolicyPart.Oversight => new("比对、发放和监管", "Matching, delivery and oversight"),
        PolicyPart.Desks => new("终端和防倒卖", "Terminals and resale"),
        _ => throw new ArgumentOutOfRangeException(nameof(part), part, "Unknown part."),
    };
}
