using Voucher.Server.Api;
using Voucher.Server.Programmes;
using Voucher.Server.Register;

namespace Voucher.Server.Teachers;

/// <summary>What a clerk fills in for a teacher.</summary>
/// <param name="Name">1–50 characters.</param>
/// <param name="Source">Department, Enterprise, College, LocalExpert or MasterFarmer.</param>
/// <param name="TradeCodes">Specialities, at least one.</param>
/// <param name="Qualification">Certificate or title, at most 100 characters.</param>
/// <param name="Phone">Sealed; left empty on a change, the recorded one stays.</param>
/// <param name="IdNumber">Optional; sealed, and kept as a keyed hash by which nobody is entered twice.</param>
/// <param name="EngagedUntil">Left out: until further notice.</param>
/// <param name="Reason">Why in, or why changed; at most 200 characters.</param>
public sealed record TeacherForm(
    string? Name, string? Source, int[]? TradeCodes, string? Qualification, string? Employer, string? Phone, string? IdNumber,
    DateOnly? EngagedFrom, DateOnly? EngagedUntil, string? Reason)
{
    public const int LongestName = 50;
    public const int LongestQualification = 100;
    public const int LongestEmployer = 60;
    public const int LongestPhone = 30;

    public static readonly TeacherForm Empty = new(null, null, [], null, null, null, null, null, null, null);

    public static TeacherForm Of(Teacher known, IEnumerable<int> trades) => new(
        known.Name, known.Source.ToString(), [.. trades], known.Qualification, known.Employer, null, null, known.EngagedFrom, known.EngagedUntil, null);

    public (TeacherEntry Entry, List<FieldError> Errors) Read(IReadOnlyList<Trade> trades)
    {
        var read = new FieldReader();
        var codes = (TradeCodes ?? []).Distinct().ToArray();
        if (codes.Length == 0) read.Fault("tradeCodes", new("请至少选一个专长", "Choose at least one speciality"));
        else if (!codes.All(code => trades.Any(trade => trade.Code == code))) read.Fault("tradeCodes", new("没有这个工种", "There is no such trade"));
        var entry = new TeacherEntry(
            read.Text("name", Name, LongestName), ReadSource(read), codes,
            read.Text("qualification", Qualification, LongestQualification, isOptional: true),
            read.Text("employer", Employer, LongestEmployer, isOptional: true),
            ReadPhone(read), ReadIdNumber(read), read.Day("engagedFrom", EngagedFrom),
            EngagedUntil is null ? null : read.Day("engagedUntil", EngagedUntil),
            read.Text("reason", Reason, Reasons.Longest, isOptional: true));
        if (read.IsClean("engagedFrom") && read.IsClean("engagedUntil") && entry.EngagedUntil < entry.EngagedFrom)
            read.Fault("engagedUntil", new("不能早于聘用起始日", "Must not be before the first day"));
        return (entry, read.Errors);
    }

    /// <summary>Shows neither phone nor identity number, so that they cannot slip into a log.</summary>
    public override string ToString() => nameof(TeacherForm);

    private TeacherSource ReadSource(FieldReader read)
    {
        if (Enum.GetNames<TeacherSource>().Contains(Source, StringComparer.Ordinal)) return Enum.Parse<TeacherSource>(Source!);
        read.Fault("source", new("请选择来源", "Choose the source"));
        return TeacherSource.Department;
    }

    private string ReadPhone(FieldReader read)
    {
        var text = read.Text("phone", Phone, LongestPhone, isOptional: true);
        if (!read.IsClean("phone")) return "";
        if (PhoneNumber.Read(text) is { } digits) return digits;
        read.Fault("phone", new("请填写11位手机号或带区号的固定电话", "Give a mobile number of 11 digits or a landline with its area code"));
        return "";
    }

    private IdNumber? ReadIdNumber(FieldReader read)
    {
        if (string.IsNullOrWhiteSpace(IdNumber)) return null;
        if (Core.People.IdNumber.TryParse(IdNumber, out var number) == IdNumberFault.None) return number;
        read.Fault("idNumber", new("身份证号码有误，请核对", "This is not a valid identity number"));
        return null;
    }
}

/// <summary>A form that was read.</summary>
/// <param name="Phone">Digits, or empty.</param>
public sealed record TeacherEntry(
    string Name, TeacherSource Source, int[] TradeCodes, string Qualification, string Employer, string Phone, IdNumber? IdNumber,
    DateOnly EngagedFrom, DateOnly? EngagedUntil, string Reason)
{
    /// <summary>As <see cref="TeacherForm.ToString"/>.</summary>
    public override string ToString() => nameof(TeacherEntry);
}
