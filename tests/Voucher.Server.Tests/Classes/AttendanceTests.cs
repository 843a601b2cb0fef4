using System.Net.Http.Json;
using System.Text.Json;
using Voucher.Core;
using Voucher.Server.Classes;

namespace Voucher.Server.Tests.Classes;

public sealed class AttendanceTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private readonly ClassRoom _room = new(server);

    [Fact]
    public async Task The_sheet_counts_what_was_scanned_in_and_out_and_nothing_else()
    {
        var id = await _room.OpenApprovedAsync();
        var (_, diligent, _) = await _room.EnrolAsync(id);
        var (_, hasty, _) = await _room.EnrolAsync(id);
        var sessions = (await server.Get<ClassStore>().SessionsAsync(id)).Select(session => session.Id).ToArray();
        await _room.AttendAsync(diligent, sessions[0]);
        await _room.AttendAsync(diligent, sessions[1]);
        await _room.AttendAsync(diligent, sessions[2]);
        await _room.AttendAsync(hasty, sessions[0], checksOut: false);
        var lastDay = _room.Today.AddDays(2);
        server.Clock.MoveTo(lastDay, new TimeOnly(8, 0)); // Before the fourth session, which nobody can have missed yet.
        using var manager = await server.LogInAsync("manager");
        var sheet = await manager.GetFromJsonAsync<JsonElement>($"/api/classes/{id}/attendance");
        var lines = sheet.GetProperty("lines");
        Assert.Equal(["Present", "Present", "Present", "Due"], Marks(lines[0]));
        Assert.Equal(75, lines[0].GetProperty("attendancePercent").GetInt32());
        Assert.Equal(4, lines[0].GetProperty("theoryHours").GetInt32());
        Assert.Equal(8, lines[0].GetProperty("practiceHours").GetInt32());
        Assert.Equal(["NotCheckedOut", "Absent", "Absent", "Due"], Marks(lines[1]));
        Assert.Equal(0, lines[1].GetProperty("attendedSessions").GetInt32());
        Assert.Equal(4, sheet.GetProperty("scheduledTheoryHours").GetInt32());
        Assert.Equal(12, sheet.GetProperty("scheduledPracticeHours").GetInt32());
        Assert.Equal(4, sheet.GetProperty("scannedTheoryHours").GetInt32());
        Assert.Equal(8, sheet.GetProperty("scannedPracticeHours").GetInt32());
    }

    [Fact]
    public async Task A_check_in_without_check_out_is_here_until_check_out_closes()
    {
        var session = new ClassSession(new SessionId(1), new DateOnly(2026, 11, 20), new(8, 30), new(12, 0), IsPractice: true, 4);
        var trainee = new Trainee(7, default, Core.Vouchers.VoucherState.Enrolled, "马小梅", "", default, true, null, null, null);
        var scan = new AttendanceScan(7, session.Id, session.End.AddHours(-3), null);
        AttendanceMark MarkAt(TimeSpan afterEnd) =>
            AttendanceSheet.Of([session], [trainee], [scan], session.End + afterEnd, TimeSpan.FromMinutes(60)).Lines[0].Marks[0];
        Assert.Equal(AttendanceMark.Here, MarkAt(TimeSpan.FromMinutes(60)));
        Assert.Equal(AttendanceMark.NotCheckedOut, MarkAt(TimeSpan.FromMinutes(61)));
        await Task.CompletedTask;
    }

    [Fact]
    public async Task The_sheet_is_a_page_with_one_row_a_trainee()
    {
        var id = await _room.OpenApprovedAsync();
        await _room.EnrolAsync(id);
        await _room.EnrolAsync(id);
        using var portal = await server.OpenPortalAsync("manager");
        var page = await portal.GetStringAsync($"/classes/{id}/attendance");
        Assert.Equal(3, page.Split("data-testid=\"attendance-row\"").Length);
    }

    private static string[] Marks(JsonElement line) => [.. line.GetProperty("marks").EnumerateArray().Select(mark => mark.GetString()!)];
}
