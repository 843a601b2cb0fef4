using System.Text.Json;
using System.Text.Json.Serialization;

namespace Voucher.Server.Register.Importing;

/// <summary>Who wants an import undone, and why; and how far it has come.</summary>
/// <param name="After">The last person who has been looked at.</param>
/// <param name="Report">What it has come to up to there.</param>
public sealed record UndoOrder(AccountId By, string Reason, long After, string? Report)
{
    public UndoReport SoFar => Report is null ? UndoReport.Nothing : UndoReport.FromJson(Report);
}

/// <summary>What one chunk of an undo has come to.</summary>
/// <param name="After">Where the next goes on; none when all is done.</param>
public sealed record UndoStep(UndoReport Report, long? After);

/// <summary>Why what an import did to a person stays. Numbers are those of the query in <see cref="UndoStore"/>.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<UndoKept>))]
public enum UndoKept
{
    No = 0,
    ChangedSince = 1,
    HoldsVoucher = 2,
    InBatch = 3,
    LeftSince = 4,

    /// <summary>An import that ran later had the same of them.</summary>
    ConfirmedSince = 5,

    /// <summary>Another entry of the register was merged into this one.</summary>
    MergedWith = 6,
}

/// <summary>A person whom the import has touched.</summary>
public sealed record TouchedPerson(PersonId Id, string Name, string IdNumberMasked, bool IsAdded, UndoKept Kept);

/// <summary>A person of whom the import stays, as the report names them.</summary>
public sealed record KeptPerson(long Id, string Name, string IdNumberMasked, UndoKept Why)
{
    public static KeptPerson Of(TouchedPerson person) => new(person.Id.Value, person.Name, person.IdNumberMasked, person.Kept);
}

/// <summary>What an undo does, or would do.</summary>
/// <param name="Withdrawn">People whom the import had brought and who leave.</param>
/// <param name="Restored">People who are again as they were before.</param>
/// <param name="Kept">The first of those of whom the import stays.</param>
public sealed record UndoReport(int Withdrawn, int Restored, int KeptCount, IReadOnlyList<KeptPerson> Kept)
{
    /// <summary>People whom the report names; all are in the export (<see cref="ImportKeptExport"/>).</summary>
    public const int MostNamed = 200;

    public static readonly UndoReport Nothing = new(0, 0, 0, []);

    public UndoReport With(IReadOnlyCollection<TouchedPerson> people)
    {
        var kept = people.Where(person => person.Kept != UndoKept.No).ToList();
        return new(
            Withdrawn + people.Count(person => person is { Kept: UndoKept.No, IsAdded: true }),
            Restored + people.Count(person => person is { Kept: UndoKept.No, IsAdded: false }),
            KeptCount + kept.Count,
            [.. Kept.Concat(kept.Select(KeptPerson.Of)).Take(MostNamed)]);
    }

    public string ToJson() => JsonSerializer.Serialize(this, ColumnChoice.Json);

    public static UndoReport FromJson(string json) =>
        JsonSerializer.Deserialize<UndoReport>(json, ColumnChoice.Json) ?? throw new InvalidOperationException("An undo has no report.");
}

public static class UndoWords
{
    public static Words Name(this UndoKept why) => why switch
    {
        UndoKept.No => new("撤销", "Undone"),
        UndoKept.ChangedSince => new("此后又有更改", "Changed since"),
        UndoKept.HoldsVoucher => new("已有培训券", "Holds a voucher"),
        UndoKept.InBatch => new("在发券批次中", "In a batch of vouchers"),
        UndoKept.ConfirmedSince => new("后来的导入也有此人", "A later import has the person too"),
        UndoKept.MergedWith => new("另一条登记已并入此人", "Another entry was merged into this one"),
        UndoKept.LeftSince => new("此后已退出登记册", "Left the register since"),
        _ => throw new ArgumentOutOfRangeException(nameof(why), why, "Unknown reason."),
    };
}
