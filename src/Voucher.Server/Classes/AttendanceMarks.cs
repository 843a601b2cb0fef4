namespace Voucher.Server.Classes;

/// <summary>How a mark is written on the sheet, and what it is called.</summary>
public static class AttendanceMarks
{
    public static string Symbol(this AttendanceMark mark) => mark switch
    {
        AttendanceMark.Due => "·",
        AttendanceMark.Here => "○",
        AttendanceMark.Present => "√",
        AttendanceMark.NotCheckedOut => "△",
        AttendanceMark.Absent => "×",
        _ => throw new ArgumentOutOfRangeException(nameof(mark), mark, "Unknown mark."),
    };

    public static Words Name(this AttendanceMark mark) => mark switch
    {
        AttendanceMark.Due => new("未到时间", "Not yet due"),
        AttendanceMark.Here => new("已签到", "Checked in"),
        AttendanceMark.Present => new("出勤", "Present"),
        AttendanceMark.NotCheckedOut => new("未签退", "No check-out"),
        AttendanceMark.Absent => new("缺勤", "Absent"),
        _ => throw new ArgumentOutOfRangeException(nameof(mark), mark, "Unknown mark."),
    };
}
