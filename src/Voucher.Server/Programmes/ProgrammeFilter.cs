using Voucher.Core.Programmes;

namespace Voucher.Server.Programmes;

/// <summary>How the menu of programmes is narrowed, on the page and in its export alike.</summary>
/// <param name="OnlyOpen">Only those of which new classes may be opened.</param>
public sealed record ProgrammeFilter(int? Trade, ProgrammeKind? Kind, SkillLevel? Level, bool OnlyOpen)
{
    public bool IsNarrow => Trade is not null || Kind is not null || Level is not null || OnlyOpen;

    public bool Shows(Programme programme) =>
        (Trade is not { } trade || programme.TradeCode == trade) && (Kind is not { } kind || programme.Kind == kind)
        && (Level is not { } level || programme.Level == level) && (!OnlyOpen || programme.IsOpen);
}
