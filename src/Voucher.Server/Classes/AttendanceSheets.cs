using Voucher.Server.Policies;

namespace Voucher.Server.Classes;

/// <summary>Draws up the attendance sheet of a class as of now.</summary>
public sealed class AttendanceSheets(ClassStore classes, RosterStore roster, PolicyStore policies, TimeProvider clock)
{
    public async Task<AttendanceSheet> SheetOfAsync(ClassId id)
    {
        var now = clock.GetUtcNow();
        var policy = await policies.InForceOrLastAsync(CountyTime.DayOf(now));
        return AttendanceSheet.Of(
            await classes.SessionsAsync(id), await roster.ListAsync(id), await roster.AttendanceAsync(id),
            now, policy.Parameters.SessionMargin);
    }
}
