using Voucher.Server.Api;

namespace Voucher.Server.Institutions.Accrediting;

/// <summary>A practice place as typed: name, address, and how many can practise at once (1–10,000).</summary>
public sealed record PlaceForm(string? Name, string? Address, int? Places)
{
    public bool IsBlank => string.IsNullOrWhiteSpace(Name + Address) && Places is null;
}

/// <summary>What an institution, or a clerk for it, draws up for a year's accreditation. Everything may be left out until it is handed in.</summary>
/// <param name="LicenceNo">办学许可证号, at most 60 characters.</param>
/// <param name="TenderNo">The open tender, or what allows to go without; at most 100 characters.</param>
/// <param name="Capacity">Largest class applied for, 1–1000.</param>
/// <param name="AreaM2">Floor space of the class rooms.</param>
/// <param name="TeacherIds">Of the county's pool.</param>
public sealed record ApplicationForm(
    string? LicenceNo, string? LicenceAuthority, DateOnly? LicenceFrom, DateOnly? LicenceUntil, string? TenderNo,
    int? Capacity, int? Rooms, int? AreaM2, PlaceForm?[]? Places, int[]? TeacherIds, int[]? ProgrammeCodes)
{
    public const int LongestLicence = 60;
    public const int LongestTender = 100;
    public const int LongestPlaceName = 60;
    public const int LongestPlaceAddress = 100;
    public const int LargestPlace = 10_000;
    public const int MostPlaces = 50;
    public const int MostTeachers = 200;
    public const int MostRooms = 1_000;
    public const int LargestArea = 1_000_000;

    public static readonly ApplicationForm Empty = new(null, null, null, null, null, null, null, null, [], [], []);

    public static ApplicationForm Of(AccreditationDetail known) => new(
        known.Record.LicenceNo, known.Record.LicenceAuthority, known.Record.LicenceFrom, known.Record.LicenceUntil, known.Record.TenderNo,
        Given(known.Record.Capacity), Given(known.Record.Rooms), Given(known.Record.AreaM2),
        [.. known.Places.Select(place => new PlaceForm(place.Name, place.Address, place.Places))],
        [.. known.Teachers.Select(teacher => teacher.Id.Value)],
        [.. known.Programmes.Where(programme => programme.IsRequested).Select(programme => programme.Code)]);

    public (ApplicationEntry Entry, List<FieldError> Errors) Read()
    {
        var read = new FieldReader();
        var entry = new ApplicationEntry(
            read.Text("licenceNo", LicenceNo, LongestLicence, isOptional: true),
            read.Text("licenceAuthority", LicenceAuthority, LongestLicence, isOptional: true),
            LicenceFrom is null ? null : read.Day("licenceFrom", LicenceFrom),
            LicenceUntil is null ? null : read.Day("licenceUntil", LicenceUntil),
            read.Text("tenderNo", TenderNo, LongestTender, isOptional: true),
            Optional(read, "capacity", Capacity, InstitutionForm.LargestCapacity),
            Optional(read, "rooms", Rooms, MostRooms),
            Optional(read, "areaM2", AreaM2, LargestArea),
            ReadPlaces(read),
            [.. (TeacherIds ?? []).Distinct()],
            [.. (ProgrammeCodes ?? []).Distinct()]);
        if (entry.LicenceUntil < entry.LicenceFrom) read.Fault("licenceUntil", new("不能早于起始日", "Must not be before the first day"));
        if (entry.TeacherIds.Length > MostTeachers) read.Fault("teacherIds", new($"最多 {MostTeachers} 位老师", $"At most {MostTeachers} teachers"));
        if (entry.ProgrammeCodes.Length > InstitutionForm.MostProgrammes)
            read.Fault("programmeCodes", new($"最多 {InstitutionForm.MostProgrammes} 个项目", $"At most {InstitutionForm.MostProgrammes} programmes"));
        return (entry, read.Errors);
    }

    private PracticePlace[] ReadPlaces(FieldReader read)
    {
        var given = (Places ?? []).Index().Where(place => place.Item is { IsBlank: false }).ToList();
        if (given.Count <= MostPlaces) return [.. given.Select(place => ReadPlace(read, $"places[{place.Index}]", place.Item!))];
        read.Fault("places", new($"最多 {MostPlaces} 处", $"At most {MostPlaces} places"));
        return [];
    }

    private static PracticePlace ReadPlace(FieldReader read, string field, PlaceForm place) => new(
        read.Text($"{field}.name", place.Name, LongestPlaceName),
        read.Text($"{field}.address", place.Address, LongestPlaceAddress),
        read.Number($"{field}.places", place.Places, 1, LargestPlace));

    private static int Optional(FieldReader read, string field, int? given, int largest) => given is null ? 0 : read.Number(field, given, 1, largest);

    private static int? Given(int number) => number == 0 ? null : number;
}

/// <summary>An application that was read; 0 and <c>null</c> where nothing was given yet.</summary>
public sealed record ApplicationEntry(
    string LicenceNo, string LicenceAuthority, DateOnly? LicenceFrom, DateOnly? LicenceUntil, string TenderNo,
    int Capacity, int Rooms, int AreaM2, PracticePlace[] Places, int[] TeacherIds, int[] ProgrammeCodes);
