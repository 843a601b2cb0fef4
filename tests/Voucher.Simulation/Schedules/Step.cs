using System.Globalization;
using Voucher.Simulation.Storage;

namespace Voucher.Simulation.Schedules;

/// <summary>What is shown to the terminal.</summary>
internal enum Shown
{
    Paper,

    /// <summary>No voucher can be told, as with a false signature.</summary>
    Unreadable,

    /// <summary>A voucher that the register does not know.</summary>
    Stranger,

    /// <summary>The number of a voucher, but not what its token says.</summary>
    OtherClaims,
}

/// <summary>Something that happens at a time, whatever else happens: each may be left out of a schedule.</summary>
/// <param name="Number">Names the step, also when others are left out.</param>
internal abstract record Step(int Number, TimeSpan At)
{
    protected string When => (CountyFile.Morning + At).ToOffset(CountyTime.Offset).ToString("dd HH:mm:ss.fff", CultureInfo.InvariantCulture);
}

/// <param name="IsSequential">The desk waits for the terminal's earlier scans before it makes this one.</param>
/// <param name="Card">How the holder's card fits: it does, it does not, or none was shown.</param>
/// <param name="LikeStep">Uses the id (or the sequence) of another step's scan.</param>
/// <param name="Network">Seed of what the network does to it; 0: it behaves.</param>
internal sealed record ScanStep(
    int Number, TimeSpan At, int Terminal, bool IsSequential, ScanMode Mode, int Class, int Voucher, bool UseSuccessor, Shown Shown, HolderMatch Card,
    int? LikeStep, bool LikeSequenceOnly, bool IsRepeat, ulong Network) : Step(Number, At)
{
    public override string ToString() =>
        $"{When} scan {Number}: terminal {Terminal + 1} {Mode} voucher {Voucher + 1}{(UseSuccessor ? " (its reprint)" : "")} class {Class + 1}"
        + $"{(Shown == Shown.Paper ? "" : $", {Shown}")}{(Card == HolderMatch.Matches ? "" : $", card {Card}")}"
        + $"{(LikeStep is { } like ? $", {(LikeSequenceOnly ? "sequence" : "id")} of {like}" : "")}{(IsRepeat ? ", repeat" : "")}"
        + $"{(IsSequential ? ", in turn" : "")}{(Network == 0 ? "" : ", bad network")}";
}

internal sealed record DeskStep(int Number, TimeSpan At, DeskAct Act, int Subject, int Voucher) : Step(Number, At)
{
    public override string ToString() => $"{When} desk {Number}: {Act} " + (Act switch
    {
        DeskAct.Suspend or DeskAct.Reinstate => $"institution {Subject + 1}",
        DeskAct.RevokeTerminal => $"terminal {Subject + 1}",
        DeskAct.ReleaseExpired => "",
        _ => $"voucher {Voucher + 1}",
    });
}

internal sealed record FaultStep(int Number, TimeSpan At, StorageFault Fault, int Calls, int Voucher, TimeSpan Lasts) : Step(Number, At)
{
    public override string ToString() => $"{When} fault {Number}: storage {Fault}, calls {Calls}, voucher {Voucher + 1}, for {Lasts.TotalMilliseconds} ms";
}

/// <param name="IsOrderly">The server finishes what it has taken; otherwise it is killed.</param>
internal sealed record StopStep(int Number, TimeSpan At, int Server, bool IsOrderly, TimeSpan Down) : Step(Number, At)
{
    public override string ToString() => $"{When} stop {Number}: server {Server + 1} {(IsOrderly ? "restarts" : "is killed")}, away for {Down.TotalMilliseconds} ms";
}

/// <param name="Order">Seed of the order in which things run and of how long each takes.</param>
internal sealed record Schedule(Shape Shape, ulong Order, IReadOnlyList<Step> Steps);
