using Voucher.Core.Journals;
using Voucher.Core.Regions;
using Voucher.Core.Vouchers;
using Voucher.Core.Wire;

namespace Voucher.Core.Tests.Journals;

public sealed class AttendanceFoldTests(ITestOutputHelper output)
{
    private const int Sets = 100_000;
    private const int Seed = 2026_11_23;

    private static readonly DateTimeOffset Morning = new(2026, 11, 22, 1, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(60);

    private static AttendedSession Session(int id, int starts, int ends, int? onlineIn = null, int? onlineOut = null) =>
        new(new SessionId(id), At(starts), At(ends), onlineIn is { } came ? At(came) : null, onlineOut is { } went ? At(went) : null);

    private static OfflineAttendance Scan(int id, ScanMode mode, int minute) =>
        new(new Guid(id, 0, 0, new byte[8]), new VoucherId(new RegionCode(622926), 1), new ClassId(1), mode, At(minute));

    private static DateTimeOffset At(int minute) => Morning.AddMinutes(minute);

    [Fact]
    public void The_first_check_in_and_the_first_check_out_count_whatever_came_first()
    {
        OfflineAttendance[] scans = [Scan(4, ScanMode.CheckOut, 130), Scan(3, ScanMode.CheckOut, 120), Scan(2, ScanMode.CheckIn, 5), Scan(1, ScanMode.CheckIn, 0)];
        var (marks, standing) = AttendanceFold.Of([Session(7, 0, 120)], scans, _ => Margin);
        Assert.Equal([new SessionMarks(new SessionId(7), At(0), scans[3].ScanId, At(120), scans[1].ScanId)], marks);
        Assert.Equal([AttendanceStanding.Already, AttendanceStanding.Recorded, AttendanceStanding.Already, AttendanceStanding.Recorded], scans.Select(scan => standing[scan.ScanId]));
    }

    [Theory]
    [InlineData(ScanMode.CheckIn, -61, AttendanceStanding.NoSession)]
    [InlineData(ScanMode.CheckIn, -60, AttendanceStanding.Recorded)]
    [InlineData(ScanMode.CheckIn, 120, AttendanceStanding.Recorded)]
    [InlineData(ScanMode.CheckIn, 121, AttendanceStanding.NoSession)]
    [InlineData(ScanMode.CheckOut, -1, AttendanceStanding.NoSession)]
    [InlineData(ScanMode.CheckOut, 0, AttendanceStanding.Recorded)]
    [InlineData(ScanMode.CheckOut, 180, AttendanceStanding.Recorded)]
    [InlineData(ScanMode.CheckOut, 181, AttendanceStanding.NoSession)]
    public void A_session_is_open_for_as_long_as_online(ScanMode mode, int minute, AttendanceStanding expected)
    {
        var scan = Scan(1, mode, minute);
        Assert.Equal(expected, AttendanceFold.Of([Session(7, 0, 120)], [scan], _ => Margin).Standing[scan.ScanId]);
    }

    [Fact]
    public void What_online_scans_recorded_stands()
    {
        OfflineAttendance[] scans = [Scan(1, ScanMode.CheckIn, 0), Scan(2, ScanMode.CheckOut, 100)];
        var (marks, standing) = AttendanceFold.Of([Session(7, 0, 120, onlineIn: 10, onlineOut: 110)], scans, _ => Margin);
        Assert.Equal([new SessionMarks(new SessionId(7), At(10), null, At(110), null)], marks);
        Assert.All(standing.Values, one => Assert.Equal(AttendanceStanding.Already, one));
    }

    [Fact]
    public void The_marks_are_those_of_a_plain_register_whatever_the_order_and_however_often_each_comes()
    {
        var random = new Random(Seed);
        var met = new Dictionary<AttendanceStanding, int>();
        for (var set = 0; set < Sets; set++)
        {
            var sessions = AnySessions(random);
            var scans = AnyScans(random);
            var (marks, standing) = AttendanceFold.Of(sessions, scans, _ => Margin);
            foreach (var one in standing.Values) met[one] = met.GetValueOrDefault(one) + 1;
            var again = scans.Concat(scans.Where(_ => random.Next(2) == 0)).ToArray();
            random.Shuffle(again);
            random.Shuffle(sessions);
            var paper = new PaperRegister(sessions);
            foreach (var scan in scans.OrderBy(scan => scan.At).ThenBy(scan => scan.ScanId)) paper.Note(scan);
            var story = $"seed {Seed}, set {set}";
            Assert.True(marks.SequenceEqual(AttendanceFold.Of(sessions, again, _ => Margin).Marks), story);
            Assert.True(paper.Lines().SequenceEqual(marks.Select(mark => (mark.Session.Value, mark.In, mark.Out))), story);
            Assert.True(scans.All(scan => (standing[scan.ScanId] == AttendanceStanding.Recorded) == marks.Any(mark => mark.InBy == scan.ScanId || mark.OutBy == scan.ScanId)), story);
        }
        output.WriteLine($"seed {Seed}: {Sets:N0} sets; {string.Join(", ", met.OrderBy(one => one.Key).Select(one => $"{one.Key} {one.Value:N0}"))}");
        Assert.All(Enum.GetValues<AttendanceStanding>(), one => Assert.True(met.GetValueOrDefault(one) > Sets / 10, $"{one}: {met.GetValueOrDefault(one)}"));
    }

    /// <summary>Two or three sessions of a day, close enough that their margins overlap; now and then two at once.</summary>
    private static AttendedSession[] AnySessions(Random random)
    {
        var start = 0;
        return [.. Enumerable.Range(1, random.Next(1, 4)).Select(id =>
        {
            var session = Session(
                id, start, start + random.Next(30, 121), random.Next(6) == 0 ? start + random.Next(10) : null, random.Next(8) == 0 ? start + random.Next(30, 60) : null);
            start += random.Next(0, 181);
            return session;
        })];
    }

    private static OfflineAttendance[] AnyScans(Random random) =>
        [.. Enumerable.Range(1, random.Next(0, 8)).Select(id => Scan(id, random.Next(2) == 0 ? ScanMode.CheckIn : ScanMode.CheckOut, random.Next(-80, 420)))];

    /// <summary>
    /// A clerk with a sheet of paper: a line for each session, in order of its beginning. Who comes is written where they are
    /// inside already, else where nobody has come yet, else nowhere; who leaves, where they are inside, else at the first.
    /// </summary>
    private sealed class PaperRegister(IEnumerable<AttendedSession> sessions)
    {
        private sealed class Line(AttendedSession session)
        {
            public AttendedSession Session => session;
            public DateTimeOffset? In { get; set; } = session.OnlineIn;
            public DateTimeOffset? Out { get; set; } = session.OnlineOut;
            public bool IsInside => In is not null && Out is null;
        }

        private readonly List<Line> _lines = [.. sessions.OrderBy(session => session.Starts).ThenBy(session => session.Id.Value).Select(session => new Line(session))];

        public void Note(OfflineAttendance scan)
        {
            if (scan.Mode == ScanMode.CheckIn)
            {
                var open = _lines.Where(line => scan.At >= line.Session.Starts - Margin && scan.At <= line.Session.Ends).ToList();
                if (!open.Exists(line => line.IsInside) && open.Find(line => line.In is null) is { } free) free.In = scan.At;
            }
            else
            {
                var open = _lines.Where(line => scan.At >= line.Session.Starts && scan.At <= line.Session.Ends + Margin).ToList();
                if ((open.Find(line => line.IsInside) ?? open.FirstOrDefault()) is { Out: null } line) line.Out = scan.At;
            }
        }

        public IEnumerable<(long, DateTimeOffset?, DateTimeOffset?)> Lines() => _lines
            .Where(line => line.In is not null || line.Out is not null).OrderBy(line => line.Session.Id.Value).Select(line => (line.Session.Id.Value, line.In, line.Out));
    }
}
