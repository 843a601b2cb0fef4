using Voucher.Core.Money;

namespace Voucher.Core.Promises;

/// <summary>A fact that somebody has looked at and recorded, on which a promise depends. Numbers are stored: they never change meaning.</summary>
public enum PromiseFactKind : short
{
    /// <summary>创办小微企业, registered on a day.</summary>
    MicroEnterprise = 1,

    /// <summary>从事个体经营, registered on a day.</summary>
    IndividualBusiness = 2,

    /// <summary>首次: no business before.</summary>
    FirstBusiness = 3,

    /// <summary>Employed by a farming enterprise (农民合作社、种养大户、家庭农场、农业企业、“扶贫车间”) since a day.</summary>
    EmployedByFarming = 4,

    /// <summary>接受技工教育, from a day.</summary>
    TechnicalStudent = 5,

    /// <summary>符合创业担保贷款申请条件, as the bank or the guarantor says.</summary>
    LoanTermsMet = 6,
}

public static class PromiseFactKinds
{
    public static Words Name(this PromiseFactKind kind) => kind switch
    {
        PromiseFactKind.MicroEnterprise => new("创办小微企业（登记日）", "Founded a micro enterprise"),
        PromiseFactKind.IndividualBusiness => new("从事个体经营（登记日）", "Runs an individual business"),
        PromiseFactKind.FirstBusiness => new("首次创业", "First business"),
        PromiseFactKind.EmployedByFarming => new("在农业经营主体就业（入职日）", "Employed by a farming enterprise"),
        PromiseFactKind.TechnicalStudent => new("接受技工教育（入学日）", "At a technical school"),
        PromiseFactKind.LoanTermsMet => new("符合创业担保贷款条件", "Meets the terms of the guaranteed loan"),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown kind of fact."),
    };
}

/// <summary>What a condition asks about.</summary>
public enum PromiseConditionKind
{
    /// <summary>建档立卡户, by the household or the person's category.</summary>
    RegisteredHousehold = 1,

    /// <summary>One of some categories of the register.</summary>
    Category = 2,

    /// <summary>A recorded fact, lasting so many months where the text says so.</summary>
    Fact = 3,
}

/// <summary>One condition of a promise.</summary>
/// <param name="Months">For a fact: how long it must have lasted; 0: it need only hold.</param>
public sealed record PromiseCondition(PromiseConditionKind Kind, PromiseFactKind? Fact = null, int Months = 0, IReadOnlyList<string>? Categories = null)
{
    public Words Name => Kind switch
    {
        PromiseConditionKind.RegisteredHousehold => new("建档立卡户", "Registered poor household"),
        PromiseConditionKind.Category => new($"人员类别：{string.Join('、', Categories ?? [])}", $"Category: {string.Join(", ", Categories ?? [])}"),
        PromiseConditionKind.Fact when Months > 0 => new($"{Fact!.Value.Name().Zh}，满 {Months} 个月", $"{Fact!.Value.Name().En}, for {Months} months"),
        PromiseConditionKind.Fact => Fact!.Value.Name(),
        _ => throw new ArgumentOutOfRangeException(nameof(Kind), Kind, "Unknown condition."),
    };
}

/// <summary>
/// What a text promises to a trainee beside the voucher (texts 000, 002 and 003). Another department pays it; this system knows who
/// may have it, who was told and who received it.
/// </summary>
/// <param name="Key">In records and addresses; never changes.</param>
/// <param name="Version">Of the entry: 1 and up; a record keeps the one under which it was made.</param>
/// <param name="AmountFen">Fixed, or at most where <paramref name="IsCeiling"/>.</param>
/// <param name="IsYearly">Given once for each year (每生每年); else once a person.</param>
/// <param name="ToEmployer">The employer gets it for the person.</param>
/// <param name="IsLoan">To be paid back.</param>
/// <param name="Employment">Of the register: people to look at though nothing is recorded yet.</param>
public sealed record Promise(
    string Key, int Version, Words Name, string Document, string Clause, string Payer, long AmountFen, bool IsCeiling, bool IsYearly, bool ToEmployer, bool IsLoan,
    DateOnly From, DateOnly? Until, People.EmploymentState? Employment, IReadOnlyList<PromiseCondition> Conditions)
{
    public Fen Amount => new(AmountFen);

    public bool IsInForceOn(DateOnly day) => From <= day && (Until is not { } until || day <= until);

    /// <summary>As it is cited: document, clause.</summary>
    public string Rule => $"{Document} {Clause}";
}
