using Voucher.Core.Classes;
using Voucher.Core.Programmes;

namespace Voucher.Server.Programmes;

/// <summary>A programme of the county's menu (培训项目).</summary>
/// <param name="SubsidyFen">Its own standard for a trainee who completes; see <see cref="SubsidyInForce"/>. A class freezes the rate at approval.</param>
/// <param name="IsOpen">New classes may be opened.</param>
/// <param name="Institutions">How many institutions may teach it.</param>
/// <param name="SafetyHours">Of all hours, those on safety.</param>
public sealed record Programme(
    ProgrammeId Id, int Code, string Name, int TradeCode, string Trade, int TheoryHours, int PracticeHours,
    Fen SubsidyFen, bool IsOpen, int Institutions, SkillLevel Level, ProgrammeKind Kind, TrainingMode Mode, int SafetyHours)
{
    public TeachingHours Hours => new(TheoryHours, PracticeHours);
}

/// <summary>A trade (工种类别), under which programmes are listed.</summary>
public sealed record Trade(int Code, string Name);
