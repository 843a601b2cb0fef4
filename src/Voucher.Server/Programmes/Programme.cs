using Voucher.Core.Classes;

namespace Voucher.Server.Programmes;

/// <summary>A programme of the county's menu (培训项目).</summary>
/// <param name="Subsidy">Standard in force for a trainee who completes; a class freezes it at approval.</param>
/// <param name="IsOpen">New classes may be opened.</param>
/// <param name="Institutions">How many institutions may teach it.</param>
public sealed record Programme(
    ProgrammeId Id, int Code, string Name, int TradeCode, string Trade, int TheoryHours, int PracticeHours,
    Fen SubsidyFen, bool IsOpen, int Institutions)
{
    public TeachingHours Hours => new(TheoryHours, PracticeHours);
}

/// <summary>A trade (工种类别), under which programmes are listed.</summary>
public sealed record Trade(int Code, string Name);
