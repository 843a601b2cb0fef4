using System.Runtime.InteropServices;

namespace Voucher.Core.Classes;

/// <summary>
/// Hours of theory and of practice (理论课时, 实操课时), of a programme, a class's plan, or what scans have shown.
/// The policy wants practice to theory at 7 : 3 (text 004, 三（四）).
/// </summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TeachingHours(int Theory, int Practice)
{
    /// <summary>How far, in percentage points, the practice share may be from the policy's before a person is warned.</summary>
    public const int ToleratedPoints = 5;

    public int Total => Theory + Practice;

    /// <summary>Practice in percent of all hours, rounded to the nearest whole; 0 when there are no hours.</summary>
    public int PracticePercent => Total == 0 ? 0 : (Practice * 100 + Total / 2) / Total;

    /// <summary>Whether the practice share keeps to the policy's, give or take <see cref="ToleratedPoints"/>.</summary>
    public bool KeepTo(int policyPracticePercent) => Math.Abs(PracticePercent - policyPracticePercent) <= ToleratedPoints;

    public static TeachingHours operator +(TeachingHours a, TeachingHours b) => new(a.Theory + b.Theory, a.Practice + b.Practice);

    /// <summary>The hours of one session, which is all theory or all practice.</summary>
    public static TeachingHours OfSession(bool isPractice, int hours) => isPractice ? new(0, hours) : new(hours, 0);
}
