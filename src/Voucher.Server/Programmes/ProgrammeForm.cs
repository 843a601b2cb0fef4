using Voucher.Core.Classes;
using Voucher.Core.Programmes;
using Voucher.Server.Api;

namespace Voucher.Server.Programmes;

/// <summary>What a clerk fills in for a programme.</summary>
/// <param name="Code">1000–65535; printed in vouchers, so it never changes once given.</param>
/// <param name="SubsidyFen">Subsidy for a trainee who completes, in 分.</param>
/// <param name="IsOpen">New classes may be opened; yes when left out.</param>
/// <param name="Level">None, Junior, Intermediate, Senior, Technician, SeniorTechnician; as it was when left out.</param>
/// <param name="Kind">EmploymentSkills, Entrepreneurship, JobSkills, WorkTraining, ProjectBased, Embedded, OrderBased; as it was when left out.</param>
/// <param name="Mode">Concentrated, HalfDay, FullDay, Mobile, AtHome; as it was when left out.</param>
/// <param name="SafetyHours">Of theory and practice, those on safety; as they were when left out.</param>
public sealed record ProgrammeForm(
    int? Code, string? Name, int? TradeCode, int? TheoryHours, int? PracticeHours, long? SubsidyFen, bool? IsOpen,
    string? Level = null, string? Kind = null, string? Mode = null, int? SafetyHours = null)
{
    public const int LongestName = 40;
    public const int MostHours = 1000;

    public static readonly ProgrammeForm Empty = new(null, null, null, null, null, null, true);

    public static ProgrammeForm Of(Programme known) => new(
        known.Code, known.Name, known.TradeCode, known.TheoryHours, known.PracticeHours, known.SubsidyFen.Value, known.IsOpen,
        known.Level.ToString(), known.Kind.ToString(), known.Mode.ToString(), known.SafetyHours);

    /// <summary>The form for a change: the code stays, and what it does not say stays.</summary>
    public ProgrammeForm Over(Programme known) => this with
    {
        Code = known.Code,
        Level = Level ?? known.Level.ToString(),
        Kind = Kind ?? known.Kind.ToString(),
        Mode = Mode ?? known.Mode.ToString(),
        SafetyHours = SafetyHours ?? known.SafetyHours,
    };

    public (ProgrammeEntry Entry, List<FieldError> Errors) Read(IReadOnlyList<Trade> trades)
    {
        var read = new FieldReader();
        var entry = new ProgrammeEntry(
            read.Number("code", Code, VoucherScope.SmallestProgrammeCode, ushort.MaxValue),
            read.Text("name", Name, LongestName),
            TradeCode ?? 0,
            new TeachingHours(
                read.Number("theoryHours", TheoryHours, 0, MostHours),
                read.Number("practiceHours", PracticeHours, 0, MostHours)),
            new Fen(SubsidyFen ?? 0),
            IsOpen ?? true,
            Choice(read, "level", Level, SkillLevel.None),
            Choice(read, "kind", Kind, ProgrammeKind.EmploymentSkills),
            Choice(read, "mode", Mode, TrainingMode.Concentrated),
            read.Number("safetyHours", SafetyHours ?? 0, 0, 2 * MostHours));
        if (trades.All(trade => trade.Code != entry.TradeCode)) read.Fault("tradeCode", new("请选择工种类别", "Choose a trade"));
        if (read.Errors.Count == 0 && entry.Hours.Total == 0) read.Fault("practiceHours", new("课时不能都为 0", "There must be some hours"));
        else if (read.Errors.Count == 0 && entry.SafetyHours > entry.Hours.Total)
            read.Fault("safetyHours", new("安全课时包含在理论和实操课时之内，不能超过总课时", "Hours of safety are part of all hours: not more than these"));
        if (entry.Subsidy <= Fen.Zero || entry.Subsidy > Fen.LargestInput)
            read.Fault("subsidyFen", new("请填写大于 0 的补贴标准，最多两位小数", "Give a subsidy above zero, with at most two decimals"));
        return (entry, read.Errors);
    }

    /// <summary>By name only: a number in the place of a name would be taken for whatever stands at it.</summary>
    private static T Choice<T>(FieldReader read, string field, string? given, T usual) where T : struct, Enum
    {
        if (given is null) return usual;
        if (Array.Find(Enum.GetNames<T>(), name => string.Equals(name, given, StringComparison.Ordinal)) is { } known) return Enum.Parse<T>(known);
        read.Fault(field, new("请从列表中选择", $"Choose one of {string.Join(", ", Enum.GetNames<T>())}"));
        return usual;
    }
}

/// <summary>A form that was read.</summary>
public sealed record ProgrammeEntry(
    int Code, string Name, int TradeCode, TeachingHours Hours, Fen Subsidy, bool IsOpen,
    SkillLevel Level, ProgrammeKind Kind, TrainingMode Mode, int SafetyHours);
