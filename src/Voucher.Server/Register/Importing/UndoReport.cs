using System.Text.Json;
using System.Text.Json.Serialization;

namespace Voucher.Server.Register.Importing;

/// <summary>Who wants an import undone, and why.</summary>
public sealed record UndoOrder(AccountId By, string Reason);

/// <summary>Why what an import did to a person stays. Numbers are those of the query in <see cref="UndoStore"/>.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<UndoKept>))]
public enum UndoKept
{
    No = 0,
    ChangedSince = 1,
    HoldsVoucher = 2,
    InBatch = 3,
    LeftSince = 4,
}

/// <summary>A person whom the import has touched.</summary>
public sealed record TouchedPerson(PersonId Id, string Name, string IdNumberMasked, bool IsAdded, UndoKept Kept);

/// <summary>A person of whom the import stays, as the report names them.</summary>
public sealed record KeptPerson(long Id, string Name, string IdNumberMasked, UndoKept Why);

/// <summary>What an undo does, or would do.</summary>
/// <param name="Withdrawn">People whom the import had brought and who leave.</param>
/// <param name="Restored">People who are again as they were before.</param>
/// <param name="Kept">The first of those of whom the import stays.</param>
public sealed record UndoReport(int Withdrawn, int Restored, int KeptCount, IReadOnlyList<KeptPerson> Kept)
{
    /// <summary>People whom the report names; the others are counted.</summary>
    public const int MostNamed = 200;

    public static readonly UndoReport Nothing = new(0, 0, 0, []);

    public UndoReport With(IReadOnlyCollection<TouchedPerson> people)
    {
        var kept = people.Where(person => person.Kept != UndoKept.No).ToList();
        return new(
            Withdrawn + people.Count(person => person is { Kept: UndoKept.No, IsAdded: true }),
            Restored + people.Count(person => person is { Kept: UndoKept.No, IsAdded: false }),
            KeptCount + kept.Count,
            [.. Kept.Concat(kept.Select(person => new KeptPerson(person.Id.Value, person.Name, person.IdNumberMasked, person.Kept))).Take(MostNamed)]);
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
        UndoKept.LeftSince => new("此后已退出登记册", "Left the register since"),
        _ => throw new ArgumentOutOfRangeException(nameof(why), why, "Unknown reason."),
    };
}
