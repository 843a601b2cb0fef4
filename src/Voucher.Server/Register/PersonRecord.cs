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

    /// <summary>All fields as one text, by whose hash an unchanged person is recognised.</summary>
    public string ContentText() => string.Join('\u001f',
        Name, Education, Phone, $"{Township}", HouseholdPlace, HouseholdKind, PledgedEmployer,
        string.Join('\u001e', Categories.Order(StringComparer.Ordinal)));

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
    /// <summary>The person after this statement, over what was known of them.</summary>
    public PersonRecord Over(PersonRecord? known) => new(
        Number, Name,
        Education ?? known?.Education ?? "",
        Phone ?? known?.Phone ?? "",
        SaysTownship ? Township : known?.Township,
        HouseholdPlace ?? known?.HouseholdPlace ?? "",
        HouseholdKind ?? known?.HouseholdKind ?? "",
        PledgedEmployer ?? known?.PledgedEmployer ?? "",
        Categories ?? known?.Categories ?? []);

    public override string ToString() => nameof(PersonStatement);
}
