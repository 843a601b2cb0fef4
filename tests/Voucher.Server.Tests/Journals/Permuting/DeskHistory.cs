using Voucher.Core.Wire;

namespace Voucher.Server.Tests.Journals.Permuting;

/// <summary>What the desk and the server knew of a scan when it was made.</summary>
internal enum Telling
{
    /// <summary>Made offline; the desk was told that it will be confirmed.</summary>
    Provisional = 0,

    /// <summary>Written down, and the machine went off before the desk was told anything.</summary>
    Nothing,

    /// <summary>Answered online.</summary>
    Online,

    /// <summary>Answered online, and the answer was lost: the desk was told that it will be confirmed.</summary>
    AnswerLost,
}

internal enum DeskAct
{
    Scan = 0,

    /// <summary>Shows the head of the journal and writes the receipt down.</summary>
    Receipt,

    /// <summary>Hears the server's time with some other answer.</summary>
    Hear,

    Reboot,

    /// <summary>Somebody sets the machine's clock.</summary>
    SetClock,

    /// <summary>The desk asks for a correction of the scan before.</summary>
    AskCorrection,

    /// <summary>The county takes a voucher out of use.</summary>
    Revoke,

    /// <summary>A trainee leaves a class of the first institution.</summary>
    Withdraw,

    /// <summary>The trainee of a voucher has passed.</summary>
    Assess,
}

/// <summary>One thing that happened at one time.</summary>
/// <param name="Slot">Index into <see cref="DeskCalendar.Slots"/>.</param>
/// <param name="HolderIsWrong">Somebody else's card was shown.</param>
/// <param name="Minutes">By which a clock is set.</param>
/// <param name="Rank">Leads the scan's id, so that ids are in one order in every copy.</param>
internal sealed record DeskStep(int Slot, DeskAct Act, int Desk, int Voucher, int Class, ScanMode Mode, Telling Telling, bool HolderIsWrong, int Minutes, ulong Rank);

/// <summary>What happened at several desks and at the county before any journal came in.</summary>
/// <param name="Holders">Of each voucher its holder's number: two of one number are of one person.</param>
/// <param name="Forged">Desks of whose journal an entry is altered on the way, with its index; the server stops them.</param>
internal sealed record DeskHistory(ulong Seed, int Desks, IReadOnlyList<int> Holders, IReadOnlyList<int> Capacities, IReadOnlyList<DeskStep> Steps, IReadOnlyDictionary<int, int> Forged);

/// <summary>Three days, and what is taught on them: the same for all histories.</summary>
internal static class DeskCalendar
{
    public const int Days = 3;
    private const int SlotsADay = 13;

    public static IReadOnlyList<(int Day, TimeOnly Time)> Slots { get; } =
        [.. Enumerable.Range(0, Days * SlotsADay).Select(i => (i / SlotsADay, new TimeOnly(7, 13, 1).AddMinutes(i % SlotsADay * 40)))];

    /// <summary>The first slot of the first day at or after a time.</summary>
    public static int SlotAt(int hour, int minute) => Slots.TakeWhile(slot => slot.Time < new TimeOnly(hour, minute)).Count();

    /// <summary>Institution, first day and days of each class; the last one has one session only, and may be completed on its day.</summary>
    public static IReadOnlyList<(int Institution, int FirstDay, int Days)> Classes { get; } = [(1, 0, 3), (2, 0, 3), (1, 10, 3), (2, 1, 3), (1, 0, 1)];

    public const int OneDayClass = 4;

    /// <summary>Close together, so that it is not clear which one a scan means.</summary>
    public static (string From, string To)[] SessionsOf(int inClass) =>
        inClass == OneDayClass ? [("09:00", "11:30")] : [("08:00", "08:50"), ("09:00", "11:30"), ("12:00", "14:00")];

    public static int InstitutionOf(int desk) => 1 + desk % 2;
}

/// <summary>Makes a history of a seed.</summary>
internal sealed class DeskHistoryMaker(ulong seed)
{
    private readonly Random _random = new(unchecked((int)(seed * 2_654_435_761)));
    private readonly List<DeskStep> _steps = [];
    private int _desks;
    private List<int> _holders = [];

    public static DeskHistory Make(ulong seed) => new DeskHistoryMaker(seed).Make();

