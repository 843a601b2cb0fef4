using Voucher.Server.Register.Importing;

namespace Voucher.Server.Register.Matching;

/// <summary>One list on its way through the register, chunk by chunk: never more than a chunk of it is held.</summary>
public sealed class MatchRun(UnfinishedMatch match, RegisterFile file, ListReader reader, MatchProgressStore progress, County county)
{
    private int _problems;

    public int Rows { get; private set; }
    public int NotFound { get; private set; }
    public int Bad { get; private set; }

    /// <exception cref="UnusableFileException">The list is damaged further down.</exception>
    public async Task RunAsync(Func<int, Task> tell, CancellationToken cancel)
    {
        foreach (var chunk in file.DataRows().Chunk(MatchLimits.ChunkRows))
        {
            cancel.ThrowIfCancellationRequested();
            await MatchAsync(chunk);
            await tell(Rows);
        }
    }

    private async Task MatchAsync(SheetRow[] rows)
    {
        List<ListedPerson> listed = [];
        List<(int Row, RowProblem Problem)> problems = [];
        foreach (var row in rows)
        {
            var (person, problem) = reader.Read(row);
            if (person is not null) listed.Add(person);
            else if (_problems++ < MatchLimits.MostProblems) problems.Add((row.Number, problem!));
        }
        var found = (await progress.FindAsync(county.Region, [.. listed.Select(person => person.Hash)]))
            .ToDictionary(person => Convert.ToHexString(person.IdNumberHash));
        var hits = listed
            .Select(person => (Listed: person, Known: found.GetValueOrDefault(Convert.ToHexString(person.Hash))))
            .Where(pair => pair.Known is not null)
            .Select(pair => new NewHit(pair.Known!.Id, pair.Listed.Row, ListReader.DifferenceOf(pair.Listed, pair.Known)))
            .ToList();
        await progress.AddHitsAsync(match.Id, county.Region, match.Source, hits);
        await progress.AddProblemsAsync(match.Id, problems);
        Rows += rows.Length;
        Bad += rows.Length - listed.Count;
        NotFound += listed.Count - hits.Count;
    }
}
