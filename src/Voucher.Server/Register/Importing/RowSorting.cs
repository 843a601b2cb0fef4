using Voucher.Server.Register.Duplicates;

namespace Voucher.Server.Register.Importing;

/// <summary>What becomes of a chunk's rows.</summary>
/// <param name="Statements">To be written.</param>
/// <param name="Returning">Of those the ones about people who had left the register.</param>
/// <param name="Known">Of the register before, by the hash of the number in hex; without those who had left.</param>
public sealed record SortedRows(
    IReadOnlyList<(int Row, PersonStatement Statement)> Statements, IReadOnlyList<(PersonId Id, PersonStatement Statement)> Returning, IReadOnlyList<NewCase> Cases,
    IReadOnlyList<(int Row, RowProblem Problem)> Problems, IReadOnlyDictionary<string, KnownPerson> Known)
{
    public int Rows => Statements.Count + Returning.Count + Cases.Count + BadRows;

    public required int BadRows { get; init; }
}

/// <summary>
/// Tells rows that are simply taken from those that a person must look at, by what the register knows under the lock: the dry
/// run and the import itself go the same way.
/// </summary>
public sealed class RowSorting(PersonalData personalData, County county)
{
    public async Task<SortedRows> SortAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<RowReading> readings)
    {
        var hashes = readings.Where(reading => reading.Statement is not null)
            .ToDictionary(reading => reading.Row, reading => personalData.LookupHash(reading.Statement!.Number));
        byte[][] all = [.. hashes.Values];
        var known = await PersonRowStore.LockKnownAsync(connection, transaction, county.Region, all);
        var gone = await DepartureStore.GoneAsync(connection, transaction, county.Region, all);
        var sorting = new Chunk(known, gone);
        var doubtful = new List<(RowReading Reading, KnownPerson? Known, RowDoubt Doubt)>();
        foreach (var reading in readings)
            if (sorting.Take(reading, reading.Statement is null ? "" : Convert.ToHexString(hashes[reading.Row])) is { } doubt) doubtful.Add(doubt);
        await SortDoubtsAsync(connection, transaction, sorting, doubtful);
        return sorting.ToRows();
    }

    private async Task SortDoubtsAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, Chunk sorting, List<(RowReading Reading, KnownPerson? Known, RowDoubt Doubt)> doubtful)
    {
        var cases = doubtful.Select(doubt => (doubt.Known, Case: new NewCase(
            doubt.Doubt, doubt.Known is { } person ? new PersonId(person.Id) : null, doubt.Reading.Row, doubt.Reading.Statement!, ContentOf(doubt.Reading.Statement!, doubt.Doubt)))).ToList();
        var earlier = await DoubtStore.EarlierAsync(connection, transaction, county.Region, [.. cases.Select(one => one.Case.Content)]);
        foreach (var (person, one) in cases) sorting.Decide(one, person, earlier.GetValueOrDefault(Convert.ToHexString(one.Content)));
    }

    private byte[] ContentOf(PersonStatement statement, RowDoubt doubt) =>
        personalData.ContentHash($"doubt\u001f{doubt:D}\u001f{statement.Number.Reveal()}\u001f{statement.Name}");

    /// <summary>One chunk on its way into the four heaps.</summary>
    private sealed class Chunk(Dictionary<string, KnownPerson> known, Dictionary<string, (PersonId Id, bool IsMerged)> gone)
    {
        private readonly List<(int, PersonStatement)> _statements = [];
        private readonly List<(PersonId, PersonStatement)> _returning = [];
        private readonly HashSet<IdNumber> _taken = [];
        private readonly List<NewCase> _cases = [];
        private readonly List<(int, RowProblem)> _problems = [];
        private int _bad;

        public SortedRows ToRows() => new(
            _statements, _returning, _cases, _problems, known.Where(person => !gone.ContainsKey(person.Key)).ToDictionary(StringComparer.Ordinal)) { BadRows = _bad };

        /// <summary>Puts the row onto its heap, or says what is doubtful about it.</summary>
        public (RowReading, KnownPerson?, RowDoubt)? Take(RowReading reading, string hash)
        {
            if (reading.Statement is not { } statement) return Bad(reading.Row, [.. reading.Problems]);
            if (gone.TryGetValue(hash, out var left) && left.IsMerged)
                return Bad(reading.Row, Number(new("这个号码的登记已并入另一人，请改用其现用号码", "The person with this number was merged into another; use that one's number")));
            var person = known.GetValueOrDefault(hash);
            if (reading.Doubt == RowDoubt.WrongCheck && person is null) return Bad(reading.Row, Number(reading.NumberProblem!));
            if (reading.Doubt != RowDoubt.None) return (reading, person, reading.Doubt);
            if (person is not null && person.Name != statement.Name) return (reading, person, RowDoubt.OtherName);
            Add(reading.Row, statement, person);
            return null;
        }

        /// <summary>A person is written once a chunk: a doubtful row that was decided on gives way to the good one.</summary>
        private void Add(int row, PersonStatement statement, KnownPerson? person)
        {
            if (!_taken.Add(statement.Number)) Bad(row, Number(new("与文件中另一行是同一人", "The same person as in another row")));
            else if (person is not null && gone.TryGetValue(Convert.ToHexString(person.IdNumberHash), out var left)) _returning.Add((left.Id, statement));
            else _statements.Add((row, statement));
        }

        /// <summary>What a person has said of the same doubt before holds; a name that was taken may be doubted anew.</summary>
        public void Decide(NewCase doubt, KnownPerson? person, EarlierDecision? earlier)
        {
            switch (earlier?.Decision)
            {
                case DuplicateDecision.Reject:
                    Bad(doubt.Row, Number(new(
                        $"已由人决定不采用这一行（重复核对第 {earlier.Case} 号）", $"Somebody has decided against this row (case {earlier.Case})")));
                    break;
                case DuplicateDecision.KeepOld when person is not null:
                    Add(doubt.Row, doubt.Statement with { Name = person.Name }, person);
                    break;
                case DuplicateDecision.TakeNew when doubt.Doubt != RowDoubt.OtherName && person?.Name == doubt.Statement.Name:
                    Add(doubt.Row, doubt.Statement, person);
                    break;
                default:
                    _cases.Add(doubt);
                    break;
            }
        }

        private (RowReading, KnownPerson?, RowDoubt)? Bad(int row, params RowProblem[] problems)
        {
            _bad++;
            _problems.AddRange(problems.Select(problem => (row, problem)));
            return null;
        }

        private static RowProblem Number(Words reason) => new(RegisterColumn.IdNumber.Title(), reason);
    }
}
