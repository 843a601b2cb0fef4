namespace Voucher.Core.Institutions;

/// <summary>
/// What an application for accreditation brings (text 004, 三（六）一: 基础设施、师资配置、实训场地; 三（七）一: 公开招标). Counts and days,
/// and who is to be replaced: whether it is complete can be told from them alone.
/// </summary>
/// <param name="Year">The year applied for.</param>
/// <param name="LicenceNo">办学许可证号.</param>
/// <param name="LicenceAuthority">Who issued the licence.</param>
/// <param name="LicenceFrom">First day of the licence; as <paramref name="LicenceUntil"/>, <c>null</c> when not given.</param>
/// <param name="TenderNo">The open tender, or the document that allows to go without one.</param>
/// <param name="Capacity">Largest class applied for; 0 when not given.</param>
/// <param name="Rooms">Class rooms.</param>
/// <param name="AreaM2">Floor space in m².</param>
/// <param name="Teachers">Those who have not left.</param>
public sealed record AccreditationDossier(
    int Year, string LicenceNo, string LicenceAuthority, DateOnly? LicenceFrom, DateOnly? LicenceUntil, string TenderNo,
    int Capacity, int Rooms, int AreaM2, int PracticePlaces, int Teachers, int Programmes)
{
    /// <summary>Names of teachers who have left, to be replaced; empty when there are none.</summary>
    public string TeachersLeft { get; init; } = "";

    public DateOnly YearBegins => new(Year, 1, 1);

    public DateOnly YearEnds => new(Year, 12, 31);

    /// <summary>What still has to be given before it can be handed in; empty when complete.</summary>
    public IReadOnlyList<Words> Missing() => [.. Gaps().Where(gap => gap.Is).Select(gap => gap.What)];

    private IEnumerable<(bool Is, Words What)> Gaps() =>
    [
        (LicenceNo.Length == 0, new("办学许可证号", "number of the licence")),
        (LicenceAuthority.Length == 0, new("发证机关", "who issued the licence")),
        (LicenceFrom is null || LicenceUntil is null, new("许可证有效期", "validity of the licence")),
        (LicenceFrom > YearEnds || LicenceUntil < YearBegins, new($"在{Year}年内有效的许可证", $"a licence that is valid in {Year}")),
        (TenderNo.Length == 0, new("公开招标文号（或直接委托的依据）", "reference of the open tender, or what allows to go without")),
        (Rooms == 0 || AreaM2 == 0, new("教室间数和面积", "rooms and floor space")),
        (PracticePlaces == 0, new("实训场地", "a practice place")),
        (Teachers == 0, new("师资（从师资库选）", "teachers, from the pool")),
        (TeachersLeft.Length > 0, new($"更换已出库的老师（{TeachersLeft}）", $"others for teachers who have left ({TeachersLeft})")),
        (Capacity == 0, new("申请培训规模", "the capacity applied for")),
        (Programmes == 0, new("申请的培训项目", "the programmes applied for")),
    ];

    /// <summary>An accreditation is of one year, and never outlives the licence.</summary>
    /// <returns>The longest period that may be granted.</returns>
    public (DateOnly From, DateOnly Until) LongestPeriod() => (
        LicenceFrom is { } from && from > YearBegins ? from : YearBegins,
        LicenceUntil is { } until && until < YearEnds ? until : YearEnds);
}
