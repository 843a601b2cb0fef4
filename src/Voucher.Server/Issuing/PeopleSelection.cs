using System.Text.Json.Serialization;
using Voucher.Server.Api;
using Voucher.Server.Register;

namespace Voucher.Server.Issuing;

/// <summary>
/// Whom a batch is for. Townships, villages, categories, lists, employment and wishes narrow each other down; within each, any one
/// suffices. Named people stand alone, and so do everyone and the people of another batch.
/// </summary>
public sealed record PeopleSelection(
    bool Everyone, IReadOnlyList<int> Townships, IReadOnlyList<string> Categories, IReadOnlyList<int> Lists, IReadOnlyList<long> People)
{
    public const int MostNamedPeople = 5_000;
    public const int MostChoices = 200;
    public const int LongestCategory = PersonRecord.LongestCategory;

    public static readonly PeopleSelection Nobody = new(false, [], [], [], []);

    /// <summary>Twelve-digit codes.</summary>
    public IReadOnlyList<long> Villages { get; init; } = [];

    public IReadOnlyList<EmploymentState> Employment { get; init; } = [];

    /// <summary>Trades, of which a person wishes to learn one.</summary>
    public IReadOnlyList<int> Wishes { get; init; } = [];

    /// <summary>
    /// The people of this batch: whom it was drafted for, those who were left out of it, and whom its list names, also by way of the
    /// batch that it was drafted again from. They are no more than that batch could have, so no other limit applies.
    /// </summary>
    public long? OfBatch { get; init; }

    /// <summary>Only who stands on the 需求清单 of text 002, which follows from the register: <see cref="DerivedList.Demand"/>.</summary>
    public bool OnDemandList { get; init; }

    /// <summary>Places in the request of what is no state of employment.</summary>
    [JsonIgnore]
    public IReadOnlyList<int> WrongEmployment { get; init; } = [];

    /// <summary>Identity numbers of a pasted list, until they are found in the register; never stored.</summary>
    [JsonIgnore]
    public IReadOnlyList<IdNumber> Numbers { get; init; } = [];

    /// <summary>Places in the pasted list of what is no identity number.</summary>
    [JsonIgnore]
    public IReadOnlyList<int> WrongNumbers { get; init; } = [];

    /// <summary>Whether anything narrows the register down.</summary>
    [JsonIgnore]
    public bool IsFilter =>
        OnDemandList || Townships.Count + Villages.Count + Categories.Count + Lists.Count + Employment.Count + WrongEmployment.Count + Wishes.Count > 0;

    public IEnumerable<FieldError> Faults()
    {
        var named = Numbers.Count + WrongNumbers.Count;
        var ways = (Everyone ? 1 : 0) + (People.Count > 0 ? 1 : 0) + (named > 0 ? 1 : 0) + (OfBatch is null ? 0 : 1) + (IsFilter ? 1 : 0);
        if (ways == 0)
            yield return new("people", new("请选择乡镇、人员类别或名单，或选择全县", "Choose townships, categories or lists, or everyone"));
        if (ways > 1)
            yield return new("people", new("“全县”“指定人员”“原批次人员”与筛选条件只能用一种", "Everyone, named people, those of a batch and filters exclude each other"));
        if (Townships.Count > MostChoices) yield return TooMany("people.townships", MostChoices);
        if (Villages.Count > MostChoices) yield return TooMany("people.villages", MostChoices);
        if (Categories.Count > MostChoices) yield return TooMany("people.categories", MostChoices);
        if (Categories.Any(category => category is null or "" || category.EnumerateRunes().Count() > LongestCategory || !FieldReader.IsReadable(category)))
            yield return new("people.categories", new($"类别名称应为 1–{LongestCategory} 个字", $"A category has 1–{LongestCategory} characters"));
        if (Lists.Count > MostChoices) yield return TooMany("people.lists", MostChoices);
        if (WrongEmployment.Count > 0)
            yield return new("people.employment", new($"第 {WrongEmployment[0]} 个不是就业状态", $"Number {WrongEmployment[0]} is no state of employment"));
        if (Wishes.Count > MostChoices) yield return TooMany("people.wishes", MostChoices);
        if (People.Count > MostNamedPeople) yield return TooMany("people.ids", MostNamedPeople);
        if (named > MostNamedPeople) yield return TooMany("people.idNumbers", MostNamedPeople);
        else if (WrongNumbers.Count > 0)
            yield return new("people.idNumbers", new($"第 {WrongNumbers[0]} 个不是有效的身份证号码（共 {WrongNumbers.Count} 个）", $"Number {WrongNumbers[0]} is no valid identity number ({WrongNumbers.Count} in all)"));
    }

    private static FieldError TooMany(string field, int most) => new(field, new($"最多 {most} 项", $"At most {most}"));
}