    private DeskHistory Make()
    {
        _desks = _random.Next(2, 5);
        _holders = [.. Enumerable.Range(0, _random.Next(1, 3)).SelectMany(person => Enumerable.Repeat(person, _random.Next(1, 3)))];
        var taken = _random.Next(5) == 0 ? WholeCourse() : [];
        var density = _random.Next(45, 90);
        for (var slot = 0; slot < DeskCalendar.Slots.Count; slot++)
            if (!taken.Contains(slot) && _random.Next(100) < density) _steps.Add(Any(slot));
        // Most come back; what some have written since is never closed in, and counts nowhere.
        for (var desk = 0; desk < _desks; desk++)
            if (_random.Next(10) > 0) _steps.Add(Step(DeskCalendar.Slots.Count - 1, DeskAct.Receipt, desk));
        var forged = Enumerable.Range(0, _desks).Where(_ => _random.Next(30) == 0).ToDictionary(desk => desk, _ => _random.Next(8));
        var capacities = DeskCalendar.Classes.Select(_ => _random.Next(3) == 0 ? 1 : 60).ToList();
        return new DeskHistory(seed, _desks, _holders, capacities, [.. _steps.OrderBy(step => step.Slot)], forged);
    }

    /// <summary>One voucher is taken through the one-day class, online and by the book.</summary>
    private HashSet<int> WholeCourse()
    {
        DeskStep Online(int slot, ScanMode mode) => Step(slot, DeskAct.Scan, 0) with { Class = DeskCalendar.OneDayClass, Mode = mode, Telling = Telling.Online };
        _steps.AddRange(
        [
            Online(DeskCalendar.SlotAt(9, 0), ScanMode.Enrol), Online(DeskCalendar.SlotAt(9, 50), ScanMode.CheckIn), Online(DeskCalendar.SlotAt(11, 50), ScanMode.CheckOut),
            Step(DeskCalendar.SlotAt(12, 30), DeskAct.Assess, 0), Online(DeskCalendar.SlotAt(13, 10), ScanMode.Complete),
        ]);
        return [.. _steps.Select(step => step.Slot)];
    }

    private DeskStep Any(int slot)
    {
        var desk = _random.Next(_desks);
        return _random.Next(100) switch
        {
            < 13 => Step(slot, DeskAct.Receipt, desk),
            < 16 => Step(slot, DeskAct.Hear, desk),
            < 19 => Step(slot, DeskAct.Reboot, desk),
            < 21 => Step(slot, DeskAct.SetClock, desk) with { Minutes = (_random.Next(2) == 0 ? -1 : 1) * (_random.Next(3) == 0 ? 40 : 5) },
            < 24 => Step(slot, DeskAct.AskCorrection, desk),
            < 25 => Step(slot, DeskAct.Revoke, desk),
            < 26 => Step(slot, DeskAct.Withdraw, desk),
            < 56 => Scan(slot, desk, ScanMode.Enrol),
            < 80 => Scan(slot, desk, ScanMode.CheckIn),
            < 98 => Scan(slot, desk, ScanMode.CheckOut),
            _ => Scan(slot, desk, ScanMode.Complete),
        };
    }

    private DeskStep Scan(int slot, int desk, ScanMode mode) => Step(slot, DeskAct.Scan, desk) with
    {
        Mode = mode,
        Telling = _random.Next(100) switch { < 4 => Telling.Nothing, < 10 => Telling.Online, < 14 => Telling.AnswerLost, _ => Telling.Provisional },
        HolderIsWrong = _random.Next(20) == 0,
    };

    /// <summary>With a voucher and a class, mostly of the desk's institution.</summary>
    private DeskStep Step(int slot, DeskAct act, int desk)
    {
        var own = DeskCalendar.Classes.Select((one, index) => (one.Institution, index)).Where(one => one.Institution == DeskCalendar.InstitutionOf(desk)).Select(one => one.index).ToList();
        // Two of three scans are for the first class of the institution: attendance needs its enrolment.
        var inClass = _random.Next(15) switch { 0 => _random.Next(DeskCalendar.Classes.Count), < 11 => own[0], _ => own[_random.Next(own.Count)] };
        return new DeskStep(slot, act, desk, act == DeskAct.Assess ? 0 : _random.Next(_holders.Count), inClass, ScanMode.Enrol, Telling.Provisional, false, 0, unchecked((ulong)_random.NextInt64()));
    }
}
