using System.Text.Json;

namespace Voucher.Server.Register.Importing;

/// <summary>Of whom the import would change what.</summary>
public sealed record PreviewedChange(int Row, string Name, IReadOnlyList<PersonField> Fields);

/// <summary>What a dry run has found, beside the figures: how often which field would change, and the first people.</summary>
public sealed class ImportPreview
{
    /// <summary>People who are named; the others are counted.</summary>
    public const int MostNamed = 50;

    public Dictionary<PersonField, int> Fields { get; init; } = [];

    public List<PreviewedChange> People { get; init; } = [];

    public string ToJson() => JsonSerializer.Serialize(this, ColumnChoice.Json);

    public static ImportPreview FromJson(string json) =>
        JsonSerializer.Deserialize<ImportPreview>(json, ColumnChoice.Json) ?? throw new InvalidOperationException("A dry run has no result.");

    /// <summary>Compares the rows with what is known, as the writer would.</summary>
    public WrittenPeople Add(SortedRows rows, PersonWriter writer)
    {
        var people = new WrittenPeople(rows.Returning.Count, 0, 0);
        var byNumber = rows.Known.Values.Select(writer.Open).ToDictionary(person => person.Number);
        foreach (var (row, statement) in rows.Statements)
        {
            if (!byNumber.TryGetValue(statement.Number, out var known)) people = people with { Added = people.Added + 1 };
            else if (PersonFieldText.Differences(known, statement.Over(known)).ToList() is { Count: > 0 } fields)
            {
                people = people with { Changed = people.Changed + 1 };
                Note(row, statement.Name, fields);
            }
            else people = people with { Unchanged = people.Unchanged + 1 };
        }
        return people;
    }

    private void Note(int row, string name, List<PersonField> fields)
    {
        foreach (var field in fields) Fields[field] = Fields.GetValueOrDefault(field) + 1;
        if (People.Count < MostNamed) People.Add(new(row, name, fields));
    }
}
