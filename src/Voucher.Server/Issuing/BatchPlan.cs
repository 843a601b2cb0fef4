namespace Voucher.Server.Issuing;

/// <summary>A batch as somebody asks for it, checked for form but not yet against the register.</summary>
public sealed record BatchPlan(
    string Name, VoucherKind Kind, VoucherScope Scope, Fen FaceValue, DateOnly ValidFrom, DateOnly ValidUntil,
    BudgetLineId BudgetLine, PeopleSelection Selection);

/// <summary>What a form or request says; every field may be missing or wrong.</summary>
/// <param name="Kind"><c>FaceValue</c>, <c>Offset</c>, <c>General</c> or <c>Directed</c>.</param>
/// <param name="Scope">0 any programme, 1–999 a trade, 1000–65535 a programme.</param>
/// <param name="ValidUntil">Last valid day; by default as long as the rules allow.</param>
public sealed record BatchRequest(
    string? Name, string? Kind, int? Scope, long? FaceValueFen, DateOnly? ValidFrom, DateOnly? ValidUntil, int? BudgetLineId, PeopleRequest? People)
{
    public const int LongestName = 60;

    /// <summary>The first valid day may lie this far ahead.</summary>
    public const int MostDaysAhead = 365;

    /// <summary>No voucher of a county is worth more; a typing error is likelier.</summary>
    public static readonly Fen LargestFaceValue = Fen.FromYuan(100_000);

    /// <summary>Reads the request; every field that cannot be used is named.</summary>
    public Outcome<BatchPlan> Read(DateOnly today, Policy policy)
    {
        var from = IsNear(ValidFrom, today) ? ValidFrom ?? today : today;
        var latest = from.AddDays(policy.Parameters.ValidityDays - 1);
        var until = ValidUntil ?? latest;
        var kind = ReadKind();
        var selection = (People ?? new PeopleRequest(null, null, null, null, null)).Read();
        List<FieldError> errors = [.. NameFaults(), .. KindFaults(kind), .. MoneyFaults(), .. DateFaults(today, from, until, latest), .. selection.Faults()];
        if (errors.Count > 0) return errors;
        return new BatchPlan(
            Name!.Trim(), kind!.Value, new VoucherScope((ushort)(Scope ?? 0)), new Fen(FaceValueFen!.Value), from, until,
            new BudgetLineId(BudgetLineId!.Value), selection);
    }

    private VoucherKind? ReadKind() =>
        Enum.GetValues<VoucherKind>().Cast<VoucherKind?>().FirstOrDefault(kind => kind.ToString() == Kind);

    private IEnumerable<FieldError> NameFaults()
    {
        if (Name?.Trim() is not { Length: > 0 and <= LongestName })
            yield return new("name", new($"请填写批次名称，1–{LongestName} 个字", $"Give a name of 1–{LongestName} characters"));
        else if (Name.Any(char.IsControl))
            yield return new("name", new("名称中有不可见字符", "The name has invisible characters"));
    }

    private IEnumerable<FieldError> KindFaults(VoucherKind? kind)
    {
        if (kind is null)
            yield return new("kind", new("请选择券种", "Choose the kind of voucher"));
        if (Scope is < 0 or > ushort.MaxValue)
            yield return new("scope", new("没有这个工种或项目", "There is no such trade or programme"));
        else if (kind == VoucherKind.Directed && Scope is null or 0)
            yield return new("scope", new("定向券必须选择工种或项目", "A directed voucher needs a trade or programme"));
        else if (kind == VoucherKind.General && Scope is not (null or 0))
            yield return new("scope", new("通用券不限项目", "A general voucher is for any programme"));
    }

    private IEnumerable<FieldError> MoneyFaults()
    {
        if (FaceValueFen is not { } fen || fen <= 0)
            yield return new("faceValueFen", new("请填写面值，须大于 0", "Give a face value over 0"));
        else if (fen > LargestFaceValue.Value)
            yield return new("faceValueFen", new($"面值不能超过 {LargestFaceValue.ToGroupedYuan()} 元", $"At most {LargestFaceValue.ToGroupedYuan()} yuan"));
        if (BudgetLineId is null)
            yield return new("budgetLineId", new("请选择资金来源与预算项目", "Choose the budget line"));
    }

    private static bool IsNear(DateOnly? from, DateOnly today) => from is null || (from >= today && from <= today.AddDays(MostDaysAhead));

    private IEnumerable<FieldError> DateFaults(DateOnly today, DateOnly from, DateOnly until, DateOnly latest)
    {
        if (!IsNear(ValidFrom, today))
            yield return new("validFrom", new($"生效日应在今天至 {MostDaysAhead} 天之内", $"Between today and {MostDaysAhead} days ahead"));
        else if (until < from)
            yield return new("validUntil", new("截止日早于生效日", "The last day is before the first"));
        else if (until > latest)
            yield return new("validUntil", new($"按规定最晚到 {CountyTime.Show(latest)}", $"The rules allow {CountyTime.Show(latest)} at the latest"));
    }
}

/// <summary>Whom the batch is for, as a request says it. See <see cref="PeopleSelection"/>.</summary>
/// <param name="Everyone">All of the county's register.</param>
/// <param name="Townships">Nine-digit codes.</param>
/// <param name="Ids">Numbers of people in the register; alone.</param>
/// <param name="IdNumbers">Identity numbers of people in the register; alone.</param>
/// <param name="Villages">Twelve-digit codes.</param>
/// <param name="Employment"><c>Farming</c>, <c>OutOfWork</c> and so on: see <see cref="EmploymentState"/>.</param>
/// <param name="Wishes">Trades, 1–999.</param>
/// <param name="OnDemandList">Only who stands on the 需求清单.</param>
/// <param name="OfBatch">Number of a batch whose people are meant; alone.</param>
public sealed record PeopleRequest(
    bool? Everyone, int[]? Townships, string[]? Categories, int[]? Lists, long[]? Ids, string[]? IdNumbers = null, long[]? Villages = null,
    string[]? Employment = null, int[]? Wishes = null, bool? OnDemandList = null, long? OfBatch = null)
{
    public PeopleSelection Read()
    {
        List<IdNumber> numbers = [];
        List<int> wrong = [];
        foreach (var (text, index) in (IdNumbers ?? []).Select((text, index) => (text, index)))
        {
            if (IdNumber.TryParse(text, out var number) == IdNumberFault.None) numbers.Add(number);
            else wrong.Add(index + 1);
        }
        return new(Everyone ?? false, Townships ?? [], Categories ?? [], Lists ?? [], Ids ?? [])
        {
            Villages = Villages ?? [], Numbers = numbers, WrongNumbers = wrong, Wishes = Wishes ?? [], OnDemandList = OnDemandList ?? false, OfBatch = OfBatch,
            Employment = [.. States.OfType<EmploymentState>().Distinct()],
            WrongEmployment = [.. States.Select((state, index) => (state, Place: index + 1)).Where(entry => entry.state is null).Select(entry => entry.Place)],
        };
    }

    /// <summary>As they were named; <c>null</c> where there is no such state.</summary>
    private IEnumerable<EmploymentState?> States => (Employment ?? []).Select(name =>
        EmploymentStates.All.Cast<EmploymentState?>().FirstOrDefault(state => state.ToString() == name));

    /// <summary>What somebody pasted: numbers apart by lines, blanks, commas or semicolons. Empty: none were.</summary>
    public static string[] Split(string? pasted) => (pasted ?? "").Split(
        [' ', '\t', '\r', '\n', ',', ';', '，', '；', '、', '\u3000', '\ufeff'], StringSplitOptions.RemoveEmptyEntries);
}
