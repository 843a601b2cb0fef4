using Voucher.Core.Programmes;

namespace Voucher.Server.Ledger.Budget;

/// <summary>What a source, or one line of it, may pay for (用途). Nothing named of a sort: anything of that sort.</summary>
/// <param name="Scopes">Trades (1–999) and programmes (1000–65535).</param>
/// <param name="Categories">Categories of people (人员类别).</param>
public sealed record FundPurpose(IReadOnlyList<int> Scopes, IReadOnlyList<string> Categories)
{
    public const int MostScopes = 50;
    public const int MostCategories = 20;
    public const int LongestCategory = 20;

    public static readonly FundPurpose General = new([], []);

    /// <summary>
    /// Kinds of training (培训类型). Vouchers paid from it are for one programme, of one of these kinds: of a trade, or of whatever the
    /// holder chooses, nobody knows the kind when money is reserved.
    /// </summary>
    public IReadOnlyList<ProgrammeKind> Kinds { get; init; } = [];

    public bool IsGeneral => Scopes.Count == 0 && Categories.Count == 0 && Kinds.Count == 0;

    /// <param name="categories">As typed; see <see cref="CategoryNames.Split"/>.</param>
    public static FundPurpose Read(IEnumerable<int>? scopes, string? categories, IEnumerable<ProgrammeKind>? kinds = null) =>
        new([.. (scopes ?? []).Distinct()], [.. CategoryNames.Split(categories).Distinct(StringComparer.Ordinal)]) { Kinds = [.. (kinds ?? []).Distinct().Order()] };

    /// <param name="categories">Each by itself, as the API has them.</param>
    /// <param name="kinds">By their names; a name that is none is a fault of the purpose.</param>
    public static FundPurpose Read(IEnumerable<int>? scopes, IEnumerable<string>? categories, IEnumerable<string>? kinds) => new(
        [.. (scopes ?? []).Distinct()], [.. (categories ?? []).Select(category => category?.Trim() ?? "").Distinct(StringComparer.Ordinal)])
    {
        Kinds = [.. (kinds ?? []).Select(name => Enum.GetValues<ProgrammeKind>().FirstOrDefault(kind => kind.ToString() == name)).Distinct().Order()],
    };

    /// <summary>For the audit trail.</summary>
    public string Said => IsGeneral ? "general" : string.Join(' ', Scopes.Select(scope => $"{scope}").Concat(Categories).Concat(Kinds.Select(kind => $"{kind}")));

    public IEnumerable<FieldError> Faults()
    {
        if (Scopes.Count > MostScopes || Scopes.Any(scope => scope is < 1 or > ushort.MaxValue))
            yield return new("scopes", new($"请选择工种或项目，最多 {MostScopes} 个", $"Choose trades or programmes, at most {MostScopes}"));
        if (Categories.Count > MostCategories || Categories.Any(category => category is null or "" || category.Length > LongestCategory || !Api.FieldReader.IsReadable(category)))
            yield return new("categories", new($"人员类别最多 {MostCategories} 个，每个最多 {LongestCategory} 字", $"At most {MostCategories} categories of {LongestCategory} characters"));
        if (!Kinds.All(Enum.IsDefined)) yield return new("kinds", new("请选择培训类型", "Choose kinds of training"));
    }
}

/// <summary>A purpose with the names that screens show.</summary>
/// <param name="Line"><c>null</c>: of the source itself.</param>
public sealed record NamedPurpose(FundSourceId Source, BudgetLineId? Line, int? Scope, ProgrammeKind? Training, string? Name)
{
    public Words Called => Training is { } kind ? kind.Name() : new(Name ?? "", Name ?? "");
}
