namespace Voucher.Server.Register;

/// <summary>
/// What the register holds of one person, in plain: only ever in memory. Lengths are in characters (code points) and equal
/// those of the table.
/// </summary>
/// <param name="Phone">Digits only; empty when not known.</param>
/// <param name="Township">Nine digits; none when the file does not say.</param>
/// <param name="Categories">人员类别, as the county types them.</param>
public sealed record PersonRecord(
    IdNumber Number, string Name, string Education, string Phone, int? Township, string HouseholdPlace, string HouseholdKind,
    string PledgedEmployer, IReadOnlyList<string> Categories)
{
    public const int LongestEducation = 20;
    public const int LongestHouseholdPlace = 100;
    public const int LongestHouseholdKind = 20;
    public const int LongestPledgedEmployer = 100;
    public const int LongestCategory = 20;
    public const int MostCategories = 10;
    public const int LongestHouseholdNumber = 30;
    public const int LongestRelation = 20;
    public const int MostWishes = 10;

    /// <summary>As 与户主关系 names the head of a household.</summary>
    public const string Head = "户主";

    /// <summary>户编号 of the register of poor households; empty when not known.</summary>
    public string HouseholdNumber { get; init; } = "";

    /// <summary>与户主关系; empty when not known.</summary>
    public string Relation { get; init; } = "";

    public LabourAbility LabourAbility { get; init; }

    /// <summary>Twelve digits; lies in <see cref="Township"/>.</summary>
    public PlaceCode? Village { get; init; }

    public EmploymentState Employment { get; init; }

    /// <summary>培训意愿: codes of trades, ascending.</summary>
    public IReadOnlyList<int> WishTrades { get; init; } = [];

    /// <summary>All fields as one text, by whose hash an unchanged person is recognised.</summary>
    public string ContentText()
    {
        var text = string.Join('\u001f',
            Name, Education, Phone, $"{Township}", HouseholdPlace, HouseholdKind, PledgedEmployer,
            string.Join('\u001e', Categories.Order(StringComparer.Ordinal)));
        // Said only of those who have any of it: people written before these fields were there are still recognised.
        return HouseholdNumber.Length + Relation.Length + WishTrades.Count == 0 && LabourAbility == 0 && Village is null && Employment == 0
            ? text
            : string.Join('\u001f', text, HouseholdNumber, Relation, $"{LabourAbility:D}", $"{Village}", $"{Employment:D}", string.Join(',', WishTrades.Order()));
    }

    /// <summary>The record's text would hold the number's owner by name: logs must not.</summary>
    public override string ToString() => nameof(PersonRecord);
}

/// <summary>
/// What one source says of one person. A <c>null</c> field is one that the source does not have at all and leaves the register
/// as it is; an empty field is one that it has and empties.
/// </summary>
/// <param name="Township">Taken when <paramref name="SaysTownship"/>.</param>
public sealed record PersonStatement(
    IdNumber Number, string Name, string? Education, string? Phone, bool SaysTownship, int? Township, string? HouseholdPlace,
    string? HouseholdKind, string? PledgedEmployer, IReadOnlyList<string>? Categories)
{
    public string? HouseholdNumber { get; init; }
    public string? Relation { get; init; }
    public LabourAbility? LabourAbility { get; init; }

    /// <summary>Whether the source has a village at all; one that it names also says the township.</summary>
    public bool SaysVillage { get; init; }

    /// <summary>Taken when <see cref="SaysVillage"/>.</summary>
    public PlaceCode? Village { get; init; }

    public EmploymentState? Employment { get; init; }
    public IReadOnlyList<int>? WishTrades { get; init; }

    /// <summary>The person after this statement, over what was known of them.</summary>
    public PersonRecord Over(PersonRecord? known)
    {
        var village = SaysVillage ? Village : known?.Village;
        var township = SaysVillage && Village is { } named ? named.Township : SaysTownship ? Township : known?.Township;
        return new(
            Number, Name,
            Education ?? known?.Education ?? "",
            Phone ?? known?.Phone ?? "",
            township,
            HouseholdPlace ?? known?.HouseholdPlace ?? "",
            HouseholdKind ?? known?.HouseholdKind ?? "",
            PledgedEmployer ?? known?.PledgedEmployer ?? "",
            Categories ?? known?.Categories ?? [])
        {
            HouseholdNumber = HouseholdNumber ?? known?.HouseholdNumber ?? "",
            Relation = Relation ?? known?.Relation ?? "",
            LabourAbility = LabourAbility ?? known?.LabourAbility ?? default,
            Village = village?.Township == township ? village : null, // Whoever moves leaves the village.
            Employment = Employment ?? known?.Employment ?? default,
            WishTrades = WishTrades ?? known?.WishTrades ?? [],
        };
    }

    public override string ToString() => nameof(PersonStatement);
}
